package dev.gatehouse.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.User;
import dev.gatehouse.servlet.GatehouseAuthModule;
import dev.gatehouse.testkit.HttpBrowser;
import jakarta.security.auth.message.config.AuthConfigFactory;
import jakarta.servlet.HttpConstraintElement;
import jakarta.servlet.HttpMethodConstraintElement;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.ServletSecurityElement;
import jakarta.servlet.annotation.HttpConstraint;
import jakarta.servlet.annotation.ServletSecurity;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Constraints that the container of this run enforces, for those whom Gatehouse has signed in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerSecurityTest {
    private static final String CONTAINER = System.getProperty("container");
    /** Undertow has no Jakarta Authentication outside of an application server, Jetty none that takes modules. */
    private static final boolean NONE = !CONTAINER.startsWith("tomcat");

    private final Launcher launcher = Launcher.ofThisRun();
    private Gatehouse gatehouse;
    private User ada;

    @BeforeAll
    void start() {
        gatehouse = App.gatehouse();
        ada = App.member(gatehouse, "ada", "admin");
        App.member(gatehouse, "bob", "member");
    }

    @AfterAll
    void stop() {
        gatehouse.close();
    }

    private Launcher.Running running(boolean registered) throws Exception {
        return launcher.start(
                context -> {
                    if (registered) {
                        GatehouseAuthModule.register(context, "admin", "member");
                    }
                    App.install(gatehouse, context);
                    add(context, "/secured", ForAdmins.class, of(ForAdmins.class));
                    add(context, "/anybody-signed-in", Inside.class, roles("**"));
                },
                Map.of());
    }

    /** By class, so that a container that reads the annotation does; for the others it is said once more. */
    private static void add(
            ServletContext context, String path, Class<? extends Inside> type, ServletSecurityElement security) {
        ServletRegistration.Dynamic servlet = context.addServlet("inside " + path, type);
        servlet.addMapping(path);
        servlet.setAsyncSupported(true);
        servlet.setServletSecurity(security);
    }

    private static ServletSecurityElement of(Class<?> type) {
        return new ServletSecurityElement(type.getAnnotation(ServletSecurity.class));
    }

    private static ServletSecurityElement roles(String role) {
        return new ServletSecurityElement(
                new HttpConstraintElement(ServletSecurity.TransportGuarantee.NONE, role),
                List.of(new HttpMethodConstraintElement(
                        "PUT", new HttpConstraintElement(ServletSecurity.EmptyRoleSemantic.DENY))));
    }

    private static void noCookie(HttpResponse<String> answer) {
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
    }

    @Test
    @DisplayName("@ServletSecurity: a role lets in, its lack does not, nobody is asked to sign in as the filter asks")
    void byRole() throws Exception {
        if (NONE) {
            assertThatThrownBy(() -> running(true)).hasStackTraceContaining("no Jakarta Authentication");
            return;
        }
        try (Launcher.Running running = running(true)) {
            Client client = new Client(running.port());
            String admin = client.cookie("ada@example.com");
            HttpResponse<String> seen = client.get("/secured", "Cookie", admin);
            assertThat(seen.body()).isEqualTo("filter: %1$s, container: %1$s".formatted("SignedIn " + ada.id()));
            noCookie(seen);
            assertThat(seen.headers().allValues("Cache-Control")).containsExactly("no-store");
            HttpResponse<String> refused = client.get("/secured", "Cookie", client.cookie("bob@example.com"));
            assertThat(refused.statusCode()).isEqualTo(403);
            noCookie(refused);

            HttpResponse<String> script = client.get("/secured", "Sec-Fetch-Mode", "cors");
            assertThat(script.statusCode()).isEqualTo(401);
            assertThat(script.body()).isEqualTo("{\"message\":\"Sign in first.\",\"code\":\"not_signed_in\"}");
            noCookie(script);
            HttpResponse<String> browser = client.get("/secured?a=b", "Accept", "text/html");
            assertThat(browser.statusCode()).isEqualTo(302);
            assertThat(browser.headers().firstValue("Location")).hasValue("/auth/sign-in?return_to=%2Fsecured%3Fa%3Db");
            noCookie(browser);
            assertThat(client.get("/secured", "Cookie", admin.replace('a', 'b')).statusCode())
                    .as("forged")
                    .isEqualTo(401);
        }
    }

    @Test
    @DisplayName("** is everybody signed in; what is denied to all is; where nothing is demanded the filter decides")
    void others() throws Exception {
        if (NONE) {
            return;
        }
        try (Launcher.Running running = running(true)) {
            Client client = new Client(running.port());
            String admin = client.cookie("ada@example.com");
            String member = client.cookie("bob@example.com");
            assertThat(client.get("/anybody-signed-in", "Cookie", member).body())
                    .startsWith("filter: SignedIn user_");
            assertThat(client.get("/anybody-signed-in").statusCode()).isEqualTo(401);
            assertThat(client.put("/anybody-signed-in", "Cookie", admin).statusCode())
                    .isEqualTo(403);
            assertThat(client.get("/open/x").body()).contains("saw user=null");
            assertThat(client.get("/open/x", "Cookie", member).body()).contains("saw user=user_");
            assertThat(client.get("/notes").statusCode()).isEqualTo(401);
            assertThat(client.get("/admin/x", "Cookie", member).statusCode()).isEqualTo(403);
            assertThat(client.get("/secured;x=y", "Cookie", admin).statusCode())
                    .as("a path that can be read in two ways")
                    .isEqualTo(400);
        }
    }

    @Test
    @DisplayName(
            "a session that has ended is refused at once, also where the application has a session of the container's")
    void ended() throws Exception {
        if (NONE) {
            return;
        }
        try (Launcher.Running running = running(true)) {
            Client client = new Client(running.port());
            String admin = client.cookie("ada@example.com");
            HttpResponse<String> first = client.get("/secured?session", "Cookie", admin);
            assertThat(first.body()).startsWith("filter: SignedIn");
            HttpResponse<String> second = client.get("/secured?session", "Cookie", admin + "; " + Client.set(first));
            assertThat(second.statusCode()).isEqualTo(200);
            // Tomcat gives the session another id once it knows who is there
            String own = second.headers().firstValue("Set-Cookie").isPresent() ? Client.set(second) : Client.set(first);
            HttpResponse<String> third = client.get("/secured?session", "Cookie", admin + "; " + own);
            assertThat(third.statusCode()).isEqualTo(200);
            // once only, or requests that come at a time would lose the session
            noCookie(third);

            assertThat(client.get("/secured", "Cookie", own).statusCode())
                    .as("it is no credential")
                    .isEqualTo(401);
            String member = client.cookie("bob@example.com");
            assertThat(client.get("/secured", "Cookie", member + "; " + own).statusCode())
                    .isEqualTo(403);
            client.post("/open/logout", "", "Cookie", admin);
            assertThat(client.get("/secured", "Cookie", admin + "; " + own).statusCode())
                    .isEqualTo(401);
            assertThat(client.get("/secured", "Cookie", admin).statusCode()).isEqualTo(401);
        }
    }

    @Test
    @DisplayName("a constraint on /* leaves the way to sign in open, and nothing else")
    void everything() throws Exception {
        if (NONE) {
            return;
        }
        try (Launcher.Running running = launcher.start(
                context -> {
                    GatehouseAuthModule.register(context);
                    App.install(gatehouse, context);
                    add(context, "/*", Inside.class, roles("admin"));
                },
                Map.of())) {
            Client client = new Client(running.port());
            HttpBrowser browser = new HttpBrowser();
            HttpBrowser.Page back = signIn(browser, client, "ada@example.com");
            assertThat(back.uri().toString()).isEqualTo(client.url("/deep/page?x=1"));
            assertThat(back.text()).contains("SignedIn " + ada.id());

            HttpBrowser other = new HttpBrowser();
            assertThat(signIn(other, client, "bob@example.com").status()).isEqualTo(403);
            assertThat(other.get(client.url("/auth/account")).status()).isEqualTo(200);
            HttpBrowser.Page bye = other.submit(other.get(client.url("/auth/sign-out")), Map.of());
            assertThat(bye.uri().getPath()).isEqualTo("/auth/signed-out");

            assertThat(client.get("/open/x").statusCode())
                    .as("public for the filter alone")
                    .isEqualTo(401);
            assertThat(client.get("/authx").statusCode()).isEqualTo(401);
            assertThat(client.put("/deep/page").statusCode()).isEqualTo(403);
            assertThat(client.put("/auth/sign-in").statusCode())
                    .as("denied to everybody")
                    .isEqualTo(403);
        }
    }

    private static HttpBrowser.Page signIn(HttpBrowser browser, Client client, String email) {
        HttpBrowser.Page password = browser.submit(browser.get(client.url("/deep/page?x=1")), Map.of("email", email));
        return browser.submit(password, Map.of("password", Client.PASSWORD));
    }

    @Test
    @DisplayName("where no filter has started, a constraint lets nobody in")
    void noFilter() throws Exception {
        if (NONE) {
            return;
        }
        try (Launcher.Running running = launcher.start(
                context -> {
                    GatehouseAuthModule.register(context);
                    add(context, "/secured", ForAdmins.class, of(ForAdmins.class));
                },
                Map.of())) {
            assertThat(new Client(running.port()).get("/secured").statusCode()).isEqualTo(500);
        }
        // which the filter sees to where there is one
        AuthConfigFactory factory = AuthConfigFactory.getFactory();
        List.of(factory.getRegistrationIDs(null)).forEach(factory::removeRegistration);
    }

    @Test
    @DisplayName(
            "nothing is registered by itself; a registration ends with its application; without one all is as it was")
    void unregistered() throws Exception {
        if (!NONE) {
            running(true).close();
            assertThat(AuthConfigFactory.getFactory().getRegistrationIDs(null)).isEmpty();
        }
        try (Launcher.Running running = running(false)) {
            Client client = new Client(running.port());
            assertThat(client.get("/secured", "Cookie", client.cookie("ada@example.com"))
                            .statusCode())
                    // embedded Jetty leaves it to the filter
                    .isEqualTo(CONTAINER.startsWith("jetty") ? 200 : 403);
        }
    }

    /** Says whom the filter and the container say. */
    public static class Inside extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            if ("session".equals(request.getQueryString())) {
                request.getSession(true);
            }
            HttpServletRequest below = (HttpServletRequest) ((HttpServletRequestWrapper) request).getRequest();
            response.getWriter().print("filter: " + who(request) + ", container: " + who(below));
        }

        private static String who(HttpServletRequest request) {
            return request.getUserPrincipal() instanceof SignedIn && "GATEHOUSE".equals(request.getAuthType())
                    ? "SignedIn " + request.getRemoteUser()
                    : "nobody";
        }
    }

    /** As applications write it. */
    @ServletSecurity(@HttpConstraint(rolesAllowed = "admin"))
    public static final class ForAdmins extends Inside {}
}
