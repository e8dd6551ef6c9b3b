package dev.gatehouse.sso.saml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testkit.SamlIdp;
import dev.gatehouse.testkit.SamlKeys;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** What we send: requests, and our metadata. */
class SamlRequestTest {
    private final SamlStage stage = new SamlStage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void theWholeWayByRedirect() {
        AuthnRequest request = stage.saml.authnRequest(stage.connection(), Ask.redirect("state-1"), stage.now());
        SamlIdp.Form form = stage.idp.signIn(request.redirectUrl());
        assertThat(form.action()).isEqualTo(SamlStage.ACS);
        assertThat(form.fields()).containsEntry("RelayState", "state-1");
        SamlAssertion ada =
                stage.saml.response(stage.connection(), form.response(), Expected.answerTo(request.id()), stage.now());
        assertThat(ada.nameId()).isEqualTo("ada@example.com");
        Element sent = new Parsers()
                .read(stage.idp.lastRequest().getBytes(StandardCharsets.UTF_8))
                .getDocumentElement();
        assertThat(sent.getAttribute("ID")).isEqualTo(request.id()).matches("_[0-9a-f]{40}");
        assertThat(sent.getAttribute("Version")).isEqualTo("2.0");
        assertThat(sent.getAttribute("IssueInstant")).isEqualTo("2026-06-01T10:00:00.000Z");
        assertThat(sent.getAttribute("Destination")).isEqualTo(stage.idp.ssoUrl());
        assertThat(sent.getAttribute("AssertionConsumerServiceURL")).isEqualTo(SamlStage.ACS);
        assertThat(sent.getAttribute("ProtocolBinding")).isEqualTo("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST");
        assertThat(sent.hasAttribute("ForceAuthn")).isFalse();
        assertThat(Dom.in(sent, "Issuer").getTextContent()).isEqualTo(SamlStage.SP);
        assertThat(Xml.children(sent)).hasSize(1);
    }

    @Test
    void theWholeWayInABrowser() throws Exception {
        AuthnRequest request = stage.saml.authnRequest(stage.connection(), Ask.redirect(null), stage.now());
        HttpResponse<String> page = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(request.redirectUrl()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        String response = Corpus.first(page.body(), "name=\"SAMLResponse\" value=\"([^\"]+)\"");
        assertThat(page.body()).contains("action=\"" + SamlStage.ACS + "\"");
        assertThat(stage.saml.response(stage.connection(), response, Expected.answerTo(request.id()), stage.now()))
                .isNotNull();
    }

    @Test
    void redirectsAreSignedOverTheirVeryQuery() throws Exception {
        String url = stage.saml
                .authnRequest(stage.connection(), Ask.redirect("a b&c"), stage.now())
                .redirectUrl();
        String query = URI.create(url).getRawQuery();
        assertThat(query).matches("SAMLRequest=[^&]+&RelayState=a\\+b%26c&SigAlg=[^&]+&Signature=[^&]+");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(SamlStage.OURS.certificate());
        signature.update(query.substring(0, query.indexOf("&Signature=")).getBytes(StandardCharsets.UTF_8));
        String value =
                java.net.URLDecoder.decode(query.substring(query.indexOf("&Signature=") + 11), StandardCharsets.UTF_8);
        assertThat(signature.verify(Base64.getDecoder().decode(value))).isTrue();
    }

    @Test
    void ecKeysSignAndAddressesMayHaveQueries() {
        SamlConnection c = stage.connection();
        SamlConnection ec = new SamlConnection(
                c.spEntityId(),
                c.acsUrl(),
                c.sloUrl(),
                c.idpEntityId(),
                c.idpSsoUrl() + "?tenant=a",
                c.idpSloUrl(),
                c.idpCertificates(),
                SamlStage.key(SamlKeys.ec(256)),
                List.of(),
                c.options());
        String url =
                stage.saml.authnRequest(ec, Ask.redirect(null), stage.now()).redirectUrl();
        assertThat(url).startsWith(c.idpSsoUrl() + "?tenant=a&SAMLRequest=").contains("ecdsa-sha256");
        SamlConnection none = new SamlConnection(
                c.spEntityId(),
                c.acsUrl(),
                null,
                c.idpEntityId(),
                c.idpSsoUrl(),
                null,
                List.of(),
                null,
                List.of(),
                c.options());
        assertThat(stage.saml
                        .authnRequest(none, Ask.redirect(null), stage.now())
                        .redirectUrl())
                .matches(".*\\?SAMLRequest=[^&]+");
    }

    @Test
    void postedRequestsAreSignedInside() throws Exception {
        stage.options = new SamlOptions(
                false,
                false,
                false,
                Duration.ZERO,
                "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
                true,
                "urn:mfa");
        AuthnRequest request = stage.saml.authnRequest(
                stage.connection(), new Ask(Ask.Binding.POST, "state", false, "ada@example.com"), stage.now());
        assertThat(request.redirectUrl()).isNull();
        assertThat(request.postForm().action()).isEqualTo(stage.idp.ssoUrl());
        assertThat(request.postForm().fields()).containsEntry("RelayState", "state");
        Document sent = new Parsers()
                .read(Base64.getDecoder().decode(request.postForm().fields().get("SAMLRequest")));
        Element root = sent.getDocumentElement();
        root.setIdAttribute("ID", true);
        var context = new DOMValidateContext(SamlStage.OURS.certificate().getPublicKey(), Dom.signature(root));
        assertThat(XMLSignatureFactory.getInstance("DOM")
                        .unmarshalXMLSignature(context)
                        .validate(context))
                .isTrue();
        assertThat(Xml.children(root).stream().map(Element::getLocalName))
                .containsExactly("Issuer", "Signature", "Subject", "NameIDPolicy", "RequestedAuthnContext");
        assertThat(root.getAttribute("ForceAuthn")).isEqualTo("true");
        assertThat(Dom.first(sent, "NameID").getTextContent()).isEqualTo("ada@example.com");
        assertThat(Dom.first(sent, "NameIDPolicy").getAttribute("Format")).endsWith("persistent");
        assertThat(Dom.first(sent, "AuthnContextClassRef").getTextContent()).isEqualTo("urn:mfa");
    }

    @Test
    void requestsAreNotGuessed() {
        assertThat(stage.saml
                        .authnRequest(stage.connection(), Ask.redirect(null), stage.now())
                        .id())
                .isNotEqualTo(stage.saml
                        .authnRequest(stage.connection(), Ask.redirect(null), stage.now())
                        .id());
    }

    @Test
    void relayStatesAreShort() {
        assertThat(Ask.redirect("é".repeat(40)).relayState()).hasSize(40);
        assertThatThrownBy(() -> Ask.redirect("é".repeat(41))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ourMetadataSaysWhatWeDo() {
        Document metadata =
                new Parsers().read(stage.saml.spMetadata(stage.connection()).getBytes(StandardCharsets.UTF_8));
        assertThat(metadata.getDocumentElement().getAttribute("entityID")).isEqualTo(SamlStage.SP);
        Element role = Dom.first(metadata, "SPSSODescriptor");
        assertThat(role.getAttribute("WantAssertionsSigned")).isEqualTo("true");
        assertThat(role.getAttribute("AuthnRequestsSigned")).isEqualTo("true");
        assertThat(Xml.children(role).stream().map(Element::getLocalName))
                .containsExactly(
                        "KeyDescriptor",
                        "KeyDescriptor",
                        "SingleLogoutService",
                        "SingleLogoutService",
                        "AssertionConsumerService");
        assertThat(Dom.first(metadata, "AssertionConsumerService").getAttribute("Location"))
                .isEqualTo(SamlStage.ACS);
        assertThat(Corpus.certificates(stage.saml.spMetadata(stage.connection())))
                .containsOnly(SamlStage.OURS.certificate());
    }

    @Test
    void connectionsAndOptionsAreChecked() {
        SamlConnection c = stage.connection();
        assertThatThrownBy(() -> new SamlConnection(
                        c.spEntityId(),
                        "javascript:alert(1)",
                        null,
                        c.idpEntityId(),
                        c.idpSsoUrl(),
                        null,
                        List.of(),
                        null,
                        List.of(),
                        c.options()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SamlOptions(false, false, false, Duration.ofSeconds(61), null, false, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SamlOptions(false, false, false, Duration.ofSeconds(-1), null, false, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(c.toString()).contains("CN=test").doesNotContain("privateKey", "RSA private");
    }

    @Test
    void outlinesNameNobodyAndNeverFail() {
        SamlOutline outline = new Saml().outline(stage.idp.answer("_r", SamlStage.SP, SamlStage.ACS));
        assertThat(outline.root()).isEqualTo("samlp:Response");
        assertThat(outline.issuer()).isEqualTo(stage.idp.entityId());
        assertThat(outline.audiences()).containsExactly(SamlStage.SP);
        assertThat(outline.inResponseTo()).isEqualTo("_r");
        assertThat(outline.status()).containsExactly("Success");
        assertThat(outline.assertions()).isEqualTo(1);
        assertThat(outline.signatures()).isEqualTo(2);
        assertThat(outline.algorithms()).contains(Algorithms.RSA_SHA256);
        assertThat(outline.times()).anyMatch(time -> time.contains("Conditions/@NotOnOrAfter"));
        assertThat(outline.toString()).doesNotContain("ada@");
        assertThat(new Saml().outline("!!!").root()).isEqualTo("unreadable at step 1");
        assertThat(new Saml().outline("PGE+").root()).isEqualTo("unreadable at step 2");
    }
}
