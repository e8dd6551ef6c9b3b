package dev.gatehouse.sso.oidc;

import org.jspecify.annotations.Nullable;

/**
 * What a provider says of itself (OpenID Connect Discovery §3).
 *
 * @param issuer exact {@code iss} of its tokens; may hold {@code {tenantid}}, as Entra's does
 * @param authorizationEndpoint where browsers go
 * @param tokenEndpoint where codes are exchanged
 * @param jwksUri its key set; null for an OAuth 2.0 provider without ID tokens
 * @param userinfoEndpoint further claims; null for none
 * @param endSessionEndpoint where browsers go to sign out; null for none
 * @param answersIssuer whether its answers name it (RFC 9207)
 */
public record Metadata(
        String issuer,
        String authorizationEndpoint,
        String tokenEndpoint,
        @Nullable String jwksUri,
        @Nullable String userinfoEndpoint,
        @Nullable String endSessionEndpoint,
        boolean answersIssuer) {
    static final String TENANT = "{tenantid}";

    /** Whether one description serves many tenants, each with an issuer of its own. */
    boolean templated() {
        return issuer.contains(TENANT);
    }
}
