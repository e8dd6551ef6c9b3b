package dev.gatehouse.sso.saml;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a connection may relax, and what it asks for. Whatever is relaxed should be seen in the audit log.
 *
 * @param allowSha1 signatures with RSA-SHA1 and digests with SHA-1: collisions can be bought
 * @param allowCbc assertions encrypted with AES-CBC: an attacker who can tell failures apart may read them
 * @param allowRsa15 keys encrypted with RSA PKCS #1 v1.5, likewise
 * @param clockSkew how far the identity provider's clock may be off, from 0 to 60 seconds
 * @param nameIdFormat the format asked for in requests (core 8.3), such as {@code
 *     urn:oasis:names:tc:SAML:2.0:nameid-format:persistent}; null to leave it to the identity provider
 * @param forceAuthn every request asks for a fresh authentication, as if {@link Ask#forceAuthn()} were set
 * @param requiredAuthnContext the one class of authentication that is asked for and accepted (core 2.7.2.2), such as {@code
 *     https://refeds.org/profile/mfa}; null for any
 */
public record SamlOptions(
        boolean allowSha1,
        boolean allowCbc,
        boolean allowRsa15,
        Duration clockSkew,
        @Nullable String nameIdFormat,
        boolean forceAuthn,
        @Nullable String requiredAuthnContext) {
    private static final Duration MOST_SKEW = Duration.ofSeconds(60);

    /**
     * Checks the skew.
     *
     * @throws IllegalArgumentException if it is below 0 or above 60 seconds
     */
    public SamlOptions {
        if (clockSkew.isNegative() || clockSkew.compareTo(MOST_SKEW) > 0) {
            throw new IllegalArgumentException("the clock skew must be between 0 and 60 seconds");
        }
    }

    /** Nothing relaxed, nothing asked for, 60 seconds of skew. */
    public static SamlOptions strict() {
        return new SamlOptions(false, false, false, MOST_SKEW, null, false, null);
    }
}
