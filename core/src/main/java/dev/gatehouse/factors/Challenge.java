package dev.gatehouse.factors;

import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A question for a factor's code: ten minutes, five wrong answers, one right one.
 *
 * @param id {@code auth_challenge_…}
 * @param factorId the factor that is asked
 * @param expiresAt from then on no answer is taken
 * @param wrong wrong answers so far
 * @param verifiedAt when the right answer came; null if it has not
 */
public record Challenge(
        String id,
        String factorId,
        Instant expiresAt,
        int wrong,
        @Nullable Instant verifiedAt,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    static final Duration LIFE = Duration.ofMinutes(10);
    static final int MOST_WRONG = 5;

    static final EntityType<Challenge> TYPE = EntityType.of(
                    "authentication_challenge", "auth_challenge", Challenge.class)
            .lookup("factor_id", Challenge::factorId)
            .expires(Challenge::expiresAt)
            .view(View.class, (c, call) -> View.of(c));

    Challenge failed() {
        return new Challenge(id, factorId, expiresAt, wrong + 1, verifiedAt, createdAt, updatedAt);
    }

    Challenge verified(Instant at) {
        return new Challenge(id, factorId, expiresAt, wrong, at, createdAt, updatedAt);
    }

    /** What the wire shows of a challenge. */
    public record View(
            String object,
            String id,
            Instant expiresAt,
            String authenticationFactorId,
            Instant createdAt,
            Instant updatedAt) {

        /** The view of a challenge. */
        public static View of(Challenge c) {
            return new View("authentication_challenge", c.id, c.expiresAt, c.factorId, c.createdAt, c.updatedAt);
        }
    }
}
