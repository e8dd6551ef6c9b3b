package dev.gatehouse.sso.saml;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * Reads a response (core 3.3.3, profiles 4.1.4) in the order of {@link Step}: encoding, XML, structure, status, then
 * decryption and signatures, and then only what was signed.
 */
final class ResponseReader {
    static final String SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success";

    private final Parsers parsers;
    private final Signatures signatures;
    private final Decryption decryption;

    ResponseReader(Parsers parsers, int leastRsaBits) {
        this.parsers = parsers;
        this.signatures = new Signatures(leastRsaBits);
        this.decryption = new Decryption();
    }

    SamlAssertion read(SamlConnection c, String base64, Expected expected, Instant now) {
        Element response = Gate.check(parsers.read(Wire.decode(base64)), Xml.PROTOCOL, "Response", Grammar.RESPONSE);
        succeeded(response);

        Element signature = Signatures.of(response);
        Element envelope = signature == null ? response : again(signatures.verify(response, signature, c));
        Element assertion = assertion(c, response, signature == null ? null : envelope);

        succeeded(envelope);
        version(envelope);
        version(assertion);
        issuer(c, envelope);
        issuer(c, assertion);
        destination(c, envelope, signature != null);
        Validity validity = Validity.of(c, now);
        SamlAssertion read = new AssertionReader(c, assertion, expected, validity).read();
        validity.issued(XmlTime.required(Step.TIME, envelope, "IssueInstant"));
        inResponseTo(expected, envelope);
        return read;
    }

    /** The assertion out of signed octets: of its own signature, or of that of the whole response. */
    private Element assertion(SamlConnection c, Element response, @Nullable Element envelope) {
        Element encrypted = Xml.child(envelope == null ? response : envelope, Xml.SAML, "EncryptedAssertion");
        if (encrypted != null) {
            return decrypted(c, encrypted);
        }
        Element plain = Xml.theChild(response, Xml.SAML, "Assertion");
        Element signature = Signatures.of(plain);
        if (signature != null) {
            return gated(signatures.verify(plain, signature, c));
        }
        if (envelope == null) {
            throw SamlRefusal.of(Step.SIGNATURE, "a signed assertion", "no signature");
        }
        return Xml.theChild(envelope, Xml.SAML, "Assertion");
    }

    /**
     * Has to be signed inside: anybody can encrypt for us, and what a response's signature covers is cipher text. Where the
     * cipher does not protect itself, all that can be wrong with the plain text is one refusal, or it could be guessed byte by
     * byte (XML Encryption 1.1, 6.1).
     */
    private Element decrypted(SamlConnection c, Element encrypted) {
        Decryption.Plain plain = decryption.decrypt(encrypted, c);
        try {
            Element assertion = gated(plain.text());
            Element signature = Signatures.of(assertion);
            if (signature == null) {
                throw SamlRefusal.of(Step.SIGNATURE, "a signed assertion inside of the encryption", "no signature");
            }
            return gated(signatures.verify(assertion, signature, c));
        } catch (SamlRefusal refusal) {
            throw plain.authentic() ? refusal : SamlRefusal.undecryptable();
        }
    }

    private Element again(byte[] octets) {
        return Gate.check(parsers.read(octets), Xml.PROTOCOL, "Response", Grammar.RESPONSE);
    }

    private Element gated(byte[] octets) {
        return Gate.check(parsers.read(octets), Xml.SAML, "Assertion", Grammar.ASSERTION);
    }

    /** Says so for the whole response; an assertion in one that does not is nothing. */
    static void succeeded(Element response) {
        Element status = Xml.theChild(response, Xml.PROTOCOL, "Status");
        Element code = Xml.theChild(status, Xml.PROTOCOL, "StatusCode");
        Element second = Xml.child(code, Xml.PROTOCOL, "StatusCode");
        String value = code.getAttribute("Value");
        if (!value.equals(SUCCESS)) {
            throw SamlRefusal.of(
                    Step.STATUS,
                    "Success",
                    brief(value) + (second == null ? "" : " / " + brief(second.getAttribute("Value"))));
        }
    }

    /** The codes of core 3.2.2.2; others are an identity provider's own, and may say anything. */
    static String brief(String code) {
        return code.matches("urn:oasis:names:tc:SAML:2\\.0:status:[A-Za-z]{1,40}")
                ? code.substring(code.lastIndexOf(':') + 1)
                : "another code";
    }

    static void version(Element e) {
        if (!e.getAttribute("Version").equals("2.0")) {
            throw SamlRefusal.of(Step.STRUCTURE, "Version 2.0", e.getAttribute("Version"));
        }
    }

    static void issuer(SamlConnection c, Element e) {
        Element issuer = Xml.theChild(e, Xml.SAML, "Issuer");
        String format = Xml.attribute(issuer, "Format");
        if (format != null && !format.equals("urn:oasis:names:tc:SAML:2.0:nameid-format:entity")) {
            throw SamlRefusal.of(Step.ISSUER, "an issuer that is an entity", format);
        }
        if (!issuer.getTextContent().equals(c.idpEntityId())) {
            throw SamlRefusal.of(Step.ISSUER, c.idpEntityId(), issuer.getTextContent());
        }
    }

    private static void destination(SamlConnection c, Element response, boolean signed) {
        String destination = Xml.attribute(response, "Destination");
        if (destination == null && signed) {
            throw SamlRefusal.of(Step.DESTINATION, c.acsUrl(), "none, in a signed response");
        }
        if (destination != null && !destination.equals(c.acsUrl())) {
            throw SamlRefusal.of(Step.DESTINATION, c.acsUrl(), destination);
        }
    }

    /** What a response or a confirmation of a subject has to answer, to the letter. */
    static void inResponseTo(Expected expected, Element e) {
        String found = Xml.attribute(e, "InResponseTo");
        String wanted = expected instanceof Expected.AnswerTo to ? to.requestId() : null;
        if (!Objects.equals(wanted, found)) {
            throw SamlRefusal.of(
                    Step.IN_RESPONSE_TO,
                    wanted == null ? "no request to be answered" : "an answer to the request " + wanted,
                    found == null ? "an answer to none" : "an answer to another");
        }
    }
}
