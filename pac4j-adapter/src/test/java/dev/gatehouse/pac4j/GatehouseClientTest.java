package dev.gatehouse.pac4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.User;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.store.MemoryStorage;
import dev.gatehouse.testkit.TestSession;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.ee10.servlet.SessionHandler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pac4j.core.adapter.FrameworkAdapter;
import org.pac4j.core.config.Config;
import org.pac4j.core.profile.CommonProfile;
import org.pac4j.core.profile.ProfileManager;
import org.pac4j.jee.context.JEEContext;
import org.pac4j.jee.context.JEEFrameworkParameters;
import org.pac4j.jee.context.session.JEESessionStore;

/** An application that pac4j protects, behind the Gatehouse filter, in Jetty. */
class GatehouseClientTest {
    private final Gatehouse gatehouse = Gatehouse.builder()
            .storage(new MemoryStorage())
            .keyring(LocalKeyring.random())
            .set(Setting.PUBLIC_PATHS, "/*")
            .set(Setting.API_KEY_PATHS, "/*")
            .build();
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    /** Does what the filter of jakartaee-pac4j does. */
    private record Protected(Config config) implements Filter {
        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain) {
            config.getSecurityLogic()
                    .perform(
                            config,
                            (context, store, profiles) -> {
                                chain.doFilter(request, response);
                                return null;
                            },
                            "GatehouseClient",
                            "isAuthenticated",
                            null,
                            new JEEFrameworkParameters((HttpServletRequest) request, (HttpServletResponse) response));
        }
    }

    /** Shows the profile that pac4j has. */
    private static final class Page extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            ProfileManager profiles = new ProfileManager(new JEEContext(request, response), new JEESessionStore());
            CommonProfile person = (CommonProfile) profiles.getProfile().orElseThrow();
            response.getWriter()
                    .print(person.getId() + " " + person.getEmail() + " " + person.getRoles() + " "
                            + person.getAttribute(GatehouseClient.PERMISSIONS) + " "
                            + person.getAttribute(GatehouseClient.ORGANIZATION) + " " + person.getClientName());
        }
    }

    /** Somebody whom another client of pac4j's proved, here by a header, enters. */
    private final class Portal extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            CommonProfile badge = new CommonProfile();
            badge.setClientName("BadgeClient");
            badge.setId(request.getHeader("Badge"));
            badge.addAttribute("email", badge.getId() + "@example.com");
            enter(gatehouse, request, badge);
            response.getWriter().print(request.getRemoteUser());
        }
    }

    private static void enter(Gatehouse gatehouse, HttpServletRequest request, CommonProfile profile)
            throws ServletException {
        String key = profile.getClientName() + "#" + profile.getId();
        User user = gatehouse
                .users()
                .findByExternalId(key)
                .orElseGet(() ->
                        gatehouse.users().create(NewUser.of(profile.getEmail()).withExternalId(key)));
        GatehouseFilter.enter(request, user.id(), null);
    }

    @BeforeEach
    void start() throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.setSessionHandler(new SessionHandler());
        FilterHolder filter = new FilterHolder(new GatehouseFilter(gatehouse));
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.allOf(DispatcherType.class));
        Config config = new Config(new GatehouseClient());
        FrameworkAdapter.INSTANCE.applyDefaultSettingsIfUndefined(config);
        context.addFilter(new FilterHolder(new Protected(config)), "/notes", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new Page()), "/notes");
        context.addServlet(new ServletHolder(new Portal()), "/portal");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        gatehouse.close();
    }

    private HttpResponse<String> get(String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/notes"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aSessionIsAProfileWithRolesAndPermissions() throws Exception {
        String acme = gatehouse.organizations().create("Acme").id();
        gatehouse.access().createPermission("reports:read", "Read reports");
        gatehouse.access().createRole("analyst", "Analyst", List.of("reports:read"));
        TestSession ada = TestSession.of(gatehouse, "ada@example.com", acme, "analyst");
        HttpResponse<String> page = get("Cookie", ada.header());
        assertThat(page.body())
                .isEqualTo(ada.who().user().id() + " ada@example.com [analyst] [reports:read] " + acme
                        + " GatehouseClient");
        assertThat(page.headers().allValues("Set-Cookie"))
                .as("kept in no session")
                .isEmpty();
    }

    @Test
    void nobodyIsNoProfileAndNeitherIsWhoeverHasLeft() throws Exception {
        assertThat(get().statusCode()).isEqualTo(401);
        TestSession ada = TestSession.of(gatehouse, "ada@example.com");
        assertThat(get("Cookie", ada.header()).statusCode()).isEqualTo(200);
        gatehouse.users().endSession(ada.who().user().id(), ada.who().sessionId());
        assertThat(get("Cookie", ada.header()).statusCode()).isEqualTo(401);
    }

    @Test
    void aCustomersKeyIsAProfileWithoutRoles() throws Exception {
        String acme = gatehouse.organizations().create("Acme").id();
        var key = gatehouse.customerKeys().createForOrganization(acme, "Nightly", List.of(), null);
        assertThat(get("Authorization", "Bearer " + key.value()).body())
                .startsWith(key.key().id() + " null [] [] " + acme);
    }

    @Test
    void whomAnotherClientProvedEntersAsTheSameUserEachTime() throws Exception {
        HttpRequest.Builder portal = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + connector.getLocalPort() + "/portal"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .header("Badge", "ada");
        HttpResponse<String> first =
                HttpClient.newHttpClient().send(portal.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(first.body()).startsWith("user_");
        String cookie = first.headers().firstValue("Set-Cookie").orElseThrow().replaceFirst(";.*", "");
        assertThat(get("Cookie", cookie).body()).startsWith(first.body() + " ada@example.com");
        assertThat(HttpClient.newHttpClient()
                        .send(portal.build(), HttpResponse.BodyHandlers.ofString())
                        .body())
                .isEqualTo(first.body());
        assertThat(gatehouse.users().sessions(first.body())).hasSize(2);
    }
}
