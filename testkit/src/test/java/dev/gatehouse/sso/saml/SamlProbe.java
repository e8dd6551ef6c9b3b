package dev.gatehouse.sso.saml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.testkit.SignedText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Reads anything, and sees that it is read or refused, and that whoever is signed in is whom the provider signed. */
final class SamlProbe {
    private final Saml saml = new Saml();

    void query(byte[] query) {
        String text = new String(query, StandardCharsets.ISO_8859_1);
        try {
            saml.logout().readRedirect(SamlSeeds.connection(), text, SamlSeeds.now());
        } catch (SamlRefusal refusal) {
            assertThat(refusal.step()).isNotNull();
        }
        assertThat(saml.outline(text)).isNotNull();
    }

    /** Whether it was accepted. */
    boolean response(byte[] xml) {
        String base64 = Base64.getEncoder().encodeToString(xml);
        assertThat(saml.outline(base64).root()).isNotNull();
        try {
            SamlAssertion read = saml.response(
                    SamlSeeds.connection(), base64, Expected.answerTo(SamlStage.REQUEST), SamlSeeds.now());
            assertThat(read.nameId()).isEqualTo("ada@example.com");
            assertThat(read.attributes()).hasSize(2).containsEntry("groups", List.of("a", "b"));
            return true;
        } catch (SamlRefusal refusal) {
            assertThat(refusal.expected()).hasSizeLessThanOrEqualTo(200);
            assertThat(refusal.found()).hasSizeLessThanOrEqualTo(200);
            return false;
        }
    }

    boolean metadata(byte[] xml) {
        try {
            IdpMetadata read = saml.idpMetadata(xml, null, SamlSeeds.now());
            assertThat(read.certificates()).isNotEmpty();
            assertThat(read.ssoUrl()).startsWith("https://");
            return true;
        } catch (SamlRefusal refusal) {
            return false;
        }
    }

    /** Whether a logout message that came by POST was accepted. */
    boolean logout(byte[] xml) {
        String base64 = Base64.getEncoder().encodeToString(xml);
        boolean accepted = false;
        for (boolean request : new boolean[] {true, false}) {
            try {
                SamlLogout.Received read = request
                        ? saml.logout().readPostedRequest(SamlSeeds.connection(), base64, null, SamlSeeds.now())
                        : saml.logout().readPostedResponse(SamlSeeds.connection(), base64, null, SamlSeeds.now());
                assertThat(read.relayState()).isNull();
                accepted = true;
            } catch (SamlRefusal refusal) {
                assertThat(refusal.step()).isNotNull();
            }
        }
        return accepted;
    }

    /** Whether a response of any content was accepted once the provider had signed it. */
    boolean signed(byte[] xml) {
        String signed;
        try {
            signed = SignedText.xml(SamlSeeds.PROVIDER, new String(xml, StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            return false;
        }
        String base64 = Base64.getEncoder().encodeToString(signed.getBytes(StandardCharsets.UTF_8));
        try {
            SamlAssertion read = saml.response(
                    SamlSeeds.connection(), base64, Expected.answerTo(SamlStage.REQUEST), SamlSeeds.now());
            assertThat(read.nameId()).isNotBlank();
            assertThat(read.issuer()).isEqualTo(SamlSeeds.IDP);
            assertThat(read.replayUntil()).isAfter(SamlSeeds.now());
            return true;
        } catch (SamlRefusal refusal) {
            assertThat(refusal.found()).hasSizeLessThanOrEqualTo(200);
            return false;
        }
    }
}
