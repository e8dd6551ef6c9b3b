package dev.gatehouse.servlet;

import static dev.gatehouse.servlet.SampleApp.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.User;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The hosted pages and the API behind the filter: other sites, frames, scripts, redirects. */
class PagesTest {
    private final SampleApp app = new SampleApp();
    private House house;
    private User ada;

    @BeforeEach
    void open() {
        house = new House(
                Map.of(Setting.PUBLIC_PATHS, "/public/*", Setting.API_PATH, "/api", Setting.ORIGIN, "http://app.test"));
        ada = house.user("ada@example.com");
    }

    @AfterEach
    void close() {
        house.close();
    }

    private Container.Running start(Container container) throws Exception {
        return start(container, "");
    }

    private Container.Running start(Container container, String contextPath) throws Exception {
        return container.start(new Container.App(
                contextPath, Map.of(), context -> app.install(context, new GatehouseFilter(house.gatehouse))));
    }

    private static String csrf(Browser browser) throws Exception {
        return House.between(browser.get("/auth/account").body(), "name=\"csrf\" value=\"", "\"");
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("F01 a form of another site, or without its token, changes nothing")
    void formsOfOtherSitesAreRefused(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Browser browser = new Browser(running.port(), "");
            browser.signIn(ada.email());
            String form = "csrf=" + csrf(browser) + "&first_name=Eve&last_name=X";
            for (String header : List.of(
                    "Sec-Fetch-Site: cross-site",
                    "Sec-Fetch-Site: same-site",
                    "Sec-Fetch-Site: odd",
                    "Origin: null",
                    "Origin: https://app.test",
                    "Origin: http://app.test.evil.test",
                    "Origin: http://evil.test",
                    "Origin: http://app.test:8080")) {
                Wire.Reply reply = browser.post("/auth/account/profile", form, header);
                assertThat(reply.status()).as(header).isEqualTo(403);
                assertThat(browser.post("/auth/sign-in", "flow=x", header).status())
                        .as(header)
                        .isEqualTo(403);
            }
            for (String token : List.of("", "csrf=&", "csrf=x&")) {
                assertThat(browser.post("/auth/account/profile", token + "first_name=Eve")
                                .status())
                        .as(token)
                        .isEqualTo(400);
            }
            assertThat(browser.get("/auth/account").body()).contains("value=\"Ada\"");
            for (String header : List.of("Sec-Fetch-Site: same-origin", "Origin: http://app.test", "X-Nothing: x")) {
                assertThat(browser.post("/auth/account/profile", form, header).status())
                        .as(header)
                        .isEqualTo(303);
            }
            assertThat(browser.get("/auth/account").body()).contains("value=\"Eve\"");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("F02 a JSON operation takes JSON only")
    void jsonOperationsTakeJson(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            String key = "Authorization: Bearer " + House.KEY;
            String json = "{\"name\":\"Acme\"}";
            assertThat(wire.send("POST", "/api/organizations", json, key, "Content-Type: application/json")
                            .status())
                    .isEqualTo(201);
            for (String type : List.of(
                    "text/plain",
                    "application/x-www-form-urlencoded",
                    "multipart/form-data; boundary=x",
                    "text/plain; application/json",
                    "application/jsonp")) {
                assertThat(wire.send("POST", "/api/organizations", json, key, "Content-Type: " + type)
                                .status())
                        .as(type)
                        .isEqualTo(415);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("F03 nobody's browser finishes another's sign-in or is signed out by another site")
    void signInAndSignOutBelongToTheBrowser(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Browser mallory = new Browser(running.port(), "");
            String flow = mallory.begin();
            Browser victim = new Browser(running.port(), "");
            victim.begin();
            Wire.Reply forced = victim.post("/auth/sign-in", "flow=" + flow + "&email=mallory@example.com");
            assertThat(forced.status()).isEqualTo(400);
            assertThat(forced.body()).contains("begun in another browser");
            assertThat(mallory.post("/auth/sign-in", "flow=" + flow + "&email=mallory@example.com")
                            .status())
                    .isEqualTo(303);

            victim.signIn(ada.email());
            assertThat(victim.post("/auth/sign-out", "csrf=x", "Origin: http://evil.test")
                            .status())
                    .isEqualTo(403);
            assertThat(victim.get("/auth/sign-out").status())
                    .as("asks, and does nothing")
                    .isEqualTo(200);
            assertThat(victim.get("/private").body()).contains(SECRET);
            assertThat(victim.post("/auth/sign-out", "csrf=" + csrf(victim)).status())
                    .isEqualTo(303);
            assertThat(victim.get("/private").status()).isEqualTo(302);
            assertThat(house.sessions(ada)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("F04 a form's token belongs to its session")
    void formTokensBelongToTheirSession(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Browser first = new Browser(running.port(), "");
            first.signIn(ada.email());
            Browser second = new Browser(running.port(), "");
            second.signIn(ada.email());
            String token = csrf(first);
            assertThat(csrf(second)).isNotEqualTo(token);
            assertThat(second.post("/auth/account/profile", "first_name=Eve&csrf=" + token)
                            .status())
                    .isEqualTo(400);
            assertThat(first.post("/auth/account/profile", "first_name=Eve&csrf=" + token)
                            .status())
                    .isEqualTo(303);
            first.cookies.remove("gatehouse_session");
            first.signIn(ada.email());
            assertThat(csrf(first)).as("new with every sign-in").isNotEqualTo(token);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("F05 GET and HEAD change nothing")
    void readingChangesNothing(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Browser browser = new Browser(running.port(), "");
            int idle = house.writes.get();
            browser.signIn(ada.email());
            int before = house.writes.get();
            assertThat(before).as("the counter counts").isGreaterThan(idle);
            Wire wire = new Wire(running.port());
            for (String target : List.of(
                    "/auth/sign-in",
                    "/auth/sign-up",
                    "/auth/password",
                    "/auth/organization",
                    "/auth/account",
                    "/auth/account/profile",
                    "/auth/account/sessions",
                    "/auth/sign-out",
                    "/auth/signed-out",
                    "/private",
                    "/public/x",
                    "/api/user_management/users",
                    "/api/organizations",
                    "/api/user_management/authorize?client_id=client_01TEST&redirect_uri=http://x&response_type=code",
                    "/api/user_management/sessions/logout")) {
                browser.get(target);
                wire.send("HEAD", target, "", "Authorization: Bearer " + House.KEY);
            }
            assertThat(house.writes.get()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("F06 F07 another origin reads only what is listed, letter by letter")
    void originsAreListed(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            String key = "Authorization: Bearer " + House.KEY;
            assertThat(wire.send(
                                    "POST",
                                    "/api/user_management/cors_origins",
                                    "{\"origin\":\"https://app.example.com\"}",
                                    key,
                                    "Content-Type: application/json")
                            .status())
                    .isEqualTo(201);
            Wire.Reply listed = wire.get("/api/organizations", key, "Origin: https://app.example.com");
            assertThat(listed.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example.com");
            assertThat(listed.header("Vary")).isEqualTo("Origin");
            Wire.Reply preflight = wire.send(
                    "OPTIONS",
                    "/api/organizations",
                    "",
                    "Origin: https://app.example.com",
                    "Access-Control-Request-Method: DELETE",
                    "Access-Control-Request-Private-Network: true");
            assertThat(preflight.status()).isEqualTo(204);
            assertThat(preflight.header("Access-Control-Allow-Methods")).isEqualTo("GET, POST");
            assertThat(preflight.all("Access-Control-Allow-Private-Network")).isEmpty();
            for (String origin : List.of(
                    "null",
                    "https://app.example.com.evil.com",
                    "https://evilapp.example.com",
                    "https://evil.com",
                    "http://app.example.com",
                    "https://app.example.com:8443",
                    "https://app.example.com/",
                    "https://APP.example.com.",
                    "*")) {
                Wire.Reply reply = wire.get("/api/organizations", key, "Origin: " + origin);
                assertThat(reply.all("Access-Control-Allow-Origin")).as(origin).isEmpty();
                assertThat(reply.all("Access-Control-Allow-Credentials"))
                        .as(origin)
                        .isEmpty();
                Wire.Reply asked = wire.send("OPTIONS", "/api/organizations", "", "Origin: " + origin);
                assertThat(asked.status()).as(origin).isEqualTo(405);
                assertThat(asked.all("Access-Control-Allow-Methods")).as(origin).isEmpty();
            }
            assertThat(wire.send("OPTIONS", "/api/nothing", "", "Origin: https://app.example.com")
                            .status())
                    .isEqualTo(404);
            for (String target : List.of("/auth/account", "/auth/sign-in", "/private")) {
                assertThat(wire.get(target, "Origin: https://app.example.com").all("Access-Control-Allow-Origin"))
                        .as("pages are for people: " + target)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("F08 no page of ours, error or not, can be framed or run a script")
    void everyPageHasItsHeaders(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Browser browser = new Browser(running.port(), "");
            List<Wire.Reply> replies = new ArrayList<>();
            String flow = browser.begin();
            replies.add(browser.get("/auth/sign-in"));
            replies.add(browser.get("/auth/sign-in?flow=" + flow));
            replies.add(browser.get("/auth/sign-up?flow=" + flow));
            replies.add(browser.get("/auth/password?flow=" + flow));
            replies.add(browser.post("/auth/password", "flow=" + flow + "&password=wrong"));
            replies.add(browser.get("/auth/account"));
            browser.signIn(ada.email());
            replies.add(browser.get("/auth/account"));
            replies.add(browser.get("/auth/signed-out"));
            replies.add(browser.get("/auth/nothing"));
            replies.add(browser.get("/auth/gatehouse.css"));
            replies.add(browser.get("/auth/icon.svg"));
            replies.add(browser.get("/api/user_management/authorize?client_id=nobody"));
            replies.add(browser.post("/auth/sign-in", "flow=x"));
            replies.add(browser.post("/auth/sign-in", "flow=x", "Origin: http://evil.test"));
            replies.add(browser.post("/auth/sign-in", "x".repeat(70_000)));
            replies.add(new Wire(running.port()).send("DELETE", "/auth/sign-in", ""));
            replies.add(new Wire(running.port()).send("POST", "/auth/sign-in", "{}", "Content-Type: text/plain"));
            assertThat(replies.stream().map(Wire.Reply::status).distinct())
                    .contains(200, 302, 303, 400, 403, 404, 405, 413, 415, 422);
            for (Wire.Reply reply : replies) {
                assertThat(reply.all("Content-Security-Policy"))
                        .as(reply.raw())
                        .hasSize(1)
                        .allMatch(csp -> csp.contains("default-src 'none'")
                                && csp.contains("frame-ancestors 'none'")
                                && !csp.contains("script-src")
                                && !csp.contains("unsafe"));
                assertThat(reply.header("X-Frame-Options")).as(reply.raw()).isEqualTo("DENY");
                assertThat(reply.header("X-Content-Type-Options"))
                        .as(reply.raw())
                        .isEqualTo("nosniff");
                assertThat(reply.header("Referrer-Policy")).as(reply.raw()).isEqualTo("no-referrer");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("F09 what people are called is text, wherever it is shown")
    void namesAreText(Container container) throws Exception {
        String script = "<script>alert(1)</script>";
        List<String> names = List.of(
                script,
                "\"><img src=x onerror=alert(1)>",
                "' onfocus='alert(1)' autofocus='",
                "javascript:alert(1)",
                "{{constructor.constructor('alert(1)')()}}",
                "${7*7}",
                "</title>" + script,
                "\u202eevil");
        try (House own = new House(Map.of(Setting.APP_NAME, script));
                Container.Running running = container.start(
                        new Container.App(context -> app.install(context, new GatehouseFilter(own.gatehouse))))) {
            User user = own.user("ada@example.com");
            for (int i = 0; i < 2; i++) {
                String organization =
                        own.gatehouse.organizations().create(names.get(i) + i).id();
                own.gatehouse.organizations().addMember(organization, user.id(), null);
            }
            Browser browser = new Browser(running.port(), "", "User-Agent: " + script);
            Wire.Reply typed = browser.post("/auth/sign-in", "flow=" + browser.begin() + "&email=" + user.email());
            String flow = Browser.flow(browser.get(typed.header("Location")));
            Wire.Reply choose = browser.post("/auth/password", "flow=" + flow + "&password=" + House.PASSWORD);
            Wire.Reply choice = browser.get(choose.header("Location"));
            assertThat(choice.body())
                    .contains("&lt;script")
                    .doesNotContain(script)
                    .doesNotContain("<img");
            String organization = House.between(choice.body(), "name=\"organization_id\" value=\"", "\"");
            browser.post("/auth/organization", "flow=" + Browser.flow(choice) + "&organization_id=" + organization);
            for (String name : names) {
                String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
                Wire.Reply changed = browser.post(
                        "/auth/account/profile", "csrf=" + csrf(browser) + "&first_name=" + encoded + "&last_name=x");
                assertThat(changed.status()).isEqualTo(303);
                String page = browser.get("/auth/account").body();
                assertThat(page)
                        .as(name)
                        .doesNotContain(script)
                        .doesNotContain("<img")
                        .doesNotContain("' onfocus='");
                Browser fresh = new Browser(running.port(), "");
                String begun = fresh.begin("/auth/sign-up?x=" + encoded);
                String again = fresh.post("/auth/sign-up", "flow=" + begun + "&email=" + encoded)
                        .body();
                assertThat(again).as(name).doesNotContain(script).doesNotContain("<img");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("F11 a language that nobody wrote makes nothing new")
    void languagesAreAList(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/auth/signed-out", "Accept-Language: de-AT, en;q=0.5")
                            .body())
                    .contains("<html lang=\"de\">");
            TreeSet<String> seen = new TreeSet<>();
            List<String> odd = new ArrayList<>(List.of(
                    "*",
                    "x",
                    "../../etc",
                    "en-\"><script>",
                    "e".repeat(7_000),
                    "a-,".repeat(2_000),
                    "de" + ",xy".repeat(2_000)));
            for (int i = 0; i < 300; i++) {
                odd.add("q" + (char) ('a' + i % 26) + "-x-" + i);
            }
            for (String language : odd) {
                String body = wire.get("/auth/signed-out", "Accept-Language: " + language)
                        .body();
                seen.add(House.between(body, "<html lang=\"", "\""));
            }
            assertThat(seen).containsExactly("en");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("R02 R03 after a sign-in nobody is sent to another host")
    void returnToStaysHere(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Browser signedIn = new Browser(running.port(), "");
            assertThat(signedIn.signIn(ada.email(), "/auth/sign-in?return_to=%2Fprivate%3Fa%3Db")
                            .header("Location"))
                    .isEqualTo("/private?a=b");
            for (List<String> row : Corpus.csv("redirect/return_to.csv")) {
                String encoded = URLEncoder.encode(row.get(0), StandardCharsets.UTF_8);
                Wire.Reply reply = signedIn.get("/auth/sign-in?return_to=" + encoded);
                assertThat(reply.status()).as(row.toString()).isEqualTo(303);
                String location = reply.header("Location");
                assertThat(URI.create("http://app.test/auth/x")
                                .resolve(location)
                                .getRawAuthority())
                        .as(row.toString())
                        .isEqualTo("app.test");
                assertThat(location).as(row.toString()).matches("/([^/\\\\].*)?");
                assertThat(reply.raw()).as(row.toString()).doesNotContain("\nSet-Cookie: x=1");
                if (row.get(1).startsWith("reject") || row.get(1).startsWith("use default")) {
                    assertThat(location).as(row.toString()).isEqualTo("/");
                } else if (row.get(1).startsWith("accept") && row.get(0).startsWith("/")) {
                    assertThat(location).as(row.toString()).isEqualTo(row.get(0));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H17 the pages work below a context path")
    void pagesWorkBelowAContextPath(Container container) throws Exception {
        try (Container.Running running = start(container, "/app")) {
            Browser browser = new Browser(running.port(), "/app");
            Wire.Reply sent = browser.get("/app/private?a=b");
            assertThat(sent.header("Location")).isEqualTo("/app/auth/sign-in?return_to=%2Fapp%2Fprivate%3Fa%3Db");
            assertThat(browser.signIn(ada.email(), sent.header("Location")).header("Location"))
                    .isEqualTo("/app/private?a=b");
            assertThat(browser.get("/app/private?a=b").body()).contains(SECRET, "user=" + ada.id());
            String account = browser.get("/app/auth/account").body();
            assertThat(account)
                    .contains("action=\"/app/auth/sign-out\"", "href=\"/app/auth/gatehouse.css\"", "href=\"/app/\"");
            assertThat(browser.get("/app/auth/gatehouse.css").status()).isEqualTo(200);
            String csrf = House.between(account, "name=\"csrf\" value=\"", "\"");
            assertThat(browser.post("/app/auth/sign-out", "csrf=" + csrf).header("Location"))
                    .isEqualTo("/app/auth/signed-out");
            assertThat(new Browser(running.port(), "/app").signIn(ada.email()).header("Location"))
                    .isEqualTo("/app/");
        }
    }
}
