package dev.gatehouse.identity;

import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Omittable;
import dev.gatehouse.engine.OneOf;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A signed-in browser or device.
 *
 * @param id {@code session_…}
 * @param userId whose
 * @param clientId which client it was made for; its tokens are refreshed by that one only
 * @param organizationId selected organization; null for none
 * @param authMethod how, as session objects spell it ({@code password})
 * @param authenticationMethod how, as authenticate answers spell it ({@code Password})
 * @param ipAddress from where, at sign-in
 * @param userAgent with what, at sign-in
 * @param expiresAt counted from the sign-in, never extended
 * @param endedAt when it was revoked; null while it was not
 * @param usedAt last use, within minutes
 * @param generation how often its refresh token was exchanged
 * @param refreshKeyId root key of the current refresh token
 * @param refreshedAt when it was last exchanged; null before
 * @param secondFactor whether a second factor was proved at sign-in
 * @param impersonator who acts as the user; null for the user
 * @param profileId what an identity provider said of the person; null where none was asked
 */
public record Session(
        String id,
        String userId,
        String clientId,
        @Nullable String organizationId,
        String authMethod,
        String authenticationMethod,
        @Nullable String ipAddress,
        @Nullable String userAgent,
        Instant expiresAt,
        @Nullable Instant endedAt,
        Instant usedAt,
        int generation,
        String refreshKeyId,
        @Nullable Instant refreshedAt,
        boolean secondFactor,
        @Nullable Impersonator impersonator,
        @Nullable String profileId,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    private static final String ACTIVE = "active";
    private static final String EXPIRED = "expired";
    private static final String REVOKED = "revoked";

    static final EntityType<Session> TYPE = EntityType.of("session", "session", Session.class)
            .lookup("user_id", Session::userId)
            .lookup("organization_id", Session::organizationId)
            .lookup("profile_id", Session::profileId)
            // a month after its end nobody asks for it
            .expires(s -> s.expiresAt.plus(Duration.ofDays(30)))
            .view(View.class, (s, call) -> View.of(s, call.now()));

    /** {@code active}, {@code expired} or {@code revoked} at a moment. */
    public String status(Instant now) {
        return endedAt != null ? REVOKED : now.isBefore(expiresAt) ? ACTIVE : EXPIRED;
    }

    Session ended(Instant at) {
        return with(organizationId, at, usedAt, generation, refreshKeyId, refreshedAt, expiresAt);
    }

    Session used(Instant at) {
        return with(organizationId, endedAt, at, generation, refreshKeyId, refreshedAt, expiresAt);
    }

    /** In an organization, whose sessions end then; null for none. */
    Session in(@Nullable String organization, Instant end) {
        return with(organization, endedAt, usedAt, generation, refreshKeyId, refreshedAt, end);
    }

    Session refreshed(String keyId, Instant at) {
        return with(organizationId, endedAt, at, generation + 1, keyId, at, expiresAt);
    }

    private Session with(
            @Nullable String organization,
            @Nullable Instant ended,
            Instant used,
            int exchanges,
            String keyId,
            @Nullable Instant refreshed,
            Instant end) {
        return new Session(
                id,
                userId,
                clientId,
                organization,
                authMethod,
                authenticationMethod,
                ipAddress,
                userAgent,
                end,
                ended,
                used,
                exchanges,
                keyId,
                refreshed,
                secondFactor,
                impersonator,
                profileId,
                createdAt,
                updatedAt);
    }

    /** What the wire and events show of a session: nothing of its tokens. */
    record View(
            String object,
            String id,
            @Omittable @Nullable Impersonator impersonator,
            @Nullable String ipAddress,
            @Omittable @Nullable String organizationId,
            @Nullable String userAgent,
            String userId,
            String authMethod,
            @OneOf({ACTIVE, EXPIRED, REVOKED}) String status,
            Instant expiresAt,
            @Nullable Instant endedAt,
            Instant createdAt,
            Instant updatedAt) {

        static View of(Session s, Instant now) {
            return new View(
                    "session",
                    s.id,
                    s.impersonator,
                    s.ipAddress,
                    s.organizationId,
                    s.userAgent,
                    s.userId,
                    s.authMethod,
                    s.status(now),
                    s.expiresAt,
                    s.endedAt,
                    s.createdAt,
                    s.updatedAt);
        }
    }
}
