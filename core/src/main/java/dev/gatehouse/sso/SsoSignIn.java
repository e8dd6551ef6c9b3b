package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in that is under way at a provider, or has come back and is not finished: taken at each step, fifteen minutes at
 * most. A provider may answer across sites, where the browser shows no cookie of ours; so a proved answer waits under another
 * token for the browser that began.
 *
 * @param digest of the token that continues it
 * @param connectionId the one that may answer
 * @param browser digest of the browser that began; null if the provider began
 * @param errand what it is for
 * @param message identifier of the request that was sent (SAML), or the nonce (OpenID Connect); null if the provider began
 * @param again whether a fresh authentication was asked for
 * @param verifier sealed PKCE verifier; null where there is none
 * @param said what the provider said; null while it has not answered
 */
record SsoSignIn(
        String id,
        String digest,
        String connectionId,
        @Nullable String browser,
        Errand errand,
        @Nullable String message,
        boolean again,
        @Nullable String verifier,
        @Nullable Asserted said,
        Instant expiresAt,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    static final EntityType<SsoSignIn> TYPE = EntityType.of("sso_sign_in", "sso_sign_in", SsoSignIn.class)
            .unique("digest", SsoSignIn::digest, s -> ApiException.of(409, "conflict", "Try again."))
            .lookup("connection_id", SsoSignIn::connectionId)
            .expires(SsoSignIn::expiresAt);

    /** The same under another token, with what the provider said. */
    SsoSignIn answered(String newDigest, Asserted word, Instant end) {
        return new SsoSignIn(
                id,
                newDigest,
                connectionId,
                browser,
                errand,
                message,
                again,
                verifier,
                word,
                end,
                createdAt,
                updatedAt);
    }

    /** Whether nobody is to be signed in by it. */
    boolean isTest() {
        return errand.kind() == Errand.Kind.TEST;
    }

    /** Without tokens. */
    @Override
    public String toString() {
        return "SsoSignIn[" + id + "]";
    }
}
