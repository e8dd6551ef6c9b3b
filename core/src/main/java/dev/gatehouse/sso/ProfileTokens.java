package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;

/**
 * Tokens of a provider that wait, ten minutes, until the application exchanges the code of a sign-in.
 *
 * @param sealed for the row's own identifier
 */
record ProfileTokens(
        String id, String profileId, String sealed, Instant expiresAt, Instant createdAt, Instant updatedAt)
        implements Entity {
    static final EntityType<ProfileTokens> TYPE = EntityType.of("profile_tokens", "profile_tokens", ProfileTokens.class)
            .unique("profile_id", ProfileTokens::profileId, t -> ApiException.of(409, "conflict", "Try again."))
            .expires(ProfileTokens::expiresAt);

    /** Without what is sealed. */
    @Override
    public String toString() {
        return "ProfileTokens[" + id + "]";
    }
}
