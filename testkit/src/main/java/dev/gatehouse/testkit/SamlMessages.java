package dev.gatehouse.testkit;

import static dev.gatehouse.testkit.XmlCraft.escape;

import dev.gatehouse.testkit.SamlIdp.Misbehaviour;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterOutputStream;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** What {@link SamlIdp} says, right and wrong. */
final class SamlMessages {
    private static final String HEAD =
            " xmlns:samlp=\"" + XmlCraft.PROTOCOL + "\" xmlns:saml=\"" + XmlCraft.SAML + "\" Version=\"2.0\"";
    private static final String STATUS = "urn:oasis:names:tc:SAML:2.0:status:";

    private SamlMessages() {}

    static String response(SamlIdp idp, @Nullable String requestId, String spEntityId, String acsUrl) {
        SamlBehaviour says = idp.behaviour();
        Document document = XmlCraft.parse(unsigned(idp, requestId, spEntityId, acsUrl));
        says.unsigned.accept(document);
        Element response = document.getDocumentElement();
        Element assertion = XmlCraft.first(document, XmlCraft.SAML, "Assertion");
        boolean signs = !says.misbehaves.contains(Misbehaviour.UNSIGNED);
        if (signs && says.signsAssertion && assertion != null) {
            idp.sign(assertion);
        }
        if (says.encryptsFor != null && assertion != null) {
            String plain = says.plain.apply(XmlCraft.write(assertion));
            Document sealed = XmlCraft.parse(XmlCraft.encrypt(plain, says.encryptsFor, says.cipher, says.transport));
            response.replaceChild(document.importNode(sealed.getDocumentElement(), true), assertion);
        }
        if (signs && says.signsResponse) {
            idp.sign(response);
        }
        after(says, document);
        says.signed.accept(document);
        return XmlCraft.write(document);
    }

    private static String unsigned(SamlIdp idp, @Nullable String requestId, String spEntityId, String acsUrl) {
        SamlBehaviour says = idp.behaviour();
        var wrong = says.misbehaves;
        Instant now = idp.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        Instant begin = wrong.contains(Misbehaviour.NOT_YET_VALID) ? now.plus(Duration.ofHours(1)) : now;
        Instant end = wrong.contains(Misbehaviour.EXPIRED)
                ? now.minus(Duration.ofHours(1))
                : begin.plus(Duration.ofMinutes(5));
        String to = escape(acsUrl);
        String recipient = wrong.contains(Misbehaviour.WRONG_RECIPIENT) ? to + "/other" : to;
        String destination = wrong.contains(Misbehaviour.WRONG_DESTINATION) ? to + "/other" : to;
        String answers = requestId == null
                ? ""
                : " InResponseTo=\"" + escape(wrong.contains(Misbehaviour.WRONG_REQUEST) ? id() : requestId) + "\"";
        boolean denied = wrong.contains(Misbehaviour.DENIED);
        String code = denied
                ? "<samlp:StatusCode Value=\"" + STATUS + "Responder\"><samlp:StatusCode Value=\"" + STATUS
                        + "AuthnFailed\"/></samlp:StatusCode>"
                : "<samlp:StatusCode Value=\"" + STATUS + "Success\"/>";
        String audience = wrong.contains(Misbehaviour.WRONG_AUDIENCE) ? "https://other.example" : escape(spEntityId);
        String assertion = "<saml:Assertion xmlns:saml=\"" + XmlCraft.SAML + "\" Version=\"2.0\" ID=\"" + id()
                + "\" IssueInstant=\"" + now + "\">" + issuer(says) + "<saml:Subject>" + name(says)
                + "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">"
                + "<saml:SubjectConfirmationData NotOnOrAfter=\"" + end + "\" Recipient=\"" + recipient + "\""
                + answers + "/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore=\"" + begin
                + "\" NotOnOrAfter=\"" + end + "\"><saml:AudienceRestriction><saml:Audience>" + audience
                + "</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant=\""
                + now + "\" SessionIndex=\"" + id() + "\"><saml:AuthnContext><saml:AuthnContextClassRef>"
                + escape(says.authnContext) + "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
                + attributes(says.attributes) + "</saml:Assertion>";
        return "<samlp:Response" + HEAD + " ID=\"" + id() + "\" IssueInstant=\"" + now + "\" Destination=\""
                + destination + "\"" + answers + ">" + issuer(says) + "<samlp:Status>" + code + "</samlp:Status>"
                + (denied ? "" : assertion) + "</samlp:Response>";
    }

    private static String attributes(Map<String, List<String>> attributes) {
        if (attributes.isEmpty()) {
            return "";
        }
        StringBuilder xml = new StringBuilder("<saml:AttributeStatement>");
        attributes.forEach((name, values) -> {
            xml.append("<saml:Attribute Name=\"").append(escape(name)).append("\">");
            values.forEach(value ->
                    xml.append("<saml:AttributeValue>").append(escape(value)).append("</saml:AttributeValue>"));
            xml.append("</saml:Attribute>");
        });
        return xml.append("</saml:AttributeStatement>").toString();
    }

    /** What is done wrong after signing. */
    private static void after(SamlBehaviour says, Document document) {
        Element response = document.getDocumentElement();
        Element assertion = XmlCraft.first(document, XmlCraft.SAML, "Assertion");
        if (assertion == null) {
            return;
        }
        if (says.misbehaves.contains(Misbehaviour.COMMENT_IN_NAME)) {
            Node text = XmlCraft.first(document, XmlCraft.SAML, "NameID").getFirstChild();
            Node rest = ((org.w3c.dom.Text) text).splitText(text.getNodeValue().length() / 2);
            text.getParentNode().insertBefore(document.createComment("cut"), rest);
        }
        if (says.misbehaves.contains(Misbehaviour.TWO_ASSERTIONS)) {
            response.appendChild(forged(assertion));
        }
        if (says.misbehaves.contains(Misbehaviour.WRAPPED)) {
            Element evil = forged(assertion);
            response.replaceChild(evil, assertion);
            evil.appendChild(assertion);
        }
    }

    /** The same about somebody else, unsigned. */
    private static Element forged(Element assertion) {
        Element evil = (Element) assertion.cloneNode(true);
        evil.setAttribute("ID", id());
        evil.getElementsByTagNameNS(XmlCraft.SAML, "NameID").item(0).setTextContent("eve@example.com");
        Node signature = evil.getElementsByTagNameNS("http://www.w3.org/2000/09/xmldsig#", "Signature")
                .item(0);
        if (signature != null) {
            evil.removeChild(signature);
        }
        return evil;
    }

    static String logoutRequest(SamlIdp idp, String sloUrl, @Nullable String sessionIndex) {
        SamlBehaviour says = idp.behaviour();
        Instant now = idp.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        return "<samlp:LogoutRequest" + HEAD + " ID=\"" + id() + "\" IssueInstant=\"" + now + "\" NotOnOrAfter=\""
                + now.plus(Duration.ofMinutes(5)) + "\" Destination=\"" + escape(sloUrl) + "\">" + issuer(says)
                + name(says)
                + (sessionIndex == null ? "" : "<samlp:SessionIndex>" + escape(sessionIndex) + "</samlp:SessionIndex>")
                + "</samlp:LogoutRequest>";
    }

    static String logoutResponse(SamlIdp idp, String sloUrl, String requestId) {
        SamlBehaviour says = idp.behaviour();
        Instant now = idp.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        return "<samlp:LogoutResponse" + HEAD + " ID=\"" + id() + "\" IssueInstant=\"" + now + "\" Destination=\""
                + escape(sloUrl) + "\" InResponseTo=\"" + escape(requestId) + "\">" + issuer(says)
                + "<samlp:Status><samlp:StatusCode Value=\"" + STATUS + "Success\"/></samlp:Status>"
                + "</samlp:LogoutResponse>";
    }

    static String metadata(SamlIdp idp) {
        try {
            String binding = " Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-";
            String sso = "\" Location=\"" + escape(idp.ssoUrl()) + "\"/>";
            return "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\""
                    + escape(idp.entityId()) + "\"><md:IDPSSODescriptor protocolSupportEnumeration=\""
                    + XmlCraft.PROTOCOL + "\"><md:KeyDescriptor use=\"signing\"><ds:KeyInfo"
                    + " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:X509Data><ds:X509Certificate>"
                    + XmlCraft.base64(idp.certificate().getEncoded())
                    + "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleLogoutService"
                    + binding + "Redirect\" Location=\"" + escape(idp.sloUrl()) + "\"/><md:SingleSignOnService"
                    + binding + "Redirect" + sso + "<md:SingleSignOnService" + binding + "POST" + sso
                    + "</md:IDPSSODescriptor></md:EntityDescriptor>";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Bindings 3.4.4.1. */
    static String redirect(SamlIdp idp, String to, String parameter, String xml, @Nullable String relayState) {
        try {
            ByteArrayOutputStream deflated = new ByteArrayOutputStream();
            try (var out = new DeflaterOutputStream(deflated, new Deflater(Deflater.BEST_COMPRESSION, true))) {
                out.write(xml.getBytes(StandardCharsets.UTF_8));
            }
            String query = parameter + "=" + encode(XmlCraft.base64(deflated.toByteArray()))
                    + (relayState == null ? "" : "&RelayState=" + encode(relayState)) + "&SigAlg="
                    + encode("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(idp.keys().privateKey());
            signature.update(query.getBytes(StandardCharsets.UTF_8));
            return to + "?" + query + "&Signature=" + encode(XmlCraft.base64(signature.sign()));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A message's text. */
    static String text(String base64, boolean deflated) {
        byte[] bytes = Base64.getDecoder().decode(base64);
        if (!deflated) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (var out = new InflaterOutputStream(text, new Inflater(true))) {
            out.write(bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException("no DEFLATE", e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static String issuer(SamlBehaviour says) {
        String issuer = says.misbehaves.contains(Misbehaviour.WRONG_ISSUER) ? "https://other.example" : says.entityId;
        return "<saml:Issuer>" + escape(issuer) + "</saml:Issuer>";
    }

    private static String name(SamlBehaviour says) {
        return "<saml:NameID"
                + (says.nameIdFormat.isEmpty() ? "" : " Format=\"" + escape(says.nameIdFormat) + "\"") + ">"
                + escape(says.nameId) + "</saml:NameID>";
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String id() {
        return "_" + UUID.randomUUID();
    }
}
