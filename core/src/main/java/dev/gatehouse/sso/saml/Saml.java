package dev.gatehouse.sso.saml;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The service provider. One instance serves all connections and threads; making one costs nothing, for the libraries start
 * when they are first needed: with the first response Apache Santuario, with the first request OpenSAML, which takes a second
 * or two.
 */
public final class Saml {
    private final Parsers parsers = new Parsers();
    private final int leastRsaBits;

    /** A service provider. */
    public Saml() {
        this(Algorithms.LEAST_RSA_BITS);
    }

    /** For reading old samples, whose keys are shorter. */
    Saml(int leastRsaBits) {
        this.leastRsaBits = leastRsaBits;
    }

    /** Whether the libraries are there: an application that wants no SAML may leave them out. */
    public static boolean available() {
        try {
            ClassLoader loader = Saml.class.getClassLoader();
            Class.forName("org.opensaml.saml.saml2.core.AuthnRequest", false, loader);
            Class.forName("org.apache.xml.security.Init", false, loader);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /**
     * A request that the person be authenticated (core 3.4, profiles 4.1.4.1).
     *
     * @param c signs it if it has a {@code requestSigningKey}
     * @param now its {@code IssueInstant}, in whole seconds
     */
    public AuthnRequest authnRequest(SamlConnection c, Ask ask, Instant now) {
        String relayState = ask.relayState();
        SamlKey key = c.requestSigningKey();
        boolean redirect = ask.binding() == Ask.Binding.REDIRECT;
        // by a redirect the signature is in the query
        Builder.Message message = Builder.authnRequest(c, ask, now, redirect ? null : key);
        if (redirect) {
            return new AuthnRequest(
                    message.id(), Query.url(c.idpSsoUrl(), Query.REQUEST, message.xml(), relayState, key), null);
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(Query.REQUEST, Wire.encode(message.xml().getBytes(StandardCharsets.UTF_8)));
        if (relayState != null) {
            fields.put("RelayState", relayState);
        }
        return new AuthnRequest(message.id(), null, new AuthnRequest.PostForm(c.idpSsoUrl(), fields));
    }

    /**
     * Verifies a response that came to the assertion consumer URL by POST (bindings 3.5, profiles 4.1.4); a response must not
     * come otherwise.
     *
     * <p>An assertion has to be signed, by itself or by the signature of the response that holds it. Both are the same proof:
     * the octets that the response's signature covers hold the assertion (core 5.3, signature inheritance), and they are what
     * is read. Large identity providers offer to sign only the response, and each signature that is there has to be valid. An
     * encrypted assertion has to be signed inside of the encryption in any case: what a response's signature covers then is a
     * cipher text, and anybody can encrypt for us.
     *
     * @param c the connection that the URL belongs to; no other is ever looked at
     * @param base64 the form field {@code SAMLResponse}
     * @param expected the request that it has to answer, or none
     * @param now the time
     * @return who it is; to be accepted once, see {@link SamlAssertion#replayUntil()}
     * @throws SamlRefusal with the first step that failed
     */
    public SamlAssertion response(SamlConnection c, String base64, Expected expected, Instant now) {
        return new ResponseReader(parsers, leastRsaBits).read(c, base64, expected, now);
    }

    /** Single logout. */
    public SamlLogout logout() {
        return new SamlLogout(parsers, leastRsaBits);
    }

    /**
     * Our metadata of a connection (metadata 2.4.4), for the identity provider: one service provider that wants assertions
     * signed, with the certificates of the keys that sign and decrypt now.
     *
     * @return XML; its type is {@code application/samlmetadata+xml}
     */
    public String spMetadata(SamlConnection c) {
        return SpMetadata.of(c);
    }

    /**
     * Reads an identity provider's metadata (metadata 2.4.3). A signature on it is not verified, for there is nobody's key to
     * verify it with: fetch it over HTTPS or take it from an administrator, and let one confirm new certificates.
     *
     * @param xml at most 4 MB
     * @param entityId which of several is meant, exactly; null if there has to be one
     * @param now has to be before each {@code validUntil}
     * @throws SamlRefusal at {@link Step#ENCODING}, {@link Step#XML}, {@link Step#TIME} or {@link Step#METADATA}: also if it has
     *     no key for signing or a weak one, or addresses that are not HTTPS or have no name
     */
    public IdpMetadata idpMetadata(byte[] xml, @Nullable String entityId, Instant now) {
        return MetadataReader.read(parsers, xml, entityId, now, false);
    }

    /**
     * The same, for development.
     *
     * @param local whether addresses of this very machine are accepted, and may be HTTP
     */
    public IdpMetadata idpMetadata(byte[] xml, @Nullable String entityId, Instant now, boolean local) {
        return MetadataReader.read(parsers, xml, entityId, now, local);
    }

    /**
     * What is wrong with a certificate that would be configured, such as {@code an RSA key of 1024 bits}: it would verify
     * nothing. Empty if it is strong enough; its dates do not matter.
     */
    public static Optional<String> weakness(X509Certificate certificate) {
        return Algorithms.weakness(certificate.getPublicKey(), Algorithms.LEAST_RSA_BITS);
    }

    /**
     * What a message looks like, for the record of an attempt. Never fails, and nothing in it was verified.
     *
     * @param base64 the form field {@code SAMLResponse}
     */
    public SamlOutline outline(String base64) {
        return SamlOutline.of(parsers, base64);
    }
}
