package dev.gatehouse.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.organizations.Organization;
import dev.gatehouse.spi.Mailer;
import dev.gatehouse.sso.Attempt;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.OidcProvider;
import dev.gatehouse.sso.SamlProvider;
import dev.gatehouse.testkit.HttpBrowser;
import dev.gatehouse.testkit.OidcIdp;
import dev.gatehouse.testkit.SamlIdp;
import dev.gatehouse.testkit.SteerableClock;
import dev.gatehouse.testkit.TestSession;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Java of docs/testing.md, word for word, against an application on Jetty. */
class TestingSnippetsTest {
    private DocsApplication application;
    private Gatehouse gatehouse;
    private Organization acme;
    private SteerableClock clock;
    private List<Mailer.Mail> mails;
    private String app;

    @BeforeEach
    void start() throws Exception {
        application = new DocsApplication();
        gatehouse = application.gatehouse;
        acme = application.acme;
        clock = application.clock;
        mails = application.mails;
        app = application.app;
    }

    @AfterEach
    void stop() throws Exception {
        application.close();
    }

    private String signInAddress(Connection connection) {
        return application.signInAddress(connection);
    }

    @Test
    void signedInAlready() throws Exception {
        TestSession root = TestSession.of(gatehouse, "root@acme.com", acme.id(), "admin");
        HttpResponse<String> page = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(app + "/"))
                                .header("Cookie", root.header())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(page.body()).contains("Hello");
        assertThat(new HttpBrowser().signedIn(app, root).get(app + "/").text()).contains("Hello");
    }

    @Test
    void anOpenIdProvider() {
        try (OidcIdp idp = OidcIdp.start(clock)) {
            idp.user("ada", Map.of("email", "ada@acme.com", "given_name", "Ada", "groups", List.of("Admins")));
            Connection connection = gatehouse
                    .sso()
                    .create(NewConnection.oidc(
                            ConnectionType.GENERIC_OIDC,
                            acme.id(),
                            "Acme",
                            OidcProvider.of(idp.issuer(), idp.clientId()),
                            idp.clientSecret()));
            String signIn = signInAddress(connection);
            HttpBrowser.Page home = new HttpBrowser().get(signIn);
            assertThat(home.text()).contains("Hello Ada");

            idp.misbehave(OidcIdp.Misbehaviour.WRONG_NONCE);
            assertThat(new HttpBrowser().get(signIn).text()).doesNotContain("Hello");
            Attempt refused = gatehouse.sso().attempts(connection.id(), null, 1).get(0);
            assertThat(refused.step()).isEqualTo(10);

            idp.honest().claims(claims -> claims.put("exp", "tomorrow"));
            assertThat(new HttpBrowser().get(signIn).text()).doesNotContain("Hello");
            assertThat(gatehouse.sso().attempts(connection.id(), null, 1).get(0).step())
                    .isEqualTo(9);

            idp.honest();
            HttpBrowser browser = new HttpBrowser();
            assertThat(browser.get(signIn).text()).contains("Hello Ada");
            idp.logout(gatehouse.sso().addresses(connection.id()).backchannelLogoutUri());
            assertThat(browser.get(app + "/").text()).doesNotContain("Hello Ada");
        }
    }

    @Test
    void aSamlProvider() throws Exception {
        try (SamlIdp idp = SamlIdp.start(clock)) {
            idp.user("ada@acme.com", Map.of("email", List.of("ada@acme.com"), "firstName", List.of("Ada")));
            String certificate =
                    Base64.getEncoder().encodeToString(idp.certificate().getEncoded());
            Connection connection = gatehouse
                    .sso()
                    .create(NewConnection.saml(
                            ConnectionType.GENERIC_SAML,
                            acme.id(),
                            "Acme",
                            SamlProvider.of(idp.entityId(), idp.ssoUrl(), certificate)));
            String signIn = signInAddress(connection);
            assertThat(new HttpBrowser().get(signIn).text()).contains("Hello Ada");
            idp.misbehave(SamlIdp.Misbehaviour.WRONG_AUDIENCE);
            assertThat(new HttpBrowser().get(signIn).text()).doesNotContain("Hello");
            assertThat(gatehouse.sso().attempts(connection.id(), null, 1).get(0).step())
                    .isEqualTo(10);
        }
    }

    @Test
    void theTestProvider() {
        Connection connection = gatehouse.sso().create(NewConnection.test(acme.id(), "Acme Test"));
        HttpBrowser browser = new HttpBrowser();
        HttpBrowser.Page form = browser.get(signInAddress(connection));
        HttpBrowser.Page home = browser.submit(
                form, Map.of("email", "ada@acme.com", "first_name", "Ada", "groups", "Admins", "decision", "allow"));
        assertThat(home.text()).contains("Hello Ada");
    }

    @Test
    void mailAndClock() {
        gatehouse.users().create(NewUser.of("eve@example.com").withPassword("correct-horse-battery-9"));
        HttpBrowser browser = new HttpBrowser();
        HttpBrowser.Page password = browser.submit(browser.get(app + "/"), Map.of("email", "eve@example.com"));
        HttpBrowser.Page code = browser.submit(password, Map.of("password", "correct-horse-battery-9"));
        String digits = mails.get(0).text().replaceAll("(?s).*?\\b(\\d{6})\\b.*", "$1");
        assertThat(browser.submit(code, Map.of("code", digits)).text()).contains("Hello");

        clock.pass(Duration.ofDays(60)); // longer than any session
        assertThat(browser.get(app + "/").text()).doesNotContain("Hello");
    }
}
