package dev.gatehouse.sso;

import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A try to sign in through a connection, as an administrator needs it to find what is wrong: kept for thirty days, without
 * what names a person beyond the address's domain.
 *
 * @param id {@code sso_attempt_…}, which pages show as a reference
 * @param outcome {@code succeeded}, {@code tested} for a test that passed, {@code weakened} where nobody signed in but weak
 *     algorithms were allowed, {@code metadata_unreadable} where the provider's metadata could not be read again, or the code of
 *     the redirect ({@code access_denied})
 * @param step number of the step that failed, see docs/sso.md; 0 if all passed, or none was reached
 * @param title the step, or what went wrong, for people
 * @param expected what the step wanted; null where that says nothing
 * @param found what came; null where that says nothing
 * @param outline of the message, not verified
 * @param domain of the address; null while unknown
 * @param ipAddress of the browser; null if unknown
 * @param userAgent of the browser; null if unknown
 */
public record Attempt(
        String id,
        String connectionId,
        String outcome,
        int step,
        String title,
        @Nullable String expected,
        @Nullable String found,
        Map<String, String> outline,
        @Nullable String domain,
        @Nullable String ipAddress,
        @Nullable String userAgent,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    static final EntityType<Attempt> TYPE = EntityType.of("sso_attempt", "sso_attempt", Attempt.class)
            .lookup("connection_id", Attempt::connectionId)
            .expires(a -> a.createdAt.plus(Duration.ofDays(30)))
            .view(
                    View.class,
                    (a, call) -> new View(
                            "sso_attempt",
                            a.id,
                            a.connectionId,
                            a.outcome,
                            a.step,
                            a.title,
                            a.expected,
                            a.found,
                            a.outline,
                            a.domain,
                            a.ipAddress,
                            a.userAgent,
                            a.createdAt));

    public Attempt {
        outline = Map.copyOf(outline);
    }

    /** Whether somebody was proved. */
    public boolean succeeded() {
        return outcome.equals("succeeded");
    }

    record View(
            String object,
            String id,
            String connectionId,
            String outcome,
            int step,
            String title,
            @Nullable String expected,
            @Nullable String found,
            Map<String, String> outline,
            @Nullable String domain,
            @Nullable String ipAddress,
            @Nullable String userAgent,
            Instant createdAt) {}
}
