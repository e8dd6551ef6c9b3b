package dev.gatehouse.servlet;

import static dev.gatehouse.servlet.SampleApp.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.User;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Production answers over HTTPS only, and only a trusted proxy may say that it is HTTPS. */
class ProductionTest {
    private static final String HTTPS = "X-Forwarded-Proto: https";
    private final SampleApp app = new SampleApp();

    private static House house(String trusted) {
        Map<Setting<?>, String> settings = new LinkedHashMap<>();
        settings.put(Setting.PRODUCTION, "true");
        settings.put(Setting.ENVIRONMENT, "production");
        settings.put(Setting.ORIGIN, "https://app.test");
        settings.put(Setting.PUBLIC_PATHS, "/public/*");
        settings.put(Setting.API_PATH, "/api");
        settings.put(Setting.TRUSTED_PROXIES, trusted);
        return new House(settings);
    }

    private Container.Running start(Container container, House house) throws Exception {
        return container.start(
                new Container.App(context -> app.install(context, new GatehouseFilter(house.gatehouse))));
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("R06 over plain HTTP a page leads to the configured origin, and all else is 403")
    void plainHttpIsSentAway(Container container) throws Exception {
        try (House house = house("127.0.0.1");
                Container.Running running = start(container, house)) {
            User ada = house.user("ada@example.com");
            String cookie = "Cookie: " + house.cookie(ada);
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/private", cookie, HTTPS).body()).contains(SECRET, "user=" + ada.id());
            int before = app.handled.get();
            for (String method : List.of("GET", "HEAD")) {
                for (String target : List.of("/private?a=b", "/public/x", "/auth/sign-in", "/")) {
                    Wire.Reply reply = wire.send(method, target, "", cookie, "Host: evil.test");
                    assertThat(reply.status()).as(target).isEqualTo(308);
                    assertThat(reply.header("Location")).isEqualTo("https://app.test" + target);
                    assertThat(reply.all("Strict-Transport-Security"))
                            .as("RFC 6797 §7.2: never over HTTP")
                            .isEmpty();
                }
            }
            for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS")) {
                for (String target : List.of("/private", "/auth/sign-in", "/api/organizations")) {
                    Wire.Reply reply = wire.send(method, target, "", cookie);
                    assertThat(reply.status()).as(method + target).isEqualTo(403);
                    assertThat(reply.body()).contains("https_required");
                }
            }
            assertThat(wire.get("/api/organizations", cookie).status())
                    .as("a key that was sent in the clear must not be sent again")
                    .isEqualTo(403);
            assertThat(app.handled.get()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H10 what says that it is HTTPS must be trusted, and must not be contradicted")
    void onlyATrustedProxySaysThatItIsHttps(Container container) throws Exception {
        try (House house = house("127.0.0.1");
                Container.Running running = start(container, house)) {
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/public/x", HTTPS).status()).isEqualTo(200);
            for (String said : List.of(
                    "X-Forwarded-Proto: http",
                    "X-Forwarded-Proto: javascript",
                    "X-Forwarded-Proto: https, http",
                    "X-Forwarded-Proto: https\r\nX-Forwarded-Proto: http",
                    "X-Forwarded-Proto: http\r\nX-Forwarded-Proto: https",
                    "X_Forwarded_Proto: https",
                    "Forwarded: proto=https",
                    "X-Forwarded-Ssl: on",
                    "Front-End-Https: on")) {
                assertThat(wire.get("/public/x", said).status()).as(said).isEqualTo(308);
            }
        }
        for (String elsewhere : List.of("", "10.0.0.0/8", "::1")) {
            try (House house = house(elsewhere);
                    Container.Running running = start(container, house)) {
                assertThat(new Wire(running.port()).get("/public/x", HTTPS).status())
                        .as(elsewhere)
                        .isEqualTo(308);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("over HTTPS every answer has HSTS, and the whole sign-in works with __Host- cookies")
    void overHttpsAllIsWell(Container container) throws Exception {
        try (House house = house("127.0.0.1");
                Container.Running running = start(container, house)) {
            User ada = house.user("ada@example.com");
            Wire wire = new Wire(running.port());
            for (String target : List.of(
                    "/private",
                    "/public/x",
                    "/auth/sign-in",
                    "/auth/nothing",
                    "/auth/gatehouse.css",
                    "/api/nothing",
                    "/public/error?to=404")) {
                assertThat(wire.get(target, HTTPS).all("Strict-Transport-Security"))
                        .as(target)
                        .containsExactly("max-age=31536000; includeSubDomains");
            }
            Browser browser = new Browser(running.port(), "", HTTPS);
            browser.signIn(ada.email());
            assertThat(browser.cookies.keySet()).allMatch(name -> name.startsWith("__Host-gatehouse_"));
            assertThat(browser.get("/private").body()).contains("user=" + ada.id());
            String value = browser.cookies.get("__Host-gatehouse_session");
            assertThat(wire.get("/private", HTTPS, "Cookie: gatehouse_session=" + value)
                            .status())
                    .as("a cookie that any subdomain could have set")
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("staging answers over http://localhost")
    void stagingAnswersOverHttp(Container container) throws Exception {
        try (House house = new House(Map.of());
                Container.Running running = start(container, house)) {
            User ada = house.user("ada@example.com");
            Browser browser = new Browser(running.port(), "", "Host: localhost");
            browser.signIn(ada.email());
            Wire.Reply reply = browser.get("/private");
            assertThat(reply.body()).contains("user=" + ada.id());
            assertThat(reply.all("Strict-Transport-Security")).isEmpty();
        }
    }

    @Test
    void productionNeedsAnHttpsOrigin() {
        assertThatThrownBy(() -> new House(Map.of(Setting.PRODUCTION, "true", Setting.ENVIRONMENT, "production")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("origin");
    }
}
