package dev.gatehouse.servlet;

import static dev.gatehouse.servlet.SampleApp.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.User;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client may write into the request line and the headers, and what it may not change. */
class HeadersTest {
    private final SampleApp app = new SampleApp();
    private House house;
    private User ada;
    private String cookie;

    @BeforeEach
    void open() {
        house = new House(Map.of(Setting.PUBLIC_PATHS, "/public/*", Setting.ROLE_PATHS, "/admin/*=admin"));
        ada = house.user("ada@example.com");
        cookie = "Cookie: " + house.cookie(ada, "admin");
    }

    @AfterEach
    void close() {
        house.close();
    }

    private Container.Running start(Container container) throws Exception {
        return container.start(
                new Container.App(context -> app.install(context, new GatehouseFilter(house.gatehouse))));
    }

    private void nobody(Wire.Reply reply, int before, String as) {
        assertThat(reply.status()).as(as).isIn(0, 400, 401, 403, 404, 405, 431, 501, 505);
        assertThat(reply.raw()).as(as).doesNotContain(SECRET);
        assertThat(app.handled.get()).as(as).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H08 H09 every method needs the session; a method in a header or a form is no method")
    void methodsDoNotMatter(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/admin/users", cookie).body()).contains(SECRET, "method=GET");
            Pattern entry = Pattern.compile("\"([^\"]+)\": \"([^\"]+)\"");
            for (List<String> row : Corpus.csv("http/methods.csv")) {
                String method = row.get(0);
                List<String> headers = new ArrayList<>();
                String body = "";
                Matcher pairs = entry.matcher(row.get(1));
                while (pairs.find()) {
                    if (pairs.group(1).equals("_method(form)")) {
                        headers.add("Content-Type: application/x-www-form-urlencoded");
                        body = "_method=" + pairs.group(2);
                    } else {
                        headers.add(pairs.group(1) + ": " + pairs.group(2));
                    }
                }
                String as = container + " " + row;
                int before = app.handled.get();
                nobody(wire.send(method, "/admin/users", body, headers.toArray(String[]::new)), before, as);

                headers.add(cookie);
                Wire.Reply signedIn = wire.send(method, "/admin/users", body, headers.toArray(String[]::new));
                if (signedIn.status() == 200 && !method.equals("HEAD")) {
                    assertThat(signedIn.body()).as(as).contains("method=" + method + " ");
                }
                Wire.Reply page = wire.send(method, "/auth/sign-in", body, headers.toArray(String[]::new));
                if (!List.of("GET", "HEAD").contains(method)) {
                    assertThat(page.status()).as(as).isIn(400, 403, 405, 415, 501);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H08 HEAD is allowed where GET is, and has no body")
    void headIsGetWithoutTheBody(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            Wire.Reply signedIn = wire.send("HEAD", "/admin/users", "", cookie);
            assertThat(signedIn.status()).isEqualTo(200);
            assertThat(signedIn.body()).isEmpty();
            for (String target : List.of("/admin/users", "/auth/account", "/auth/sign-in", "/auth/gatehouse.css")) {
                Wire.Reply get = wire.get(target);
                Wire.Reply head = wire.send("HEAD", target, "");
                assertThat(head.status()).as(target).isEqualTo(get.status());
                assertThat(head.body()).as(target).isEmpty();
                assertThat(head.header("Cache-Control")).as(target).isEqualTo(get.header("Cache-Control"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName(
            "H10 H11 R06 no forwarding, bypass or identity header changes who is seen, where a redirect leads, or the address on record")
    void spoofedHeadersChangeNothing(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            String seen = wire.get("/admin/users", cookie).body();
            assertThat(seen).contains(SECRET, "user=" + ada.id());
            List<List<String>> rows = new ArrayList<>(Corpus.csv("http/spoof-headers.csv"));
            for (String more : List.of(
                    "X-Workos-Session", "X-PAN-AUTHCHECK", "X-Remote-User", "Remote-User", "X-Gatehouse-User")) {
                rows.add(List.of(more, more.equals("X-PAN-AUTHCHECK") ? "off" : ada.id()));
            }
            for (List<String> row : rows) {
                String header = row.get(0) + ": " + row.get(1);
                String as = container + " " + header;
                int before = app.handled.get();
                nobody(wire.get("/admin/users", header), before, as);
                nobody(wire.get("/public/../admin/users", header), before, as);

                Wire.Reply same = wire.get("/admin/users", cookie, header);
                assertThat(same.status() == 400 || same.body().equals(seen))
                        .as(as + same.raw())
                        .isTrue();
                Wire.Reply away = wire.get("/admin/users", "Accept: text/html", header);
                assertThat(away.status() == 400
                                || away.header("Location").equals("/auth/sign-in?return_to=%2Fadmin%2Fusers"))
                        .as(as + away.raw())
                        .isTrue();
                assertThat(wire.get("/public/x", header).body()).as(as).doesNotContain("user=admin");
            }
            for (String header : List.of("X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9")) {
                Browser browser = new Browser(running.port(), "", header);
                browser.signIn(ada.email());
            }
            assertThat(house.sessions(ada).subList(0, 2)).allMatch(s -> "127.0.0.1".equals(s.ipAddress()));
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H10 behind a trusted proxy the address on record is the last one that is not a proxy's")
    void aTrustedProxyIsHeard(Container container) throws Exception {
        try (House behind = new House(Map.of(Setting.TRUSTED_PROXIES, "127.0.0.1, 10.0.0.0/8"))) {
            User user = behind.user("ada@example.com");
            try (Container.Running running = container.start(
                    new Container.App(context -> app.install(context, new GatehouseFilter(behind.gatehouse))))) {
                new Browser(running.port(), "", "X-Forwarded-For: 198.51.100.7, 203.0.113.9, 10.1.2.3")
                        .signIn(user.email());
                assertThat(behind.sessions(user).get(0).ipAddress()).isEqualTo("203.0.113.9");
                // the proxy adds a line of its own below the client's
                new Browser(running.port(), "", "X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-For: 203.0.113.8")
                        .signIn(user.email());
                assertThat(behind.sessions(user).get(0).ipAddress()).isEqualTo("203.0.113.8");
                new Browser(running.port(), "", "X-Forwarded-For: not-an-ip").signIn(user.email());
                assertThat(behind.sessions(user).get(0).ipAddress()).isEqualTo("127.0.0.1");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H12 malformed and doubled headers never lead to a protected page")
    void malformedRequestsAreRefused(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            String line = "GET /admin/users HTTP/1.1\r\n";
            String end = "Connection: close\r\n\r\n";
            assertThat(wire.raw(line + "Host: app.test\r\n" + cookie + "\r\n" + end)
                            .body())
                    .contains(SECRET);
            for (String head : List.of(
                    line + "Host: app.test\r\nHost: evil.test\r\n" + end,
                    line + "Host: app.test\r\nX_Forwarded_For: 127.0.0.1\r\n" + end,
                    line + "Host: app.test\r\nCookie: a=b;\r\n gatehouse_session=x\r\n" + end,
                    line + "Host : app.test\r\n" + end,
                    line + "Host: app.test\r\nX-A: b\rX-C: d\r\n" + end,
                    line + "Host: app.test\nX-A: b\n" + end,
                    line + "Host: app.test\r\nX-A: b\u0000c\r\n" + end,
                    line + "Host: app.test\r\nContent-Length: 1\r\nContent-Length: 2\r\n" + end,
                    line + "Host: app.test\r\nContent-Length: -1\r\n" + end,
                    line + end)) {
                nobody(wire.raw(head), app.handled.get(), container + " " + head);
            }
            for (String doubled : List.of(
                    "Host: app.test\r\nHost: evil.test\r\n" + cookie + "\r\n",
                    "Host: app.test\r\n" + cookie + "\r\nContent-Length: 1\r\nContent-Length: 2\r\n",
                    "Host : app.test\r\n" + cookie + "\r\n")) {
                assertThat(wire.raw(line + doubled + end).status())
                        .as(container + doubled)
                        .isEqualTo(400);
            }
            Wire.Reply smuggled = wire.raw("POST /public/x HTTP/1.1\r\nHost: app.test\r\n" + cookie
                    + "\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                    + "GET /admin/users HTTP/1.1\r\nHost: app.test\r\n" + cookie + "\r\nConnection: close\r\n\r\n");
            assertThat(smuggled.raw())
                    .as("a second request hidden in a body is no request")
                    .doesNotContain(SECRET);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H22 HTTP/0.9 and targets that are no path get nothing")
    void oddProtocolsGetNothing(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            for (String raw : List.of(
                    "GET /admin/users\r\n\r\n",
                    "GET /admin/users HTTP/0.9\r\n\r\n",
                    "GET admin/users HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n",
                    "GET  HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n",
                    "CONNECT app.test:443 HTTP/1.1\r\nHost: app.test:443\r\nConnection: close\r\n\r\n")) {
                nobody(wire.raw(raw, 2_000), app.handled.get(), container + " " + raw);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H13 the Host header chooses no tenant")
    void theHostChoosesNothing(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            for (String host :
                    List.of("app.test.", "APP.TEST", "app.test:8080", "[::1]", "other.example", "127.0.0.1")) {
                assertThat(wire.get("/admin/users", "Host: " + host, cookie).body())
                        .as(host)
                        .contains(SECRET, "user=" + ada.id());
                assertThat(wire.get("/admin/users", "Host: " + host).status())
                        .as(host)
                        .isEqualTo(401);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H15 one source for a parameter: twice is refused, query and body are not mixed")
    void parametersAreNotPolluted(Container container) throws IOException, Exception {
        try (House api = new House(Map.of(Setting.API_PATH, "/api"))) {
            String key = "Authorization: Bearer " + House.KEY;
            User user = api.user("ada@example.com");
            try (Container.Running running = container.start(
                    new Container.App(context -> app.install(context, new GatehouseFilter(api.gatehouse))))) {
                Wire wire = new Wire(running.port());
                assertThat(wire.get("/api/user_management/users?limit=1", key).status())
                        .isEqualTo(200);
                for (String query : List.of("limit=1&limit=2", "limit=1;limit=2", "limit=1,2")) {
                    assertThat(wire.get("/api/user_management/users?" + query, key)
                                    .status())
                            .as(query)
                            .isIn(400, 422);
                }
                Browser browser = new Browser(running.port(), "");
                String flow = browser.begin();
                assertThat(browser.post("/auth/sign-in?flow=" + flow, "email=ada@example.com")
                                .status())
                        .as("what belongs in the body does not count in the query")
                        .isEqualTo(400);
                assertThat(browser.post("/auth/sign-in", "flow=" + flow + "&email=a@example.com&email=b@example.com")
                                .status())
                        .isEqualTo(400);
                assertThat(browser.post("/auth/sign-in?email=b@example.com", "flow=" + flow + "&email=" + user.email())
                                .header("Location"))
                        .startsWith("/auth/password?flow=");
            }
        }
    }
}
