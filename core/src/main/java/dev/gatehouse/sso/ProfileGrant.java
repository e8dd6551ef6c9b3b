package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an application shows to get a profile: a code, which it exchanges once, or the access token that it got for it, ten
 * minutes each (contract/behaviour/05 §5.2).
 *
 * @param digest of the code or token; the purpose of the digest keeps the two apart
 * @param codeChallenge S256 challenge (RFC 7636) of a code; null for none
 * @param tokens sealed tokens of the provider, of a code; null for none
 */
record ProfileGrant(
        String id,
        String digest,
        String clientId,
        String profileId,
        @Nullable String codeChallenge,
        @Nullable String tokens,
        Instant expiresAt,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    static final EntityType<ProfileGrant> TYPE = EntityType.of("profile_grant", "profile_grant", ProfileGrant.class)
            .unique("digest", ProfileGrant::digest, g -> ApiException.of(409, "conflict", "Try again."))
            .lookup("profile_id", ProfileGrant::profileId)
            .expires(ProfileGrant::expiresAt);

    /** Without what a secret is recognised by. */
    @Override
    public String toString() {
        return "ProfileGrant[" + id + "]";
    }
}
