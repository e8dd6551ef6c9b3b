package dev.gatehouse.sso.saml;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * Single logout (core 3.7, profiles 4.4): messages go by redirect and are signed, and come by redirect or POST and have to be
 * signed. What is ended by them is up to who calls: only sessions of this connection and of this very name.
 */
public final class SamlLogout {
    /** How long a request of ours may be answered. */
    static final Duration LIFETIME = Duration.ofMinutes(5);

    private final Parsers parsers;
    private final int leastRsaBits;

    SamlLogout(Parsers parsers, int leastRsaBits) {
        this.parsers = parsers;
        this.leastRsaBits = leastRsaBits;
    }

    /**
     * Whom a logout is about: the name as the assertion had it, all four parts.
     *
     * @param value the name identifier
     * @param format as in {@link SamlAssertion#nameIdFormat()}
     * @param nameQualifier as in {@link SamlAssertion#nameQualifier()}
     * @param spNameQualifier as in {@link SamlAssertion#spNameQualifier()}
     */
    public record Name(
            String value,
            @Nullable String format,
            @Nullable String nameQualifier,
            @Nullable String spNameQualifier) {
        @Override
        public String toString() {
            return "Name[" + format + "]";
        }
    }

    /**
     * A message of ours on its way.
     *
     * @param id of the message; of a request, what the answer has to name
     * @param redirectUrl where to send the browser
     */
    public record Sent(String id, String redirectUrl) {}

    /** What came. */
    public sealed interface Received {
        /** Comes back unchanged with the answer; opaque, null if absent. */
        @Nullable
        String relayState();
    }

    /**
     * The identity provider ends sessions. It counts once: take the key (connection, id) until {@code replayUntil}.
     *
     * @param id to be named in {@link SamlLogout#response}
     * @param name whose sessions
     * @param sessionIndexes which of them; all if there are none (core 3.7.1)
     * @param relayState to be sent back
     * @param replayUntil until when the same message might be accepted again
     */
    public record Request(
            String id,
            Name name,
            List<String> sessionIndexes,
            @Nullable String relayState,
            Instant replayUntil) implements Received {}

    /**
     * The identity provider did what we asked for.
     *
     * @param inResponseTo which request it answers; compare with {@link Sent#id()} of the same browser. Null if it says none
     * @param relayState what we sent along
     */
    public record Response(
            @Nullable String inResponseTo, @Nullable String relayState) implements Received {}

    /**
     * Asks the identity provider to end sessions.
     *
     * @param sessionIndexes those of {@link SamlAssertion#sessionIndex()}; none for all of this name
     * @param relayState at most 80 bytes; null for none
     * @throws IllegalArgumentException if the connection has no {@code idpSloUrl} or no {@code requestSigningKey}
     */
    public Sent request(
            SamlConnection c, Name name, List<String> sessionIndexes, @Nullable String relayState, Instant now) {
        Ask.relayState(relayState);
        String to = to(c);
        Builder.Message message = Builder.logoutRequest(c, to, name, sessionIndexes, now);
        return new Sent(message.id(), Query.url(to, Query.REQUEST, message.xml(), relayState, c.requestSigningKey()));
    }

    /**
     * Answers a request.
     *
     * @param requestId {@link Request#id()}
     * @param success whether the sessions have ended
     * @param relayState {@link Request#relayState()}
     * @throws IllegalArgumentException if the connection has no {@code idpSloUrl} or no {@code requestSigningKey}
     */
    public Sent response(
            SamlConnection c, String requestId, boolean success, @Nullable String relayState, Instant now) {
        String to = to(c);
        Builder.Message message = Builder.logoutResponse(c, to, requestId, success, now);
        return new Sent(message.id(), Query.url(to, Query.RESPONSE, message.xml(), relayState, c.requestSigningKey()));
    }

    /**
     * Reads what came by redirect.
     *
     * @param rawQuery the query as it came, with its percent signs: the signature is of these characters
     * @throws SamlRefusal with the first step that failed
     */
    public Received readRedirect(SamlConnection c, String rawQuery, Instant now) {
        Query query = Query.read(rawQuery);
        query.verify(c, new Signatures(leastRsaBits));
        Element message = gated(query.message(), query.isRequest());
        if (Signatures.of(message) != null) {
            throw SamlRefusal.of(Step.STRUCTURE, "a signature in the query alone", "one in the message");
        }
        return read(c, message, query.isRequest(), query.relayState(), now);
    }

    /**
     * Reads a request that came by POST, signed inside.
     *
     * @param base64 the form field {@code SAMLRequest}
     * @param relayState the form field {@code RelayState}; null if absent
     * @throws SamlRefusal with the first step that failed
     */
    public Request readPostedRequest(SamlConnection c, String base64, @Nullable String relayState, Instant now) {
        return (Request) read(c, verified(c, base64, true), true, relayState, now);
    }

    /**
     * Reads a response that came by POST, signed inside.
     *
     * @param base64 the form field {@code SAMLResponse}
     * @param relayState the form field {@code RelayState}; null if absent
     * @throws SamlRefusal with the first step that failed
     */
    public Response readPostedResponse(SamlConnection c, String base64, @Nullable String relayState, Instant now) {
        return (Response) read(c, verified(c, base64, false), false, relayState, now);
    }

    private Element verified(SamlConnection c, String base64, boolean request) {
        Element message = gated(Wire.decode(base64), request);
        Element signature = Signatures.of(message);
        if (signature == null) {
            throw SamlRefusal.of(Step.SIGNATURE, "a signed message", "no signature");
        }
        return gated(new Signatures(leastRsaBits).verify(message, signature, c), request);
    }

    private Element gated(byte[] xml, boolean request) {
        return request
                ? Gate.check(parsers.read(xml), Xml.PROTOCOL, "LogoutRequest", Grammar.LOGOUT_REQUEST)
                : Gate.check(parsers.read(xml), Xml.PROTOCOL, "LogoutResponse", Grammar.LOGOUT_RESPONSE);
    }

    private static Received read(
            SamlConnection c, Element message, boolean request, @Nullable String relayState, Instant now) {
        if (!request) {
            ResponseReader.succeeded(message);
        }
        ResponseReader.version(message);
        ResponseReader.issuer(c, message);
        String destination = Xml.attribute(message, "Destination");
        if (destination == null || !destination.equals(c.sloUrl())) {
            throw SamlRefusal.of(
                    Step.DESTINATION, String.valueOf(c.sloUrl()), destination == null ? "none" : destination);
        }
        Validity validity = Validity.of(c, now);
        Instant issued = XmlTime.required(Step.TIME, message, "IssueInstant");
        validity.issued(issued);
        if (!request) {
            return new Response(Xml.attribute(message, "InResponseTo"), relayState);
        }
        Instant end = XmlTime.optional(message, "NotOnOrAfter");
        validity.notOnOrAfter("NotOnOrAfter", end);
        Element name = Xml.theChild(message, Xml.SAML, "NameID");
        return new Request(
                message.getAttribute("ID"),
                new Name(
                        AssertionReader.name(c, name),
                        Xml.attribute(name, "Format"),
                        Xml.attribute(name, "NameQualifier"),
                        Xml.attribute(name, "SPNameQualifier")),
                Xml.children(message, Xml.PROTOCOL, "SessionIndex").stream()
                        .map(Element::getTextContent)
                        .toList(),
                relayState,
                validity.acceptedUntil(issued));
    }

    private static String to(SamlConnection c) {
        String to = c.idpSloUrl();
        if (to == null || c.requestSigningKey() == null) {
            throw new IllegalArgumentException("logout needs an idpSloUrl and a requestSigningKey");
        }
        return to;
    }
}
