package dev.gatehouse.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.testkit.HttpBrowser;
import dev.gatehouse.testkit.TestSession;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Behind the filter chain that the adapter makes where an application has none. */
class SpringSecurityTest {
    private static final String PASSWORD = "correct-horse-battery-9";

    @TempDir
    static Path data;

    private static RunningApplication app;
    private static Gatehouse gatehouse;
    private static String acme;

    @BeforeAll
    static void start() {
        app = new RunningApplication(
                data,
                TestApplication.class,
                "gatehouse.public-paths=/about,/token,/write",
                "gatehouse.api-key-paths=/api/*",
                "logging.level.org.apache.catalina.core.ContainerBase=off");
        gatehouse = app.gatehouse();
        acme = gatehouse.organizations().create("Acme").id();
        gatehouse.access().createPermission("billing:read", "Read bills");
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void aBrowserSignsInOnThePagesAndTheControllerKnowsWhoItIs() {
        gatehouse.users().create(NewUser.of("ada@example.com").verified().withPassword(PASSWORD));
        HttpBrowser browser = new HttpBrowser();
        HttpBrowser.Page first = browser.get(app.url("/"));
        assertThat(first.uri().getPath()).isEqualTo("/auth/sign-in");
        HttpBrowser.Page password = browser.submit(first, Map.of("email", "ada@example.com"));
        HttpBrowser.Page home = browser.submit(password, Map.of("password", PASSWORD));
        assertThat(home.text()).startsWith("Hello ada@example.com user_");
        assertThat(browser.get(app.url("/about")).text()).isEqualTo("Hello ada@example.com");
    }

    @Test
    void nobodyIsAStrangerWherePagesArePublicAndAScriptIsToldElsewhere() throws Exception {
        assertThat(app.get("/about").body()).isEqualTo("Hello stranger");
        assertThat(app.get("/").statusCode()).isEqualTo(401);
        assertThat(app.get("/").body()).contains("not_signed_in");
    }

    @Test
    void methodSecurityKnowsRolesAndPermissions() throws Exception {
        TestSession admin = TestSession.of(gatehouse, "root@example.com", acme, "admin");
        TestSession member = TestSession.of(gatehouse, "bob@example.com", acme, null);
        assertThat(app.get("/admin", admin).body()).isEqualTo("for admins");
        assertThat(app.get("/admin", member).statusCode()).isEqualTo(403);
        assertThat(app.get("/", admin).body()).endsWith(" true");
        assertThat(app.get("/", member).body()).endsWith(" false");

        gatehouse.access().createRole("clerk", "Clerk", List.of("billing:read"));
        TestSession clerk = TestSession.of(gatehouse, "eve@example.com", acme, "clerk");
        assertThat(app.get("/billing", clerk).body()).isEqualTo("for billing");
        assertThat(app.get("/billing", member).statusCode()).isEqualTo(403);
    }

    @Test
    void anAsynchronousHandlerIsThePersonsToo() throws Exception {
        TestSession ada = TestSession.of(gatehouse, "later@example.com");
        assertThat(app.get("/later", ada).body()).isEqualTo(ada.who().user().id());
    }

    @Test
    void aCustomersApiKeyIsAnAuthenticationWhereKeysAreTaken() throws Exception {
        String key = gatehouse
                .customerKeys()
                .createForOrganization(acme, "Nightly", List.of("billing:read"), null)
                .value();
        assertThat(app.get("/api/whoami", "Authorization", "Bearer " + key).body())
                .startsWith("api_key_");
        assertThat(app.get("/billing", "Authorization", "Bearer " + key).statusCode())
                .isEqualTo(401);
        assertThat(app.post("/api/write", "Authorization", "Bearer " + key).body())
                .as("no browser adds a key by itself")
                .isEqualTo("written");
    }

    @Test
    void aFormNeedsTheTokenOfItsOwnSession() throws Exception {
        TestSession ada = TestSession.of(gatehouse, "form@example.com");
        TestSession eve = TestSession.of(gatehouse, "thief@example.com");
        String[] token = app.get("/token", ada).body().split(" ");
        String[] stolen = app.get("/token", eve).body().split(" ");
        assertThat(app.post("/write", "Cookie", ada.header(), token[0], token[1])
                        .body())
                .isEqualTo("written");
        assertThat(app.post("/write", "Cookie", ada.header()).statusCode()).isEqualTo(403);
        assertThat(app.post("/write", "Cookie", ada.header(), token[0], stolen[1])
                        .statusCode())
                .isEqualTo(403);
        assertThat(app.post("/write", "Cookie", ada.header(), "Authorization", "Bearer x")
                        .statusCode())
                .as("the cookie is what signs in")
                .isEqualTo(403);
        assertThat(app.get("/token", ada).headers().allValues("Set-Cookie"))
                .as("no HttpSession")
                .isEmpty();
    }

    @Test
    void springsLogoutEndsTheSession() throws Exception {
        TestSession ada = TestSession.of(gatehouse, "leaves@example.com");
        String[] token = app.get("/token", ada).body().split(" ");
        assertThat(app.get("/", ada).statusCode()).isEqualTo(200);
        HttpResponse<String> out = app.post("/logout", "Cookie", ada.header(), token[0], token[1]);
        assertThat(out.headers().firstValue("Location").orElse("")).endsWith("/auth/signed-out");
        assertThat(out.headers().allValues("Set-Cookie"))
                .anyMatch(cookie -> cookie.startsWith(ada.cookieName() + "=") && cookie.contains("Max-Age=0"));
        assertThat(app.get("/", ada).statusCode()).isEqualTo(401);
        assertThat(gatehouse.users().sessions(ada.who().user().id())).isEmpty();
    }

    @Test
    void anActuatorOnItsOwnPortIsNotOpenToAnybody(@TempDir Path more) throws Exception {
        try (RunningApplication other = new RunningApplication(
                more,
                TestApplication.class,
                "management.server.port=0",
                "management.endpoints.web.exposure.include=*")) {
            String port = other.context().getEnvironment().getProperty("local.management.port");
            HttpResponse<String> env = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/env"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(env.statusCode()).isEqualTo(403);
            assertThat(env.body()).doesNotContain("propertySources");
            TestSession ada = TestSession.of(other.gatehouse(), "ada@example.com");
            assertThat(other.get("/", ada).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void anErrorIsSpringBootsOwnPage() throws Exception {
        TestSession ada = TestSession.of(gatehouse, "error@example.com");
        assertThat(app.get("/fails", ada).statusCode()).isEqualTo(500);
        assertThat(app.get("/fails", ada).body()).contains("\"path\":\"/fails\"");
        assertThat(app.get("/nowhere", ada).statusCode()).isEqualTo(404);
    }
}
