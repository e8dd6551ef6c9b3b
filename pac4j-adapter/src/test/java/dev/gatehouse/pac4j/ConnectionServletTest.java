package dev.gatehouse.pac4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.organizations.Organization;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.sso.Attempt;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.Profile;
import dev.gatehouse.store.MemoryStorage;
import dev.gatehouse.testkit.HttpBrowser;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.ee10.servlet.SessionHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pac4j.core.client.Clients;
import org.pac4j.core.client.IndirectClient;
import org.pac4j.core.config.Config;
import org.pac4j.core.credentials.TokenCredentials;
import org.pac4j.core.exception.CredentialsException;
import org.pac4j.core.exception.http.FoundAction;
import org.pac4j.core.profile.CommonProfile;
import org.pac4j.core.util.HttpActionHelper;

/** A client of pac4j's as an organization's connection, from the sign-in page and back to it, in Jetty. */
class ConnectionServletTest {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final HttpBrowser browser = new HttpBrowser();
    private Gatehouse gatehouse =
            Gatehouse.builder().storage(new MemoryStorage()).build();
    private Connection connection;
    private Organization acme;

    /** A ticket in the address, as CAS has it; the provider is {@link Office}. */
    private static final class BadgeClient extends IndirectClient {
        private final String office;

        BadgeClient(String name, String office) {
            this.office = office;
            setName(name);
        }

        @Override
        protected void internalInit(boolean forceReinit) {
            setRedirectionActionBuilder(context ->
                    Optional.of(new FoundAction(office + "?service=" + computeFinalCallbackUrl(context.webContext()))));
            setCredentialsExtractor(context -> Optional.of(new TokenCredentials(context.webContext()
                    .getRequestParameter("ticket")
                    // as Kerberos begins: ask, and be asked again
                    .orElseThrow(() -> HttpActionHelper.buildUnauthenticatedAction(context.webContext())))));
            setAuthenticator((context, credentials) -> {
                String badge = ((TokenCredentials) credentials).getToken();
                if (badge.equals("stolen")) {
                    throw new CredentialsException("a stolen badge");
                }
                CommonProfile profile = new CommonProfile();
                profile.setId(badge);
                profile.addAttribute("email", badge + "@acme.com");
                profile.addAttribute("first_name", "Ada");
                profile.addAttribute("floor", 3);
                profile.addAttribute("access_token", "a-secret");
                profile.addAttribute("door", new Object());
                profile.addRole("engineers");
                credentials.setUserProfile(profile);
                return Optional.of(credentials);
            });
        }
    }

    /** The provider: it shows what it was asked with. */
    private static final class Office extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print(request.getParameter("service"));
        }
    }

    private static final class Page extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            SignedIn me = (SignedIn) request.getUserPrincipal();
            response.getWriter()
                    .print(me.user().email() + " " + me.roles() + " "
                            + (request.getSession(false) == null
                                    ? "no session"
                                    : request.getSession()
                                            .getAttributeNames()
                                            .asIterator()
                                            .hasNext()));
        }
    }

    @BeforeEach
    void start() throws Exception {
        connector.setHost("127.0.0.1");
        connector.open();
        server.addConnector(connector);
        gatehouse.close();
        gatehouse = Gatehouse.builder()
                .storage(new MemoryStorage())
                .keyring(LocalKeyring.random())
                .set(Setting.ORIGIN, url(""))
                .set(Setting.PUBLIC_PATHS, "/pac4j/*, /office, /strong")
                .build();
        acme = gatehouse.organizations().create("Acme");
        var domains = gatehouse.organizations().domains();
        domains.verifyManually(domains.claim(acme.id(), "acme.com").id());
        gatehouse.access().createRole("engineer", "Engineer", List.of());
        connection = connect(gatehouse, acme);
        ServletContextHandler context = new ServletContextHandler("/");
        context.setSessionHandler(new SessionHandler());
        FilterHolder filter = new FilterHolder(new GatehouseFilter(gatehouse));
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.allOf(DispatcherType.class));
        String origin = url("");
        BadgeClient badges = new BadgeClient("BadgeClient", url("/office"));
        Clients clients = new Clients(origin + "/pac4j/callback", badges);
        context.addServlet(new ServletHolder(new ConnectionServlet(new Config(clients))), "/pac4j/*");
        clients.addClient(new BadgeClient("WeakClient", url("/office")));
        context.addServlet(new ServletHolder(new Office()), "/office");
        context.addServlet(new ServletHolder(new Office()), "/strong");
        context.addServlet(new ServletHolder(new Page()), "/notes");
        server.setHandler(context);
        server.start();
        // who sets it up tries it first: from then on addresses of the domain lead there
        HttpBrowser admin = new HttpBrowser();
        String callback = admin.get(gatehouse.sso().testSignIn(connection.id()).url())
                .text()
                .strip();
        assertThat(admin.get(callback + "&ticket=ada").text()).contains("The test passed");
    }

    private static Connection connect(Gatehouse gatehouse, Organization acme) {
        return gatehouse
                .sso()
                .create(NewConnection.external(acme.id(), "Acme badges", "/pac4j/BadgeClient")
                        .groupRole("engineers", "engineer")
                        .customAttributes(Map.of("floor", "floor")));
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        gatehouse.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + connector.getLocalPort() + path;
    }

    /** At the provider, on the way from the application's page; where the provider sends whoever it knows. */
    private String atTheOffice() throws Exception {
        HttpBrowser.Page asked = browser.get(url("/notes"));
        HttpBrowser.Page office = browser.submit(asked, Map.of("email", "ada@acme.com"));
        assertThat(office.text()).startsWith(url("/pac4j/callback?client_name=BadgeClient"));
        return office.text().strip();
    }

    @Test
    void whomTheClientProvesIsSignedInWithProfileRoleAndAttempt() throws Exception {
        HttpBrowser.Page notes = browser.get(atTheOffice() + "&ticket=ada");
        assertThat(notes.text()).as("nothing is kept in the HttpSession").isEqualTo("ada@acme.com [engineer] false");
        String user =
                gatehouse.users().findByEmail("ada@acme.com").orElseThrow().id();
        Profile profile = gatehouse.sso().profilesOf(user).get(0);
        assertThat(profile.idpId()).isEqualTo("ada");
        assertThat(profile.firstName()).isEqualTo("Ada");
        assertThat(profile.customAttributes()).containsEntry("floor", 3);
        assertThat(profile.rawAttributes()).containsKey("floor").doesNotContainKeys("access_token", "door");
        assertThat(gatehouse.sso().attempts(connection.id(), null, 9))
                .extracting(Attempt::outcome)
                .containsExactly("succeeded", "tested");
    }

    @Test
    void aClientMayAskMoreThanOnce() throws Exception {
        String callback = atTheOffice();
        assertThat(browser.get(callback).status()).isEqualTo(401);
        assertThat(browser.get(callback + "&ticket=ada").text()).startsWith("ada@acme.com");
    }

    @Test
    void whatIsNoRequestIsKeptNowhere() throws Exception {
        for (String path : List.of(
                "/pac4j/",
                "/pac4j",
                "/pac4j/%20",
                "/pac4j/Nobody?request=x",
                "/pac4j/BadgeClient?request=" + "x".repeat(9_000))) {
            HttpBrowser stranger = new HttpBrowser();
            HttpBrowser.Page page = stranger.get(url(path));
            assertThat(page.status()).as(path).isIn(400, 404, 414, 431);
        }
    }

    @Test
    void whomItDoesNotIsToldSoAndTheAttemptIsKept() throws Exception {
        HttpBrowser.Page told = browser.get(atTheOffice() + "&ticket=stolen");
        assertThat(told.status()).isEqualTo(400);
        assertThat(gatehouse.sso().attempts(connection.id(), null, 9))
                .extracting(Attempt::outcome)
                .containsExactly("access_denied", "tested");
    }

    @Test
    void anAnswerCountsOnceAndOnlyWhereOneWasAskedFor() throws Exception {
        String callback = atTheOffice();
        HttpBrowser stranger = new HttpBrowser();
        assertThat(stranger.get(callback + "&ticket=eve").status()).isEqualTo(400);
        assertThat(browser.get(callback + "&ticket=ada").text()).startsWith("ada@acme.com");
        assertThat(browser.get(callback + "&ticket=eve").status()).isEqualTo(400);
        assertThat(browser.get(url("/notes")).text()).startsWith("ada@acme.com");
    }

    @Test
    void anotherClientDoesNotAnswerForThisOne() throws Exception {
        Connection strong = gatehouse.sso().create(NewConnection.external(acme.id(), "Strong", "/strong"));
        String token = browser.get(gatehouse.sso().testSignIn(strong.id()).url())
                .uri()
                .getQuery()
                .replaceAll(".*request=([^&]*).*", "$1");
        assertThat(token).hasSize(43);
        String weak =
                browser.get(url("/pac4j/WeakClient?request=" + token)).text().strip();
        assertThat(weak).contains("client_name=WeakClient");
        HttpBrowser.Page refused = browser.get(weak + "&ticket=ada");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(gatehouse.sso().attempts(strong.id(), null, 9)).isEmpty();
        assertThat(gatehouse.sso().find(strong.id()).orElseThrow().state()).isEqualTo(Connection.State.VALIDATING);
    }
}
