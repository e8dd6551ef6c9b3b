package dev.gatehouse.sso;

import dev.gatehouse.engine.Omittable;
import java.net.URI;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an administrator types in at the identity provider.
 *
 * @param spEntityId of SAML: who we are, the audience
 * @param acsUrl of SAML: where responses go, by POST
 * @param metadataUrl of SAML: all of it as a file
 * @param sloUrl of SAML: where logout messages go
 * @param certificate of SAML: base64 of DER, encrypts for us and checks what we sign
 * @param redirectUri of OpenID Connect: where people come back
 * @param jwksUri of OpenID Connect: our keys, for {@code private_key_jwt}
 * @param backchannelLogoutUri of OpenID Connect: where logout tokens go
 */
public record Addresses(
        @Omittable @Nullable String spEntityId,
        @Omittable @Nullable String acsUrl,
        @Omittable @Nullable String metadataUrl,
        @Omittable @Nullable String sloUrl,
        @Omittable @Nullable String certificate,
        @Omittable @Nullable String redirectUri,
        @Omittable @Nullable String jwksUri,
        @Omittable @Nullable String backchannelLogoutUri) {
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

    /** Whether an address is of this very machine, where {@code http} will do. */
    static boolean local(String url) {
        try {
            return LOCAL.contains(Objects.requireNonNullElse(URI.create(url).getHost(), ""));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static Addresses of(Connection connection, String pages) {
        String saml = pages + "/sso/saml/";
        String oidc = pages + "/sso/oidc/";
        String key = connection.key();
        return switch (connection.type().protocol()) {
            case SAML ->
                new Addresses(
                        saml + "metadata/" + key,
                        saml + "acs/" + key,
                        saml + "metadata/" + key,
                        saml + "slo/" + key,
                        connection.keys().get(0).certificate(),
                        null,
                        null,
                        null);
            case OIDC, SOCIAL ->
                new Addresses(
                        null,
                        null,
                        null,
                        null,
                        null,
                        oidc + "callback/" + key,
                        oidc + "keys/" + key,
                        oidc + "logout/" + key);
            case TEST, EXTERNAL -> new Addresses(null, null, null, null, null, null, null, null);
        };
    }
}
