package dev.gatehouse.sso.saml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.testkit.SamlKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Metadata of identity providers (ATTACKS S44, S89 to S92). */
class SamlMetadataTest {
    private final SamlStage stage = new SamlStage();

    @AfterEach
    void close() {
        stage.close();
    }

    /** As a provider in the world would have it. */
    private String honest() {
        return stage.idp.metadata().replace("http://127.0.0.1", "https://idp.example.com");
    }

    private IdpMetadata read(String xml, @Nullable String entityId) {
        return stage.saml.idpMetadata(xml.getBytes(StandardCharsets.UTF_8), entityId, stage.now());
    }

    private void refused(Step step, String xml) {
        assertThat(read(honest(), null)).isNotNull();
        assertThatThrownBy(() -> read(xml, null))
                .isInstanceOfSatisfying(
                        SamlRefusal.class,
                        e -> assertThat(e.step()).as(e.getMessage()).isEqualTo(step));
    }

    @Test
    void allOfItIsRead() {
        IdpMetadata idp =
                stage.saml.idpMetadata(stage.idp.metadata().getBytes(StandardCharsets.UTF_8), null, stage.now(), true);
        assertThat(idp.entityId()).isEqualTo(stage.idp.entityId());
        assertThat(idp.ssoUrl()).isEqualTo(stage.idp.ssoUrl());
        assertThat(idp.ssoBinding()).isEqualTo(Ask.Binding.REDIRECT);
        assertThat(idp.ssoPostUrl()).isEqualTo(stage.idp.ssoUrl());
        assertThat(idp.sloUrl()).isEqualTo(stage.idp.sloUrl());
        assertThat(idp.certificates()).containsExactly(stage.idp.certificate());
        assertThat(idp.wantsSignedRequests()).isFalse();
        assertThat(idp.validUntil()).isNull();
        assertThat(idp.cacheFor()).isEqualTo(Duration.ofHours(24));
        assertThat(read(
                                honest().replace(
                                                "<md:IDPSSODescriptor",
                                                "<!-- c --><md:IDPSSODescriptor WantAuthnRequestsSigned=\"1\""),
                                null)
                        .wantsSignedRequests())
                .isTrue();
    }

    @Test
    @DisplayName("S89 what metadata says of signing changes nothing, and a key without use signs")
    void verificationIsNotSwitchedOff() {
        String metadata = honest().replace("<md:KeyDescriptor use=\"signing\">", "<md:KeyDescriptor>")
                .replace("<md:IDPSSODescriptor", "<md:IDPSSODescriptor WantAssertionsSigned=\"false\"");
        assertThat(read(metadata, null).certificates()).containsExactly(stage.idp.certificate());
        refused(Step.METADATA, honest().replace("use=\"signing\"", "use=\"encryption\""));
        refused(Step.METADATA, honest().replace("use=\"signing\"", "use=\"both\""));
        refused(Step.METADATA, honest().replaceAll("(?s)<md:KeyDescriptor.*</md:KeyDescriptor>", ""));
        refused(Step.METADATA, honest().replaceAll("(?s)<ds:X509Data>.*</ds:X509Data>", ""));
    }

    @Test
    @DisplayName("S90 one of several is chosen by its exact entity id, or none")
    void severalEntities() {
        String other = honest().replace("/metadata\"", "/other\"");
        String both = "<md:EntitiesDescriptor xmlns:md=\"" + Xml.METADATA + "\">" + honest() + "<md:EntitiesDescriptor>"
                + other + "</md:EntitiesDescriptor></md:EntitiesDescriptor>";
        String id = read(honest(), null).entityId();
        assertThat(read(both, id).entityId()).isEqualTo(id);
        assertThat(read(both, read(other, null).entityId()).entityId()).endsWith("/other");
        refused(Step.METADATA, both);
        refused(Step.METADATA, both.replace("/other\"", "/metadata\""));
        assertThatThrownBy(() -> read(both, id + "/")).isInstanceOf(SamlRefusal.class);
        assertThatThrownBy(() -> read(honest(), "https://other.example")).isInstanceOf(SamlRefusal.class);
        String role = honest().replaceAll("(?s).*(<md:IDPSSODescriptor.*</md:IDPSSODescriptor>).*", "$1");
        refused(Step.METADATA, honest().replace(role, role + role));
        refused(Step.METADATA, honest().replace(role, ""));
        refused(Step.METADATA, honest().replace("SAML:2.0:protocol", "SAML:1.1:protocol"));
        refused(Step.METADATA, "<a/>");
    }

    @ParameterizedTest
    @DisplayName("S91 what has expired is refused, and how long it may be kept is clamped")
    @CsvSource({
        "PT1S, 300",
        "P0Y0M0DT0H15M0.000S, 900",
        "PT6H, 21600",
        "P30D, 86400",
        "PT1393462294S, 86400",
        "P2Y6M, 86400",
        "P1DT, 86400",
        "-PT5M, 86400",
        "x, 86400"
    })
    void lifetimes(String cacheDuration, long seconds) {
        String xml = honest().replace("entityID=", "cacheDuration=\"" + cacheDuration + "\" entityID=");
        assertThat(read(xml, null).cacheFor()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    @DisplayName("S91 expired metadata")
    void expiry() {
        Instant end = stage.now().plusSeconds(1);
        String xml = honest().replace("<md:IDPSSODescriptor", "<md:IDPSSODescriptor validUntil=\"" + end + "\"");
        assertThat(read(xml, null).validUntil()).isEqualTo(end);
        refused(Step.METADATA, xml.replace(end.toString(), stage.now().toString()));
        refused(Step.TIME, xml.replace(end.toString(), "2030-01-01T00:00:00"));
        refused(Step.METADATA, honest().replace("entityID=", "validUntil=\"2020-01-01T00:00:00Z\" entityID="));
    }

    @ParameterizedTest
    @DisplayName("S92 addresses are HTTPS at a host with a name")
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "http://idp.example.com/sso",
                "https://10.0.0.1/sso",
                "https://169.254.169.254/sso",
                "https://[::1]/sso",
                "https://127.0.0.1/sso",
                "https://localhost/sso",
                "http://127.0.0.1/sso",
                "https://user@idp.example.com/sso",
                "//idp.example.com/sso",
                "/sso",
                "data:text/html,x",
                ""
            })
    void addresses(String location) {
        refused(Step.METADATA, honest().replaceAll("Location=\"[^\"]*/sso\"", "Location=\"" + location + "\""));
    }

    @Test
    @DisplayName("S44 weak keys are refused when they are configured")
    void weakKeys() throws Exception {
        String certificate =
                Base64.getEncoder().encodeToString(stage.idp.certificate().getEncoded());
        for (SamlKeys weak : new SamlKeys[] {SamlKeys.rsa(1024), SamlKeys.dsa(), SamlKeys.ecOn("secp192r1")}) {
            refused(
                    Step.METADATA,
                    honest().replace(
                                    certificate,
                                    Base64.getEncoder()
                                            .encodeToString(weak.certificate().getEncoded())));
        }
        refused(Step.METADATA, honest().replace(certificate, "AAAA"));
        refused(Step.ENCODING, honest().replace(certificate, "!"));
        refused(Step.METADATA, honest().replace(certificate, certificate + "<!-- -->"));
    }

    @Test
    void documentsAreReadAsStrictlyAsMessages() {
        refused(Step.XML, "<!DOCTYPE a>" + honest());
        refused(Step.XML, honest() + "<a/>");
        refused(Step.ENCODING, " ".repeat(5 * 1024 * 1024));
    }
}
