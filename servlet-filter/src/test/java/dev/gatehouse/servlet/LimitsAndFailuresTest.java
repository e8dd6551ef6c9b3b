package dev.gatehouse.servlet;

import static dev.gatehouse.servlet.SampleApp.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.User;
import dev.gatehouse.spi.Storage;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Too much, too slow, and broken from inside: nobody gets through, and nobody learns why. */
class LimitsAndFailuresTest {
    private static final String CANARY = "canary-of-a-failure";
    private final SampleApp app = new SampleApp();
    private House house;
    private User ada;
    private String key;

    @BeforeEach
    void open() {
        house = new House(Map.of(Setting.PUBLIC_PATHS, "/public/*", Setting.API_PATH, "/api"));
        ada = house.user("ada@example.com");
        key = "Authorization: Bearer " + House.KEY;
    }

    @AfterEach
    void close() {
        house.close();
    }

    private Container.Running start(Container container) throws Exception {
        return start(container, house);
    }

    private Container.Running start(Container container, House before) throws Exception {
        return container.start(
                new Container.App(context -> app.install(context, new GatehouseFilter(before.gatehouse))));
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H18 a form over 64 KiB is 413, and so is an API body over 1 MiB")
    void bodiesHaveALimit(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Browser browser = new Browser(running.port(), "");
            String form = "flow=" + browser.begin() + "&email=ada@example.com&pad=";
            String most = form + "x".repeat((1 << 16) - form.length());
            assertThat(browser.post("/auth/sign-in", most).status()).isEqualTo(303);
            Wire.Reply large = browser.post("/auth/sign-in", most + "x");
            assertThat(large.status()).isEqualTo(413);
            assertThat(large.body()).contains("The form was too large").contains("</html>");

            Wire wire = new Wire(running.port());
            String body = "{\"name\":\"Acme\",\"metadata\":{}}";
            String json = body + " ".repeat((1 << 20) - body.length());
            String type = "Content-Type: application/json";
            assertThat(wire.send("POST", "/api/organizations", json, key, type).status())
                    .isEqualTo(201);
            Wire.Reply refused = wire.send("POST", "/api/organizations", json + " ", key, type);
            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.header("Content-Type")).startsWith("application/json");
            assertThat(refused.body())
                    .isEqualTo(
                            "{\"message\":\"The body is larger than 1048576 bytes.\",\"code\":\"request_too_large\"}");
            Wire.Reply chunked = wire.raw("POST /api/organizations HTTP/1.1\r\nHost: app.test\r\n" + key + "\r\n" + type
                    + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n100001\r\n" + json
                    + " \r\n0\r\n\r\n");
            assertThat(chunked.status()).as("without a Content-Length").isEqualTo(413);
            Wire.Reply oauth = wire.send("POST", "/api/user_management/authenticate", json + " ", type);
            assertThat(oauth.status()).isEqualTo(413);
            assertThat(oauth.body()).startsWith("{\"error\":\"request_too_large\"");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H18 a form that is no form is refused")
    void multipartIsNoForm(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            for (String type : List.of("multipart/form-data; boundary=x", "application/json", "text/plain")) {
                Wire.Reply reply = wire.send("POST", "/auth/sign-in", "--x\r\n\r\n--x--", "Content-Type: " + type);
                assertThat(reply.status()).as(type).isEqualTo(415);
            }
        }
    }

    @Test
    @DisplayName("H18 a body that drips is given up after ten seconds")
    void slowBodiesAreGivenUp() throws Exception {
        try (Container.Running jetty = start(Container.JETTY);
                Container.Running tomcat = start(Container.TOMCAT);
                Socket one = new Socket(InetAddress.getLoopbackAddress(), jetty.port());
                Socket two = new Socket(InetAddress.getLoopbackAddress(), tomcat.port())) {
            String head = String.join(
                    "\r\n",
                    "POST /auth/sign-in HTTP/1.1",
                    "Host: app.test",
                    "Content-Length: 1000",
                    "Content-Type: application/x-www-form-urlencoded",
                    "Connection: close",
                    "",
                    "");
            List<Socket> sockets = List.of(one, two);
            for (Socket socket : sockets) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            }
            for (int i = 0; i < 24; i++) {
                for (Socket socket : sockets) {
                    OutputStream out = socket.getOutputStream();
                    if (socket.getInputStream().available() == 0) {
                        out.write('x');
                        out.flush();
                    }
                }
                Thread.sleep(500);
            }
            for (Socket socket : sockets) {
                byte[] start = socket.getInputStream().readNBytes(12);
                assertThat(new String(start, StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 408");
            }
        }
    }

    private void closed(Wire.Reply reply, String as) {
        assertThat(reply.status()).as(as).isIn(500, 503);
        assertThat(reply.raw())
                .as(as)
                .doesNotContain(SECRET)
                .doesNotContain(CANARY)
                .doesNotContain("dev.gatehouse")
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H19 H20 storage, keys or clock failing is 500 or 503 without detail, and never the page")
    void whateverFailsNobodyGetsThrough(Container container) throws Exception {
        String cookie = "Cookie: " + house.cookie(ada);
        String token = "Authorization: Bearer " + house.token(ada);
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/private", cookie).body()).contains(SECRET);
            assertThat(wire.get("/private", token).body()).contains(SECRET);
            List<RuntimeException> failures = List.of(
                    new Storage.StorageException(CANARY, new IllegalStateException(CANARY)),
                    new IllegalStateException(CANARY));
            for (RuntimeException failure : failures) {
                house.clock.pass(java.time.Duration.ofSeconds(6));
                String as = container + " storage " + failure.getClass();
                house.storageFails = failure;
                closed(wire.get("/private", cookie), as);
                closed(wire.get("/private", token), as);
                closed(wire.get("/public/x", cookie), as);
                closed(wire.get("/auth/account", cookie), as);
                closed(wire.get("/api/organizations", key), as);
                Wire.Reply page = wire.get("/auth/account", cookie);
                assertThat(page.header("Content-Security-Policy")).as(as).contains("frame-ancestors 'none'");
                assertThat(page.body()).as(as).contains("Something failed on our side");
                assertThat(wire.get("/public/x").status())
                        .as("a page for anybody needs no storage")
                        .isEqualTo(200);
                house.storageFails = null;
                assertThat(wire.get("/private", cookie).body()).contains(SECRET);

                house.clock.fails = new IllegalStateException(CANARY);
                closed(wire.get("/private", cookie), as + " clock");
                closed(wire.get("/auth/account", cookie), as + " clock");
                house.clock.fails = null;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H20 a keyring that fails opens nothing")
    void aFailingKeyringOpensNothing(Container container) throws Exception {
        // the cookie is sealed by one instance, so that the other has no key in memory yet
        String cookie = "Cookie: " + house.cookie(ada);
        try (House cold = new House(Map.of());
                Container.Running running = start(container, cold)) {
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/private", cookie).status())
                    .as("not of this instance")
                    .isEqualTo(401);
        }
        try (House cold = new House(Map.of());
                Container.Running running = start(container, cold)) {
            cold.keyringFails = new IllegalStateException(CANARY);
            Wire wire = new Wire(running.port());
            closed(wire.get("/private", cookie), container + " keyring");
            closed(wire.get("/auth/sign-in"), container + " keyring");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H20 a filter that cannot start leaves the application closed")
    void aFilterThatCannotStartLeavesNothingOpen(Container container) {
        try (House wrong = new House(Map.of(Setting.PUBLIC_PATHS, "*.css"))) {
            try (Container.Running running = container.start(
                    new Container.App(context -> app.install(context, new GatehouseFilter(wrong.gatehouse))))) {
                assertThat(new Wire(running.port()).get("/private").raw()).doesNotContain(SECRET);
            } catch (Exception e) {
                assertThat(e).as("refused to start").isNotNull();
            }
        }
    }

    @Test
    void rulesThatCouldNeverMatchStopTheStart() {
        for (String pattern : List.of("*.css", "about", "/a*", "/a/**", "/a/*/b", "//a")) {
            assertThatThrownBy(() -> new PathRules(List.of(pattern), List.of(), List.of(), List.of()))
                    .as(pattern)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("public-paths '" + pattern + "'");
        }
        assertThatThrownBy(() -> new PathRules(List.of(), List.of(), List.of("/admin"), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("/path/*=role");
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H19 C11 what the application throws is the application's, and no page of ours tells of it")
    void anApplicationsFailureStaysItsOwn(Container container) throws Exception {
        String cookie = "Cookie: " + house.cookie(ada);
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/public/throw", cookie).status()).isEqualTo(500);
            for (String target : List.of("/auth/nothing", "/auth/account/x", "/auth", "/auth/", "/api/nothing")) {
                Wire.Reply reply = wire.get(target, cookie);
                assertThat(reply.status()).as(target).isIn(404);
                assertThat(reply.header("Server")).as(target).doesNotContainIgnoringCase("gatehouse");
                assertThat(reply.body()).as(target).doesNotContain("Exception").doesNotContain("dev.gatehouse");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void anOperationThatIsNotThereIsNotFoundWithAKeyAndOneOfTheApplicationsPathsWithout(Container container)
            throws Exception {
        try (House api = new House(Map.of(Setting.API_PATH, "/"));
                Container.Running running = start(container, api)) {
            String key = "Authorization: Bearer " + House.KEY;
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/organizations", key).status()).isEqualTo(200);
            Wire.Reply missing = wire.get("/vault/v1/kv", key);
            assertThat(missing.status()).isEqualTo(404);
            assertThat(missing.body()).contains("SUPPORTED.md");
            assertThat(wire.get("/vault/v1/kv", "Accept: application/json").status())
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void operationsBelowThePathOfThePagesAreReached(Container container) throws Exception {
        try (House api = new House(Map.of(Setting.API_PATH, "/"));
                Container.Running running = start(container, api)) {
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/auth/sign-in").status()).isEqualTo(302);
            assertThat(wire.get("/auth/factors/none").status()).isEqualTo(401);
            Wire.Reply missing = wire.get("/auth/factors/none", "Authorization: Bearer " + House.KEY);
            assertThat(missing.status()).isEqualTo(404);
            assertThat(missing.body()).contains("Authentication factor not found: 'none'.");
            assertThat(wire.get("/auth/factors").body()).startsWith("<!doctype html>");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    void theMountPointItselfIsNotFound(Container container) throws Exception {
        try (House api = new House(Map.of(Setting.API_PATH, "/gatehouse"));
                Container.Running running = start(container, api)) {
            Wire wire = new Wire(running.port());
            for (String path : List.of("/gatehouse", "/gatehouse/")) {
                assertThat(wire.get(path, "Authorization: Bearer " + House.KEY).status())
                        .as(path)
                        .isEqualTo(404);
            }
        }
    }
}
