package dev.gatehouse.sso.oidc;

import java.security.PrivateKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * This application at one provider.
 *
 * @param issuer of the provider; its description lies below it
 * @param clientId that the provider gave
 * @param clientSecret that the provider gave; null with {@code key}, or for a public client
 * @param authentication {@code client_secret_basic}, {@code client_secret_post} or {@code private_key_jwt}
 * @param key that signs for {@code private_key_jwt}; null otherwise
 * @param keyId by which the provider finds its public half; null otherwise
 * @param redirectUri where the provider answers
 * @param scopes asked for
 * @param tenants whose people may come, where one issuer has many; empty for all
 */
public record OidcClient(
        String issuer,
        String clientId,
        @Nullable String clientSecret,
        String authentication,
        @Nullable PrivateKey key,
        @Nullable String keyId,
        String redirectUri,
        List<String> scopes,
        List<String> tenants) {
    public OidcClient {
        scopes = List.copyOf(scopes);
        tenants = List.copyOf(tenants);
    }

    /** Without the secret and the key. */
    @Override
    public String toString() {
        return "OidcClient[" + issuer + ", " + clientId + "]";
    }
}
