package dev.gatehouse.sso.saml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.SamlKeys;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;

/** What is accepted, and what is read of it. */
class SamlResponseTest {
    private final SamlStage stage = new SamlStage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void allOfAnAssertionIsRead() {
        stage.idp
                .user(
                        "ada@example.com",
                        new java.util.LinkedHashMap<>(Map.of("groups", List.of("admins", "a & b", ""))))
                .authnContext("urn:mfa");
        SamlAssertion ada = stage.signIn();
        assertThat(ada.nameId()).isEqualTo("ada@example.com");
        assertThat(ada.nameIdFormat()).isEqualTo("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress");
        assertThat(ada.issuer()).isEqualTo(stage.idp.entityId());
        assertThat(ada.attributes()).containsExactly(Map.entry("groups", List.of("admins", "a & b", "")));
        assertThat(ada.authnContext()).isEqualTo("urn:mfa");
        assertThat(ada.authnInstant()).isEqualTo(stage.now());
        assertThat(ada.sessionIndex()).isNotBlank();
        assertThat(ada.sessionNotOnOrAfter()).isNull();
        assertThat(ada.replayUntil()).isEqualTo(Instant.parse("2026-06-01T10:06:00Z"));
        assertThat(ada.toString()).doesNotContain("ada@");
    }

    @ParameterizedTest
    @CsvSource({"true,true", "true,false", "false,true"})
    void eitherSignatureIsEnough(boolean response, boolean assertion) {
        stage.idp.signs(response, assertion);
        assertThat(stage.signIn().nameId()).isEqualTo("ada@example.com");
    }

    @ParameterizedTest
    @CsvSource({"aes128-gcm,rsa-oaep-mgf1p", "aes256-gcm,rsa-oaep-mgf1p", "aes256-gcm,rsa-oaep", "aes128-gcm,rsa-oaep"})
    void encryptedAssertionsAreRead(String cipher, String transport) {
        stage.idp.encryptsFor(SamlStage.OURS.certificate(), cipher, transport);
        assertThat(stage.signIn().nameId()).isEqualTo("ada@example.com");
        stage.idp.signs(false, true);
        assertThat(stage.signIn().nameId()).isEqualTo("ada@example.com");
    }

    @ParameterizedTest
    @CsvSource({
        "RSA,3072,http://www.w3.org/2001/04/xmldsig-more#rsa-sha384,http://www.w3.org/2001/04/xmldsig-more#sha384",
        "RSA,2048,http://www.w3.org/2001/04/xmldsig-more#rsa-sha512,http://www.w3.org/2001/04/xmlenc#sha512",
        "EC,256,http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256,http://www.w3.org/2001/04/xmlenc#sha256",
        "EC,384,http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384,http://www.w3.org/2001/04/xmlenc#sha256",
        "EC,521,http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512,http://www.w3.org/2001/04/xmlenc#sha512"
    })
    void algorithmsOfTheAllowListVerify(String kind, int bits, String signature, String digest) {
        stage.idp.newKeys(kind, bits).algorithms(signature, digest);
        // two certificates while keys are rolled over
        stage.certificates = List.of(SamlKeys.rsa(2048).certificate(), stage.idp.certificate());
        assertThat(stage.signIn().nameId()).isEqualTo("ada@example.com");
    }

    @Test
    void unsolicitedResponsesAnswerNothing() {
        SamlAssertion ada = stage.saml.response(
                stage.connection(),
                stage.idp.unsolicited(SamlStage.SP, SamlStage.ACS),
                Expected.unsolicited(),
                stage.now());
        assertThat(ada.nameId()).isEqualTo("ada@example.com");
    }

    /** As Okta has it: the key is beside the data, which points to it. */
    @Test
    void keysMayLieBesideTheData() {
        stage.idp.signs(false, true).encryptsFor(SamlStage.OURS.certificate()).signed(d -> {
            Element key = Dom.first(d, "EncryptedKey");
            key.setAttribute("Id", "_key");
            Element pointer = Dom.make(d, Xml.DSIG, "ds:RetrievalMethod");
            pointer.setAttribute("URI", "#_key");
            pointer.setAttribute("Type", Xml.XENC + "EncryptedKey");
            key.getParentNode().replaceChild(pointer, key);
            Dom.first(d, "EncryptedAssertion").appendChild(key);
        });
        assertThat(stage.signIn().nameId()).isEqualTo("ada@example.com");
        stage.idp.wire(xml -> xml.replace("URI=\"#_key\"", "URI=\"#_other\""));
        stage.refused(Step.STRUCTURE);
        stage.idp.wire(xml -> xml.replace("URI=\"#_key\"", "URI=\"http://127.0.0.1:1/key\""));
        stage.refused(Step.STRUCTURE);
    }

    /** As Auth0 had it. */
    @Test
    void signaturesMayStandLast() {
        stage.idp.signed(d -> {
            Element response = Dom.root(d);
            response.appendChild(Dom.signature(response));
        });
        assertThat(stage.signIn().nameId()).isEqualTo("ada@example.com");
        stage.idp.signs(false, true).signed(d -> {
            Element assertion = Dom.assertion(d);
            assertion.appendChild(Dom.signature(assertion));
        });
        assertThat(stage.signIn().nameId()).isEqualTo("ada@example.com");
        stage.idp.signed(d -> {
            Element assertion = Dom.assertion(d);
            assertion.appendChild(Dom.copy(Dom.signature(assertion)));
        });
        stage.refused(Step.STRUCTURE);
    }

    /** As eduPersonTargetedID is (SAML2 attribute profile of eduPerson). */
    @Test
    void aValueMayBeAName() {
        stage.idp.unsigned(d -> {
            Element value = Dom.first(d, "AttributeValue");
            value.setTextContent("");
            Element name = Dom.copy(Dom.first(d, "NameID"));
            name.setTextContent("opaque");
            value.appendChild(name);
        });
        assertThat(stage.signIn().attributes()).containsEntry("email", List.of("opaque"));
    }

    /** As Keycloak writes roles, one attribute for each. */
    @Test
    @DisplayName("S74 attributes of one name are one, in their order; a friendly name is no name")
    void attributesOfOneName() {
        stage.idp
                .user("ada@example.com", Map.of("Role", List.of("admin", "ops")))
                .unsigned(d -> {
                    Element second = Dom.copy(Dom.first(d, "Attribute"));
                    Dom.in(second, "AttributeValue").setTextContent("guest");
                    Dom.first(d, "Attribute").setAttribute("FriendlyName", "email");
                    second.setAttribute("NameFormat", "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified");
                    second.setAttribute("FriendlyName", "email");
                    Dom.after(second, Dom.first(d, "Attribute"));
                });
        assertThat(stage.signIn().attributes())
                .containsExactly(Map.entry("Role", List.of("admin", "ops", "guest", "ops")));
    }
}
