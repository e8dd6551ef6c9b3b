package dev.gatehouse.sso.saml;

import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One service provider's side of one identity provider: all that messages are checked against.
 *
 * @param spEntityId who we are to the identity provider; the audience of its assertions
 * @param acsUrl our assertion consumer URL; compared character by character
 * @param sloUrl where we receive logout messages; null if we do not
 * @param idpEntityId the only issuer that is accepted; compared character by character
 * @param idpSsoUrl where authentication requests go
 * @param idpSloUrl where logout messages go; null if the identity provider has no such place
 * @param idpCertificates whose keys may have signed; at least one to accept anything, two while keys are rolled over. Only the
 *     keys count: a certificate that has expired is accepted as long as it is configured (metadata interoperability profile
 *     2.6.1), and what a message's {@code KeyInfo} says is ignored
 * @param requestSigningKey signs requests and logout messages; null if requests are not signed
 * @param decryptionKeys decrypt assertions; the first goes into our metadata, further ones are older
 * @param options what is relaxed
 */
public record SamlConnection(
        String spEntityId,
        String acsUrl,
        @Nullable String sloUrl,
        String idpEntityId,
        String idpSsoUrl,
        @Nullable String idpSloUrl,
        List<X509Certificate> idpCertificates,
        @Nullable SamlKey requestSigningKey,
        List<SamlKey> decryptionKeys,
        SamlOptions options) {
    private static final int LONGEST_ENTITY_ID = 1024;

    /**
     * Checks that addresses are addresses.
     *
     * @throws IllegalArgumentException if an entity id is empty or longer than 1024 characters (metadata 2.2.1), or an address is
     *     no absolute http or https URL
     */
    public SamlConnection {
        entityId("spEntityId", spEntityId);
        entityId("idpEntityId", idpEntityId);
        web("acsUrl", acsUrl);
        web("idpSsoUrl", idpSsoUrl);
        if (sloUrl != null) {
            web("sloUrl", sloUrl);
        }
        if (idpSloUrl != null) {
            web("idpSloUrl", idpSloUrl);
        }
        idpCertificates = List.copyOf(idpCertificates);
        decryptionKeys = List.copyOf(decryptionKeys);
    }

    private static void entityId(String name, String value) {
        if (value.isBlank() || value.length() > LONGEST_ENTITY_ID) {
            throw new IllegalArgumentException(name + " must have 1 to 1024 characters");
        }
    }

    private static void web(String name, String url) {
        if (!isWeb(url)) {
            throw new IllegalArgumentException(name + " must be an http or https URL: " + url);
        }
    }

    /** Whether it is an absolute http or https URL with a host, without user and fragment. */
    static boolean isWeb(String url) {
        try {
            URI uri = new URI(url);
            return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
