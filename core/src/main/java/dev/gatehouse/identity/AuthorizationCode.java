package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A code that a sign-in leads back with (RFC 6749 §4.1.2): ten minutes, once, bound to its client and to the challenge.
 *
 * @param digest of the code
 * @param organizationId selected organization; null for none
 * @param proof how the person signed in
 * @param codeChallenge S256 challenge (RFC 7636); null if none was given
 * @param spentBy session that it was exchanged for; null while it was not. A spent code is kept, so that a second use is
 *     recognised and ends what the first one got
 */
record AuthorizationCode(
        String id,
        String digest,
        String clientId,
        String userId,
        @Nullable String organizationId,
        Proof proof,
        @Nullable String codeChallenge,
        @Nullable String spentBy,
        @Nullable String ipAddress,
        @Nullable String userAgent,
        Instant expiresAt,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    static final EntityType<AuthorizationCode> TYPE = EntityType.of(
                    "authorization_code", "authorization_code", AuthorizationCode.class)
            .unique("digest", AuthorizationCode::digest, c -> ApiException.of(409, "conflict", "Try again."))
            .lookup("user_id", AuthorizationCode::userId)
            .expires(AuthorizationCode::expiresAt);

    AuthorizationCode spent(String sessionId) {
        return new AuthorizationCode(
                id,
                digest,
                clientId,
                userId,
                organizationId,
                proof,
                codeChallenge,
                sessionId,
                ipAddress,
                userAgent,
                expiresAt,
                createdAt,
                updatedAt);
    }

    /** Without what a secret is recognised by. */
    @Override
    public String toString() {
        return "AuthorizationCode[" + id + "]";
    }
}
