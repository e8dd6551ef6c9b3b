package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.SamlProvider;
import dev.gatehouse.store.MemoryStorage;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** SAML connections over time: metadata by its address, certificates that end, keys of ours, what a request asks for. */
class SamlConnectionTest {
    private final SteerableClock clock = new SteerableClock();
    private final Gatehouse gatehouse = SamlTenant.house(new MemoryStorage(), LocalKeyring.random(), clock);
    private final SamlTenant acme = new SamlTenant(gatehouse, clock, "acme.com");

    @AfterEach
    void close() {
        acme.close();
        gatehouse.close();
    }

    private NewConnection byMetadata() {
        return acme.wanted(SamlProvider.ofMetadata(acme.idp.metadataUrl()));
    }

    private SamlProvider known() {
        return gatehouse.sso().find(acme.connection.id()).orElseThrow().saml();
    }

    private JsonNode events(String name) {
        return Calls.get(gatehouse, "/events", "limit=100&events=" + name).path("data");
    }

    @Test
    @DisplayName(
            "metadata is read when a connection is made, and again when it says so: a new key is known, a foreign one is not")
    void metadata() {
        acme.becomes(byMetadata());
        assertThat(known().entityId()).isEqualTo(acme.idp.entityId());
        assertThat(known().ssoUrl()).isEqualTo(acme.idp.ssoUrl());
        assertThat(known().certificates()).containsExactly(SamlTenant.text(acme.idp.certificate()));
        acme.letsIn();

        acme.idp.newKeys("RSA", 2048);
        acme.refuses(7);
        gatehouse.maintain();
        acme.refuses(7);
        clock.pass(Duration.ofDays(1));
        gatehouse.maintain();
        acme.letsIn();
        assertThat(known().certificates()).containsExactly(SamlTenant.text(acme.idp.certificate()));

        // a provider that calls itself otherwise is another one
        SamlProvider good = known();
        acme.idp.entityId("https://other.example");
        clock.pass(Duration.ofDays(1));
        gatehouse.maintain();
        assertThat(known()).isEqualTo(good);
        assertThat(acme.attempt().outcome()).isEqualTo("metadata_unreadable");
        assertThat(acme.attempt().step()).isEqualTo(19);
    }

    @Test
    @DisplayName(
            "metadata that cannot be read makes no connection, and changes none: what was read last counts, and is told of once")
    void unreadable() {
        acme.becomes(byMetadata());
        SamlProvider good = known();
        String gone = "http://127.0.0.1:9/metadata";
        assertThatThrownBy(() -> gatehouse.sso().create(acme.wanted(SamlProvider.ofMetadata(gone))))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining(gone);
        assertThatThrownBy(() -> acme.becomes(acme.wanted(SamlProvider.ofMetadata(gone))))
                .isInstanceOf(ApiException.class);
        acme.idp.close();
        acme.becomes(byMetadata());
        assertThat(known()).as("the same address").isEqualTo(good);
        int tries = acme.tries();
        for (int i = 0; i < 5; i++) {
            clock.pass(Duration.ofHours(2));
            gatehouse.maintain();
        }
        assertThat(known()).isEqualTo(good);
        assertThat(acme.tries() - tries).isEqualTo(1);
        assertThat(acme.attempt().found()).isNotBlank();
    }

    @Test
    @DisplayName("a file of metadata describes a provider, in Java and over REST")
    void file() throws JsonProcessingException {
        String xml = acme.idp.metadata();
        SamlProvider described = gatehouse.sso().described(xml);
        assertThat(described.entityId()).isEqualTo(acme.idp.entityId());
        acme.becomes(acme.wanted(described));
        acme.letsIn();
        JsonNode made = Calls.post(
                gatehouse,
                "/connections",
                new ObjectMapper()
                        .writeValueAsString(Map.of(
                                "connection_type",
                                "OktaSAML",
                                "organization_id",
                                acme.organization,
                                "saml",
                                Map.of("metadata_xml", xml))));
        assertThat(made.path("state").asText()).isEqualTo("validating");
        assertThatThrownBy(() -> gatehouse.sso().described(xml.replace("IDPSSODescriptor", "SPSSODescriptor")))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("metadata could not be used");
    }

    @Test
    @DisplayName(
            "a certificate that ends is told of from ninety days before, ever more often, and weekly afterwards; a new one ends that")
    void certificates() {
        acme.idp.keys(SamlKeys.until(clock.instant().plus(Duration.ofDays(92))));
        acme.becomes(acme.wanted(acme.provider()));
        List<Integer> days = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int day = 0; day < 108; day++) {
            gatehouse.maintain();
            events("connection.saml_certificate_renewal_required").forEach(event -> {
                if (seen.add(event.path("id").asText())) {
                    days.add(told(event.path("data")));
                }
            });
            clock.pass(Duration.ofDays(1));
        }
        assertThat(days).containsExactly(90, 60, 30, 14, 7, 3, 1, 0, -7, -14);

        acme.idp.keys(SamlKeys.until(clock.instant().plus(Duration.ofDays(1_000))));
        acme.becomes(acme.wanted(acme.provider()));
        JsonNode renewed = events("connection.saml_certificate_renewed");
        assertThat(renewed.size()).isEqualTo(1);
        assertThat(renewed.at("/0/data/certificate/certificate_type").asText()).isEqualTo("ResponseSigning");
        for (int day = 0; day < 20; day++) {
            clock.pass(Duration.ofDays(1));
            gatehouse.maintain();
        }
        events("connection.saml_certificate_renewal_required")
                .forEach(event -> assertThat(seen).contains(event.path("id").asText()));
    }

    private int told(JsonNode data) {
        assertThat(data.at("/connection/id").asText()).isEqualTo(acme.connection.id());
        assertThat(data.at("/connection/organization_id").asText()).isEqualTo(acme.organization);
        assertThat(data.at("/certificate/certificate_type").asText()).isEqualTo("ResponseSigning");
        int until = data.path("days_until_expiry").asInt();
        assertThat(data.at("/certificate/is_expired").asBoolean()).isEqualTo(until <= 0);
        return until;
    }

    @Test
    @DisplayName("our key pair is replaced: what is encrypted for the one before is still read")
    void ourKeys() {
        acme.idp.encryptsFor(certificate(acme.ours().certificate()));
        acme.letsIn();
        String before = acme.ours().certificate();
        Calls.post(gatehouse, "/connections/" + acme.connection.id() + "/rotate_keys", "{}");
        assertThat(acme.ours().certificate()).isNotEqualTo(before);
        acme.letsIn();
        gatehouse.sso().rotateKeys(acme.connection.id());
        acme.refuses(6);
        acme.idp.encryptsFor(certificate(acme.ours().certificate()));
        acme.letsIn();
        Connection oidc = gatehouse.sso().create(NewConnection.test(acme.organization, "Test"));
        assertThatThrownBy(() -> gatehouse.sso().rotateKeys(oidc.id())).isInstanceOf(ApiException.class);
    }

    private static X509Certificate certificate(String base64) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(Base64.getDecoder().decode(base64)));
        } catch (CertificateException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName(
            "a request goes by a form where the provider wants that, on a page whose policy lets it go to no other kind of address")
    void posted() {
        acme.becomes(acme.wanted(acme.provider().withPostedRequests().withSignedRequests()));
        PageBrowser browser = new PageBrowser(gatehouse);
        Answer page = browser.get("/user_management/authorize?client_id=" + Calls.CLIENT + "&redirect_uri="
                + SamlTenant.BACK + "&response_type=code&connection_id=" + acme.connection.id());
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text()).contains("action=\"" + acme.idp.ssoUrl() + "\"", "post.js");
        assertThat(page.headers().stream().filter(h -> h.getKey().equals("Content-Security-Policy")))
                .as("a browser holds a page to every policy")
                .hasSize(1);
        assertThat(page.header("Content-Security-Policy").orElseThrow())
                .contains("form-action https: http://127.0.0.1:", "script-src 'self'")
                .doesNotContain("unsafe");
        Map<String, String> fields = acme.idp
                .signIn(Map.of(
                        "SAMLRequest",
                        PageBrowser.field(page, "SAMLRequest"),
                        "RelayState",
                        PageBrowser.field(page, "RelayState")))
                .fields();
        acme.submitted(browser, fields);
        assertThat(browser.signedIn()).isTrue();
    }

    @Test
    @DisplayName(
            "(S96, S97) the way of authenticating that a connection demands is asked for and checked, and so is that it was done anew")
    void demands() {
        String mfa = "https://refeds.org/profile/mfa";
        acme.letsIn();
        acme.becomes(acme.wanted(acme.provider().withAuthnContext(mfa)));
        assertThat(acme.refuses(15).expected()).isEqualTo(mfa);
        acme.idp.authnContext(mfa);
        acme.letsIn();

        acme.becomes(acme.wanted(acme.provider().withForcedAuthn()));
        assertThat(acme.idp.signIn(acme.away(new PageBrowser(gatehouse))).response())
                .isNotEmpty();
        assertThat(acme.idp.lastRequest()).contains("ForceAuthn=\"true\"");
        acme.letsIn();
        acme.idp.unsigned(document -> {
            var statement =
                    (Element) document.getElementsByTagNameNS("urn:oasis:names:tc:SAML:2.0:assertion", "AuthnStatement")
                            .item(0);
            statement.setAttribute(
                    "AuthnInstant",
                    clock.instant().minus(Duration.ofMinutes(30)).toString());
        });
        assertThat(acme.refuses(11).found()).startsWith("AuthnInstant");
        acme.becomes(acme.wanted(acme.provider()));
        acme.letsIn();
    }

    @Test
    @DisplayName("a draft has addresses and our metadata, to set up the provider with, and takes no message")
    void drafts() {
        acme.letsIn();
        Connection draft = gatehouse
                .sso()
                .create(new NewConnection(
                        ConnectionType.OKTA_SAML,
                        acme.organization,
                        "Okta",
                        null,
                        null,
                        null,
                        Map.of(),
                        Map.of(),
                        List.of()));
        PageBrowser browser = new PageBrowser(gatehouse);
        var ours = gatehouse.sso().addresses(draft.id());
        Answer metadata = browser.get(ours.metadataUrl());
        assertThat(metadata.status()).isEqualTo(200);
        assertThat(metadata.text()).contains(ours.acsUrl(), "X509Certificate");
        assertThat(PageBrowser.location(browser.postFromElsewhere(ours.acsUrl(), acme.unasked())))
                .contains("error=connection_unlinked");
        Answer logout = browser.postFromElsewhere(ours.sloUrl(), Map.of("SAMLRequest", "PGE+PC9hPg=="));
        assertThat(logout.status()).isEqualTo(400);
    }
}
