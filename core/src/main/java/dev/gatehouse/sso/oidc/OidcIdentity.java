package dev.gatehouse.sso.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom a provider named, after every step.
 *
 * @param subject its {@code sub}, case-sensitive; one person at one issuer for good
 * @param claims of the ID token, with those of the userinfo endpoint that it lacks
 * @param accessToken of the provider
 * @param refreshToken of the provider; null for none
 * @param expiresIn seconds that the access token is good for; 0 if unknown
 * @param scopes that were granted; empty if the provider does not say
 * @param idToken as it came, for signing out; null of a provider without ID tokens
 */
public record OidcIdentity(
        String subject,
        JsonNode claims,
        String accessToken,
        @Nullable String refreshToken,
        long expiresIn,
        List<String> scopes,
        @Nullable String idToken) {
    public OidcIdentity {
        scopes = List.copyOf(scopes);
    }

    /** Without tokens and claims. */
    @Override
    public String toString() {
        return "OidcIdentity";
    }
}
