package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Answer;
import dev.gatehouse.config.Setting;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.sso.Addresses;
import dev.gatehouse.sso.Attempt;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.SamlProvider;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** An organization with a verified domain and a SAML provider of its own, at a Gatehouse. */
final class SamlTenant implements AutoCloseable {
    static final String BACK = "https://app.example.com/callback";

    final SamlIdp idp;
    final Gatehouse gatehouse;
    final String organization;
    final String domain;
    Connection connection;

    SamlTenant(Gatehouse gatehouse, SteerableClock clock, String domain) {
        this.gatehouse = gatehouse;
        this.domain = domain;
        idp = SamlIdp.start(clock);
        user("ada");
        organization = Calls.post(
                        gatehouse,
                        "/organizations",
                        "{\"name\":\"%s\",\"domain_data\":[{\"domain\":\"%s\",\"state\":\"verified\"}]}"
                                .formatted(domain, domain))
                .path("id")
                .asText();
        connection = gatehouse.sso().create(wanted(provider()));
        Calls.post(gatehouse, "/user_management/redirect_uris", "{\"uri\":\"" + BACK + "\"}");
    }

    /** A Gatehouse that tenants can be added to; two on one storage and keyring are two nodes. */
    static Gatehouse house(Storage storage, Keyring keyring, Clock clock) {
        return Calls.builder(keyring)
                .storage(storage)
                .clock(clock)
                .set(Setting.ORIGIN, "https://app.example.com")
                .build();
    }

    /** Whom the provider signs in from now on, by the name's address. */
    void user(String name) {
        String email = name + "@" + domain;
        idp.user(email, Map.of("email", List.of(email)));
    }

    static String text(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    SamlProvider provider() {
        return SamlProvider.of(idp.entityId(), idp.ssoUrl(), text(idp.certificate()));
    }

    NewConnection wanted(SamlProvider provider) {
        return NewConnection.saml(ConnectionType.GENERIC_SAML, organization, domain, provider);
    }

    /** Changes the connection. */
    void becomes(NewConnection wanted) {
        connection = gatehouse.sso().update(connection.id(), wanted);
    }

    Addresses ours() {
        return gatehouse.sso().addresses(connection.id());
    }

    /** An unasked response of the provider, as it sends it. */
    Map<String, String> unasked() {
        return Map.of("SAMLResponse", idp.unsolicited(ours().spEntityId(), ours().acsUrl()));
    }

    /** Sends a browser to the provider; where. */
    String away(PageBrowser browser) {
        return PageBrowser.location(browser.get("/user_management/authorize?client_id=" + Calls.CLIENT
                + "&redirect_uri=" + BACK + "&response_type=code&connection_id=" + connection.id()));
    }

    /** Sends a browser to the provider; what the provider's page submits then. */
    Map<String, String> asked(PageBrowser browser) {
        return idp.signIn(away(browser)).fields();
    }

    /** Submits a form of the provider's to us, and follows to the end. */
    Answer submitted(PageBrowser browser, Map<String, String> form) {
        Answer answer = browser.postFromElsewhere(ours().acsUrl(), form);
        String location = answer.header("Location").orElse("");
        return location.contains("/sso/finish?") ? browser.arrive(location) : answer;
    }

    /** From the application to the provider and back, in a new browser. */
    PageBrowser comesBack() {
        PageBrowser browser = new PageBrowser(gatehouse);
        submitted(browser, asked(browser));
        return browser;
    }

    /** Somebody is let in now: what tests begin with, and often end with. */
    PageBrowser letsIn() {
        PageBrowser browser = comesBack();
        assertThat(browser.signedIn()).as("%s", attempt()).isTrue();
        assertThat(attempt().succeeded()).isTrue();
        return browser;
    }

    /** The newest try. */
    Attempt attempt() {
        return gatehouse.sso().attempts(connection.id(), null, 1).get(0);
    }

    /** Nobody is let in now, by this step of docs/saml.md; 0 for what is decided after them. */
    Attempt refuses(int step) {
        int before = tries();
        PageBrowser browser = comesBack();
        return refused(browser, step, before);
    }

    /** What was submitted let nobody in, by this step. */
    Attempt refused(PageBrowser browser, int step, int triesBefore) {
        assertThat(browser.signedIn()).as("a session").isFalse();
        assertThat(tries()).as("tries that are kept").isEqualTo(triesBefore + 1);
        Attempt attempt = attempt();
        assertThat(attempt.step()).as("%s", attempt).isEqualTo(step);
        assertThat(attempt.succeeded()).isFalse();
        return attempt;
    }

    /** Submits what must be refused by this step. */
    Attempt refuses(int step, PageBrowser browser, Map<String, String> form) {
        int before = tries();
        submitted(browser, form);
        return refused(browser, step, before);
    }

    int tries() {
        return gatehouse.sso().attempts(connection.id(), null, 100).size();
    }

    @Override
    public void close() {
        idp.close();
    }
}
