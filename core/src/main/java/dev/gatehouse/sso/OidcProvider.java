package dev.gatehouse.sso;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a connection knows of its OpenID provider, or of a provider that anybody may choose.
 *
 * @param issuer of its tokens, below which its discovery document lies (OpenID Connect Discovery §4); null while unknown,
 *     and for providers whose addresses Gatehouse knows
 * @param clientId that it gave this application; null while unknown
 * @param clientAuthentication {@code client_secret_basic}, {@code client_secret_post} or {@code private_key_jwt}
 * @param scopes that are asked for; empty for the usual ones
 * @param tenants whose people may come, where one issuer has many (Entra); empty for every one that the issuer is
 * @param returnTokens whether the application gets the provider's tokens
 */
public record OidcProvider(
        @Nullable String issuer,
        @Nullable String clientId,
        String clientAuthentication,
        List<String> scopes,
        List<String> tenants,
        boolean returnTokens) {
    public OidcProvider {
        scopes = List.copyOf(scopes);
        tenants = List.copyOf(tenants);
    }

    /** A provider that is found by its issuer. */
    public static OidcProvider of(String issuer, String clientId) {
        return new OidcProvider(issuer, clientId, "client_secret_basic", List.of(), List.of(), false);
    }

    /** A provider that anybody may choose, whose addresses Gatehouse knows. */
    public static OidcProvider social(String clientId) {
        return new OidcProvider(null, clientId, "client_secret_post", List.of(), List.of(), false);
    }

    /** The same, asked for these scopes. */
    public OidcProvider withScopes(String... words) {
        return new OidcProvider(issuer, clientId, clientAuthentication, List.of(words), tenants, returnTokens);
    }

    /** The same, for people of these tenants alone. */
    public OidcProvider withTenants(String... ids) {
        return new OidcProvider(issuer, clientId, clientAuthentication, scopes, List.of(ids), returnTokens);
    }

    /** The same, whose tokens the application gets. */
    public OidcProvider withTokens() {
        return new OidcProvider(issuer, clientId, clientAuthentication, scopes, tenants, true);
    }
}
