package dev.gatehouse.servlet;

import static dev.gatehouse.servlet.SampleApp.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.Setting;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ways to write a path so that the filter sees one and the application another. */
class PathBypassTest {
    private static final SampleApp APP = new SampleApp();
    private static final Map<Container, Container.Running> RUNNING = new EnumMap<>(Container.class);
    private static House house;
    private static String cookie;

    @BeforeAll
    static void start() throws Exception {
        house = new House(Map.of(
                Setting.PUBLIC_PATHS,
                "/public/*, /static/*, /assets/*, /login/*, /x/*, /index.jsp, /x.css, /RPC2, /about, /a.out",
                Setting.ROLE_PATHS,
                "/admin/*=admin"));
        cookie = "Cookie: " + house.cookie(house.user("ada@example.com"), "admin");
        for (Container container : Container.values()) {
            RUNNING.put(
                    container,
                    container.start(
                            new Container.App(context -> APP.install(context, new GatehouseFilter(house.gatehouse)))));
        }
    }

    @AfterAll
    static void stop() {
        RUNNING.values().forEach(Container.Running::close);
        house.close();
    }

    private static Wire wire(Container container) {
        return new Wire(RUNNING.get(container).port());
    }

    private static void refused(Container container, String target) throws IOException {
        int before = APP.handled.get();
        Wire.Reply reply = wire(container).get(target);
        assertThat(reply.status()).as(container + " " + target).isIn(400, 401, 403, 404);
        assertThat(reply.raw()).as(container + " " + target).doesNotContain(SECRET);
        assertThat(APP.handled.get()).as(container + " reached by " + target).isEqualTo(before);
    }

    private static void unmutated(Container container) throws IOException {
        assertThat(wire(container).get("/admin/users", cookie).body()).contains(SECRET, "admin=true");
        assertThat(wire(container).get("/admin/users").status()).isEqualTo(401);
        assertThat(wire(container).get("/public/x").body()).contains("public user=null");
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H01 no spelling of a protected path is answered without a session")
    void everyRowOfTheCorpusIsRefused(Container container) throws Exception {
        unmutated(container);
        for (List<String> row : Corpus.csv("http/path-bypass.csv")) {
            refused(container, row.get(0));
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H02 path parameters, encoded separators and empty segments are refused, also with a session")
    void whatCanBeReadInTwoWaysIsRefused(Container container) throws Exception {
        unmutated(container);
        for (String target : List.of(
                "/admin/users;jsessionid=x",
                "/admin;x=y/users",
                "/admin%2fusers",
                "/admin%2Fusers",
                "/admin%5cusers",
                "/admin/%2e/users",
                "/admin/users%00",
                "/admin//users",
                "//admin/users",
                "/admin/%3bx/users",
                "/admin/%0a",
                "/admin/%7f",
                "/admin/é",
                "/admin/%25",
                "/admin/%",
                "/admin/%2",
                "/admin/%zz")) {
            assertThat(wire(container).get(target, cookie).status())
                    .as(container + " " + target)
                    .isEqualTo(400);
            refused(container, target);
        }
        assertThat(wire(container).get("/admin/%C3%A9", cookie).status())
                .as("an ordinary letter that is not ASCII")
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H03 a public name at the end of a protected path opens nothing")
    void publicPathsAreWholePathsOrPrefixesOfSegments(Container container) throws Exception {
        unmutated(container);
        assertThat(wire(container).get("/x.css").status()).isEqualTo(200);
        for (String target : List.of(
                "/admin/x.css",
                "/admin/RPC2",
                "/RPC2/admin",
                "/x.css/admin",
                "/admin/users.css",
                "/admin/index.jsp",
                "/index.jsp/admin",
                "/publicity",
                "/public.html",
                "/X.css",
                "/aboutx",
                "/about/")) {
            refused(container, target);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H14 an encoded slash or a dot segment in an id is refused by the application's and the API's paths")
    void idsCannotClimb(Container container) throws Exception {
        House api = new House(Map.of(Setting.API_PATH, "/api"));
        SampleApp app = new SampleApp();
        String key = "Authorization: Bearer " + House.KEY;
        String id = api.user("ada@example.com").id();
        try (Container.Running running = container.start(
                new Container.App(context -> app.install(context, new GatehouseFilter(api.gatehouse))))) {
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/api/user_management/users/" + id, key).status())
                    .isEqualTo(200);
            for (String target : List.of(
                    "/api/user_management/users/a%2f..%2f" + id,
                    "/api/user_management/users/x%2f" + id,
                    "/api/user_management/users/..",
                    "/api/user_management/users/%2e%2e/users/" + id,
                    "/api/user_management/organization_memberships/../users/" + id)) {
                assertThat(wire.get(target, key).status()).as(target).isIn(400, 404);
            }
        }
        api.close();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H16 a public path is matched whole: no line end, no wildcard dot")
    void publicPathsAreNoRegularExpressions(Container container) throws Exception {
        assertThat(wire(container).get("/about").status()).isEqualTo(200);
        assertThat(wire(container).get("/a.out").status()).isEqualTo(200);
        for (String target : List.of("/about%0a", "/about%0d", "/about%20", "/about%E2%80%A8", "/abou", "/aXout")) {
            refused(container, target);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H17 protected whatever the context path and the servlet's mapping")
    void everyDeploymentIsProtected(Container container) throws Exception {
        for (String contextPath : List.of("", "/app", "/my app", "/a/b")) {
            for (String mapping : List.of("/", "/*", "*.do", "/admin/*", "/admin/users.do")) {
                SampleApp app = new SampleApp();
                Container.App deployed = new Container.App(contextPath, Map.of(), context -> {
                    app.install(context, new GatehouseFilter(house.gatehouse));
                    if (!mapping.equals("/")) {
                        app.add(context, "more", app.new Everything(), mapping);
                    }
                });
                String as = container + " '" + contextPath + "' " + mapping;
                String prefix = contextPath.replace(" ", "%20");
                try (Container.Running running = container.start(deployed)) {
                    Wire wire = new Wire(running.port());
                    assertThat(wire.get(prefix + "/admin/users.do", cookie).body())
                            .as(as)
                            .contains(SECRET);
                    assertThat(wire.get(prefix + "/about").status()).as(as).isEqualTo(200);
                    int before = app.handled.get();
                    for (String path : List.of("/admin/users.do", "/admin/x/y.do", "/z.do", "/", "/admin/")) {
                        assertThat(wire.get(prefix + path).status())
                                .as(as + path)
                                .isEqualTo(401);
                    }
                    if (contextPath.equals("/app")) {
                        assertThat(wire.get("/%61pp/admin/users.do").status())
                                .as(as)
                                .isIn(400, 401, 404);
                        assertThat(wire.get("/app;x/admin/users.do").status())
                                .as(as)
                                .isIn(400, 401, 404);
                    }
                    assertThat(app.handled.get()).as(as).isEqualTo(before);
                    Wire.Reply page = wire.get(prefix + "/admin/users.do", "Accept: text/html");
                    assertThat(page.header("Location")).as(as).startsWith(prefix + "/auth/sign-in?return_to=%2F");
                }
            }
        }
    }
}
