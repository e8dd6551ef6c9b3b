package dev.gatehouse.sso;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a SAML connection knows of its identity provider. It comes from the provider's metadata or is typed in.
 *
 * @param entityId name of the provider (SAML core §8.3.6); null while unknown
 * @param ssoUrl where AuthnRequests go; null while unknown
 * @param sloUrl where LogoutRequests go; null if the provider has no single logout
 * @param certificates that its signatures are checked with, base64 of DER, the current ones and those to come
 * @param metadataUrl {@code https} address that all of the above is read from again; null for typed in
 * @param signRequests whether AuthnRequests are signed
 * @param nameIdFormat that is asked for; null to leave it to the provider
 * @param idpInitiated whether the provider may begin a sign-in; the person is asked then
 * @param allow weaknesses that this provider needs: {@code sha1}, {@code cbc}, {@code rsa15}; each leaves an {@link Attempt}
 */
public record SamlProvider(
        @Nullable String entityId,
        @Nullable String ssoUrl,
        @Nullable String sloUrl,
        List<String> certificates,
        @Nullable String metadataUrl,
        boolean signRequests,
        @Nullable String nameIdFormat,
        boolean idpInitiated,
        List<String> allow) {
    public SamlProvider {
        certificates = List.copyOf(certificates);
        allow = List.copyOf(allow);
    }

    /** A provider of which the least is known that a sign-in needs. */
    public static SamlProvider of(String entityId, String ssoUrl, String... certificates) {
        return new SamlProvider(entityId, ssoUrl, null, List.of(certificates), null, false, null, false, List.of());
    }

    /** The same, which may begin a sign-in. */
    public SamlProvider withIdpInitiated() {
        return new SamlProvider(
                entityId, ssoUrl, sloUrl, certificates, metadataUrl, signRequests, nameIdFormat, true, allow);
    }

    /** The same, whose AuthnRequests are signed. */
    public SamlProvider withSignedRequests() {
        return new SamlProvider(
                entityId, ssoUrl, sloUrl, certificates, metadataUrl, true, nameIdFormat, idpInitiated, allow);
    }

    /** The same, which ends sessions at this address. */
    public SamlProvider withLogout(String url) {
        return new SamlProvider(
                entityId, ssoUrl, url, certificates, metadataUrl, signRequests, nameIdFormat, idpInitiated, allow);
    }

    /** The same with these certificates alone. */
    public SamlProvider withCertificates(List<String> others) {
        return new SamlProvider(
                entityId, ssoUrl, sloUrl, others, metadataUrl, signRequests, nameIdFormat, idpInitiated, allow);
    }

    /** The same with weaknesses that it needs. */
    public SamlProvider allowing(String... words) {
        return new SamlProvider(
                entityId,
                ssoUrl,
                sloUrl,
                certificates,
                metadataUrl,
                signRequests,
                nameIdFormat,
                idpInitiated,
                List.of(words));
    }

    /** Whether a sign-in could begin. */
    boolean complete() {
        return entityId != null && ssoUrl != null && !certificates.isEmpty();
    }
}
