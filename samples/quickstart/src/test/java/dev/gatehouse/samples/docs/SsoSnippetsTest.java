package dev.gatehouse.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Request;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.SignInPolicy;
import dev.gatehouse.organizations.Organization;
import dev.gatehouse.sso.Addresses;
import dev.gatehouse.sso.Attempt;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.OidcProvider;
import dev.gatehouse.sso.SamlProvider;
import dev.gatehouse.sso.Sso;
import dev.gatehouse.sso.Vouched;
import dev.gatehouse.store.MemoryStorage;
import dev.gatehouse.testkit.HttpBrowser;
import dev.gatehouse.testkit.SamlIdp;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Java of docs/sso.md and docs/sso-refused.md, word for word. */
class SsoSnippetsTest {
    private final PrintStream log = System.out;
    private final Gatehouse gatehouse = Gatehouse.builder()
            .storage(new MemoryStorage())
            .keyring(LocalKeyring.random())
            .build();
    private final Organization acme = gatehouse.organizations().create("Acme");

    @AfterEach
    void close() {
        gatehouse.close();
    }

    /** Any certificate of a good key: our own of the token signing key. */
    private String certificate() {
        String keys = gatehouse
                .api(new Request(
                        "GET", "/sso/jwks/" + gatehouse.clientId(), "", Map.of(), new byte[0], "127.0.0.1", true))
                .text();
        return keys.replaceAll("(?s).*\"x5c\":\\[\"([^\"]+)\".*", "$1");
    }

    private record Ticket(String principal, String email) {}

    private static @Nullable Ticket negotiate(HttpServletRequest request) {
        String said = request.getHeader("Authorization");
        return said == null ? null : new Ticket(said, said + "@acme.com");
    }

    private static final class Kerberos extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient Sso sso;

        Kerberos(Sso sso) {
            this.sso = sso;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            String asked = String.valueOf(request.getParameter("request"));
            Ticket ticket = negotiate(request);
            response.sendRedirect(
                    ticket == null
                            ? sso.decline(asked)
                            : sso.vouch(
                                    "/kerberos",
                                    asked,
                                    new Vouched(ticket.principal(), Map.of("email", ticket.email()))));
        }
    }

    /** Asked for nothing: whoever comes there by himself is told so, and signed in by no proof. */
    @Test
    void anExternalProvider() throws Exception {
        Sso sso = gatehouse.sso();
        Connection kerberos = sso.create(NewConnection.external(acme.id(), "Acme Kerberos", "/kerberos"));
        assertThat(kerberos.state()).isEqualTo(Connection.State.VALIDATING);
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new Kerberos(sso)), "/kerberos");
        server.setHandler(context);
        server.start();
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(server.getURI().resolve("/kerberos?request=x"));
            HttpClient http = HttpClient.newHttpClient();
            assertThat(http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                            .headers()
                            .firstValue("Location"))
                    .hasValueSatisfying(to -> assertThat(to).contains("/auth/sso/external/declined?request=x"));
            request.header("Authorization", "ada");
            assertThat(http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                            .headers()
                            .firstValue("Location"))
                    .hasValueSatisfying(to -> assertThat(to).contains("/auth/sso/finish?ticket="));
        } finally {
            server.stop();
        }
    }

    @Test
    void connections() {
        String certificate = certificate();
        Connection okta = gatehouse
                .sso()
                .create(NewConnection.saml(
                        ConnectionType.OKTA_SAML,
                        acme.id(),
                        "Acme Okta",
                        SamlProvider.of(
                                "http://www.okta.com/exk1", "https://acme.okta.com/app/exk1/sso/saml", certificate)));
        Addresses ours = gatehouse.sso().addresses(okta.id());
        assertThat(ours.acsUrl()).contains("/sso/saml/acs/");
        Connection entra = gatehouse
                .sso()
                .create(NewConnection.oidc(
                        ConnectionType.ENTRA_ID_OIDC,
                        acme.id(),
                        "Acme Entra",
                        OidcProvider.of(
                                "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",
                                "client-id"),
                        "secret"));
        String redirectUri = gatehouse.sso().addresses(entra.id()).redirectUri();
        assertThat(redirectUri).contains("/sso/oidc/callback/");
        gatehouse.sso().create(NewConnection.social(ConnectionType.GOOGLE_OAUTH, "client-id", "secret"));
        gatehouse.sso().create(NewConnection.test(acme.id(), "Acme Test"));
        gatehouse.organizations().demand(acme.id(), SignInPolicy.NONE.withMethods(Set.of("sso")));
        SamlProvider provider = okta.saml();
        gatehouse
                .sso()
                .update(
                        okta.id(),
                        NewConnection.saml(ConnectionType.OKTA_SAML, acme.id(), "Acme Okta", provider)
                                .mapping(Map.of("email", "mail", "groups", "memberOf"))
                                .customAttributes(Map.of("department_name", "dept"))
                                .groupRole("Admins", "admin")
                                .groupRole("Everyone", "member"));
        for (Attempt attempt : gatehouse.sso().attempts(okta.id(), null, 10)) {
            log.println(attempt.outcome() + ", step " + attempt.step() + ": " + attempt.title() + ", expected "
                    + attempt.expected() + ", got " + attempt.found());
        }
        assertThat(gatehouse.sso().ofOrganization(acme.id())).hasSize(3);
    }

    @Test
    void metadataTestsAndKeys() throws Exception {
        try (DocsApplication application = new DocsApplication();
                SamlIdp idp = SamlIdp.start(application.clock)) {
            Gatehouse gatehouse = application.gatehouse;
            Organization acme = application.acme;
            idp.user("ada@acme.com", Map.of("email", List.of("ada@acme.com")));
            String metadataUrl = idp.metadataUrl();
            Connection okta = gatehouse
                    .sso()
                    .create(NewConnection.saml(
                            ConnectionType.OKTA_SAML, acme.id(), "Acme Okta", SamlProvider.ofMetadata(metadataUrl)));
            assertThat(gatehouse.sso().described(idp.metadata()).certificates())
                    .isEqualTo(okta.saml().certificates());
            String address = tried(gatehouse, okta);
            assertThat(new HttpBrowser().get(address).text()).contains("The test passed");
            assertThat(gatehouse.sso().rotateKeys(okta.id()).state()).isEqualTo(Connection.State.ACTIVE);
        }
    }

    private static String tried(Gatehouse gatehouse, Connection connection) {
        String address = gatehouse.sso().testSignIn(connection.id()).url();
        return address;
    }

    /** As docs/sso-refused.md has it. */
    @Test
    void aRefusedSignIn() throws Exception {
        try (DocsApplication application = new DocsApplication();
                SamlIdp idp = SamlIdp.start(application.clock)) {
            Connection connection = application
                    .gatehouse
                    .sso()
                    .create(NewConnection.saml(
                            ConnectionType.GENERIC_SAML,
                            application.acme.id(),
                            "Acme",
                            SamlProvider.of(idp.entityId(), idp.ssoUrl(), certificate())));
            new HttpBrowser().get(application.signInAddress(connection));
            String reference = application
                    .gatehouse
                    .sso()
                    .attempts(connection.id(), null, 1)
                    .get(0)
                    .id();
            Attempt found =
                    attempt(application.gatehouse, connection, reference).orElseThrow();
            assertThat(found.step()).as("the certificate is another").isEqualTo(7);
            assertThat(found.outline()).containsEntry("issuer", idp.entityId());
            assertThat(attempt(application.gatehouse, connection, "sso_attempt_other"))
                    .isEmpty();
            assertThat(toCheck(application.gatehouse, connection)).contains("/auth/sso/saml/acs/");
        }
    }

    private static Optional<Attempt> attempt(Gatehouse gatehouse, Connection connection, String reference) {
        Optional<Attempt> attempt = gatehouse.sso().attempts(connection.id(), null, 100).stream()
                .filter(one -> one.id().equals(reference))
                .findFirst();
        return attempt;
    }

    private static String toCheck(Gatehouse gatehouse, Connection connection) {
        Addresses ours = gatehouse.sso().addresses(connection.id());
        String toCheck =
                "SP entity ID " + ours.spEntityId() + ", ACS URL " + ours.acsUrl() + ", metadata " + ours.metadataUrl();
        return toCheck;
    }
}
