package dev.gatehouse.testkit;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;

/**
 * A SAML 2.0 identity provider for tests, in the JVM of the test: it listens at a port of loopback, signs in whom the test said,
 * without asking, and sends the browser back to whoever asked. By itself it behaves; told to, it misbehaves, so that a test can
 * see a sign-in refused.
 *
 * <pre>{@code
 * try (SamlIdp idp = SamlIdp.start()) {
 *     idp.user("ada@example.com", Map.of("email", List.of("ada@example.com"), "firstName", List.of("Ada")));
 *     // configure a connection from idp.metadataUrl(), and let a browser start to sign in; or without one:
 *     SamlIdp.Form form = idp.signIn(redirectUrl); // what its page would submit
 *     idp.misbehave(SamlIdp.Misbehaviour.WRONG_AUDIENCE);
 *     // now sign-ins fail at step 10
 * }
 * }</pre>
 *
 * <p>It verifies no requests, and knows no other service providers than those that ask. Settings hold until they are changed;
 * they are not for many threads at once, while the endpoints are.
 */
public final class SamlIdp implements AutoCloseable {
    /** What it does wrong. */
    public enum Misbehaviour {
        /** Signs nothing. */
        UNSIGNED,
        /** Signs with a key that is not in its metadata. */
        WRONG_KEY,
        /** Signs with RSA-SHA1. */
        SHA1,
        /** Its assertions ended an hour ago. */
        EXPIRED,
        /** Its assertions begin in an hour. */
        NOT_YET_VALID,
        /** Means another service provider. */
        WRONG_AUDIENCE,
        /** Confirms for another address. */
        WRONG_RECIPIENT,
        /** Sends to another address than it says. */
        WRONG_DESTINATION,
        /** Calls itself otherwise. */
        WRONG_ISSUER,
        /** Answers another request. */
        WRONG_REQUEST,
        /** Says that the person may not sign in. */
        DENIED,
        /** Adds a second assertion, unsigned, about somebody else. */
        TWO_ASSERTIONS,
        /** Puts what it signed into an assertion about somebody else (signature wrapping). */
        WRAPPED,
        /** Cuts the name in two with a comment, after it was signed. */
        COMMENT_IN_NAME
    }

    /**
     * A page that submits itself.
     *
     * @param action where to, by POST
     * @param fields {@code SAMLResponse}, and {@code RelayState} if there was one
     */
    public record Form(String action, Map<String, String> fields) {
        /** The field {@code SAMLResponse}. */
        public String response() {
            return fields.getOrDefault("SAMLResponse", "");
        }
    }

    private final Loopback server = new Loopback();
    private final Clock clock;
    private final SamlBehaviour behaviour = new SamlBehaviour();
    private SamlKeys keys = SamlKeys.rsa(2048);
    private volatile @Nullable String lastRequest;
    private volatile @Nullable String spSloUrl;

    private SamlIdp(Clock clock) {
        this.clock = clock;
        behaviour.entityId = metadataUrl();
        server.at("/metadata", exchange -> Loopback.send(exchange, "application/samlmetadata+xml", metadata()));
        server.at("/sso", exchange -> Loopback.send(exchange, "text/html; charset=utf-8", page(exchange)));
        server.at("/slo", this::logout);
    }

    /** One that goes by the system's clock. */
    public static SamlIdp start() {
        return start(Clock.systemUTC());
    }

    /** One that goes by this clock, such as a {@link SteerableClock}. */
    public static SamlIdp start(Clock clock) {
        return new SamlIdp(clock);
    }

    /** Its entity id, which is the address of its metadata unless set otherwise. */
    public String entityId() {
        return behaviour.entityId;
    }

    /** Where its metadata is. */
    public String metadataUrl() {
        return server.url() + "/metadata";
    }

    /** Where requests go, by redirect or POST. */
    public String ssoUrl() {
        return server.url() + "/sso";
    }

    /** Where logout messages go, by redirect. */
    public String sloUrl() {
        return server.url() + "/slo";
    }

    /** Its metadata. */
    public String metadata() {
        return SamlMessages.metadata(this);
    }

    /** The certificate of the key that it signs with. */
    public X509Certificate certificate() {
        return keys.certificate();
    }

    /** Who signs in from now on: the name identifier and what is said of the person, in this order. */
    public SamlIdp user(String nameId, Map<String, List<String>> attributes) {
        behaviour.nameId = nameId;
        behaviour.attributes = new LinkedHashMap<>(attributes);
        return this;
    }

    /** The format of names; {@code null} leaves it out. */
    public SamlIdp nameIdFormat(@Nullable String format) {
        behaviour.nameIdFormat = format == null ? "" : format;
        return this;
    }

    /** The class of authentication that it claims. */
    public SamlIdp authnContext(String uri) {
        behaviour.authnContext = uri;
        return this;
    }

    /** Calls itself this. */
    public SamlIdp entityId(String entityId) {
        behaviour.entityId = entityId;
        return this;
    }

    /** What it signs; both by default. */
    public SamlIdp signs(boolean response, boolean assertion) {
        behaviour.signsResponse = response;
        behaviour.signsAssertion = assertion;
        return this;
    }

    /** Algorithms of XML Signature by their URIs; the key has to fit. */
    public SamlIdp algorithms(String signature, String digest) {
        behaviour.signature = signature;
        behaviour.digest = digest;
        return this;
    }

    /** Signs with new keys, of the JDK's kind {@code RSA} or {@code EC} and so many bits. */
    public SamlIdp newKeys(String kind, int bits) {
        return keys(kind.equals("RSA") ? SamlKeys.rsa(bits) : SamlKeys.ec(bits));
    }

    /** Signs with these keys. */
    public SamlIdp keys(SamlKeys keys) {
        this.keys = keys;
        return this;
    }

    /** Encrypts assertions with AES-256-GCM and RSA-OAEP; null for plain ones. */
    public SamlIdp encryptsFor(@Nullable X509Certificate certificate) {
        return encryptsFor(certificate, "aes256-gcm", "rsa-oaep-mgf1p");
    }

    /**
     * Encrypts assertions.
     *
     * @param cipher {@code aes128-gcm}, {@code aes256-gcm}, {@code aes128-cbc} or {@code aes256-cbc}
     * @param transport {@code rsa-oaep-mgf1p}, {@code rsa-oaep} (SHA-256 throughout) or {@code rsa-1_5}
     */
    public SamlIdp encryptsFor(@Nullable X509Certificate certificate, String cipher, String transport) {
        behaviour.encryptsFor = certificate;
        behaviour.cipher = cipher;
        behaviour.transport = transport;
        return this;
    }

    /** Does this wrong from now on, and nothing else. */
    public SamlIdp misbehave(Misbehaviour... how) {
        behaviour.misbehaves = EnumSet.noneOf(Misbehaviour.class);
        behaviour.misbehaves.addAll(List.of(how));
        return this;
    }

    /** Changes responses before anything is signed. */
    public SamlIdp unsigned(Consumer<Document> change) {
        behaviour.unsigned = change;
        return this;
    }

    /** Changes responses after they were signed; encrypted assertions cannot be seen then. */
    public SamlIdp signed(Consumer<Document> change) {
        behaviour.signed = change;
        return this;
    }

    /** Changes the text of assertions before they are encrypted, signed as they are. */
    public SamlIdp plain(UnaryOperator<String> change) {
        behaviour.plain = change;
        return this;
    }

    /** Changes the text of responses, before Base64. */
    public SamlIdp wire(UnaryOperator<String> change) {
        behaviour.wire = change;
        return this;
    }

    /** Does nothing wrong any more; who signs in, keys and algorithms stay. */
    public SamlIdp honest() {
        misbehave();
        return unsigned(document -> {})
                .signed(document -> {})
                .plain(UnaryOperator.identity())
                .wire(UnaryOperator.identity());
    }

    /**
     * Signs in for a request that nobody sent, for its page {@code SAMLResponse}.
     *
     * @param requestId what it answers; null for nothing
     */
    public String answer(@Nullable String requestId, String spEntityId, String acsUrl) {
        String xml = SamlMessages.response(this, requestId, spEntityId, acsUrl);
        return XmlCraft.base64(behaviour.wire.apply(xml).getBytes(StandardCharsets.UTF_8));
    }

    /** Signs in unasked (profiles 4.1.5), for {@code SAMLResponse}. */
    public String unsolicited(String spEntityId, String acsUrl) {
        return answer(null, spEntityId, acsUrl);
    }

    /** What its page would submit for a request by redirect. */
    public Form signIn(String redirectUrl) {
        return form(Loopback.parameters(URI.create(redirectUrl).getRawQuery()), true);
    }

    /** What its page would submit for a request by POST. */
    public Form signIn(Map<String, String> fields) {
        return form(fields, false);
    }

    /** The newest authentication or logout request that it got, as XML; null if there was none. */
    public @Nullable String lastRequest() {
        return lastRequest;
    }

    /**
     * Ends a session from its side: where it would send the browser, signed.
     *
     * @param sloUrl the service provider's
     * @param sessionIndex null for all sessions of the user
     */
    public String logoutRequest(String sloUrl, @Nullable String sessionIndex, @Nullable String relayState) {
        String xml = SamlMessages.logoutRequest(this, sloUrl, sessionIndex);
        return SamlMessages.redirect(this, sloUrl, "SAMLRequest", xml, relayState);
    }

    /** Says that it has ended a session: where it would send the browser, signed. */
    public String logoutResponse(String sloUrl, String requestId, @Nullable String relayState) {
        String xml = SamlMessages.logoutResponse(this, sloUrl, requestId);
        return SamlMessages.redirect(this, sloUrl, "SAMLResponse", xml, relayState);
    }

    /** A message with its signature inside, in Base64, as the POST binding has it: sign any XML that begins with an issuer. */
    public String posted(String xml) {
        Document document = XmlCraft.parse(xml);
        sign(document.getDocumentElement());
        return XmlCraft.base64(XmlCraft.write(document).getBytes(StandardCharsets.UTF_8));
    }

    /** Logout messages as XML, unsigned, for {@link #posted}. */
    public String logoutRequestXml(String sloUrl, @Nullable String sessionIndex) {
        return SamlMessages.logoutRequest(this, sloUrl, sessionIndex);
    }

    /** Logout messages as XML, unsigned, for {@link #posted}. */
    public String logoutResponseXml(String sloUrl, String requestId) {
        return SamlMessages.logoutResponse(this, sloUrl, requestId);
    }

    @Override
    public void close() {
        server.close();
    }

    SamlBehaviour behaviour() {
        return behaviour;
    }

    Clock clock() {
        return clock;
    }

    SamlKeys keys() {
        return keys;
    }

    void sign(org.w3c.dom.Element element) {
        boolean wrong = behaviour.misbehaves.contains(Misbehaviour.WRONG_KEY);
        boolean weak = behaviour.misbehaves.contains(Misbehaviour.SHA1);
        SamlKeys with = wrong ? SamlKeys.rsa(2048) : keys;
        XmlCraft.sign(
                element,
                with.privateKey(),
                with.certificate(),
                weak ? "http://www.w3.org/2000/09/xmldsig#rsa-sha1" : behaviour.signature,
                weak ? "http://www.w3.org/2000/09/xmldsig#sha1" : behaviour.digest);
    }

    private Form form(Map<String, String> parameters, boolean deflated) {
        String xml = SamlMessages.text(parameters.getOrDefault("SAMLRequest", ""), deflated);
        lastRequest = xml;
        var request = XmlCraft.parse(xml).getDocumentElement();
        String acsUrl = request.getAttribute("AssertionConsumerServiceURL");
        String issuer =
                request.getElementsByTagNameNS(XmlCraft.SAML, "Issuer").item(0).getTextContent();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("SAMLResponse", answer(request.getAttribute("ID"), issuer, acsUrl));
        String relayState = parameters.get("RelayState");
        if (relayState != null) {
            fields.put("RelayState", relayState);
        }
        return new Form(acsUrl, fields);
    }

    private String page(HttpExchange exchange) throws IOException {
        boolean post = exchange.getRequestMethod().equals("POST");
        Form form = form(Loopback.parameters(exchange), !post);
        return Loopback.page(form.action, form.fields);
    }

    /** Where it answers logout requests; unless this is set it says in its own page that the session has ended. */
    public SamlIdp answersLogoutAt(String sloUrl) {
        spSloUrl = sloUrl;
        return this;
    }

    /** Ends nothing, for it keeps no sessions. */
    private void logout(HttpExchange exchange) throws IOException {
        Map<String, String> parameters = Loopback.parameters(exchange);
        if (!parameters.containsKey("SAMLRequest")) {
            Loopback.send(exchange, "text/plain", "signed out");
            return;
        }
        String xml = SamlMessages.text(parameters.getOrDefault("SAMLRequest", ""), true);
        lastRequest = xml;
        String id = XmlCraft.parse(xml).getDocumentElement().getAttribute("ID");
        String to = spSloUrl;
        if (to == null) {
            Loopback.send(exchange, "text/plain", "signed out of " + id);
            return;
        }
        Loopback.redirect(exchange, 302, logoutResponse(to, id, parameters.get("RelayState")));
    }
}
