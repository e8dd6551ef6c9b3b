package dev.gatehouse.servlet;

import static dev.gatehouse.servlet.SampleApp.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.User;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The session cookie on the wire, and what must go with it. */
class CookiesTest {
    private final SampleApp app = new SampleApp();
    private House house;
    private User ada;
    private String pair;

    @BeforeEach
    void open() {
        house = new House(Map.of(Setting.PUBLIC_PATHS, "/public/*", Setting.API_PATH, "/api"));
        ada = house.user("ada@example.com");
        pair = house.cookie(ada);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private Container.Running start(Container container) throws Exception {
        return container.start(
                new Container.App(context -> app.install(context, new GatehouseFilter(house.gatehouse))));
    }

    private static void nobody(Wire wire, String... headers) throws IOException {
        Wire.Reply reply = wire.get("/private", headers);
        assertThat(reply.status()).as(String.join(" | ", headers)).isIn(400, 401);
        assertThat(reply.raw()).as(String.join(" | ", headers)).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("C07 the cookie stays small whatever a person may do, and a forged count of parts is no session")
    void cookiesStaySmall(Container container) throws Exception {
        for (int i = 0; i < 30; i++) {
            String organization =
                    house.gatehouse.organizations().create("Org " + i).id();
            house.gatehouse.organizations().addMember(organization, ada.id(), "admin");
        }
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/private", "Cookie: " + pair).body()).contains(SECRET);
            Browser browser = new Browser(running.port(), "");
            Wire.Reply typed = browser.post("/auth/sign-in", "flow=" + browser.begin() + "&email=" + ada.email());
            String flow = Browser.flow(browser.get(typed.header("Location")));
            Wire.Reply choose = browser.post("/auth/password", "flow=" + flow + "&password=" + House.PASSWORD);
            Wire.Reply page = browser.get(choose.header("Location"));
            String organization = House.between(page.body(), "name=\"organization_id\" value=\"", "\"");
            Wire.Reply done = browser.post(
                    "/auth/organization", "flow=" + Browser.flow(page) + "&organization_id=" + organization);
            assertThat(done.status()).isEqualTo(303);
            assertThat(done.all("Set-Cookie")).hasSize(1).allMatch(cookie -> cookie.length() < 512);

            String value = pair.substring(pair.indexOf('=') + 1);
            for (String forged : List.of(
                    "gatehouse_session=9!" + value,
                    "gatehouse_session=0!" + value,
                    "gatehouse_session=1!" + value,
                    "gatehouse_session=2!" + value,
                    "gatehouse_session=99999999!" + value,
                    "gatehouse_session=2!" + value + "; gatehouse_session.99999999=x",
                    "gatehouse_session.99999999=" + value)) {
                nobody(wire, "Cookie: " + forged);
            }
            // parts as SealedCookie writes them are put together
            assertThat(wire.get(
                                    "/private",
                                    "Cookie: gatehouse_session=2!" + value.substring(0, 20) + "; gatehouse_session.1="
                                            + value.substring(20))
                            .body())
                    .contains(SECRET);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("C08 a second cookie of the name, or an odd spelling of it, is no session")
    void shadowedCookiesAreRefused(Container container) throws Exception {
        String other = house.cookie(house.user("mallory@example.com"));
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/private", "Cookie: theme=dark; " + pair + "; x=y")
                            .body())
                    .contains("user=" + ada.id());
            String value = pair.substring(pair.indexOf('=') + 1);
            nobody(wire, "Cookie: " + pair + "; " + other);
            nobody(wire, "Cookie: " + other + "; " + pair);
            nobody(wire, "Cookie: " + pair + "; " + pair);
            nobody(wire, "Cookie: " + pair, "Cookie: " + other);
            for (String odd : List.of(
                    "\u00a0gatehouse_session=" + value,
                    "\u2000gatehouse_session=" + value,
                    "GATEHOUSE_SESSION=" + value,
                    "gatehouse_session\u0000=" + value,
                    "gatehouse%5Fsession=" + value,
                    "=gatehouse_session=" + value,
                    "__Host-gatehouse_session=" + value,
                    "x=\"; gatehouse_session=" + value + "; \"",
                    "$Version=1; x=\"a; gatehouse_session=" + value + "\"")) {
                Wire.Reply reply = wire.get("/private", "Cookie: " + odd);
                boolean own = reply.body().contains("user=" + ada.id());
                // a cookie whose value begins with a quote is two cookies to a modern parser: ours is still ours
                assertThat(own && !odd.startsWith("x=")).as(container + odd).isFalse();
                Wire.Reply shadowed = wire.get("/private", "Cookie: " + odd + "; " + other);
                assertThat(shadowed.body()).as(container + odd).doesNotContain("user=" + ada.id());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("C09 every cookie is HttpOnly and SameSite=Lax, and with https Secure and __Host-")
    void cookiesHaveTheirAttributes(Container container) throws Exception {
        for (boolean https : List.of(false, true)) {
            try (House own = new House(
                            https ? Map.of(Setting.ORIGIN, "https://app.test") : Map.<Setting<?>, String>of());
                    Container.Running running = container.start(
                            new Container.App(context -> app.install(context, new GatehouseFilter(own.gatehouse))))) {
                User user = own.user("ada@example.com");
                Browser browser = new Browser(running.port(), "");
                Wire.Reply begun = browser.get("/auth/sign-in");
                Wire.Reply done = new Browser(running.port(), "").signIn(user.email());
                Wire.Reply out = browser.post("/auth/sign-out", "csrf=x");
                for (Wire.Reply reply : List.of(begun, done, out)) {
                    assertThat(reply.all("Set-Cookie")).isNotEmpty();
                    for (String cookie : reply.all("Set-Cookie")) {
                        assertThat(cookie)
                                .startsWith(https ? "__Host-gatehouse_" : "gatehouse_")
                                .contains("; HttpOnly", "; SameSite=Lax", "; Path=/;")
                                .doesNotContainIgnoringCase("domain");
                        assertThat(cookie.endsWith("; Secure")).as(cookie).isEqualTo(https);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("C10 nothing that one person sees is kept for another")
    void nothingPersonalIsCached(Container container) throws Exception {
        String cookie = "Cookie: " + pair;
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            for (String target : List.of("/private", "/public/x", "/public/error?to=404", "/public/async-again")) {
                Wire.Reply reply = wire.get(target, cookie);
                assertThat(reply.status()).as(target).isIn(200, 404);
                assertThat(reply.header("Cache-Control")).as(container + target).contains("no-store");
            }
            assertThat(wire.get("/public/x").header("Cache-Control"))
                    .as("a page about nobody may be kept")
                    .isEmpty();
            for (String target :
                    List.of("/private", "/auth/sign-in", "/auth/account", "/auth/nothing", "/api/nothing")) {
                for (String accept : List.of("text/html", "application/json")) {
                    Wire.Reply reply = wire.get(target, "Accept: " + accept);
                    assertThat(reply.all("Cache-Control"))
                            .as(target)
                            .isNotEmpty()
                            .allMatch("no-store"::equals);
                }
            }
            Browser browser = new Browser(running.port(), "");
            Wire.Reply done = browser.signIn(ada.email());
            assertThat(done.header("Cache-Control")).isEqualTo("no-store");
            assertThat(done.header("Vary")).isEqualTo("Cookie");
            assertThat(wire.get("/auth/account", cookie).header("Vary")).isEqualTo("Cookie");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("C11 headers are there when the answer is flushed early or is an error")
    void headersComeBeforeTheApplication(Container container) throws Exception {
        String cookie = "Cookie: " + pair;
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            for (String target : List.of("/public/stream", "/public/error?to=500", "/public/error?to=403")) {
                assertThat(wire.get(target, cookie).header("Cache-Control"))
                        .as(container + target)
                        .contains("no-store");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("a bearer token is refused from its exp on, however lately it was seen")
    void tokensEndWhenTheySay(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            String token = "Authorization: Bearer " + house.token(ada);
            assertThat(wire.get("/private", token).body()).contains(SECRET, "user=" + ada.id());
            house.clock.pass(Duration.ofMinutes(5).minusMillis(1));
            assertThat(wire.get("/private", token).body()).contains(SECRET);
            house.clock.pass(Duration.ofMillis(1));
            assertThat(wire.get("/private", token).status()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("a session's cookie is no bearer token and a token is no cookie, also when seen a moment ago")
    void credentialsAreNotInterchangeable(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            String token = house.token(ada);
            String value = pair.substring(pair.indexOf('=') + 1);
            assertThat(wire.get("/private", "Authorization: Bearer " + token).status())
                    .isEqualTo(200);
            assertThat(wire.get("/private", "Cookie: " + pair).status()).isEqualTo(200);
            nobody(wire, "Cookie: gatehouse_session=" + token);
            nobody(wire, "Authorization: Bearer " + value);
        }
    }
}
