package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.sso.saml.Saml;
import java.net.URI;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is wrong with a wanted connection, as far as that can be said without storage. */
final class ConnectionChecks {
    private static final int MOST = 100;
    private static final int MOST_CERTIFICATES = 10;
    private static final Set<String> WEAKNESSES = Set.of("sha1", "cbc", "rsa15");
    private static final Set<String> MEMBERS = Set.of("id", "email", "first_name", "last_name", "name", "groups");
    private static final Set<String> CLIENT_AUTHENTICATIONS =
            Set.of("client_secret_basic", "client_secret_post", "private_key_jwt");

    /** No address of another host, however browsers read it. */
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+");

    private ConnectionChecks() {}

    /** The answer to who gave metadata that cannot be used. */
    static ApiException unreadable(String field, Refusal why) {
        return ApiException.invalid(
                field, why.code(), why.title() + ": expected " + why.expected() + ", found " + why.found() + ".");
    }

    /** @throws ApiException 422 with what is wrong */
    static NewConnection checked(NewConnection wanted) {
        boolean external = wanted.type().protocol() == ConnectionType.Protocol.EXTERNAL;
        if (external ? wanted.oidc() != null || wanted.saml() != null : wanted.externalPath() != null) {
            throw ApiException.invalid(
                    !external ? "external_path" : wanted.saml() != null ? "saml" : "oidc",
                    "invalid_provider",
                    "The application speaks to the provider of an external connection, and of no other.");
        }
        if (wanted.externalPath() != null
                && !PATH.matcher(wanted.externalPath()).matches()) {
            throw ApiException.invalid(
                    "external_path", "invalid_path", "The path is one like /pac4j/CasClient, below the origin.");
        }
        boolean saml = wanted.type().protocol() == ConnectionType.Protocol.SAML;
        if (saml ? wanted.oidc() != null : wanted.saml() != null) {
            throw ApiException.invalid(
                    saml ? "oidc" : "saml", "invalid_provider", "The type of the connection speaks another protocol.");
        }
        if (wanted.groupRoles().size() > MOST
                || wanted.customAttributes().size() > MOST
                || !MEMBERS.containsAll(wanted.attributes().keySet())) {
            throw ApiException.invalid(
                    "attributes",
                    "invalid_attributes",
                    "Attributes are mapped to "
                            + String.join(", ", MEMBERS.stream().sorted().toList())
                            + "; there are at most a hundred custom ones and group roles.");
        }
        if (wanted.oidc() != null) {
            check(wanted.oidc());
        }
        if (saml && !Saml.available()) {
            throw ApiException.invalid(
                    "connection_type", "saml_unavailable", "This application runs without the libraries for SAML.");
        }
        SamlProvider provider = wanted.saml();
        if (provider == null) {
            return wanted;
        }
        SamlProvider checked = provider.withCertificates(certificates(provider));
        checkUrl("sso_url", checked.ssoUrl());
        checkUrl("slo_url", checked.sloUrl());
        checkUrl("metadata_url", checked.metadataUrl());
        if (!WEAKNESSES.containsAll(checked.allow())) {
            throw ApiException.invalid("allow", "invalid_allow", "Weaknesses are sha1, cbc and rsa15.");
        }
        return wanted.with(checked);
    }

    private static void check(OidcProvider provider) {
        checkUrl("issuer", provider.issuer());
        if (!CLIENT_AUTHENTICATIONS.contains(provider.clientAuthentication())) {
            throw ApiException.invalid(
                    "client_authentication",
                    "invalid_client_authentication",
                    "Clients authenticate by client_secret_basic, client_secret_post or private_key_jwt.");
        }
    }

    /** @throws ApiException 422 for an address that a browser or a metadata reader must not be sent to (ATTACKS S92) */
    private static void checkUrl(String field, @Nullable String url) {
        if (url == null) {
            return;
        }
        boolean good;
        try {
            URI uri = URI.create(url);
            boolean local = "http".equals(uri.getScheme()) && Addresses.local(url);
            good = uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getFragment() == null
                    && ("https".equals(uri.getScheme()) || local);
        } catch (IllegalArgumentException e) {
            good = false;
        }
        if (!good) {
            throw ApiException.invalid(
                    field, "invalid_url", "The address must be https; on the machine itself http will do.");
        }
    }

    /** Certificates in one spelling; keys that are too weak are refused here already (ATTACKS S44). */
    private static List<String> certificates(SamlProvider provider) {
        if (provider.certificates().size() > MOST_CERTIFICATES) {
            throw ApiException.invalid("certificates", "too_many_certificates", "There are at most ten certificates.");
        }
        Map<String, Boolean> all = new LinkedHashMap<>();
        for (String text : provider.certificates()) {
            try {
                X509Certificate certificate = OwnKeys.certificate(text);
                if (Saml.weakness(certificate).isPresent()) {
                    throw ApiException.invalid(
                            "certificates",
                            "weak_certificate",
                            "A certificate's key is RSA of at least 2048 bits, or elliptic of at least 256.");
                }
                all.put(Base64.getEncoder().encodeToString(certificate.getEncoded()), true);
            } catch (IllegalArgumentException | CertificateEncodingException e) {
                throw ApiException.invalid(
                        "certificates", "invalid_certificate", "A certificate is PEM, or base64 of DER.");
            }
        }
        return List.copyOf(all.keySet());
    }
}
