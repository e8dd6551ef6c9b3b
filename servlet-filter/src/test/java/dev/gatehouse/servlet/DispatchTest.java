package dev.gatehouse.servlet;

import static dev.gatehouse.servlet.SampleApp.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.User;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ways inside a container to a handler: forward, include, error page, async, and more than one filter. */
class DispatchTest {
    private final SampleApp app = new SampleApp();
    private House house;
    private User ada;
    private String cookie;

    @BeforeEach
    void open() {
        house = new House(Map.of(Setting.PUBLIC_PATHS, "/public/*, /about", Setting.ROLE_PATHS, "/admin/*=admin"));
        ada = house.user("ada@example.com");
        cookie = "Cookie: " + house.cookie(ada, "admin");
    }

    @AfterEach
    void close() {
        house.close();
    }

    private Container.Running start(Container container) throws Exception {
        return container.start(new Container.App(
                "",
                Map.of(418, "/admin/error", 410, "/about", 411, "/WEB-INF/error"),
                context -> app.install(context, new GatehouseFilter(house.gatehouse))));
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H04 a forward to a protected path needs what the path needs")
    void forwardsAreJudgedByWhereTheyLead(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/public/forward?to=/admin/x", cookie).body())
                    .contains(SECRET, "user=" + ada.id(), "dispatch=FORWARD");
            assertThat(wire.get("/public/forward?to=/about").body()).contains("dispatch=FORWARD");
            assertThat(wire.get("/public/forward?to=/WEB-INF/view").body())
                    .as("a view of the application's own")
                    .contains("dispatch=FORWARD", "user=null");

            Wire.Reply refused = wire.get("/public/forward?to=/admin/x");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.raw()).doesNotContain(SECRET);
            Wire.Reply sent = wire.get("/public/forward?to=/admin/x", "Accept: text/html");
            assertThat(sent.status()).isEqualTo(302);
            assertThat(sent.header("Location"))
                    .as("back to what the browser asked for")
                    .isEqualTo("/auth/sign-in?return_to=%2Fpublic%2Fforward%3Fto%3D%2Fadmin%2Fx");

            String member = "Cookie: " + house.cookie(house.user("bob@example.com"), "member");
            assertThat(wire.get("/public/forward?to=/admin/x", member).status()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H04 an include of a protected path leaves its place empty")
    void includesAreJudgedByWhereTheyLead(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/public/include?to=/admin/x", cookie).body())
                    .contains("before", SECRET, "user=" + ada.id(), "dispatch=INCLUDE", "after");
            Wire.Reply reply = wire.get("/public/include?to=/admin/x");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body()).contains("before", "after").doesNotContain(SECRET);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H04 an error page is shown to those who may see its path; the others get the status alone")
    void errorPagesAreJudgedByWhereTheyLead(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            Wire.Reply shown = wire.get("/public/error?to=418", cookie);
            assertThat(shown.status()).isEqualTo(418);
            assertThat(shown.body()).contains(SECRET, "user=" + ada.id(), "dispatch=ERROR");
            Wire.Reply hidden = wire.get("/public/error?to=418");
            assertThat(hidden.status()).isEqualTo(418);
            assertThat(hidden.raw()).doesNotContain(SECRET).doesNotContain("told by the application");
            assertThat(wire.get("/public/error?to=418", "Accept: text/html").status())
                    .as("no way to a sign-in from an error")
                    .isEqualTo(418);
            assertThat(wire.get("/public/error?to=410").body()).contains("dispatch=ERROR");
            assertThat(wire.get("/public/error?to=411").body()).contains("dispatch=ERROR");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H04 H07 an async dispatch is judged by where it leads and keeps who is signed in")
    void asyncDispatchesAreJudgedByWhereTheyLead(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/public/async?to=/admin/x", cookie).body())
                    .contains(SECRET, "user=" + ada.id(), "principal=" + ada.id(), "dispatch=ASYNC");
            assertThat(wire.get("/public/async-plain", cookie).body())
                    .as("AsyncContext.getRequest() on another thread")
                    .contains("user=" + ada.id());
            assertThat(wire.get("/public/async-plain").body()).contains("user=null");
            assertThat(wire.get("/public/async-again", cookie).body())
                    .contains("user=" + ada.id(), "attribute=" + ada.id(), "dispatch=ASYNC");

            Wire.Reply refused = wire.get("/public/async?to=/admin/x");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.raw()).doesNotContain(SECRET);
            Wire.Reply half = wire.get("/public/async-committed?to=/admin/x");
            assertThat(half.raw()).contains("half").doesNotContain(SECRET).doesNotContain("not_signed_in");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H05 registered twice, the filter does its work once")
    void aSecondPassChangesNothing(Container container) throws Exception {
        GatehouseFilter filter = new GatehouseFilter(house.gatehouse);
        try (Container.Running running = container.start(
                new Container.App(context -> app.install(context, filter, new GatehouseFilter(house.gatehouse))))) {
            Wire wire = new Wire(running.port());
            Wire.Reply reply = wire.get("/admin/x", cookie);
            assertThat(reply.body()).contains(SECRET, "user=" + ada.id(), "admin=true");
            assertThat(reply.all("Cache-Control")).containsExactly("no-store");
            assertThat(wire.get("/admin/x").status()).isEqualTo(401);
            assertThat(wire.get("/public/x").body()).contains("user=null");
            assertThat(wire.get("/auth/sign-in").all("Set-Cookie")).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H05 two filters of two instances: an identity of the one is nobody to the other")
    void anIdentityBelongsToItsInstance(Container container) throws Exception {
        try (House other = new House(Map.of(Setting.PUBLIC_PATHS, "/public/*", Setting.PAGES_PATH, "/other"));
                Container.Running running = container.start(new Container.App(context -> app.install(
                        context, new GatehouseFilter(house.gatehouse), new GatehouseFilter(other.gatehouse))))) {
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/public/x", cookie).body()).contains("user=null", "attribute=null");
            assertThat(wire.get("/private", cookie).status()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H06 thousands of mixed requests over pooled threads: everybody is who he is")
    void noIdentityLeaksBetweenRequests(Container container) throws Exception {
        List<String> ids = new ArrayList<>();
        List<String> cookies = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            User user = house.user("user" + i + "@example.com");
            ids.add(user.id());
            cookies.add("Cookie: " + house.cookie(user, "admin"));
        }
        ExecutorService threads = Executors.newFixedThreadPool(50);
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            List<Future<String>> wrong = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                int n = i;
                wrong.add(threads.submit(() -> mixed(wire, n, ids, cookies)));
            }
            for (Future<String> each : wrong) {
                assertThat(each.get()).isEmpty();
            }
        } finally {
            threads.shutdown();
        }
    }

    private static String mixed(Wire wire, int n, List<String> ids, List<String> cookies) throws Exception {
        List<String> targets = List.of(
                "/public/x",
                "/admin/x",
                "/public/throw",
                "/public/async?to=/admin/x",
                "/public/async-plain",
                "/public/forward?to=/admin/x",
                "/public/error?to=418");
        String target = targets.get(n % targets.size());
        boolean anonymous = n % 3 == 0;
        int person = n % ids.size();
        Wire.Reply reply = anonymous ? wire.get(target) : wire.get(target, cookies.get(person));
        for (String id : ids) {
            boolean expected = !anonymous && id.equals(ids.get(person)) && !target.equals("/public/throw");
            if (reply.raw().contains(id) != expected) {
                return target + " anonymous=" + anonymous + " " + reply.raw();
            }
        }
        return anonymous && reply.raw().contains(SECRET) ? target + " " + reply.raw() : "";
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H21 an upgrade and an event stream are protected as any request")
    void upgradesAndStreamsAreProtected(Container container) throws Exception {
        try (Container.Running running = container.start(new Container.App(context -> {
            app.install(context, new GatehouseFilter(house.gatehouse));
            app.add(context, "socket", new SampleApp.Upgrade(), "/socket");
        }))) {
            Wire wire = new Wire(running.port());
            String ask = " HTTP/1.1\r\nHost: app.test\r\nUpgrade: echo\r\nConnection: Upgrade\r\n";
            Wire.Reply upgraded = wire.raw("GET /socket" + ask + cookie + "\r\n\r\n", 2_000);
            assertThat(upgraded.status()).as(upgraded.raw()).isEqualTo(101);
            assertThat(upgraded.raw()).contains(SECRET);
            Wire.Reply refused = wire.raw("GET /socket" + ask + "\r\n", 2_000);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.raw()).doesNotContain(SECRET);

            assertThat(wire.get("/public/stream", cookie).body()).contains("data: public user=" + ada.id());
            assertThat(wire.get("/stream", "Accept: text/event-stream").status())
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H17 H05 from web.xml with init-params, below a context path")
    void webXmlNeedsNoCode(Container container, @TempDir Path webapp, @TempDir Path data) throws Exception {
        Files.createDirectories(webapp.resolve("WEB-INF"));
        Files.writeString(webapp.resolve("about.txt"), "about us");
        Files.writeString(webapp.resolve("secret.txt"), SECRET);
        Files.writeString(webapp.resolve("WEB-INF/web.xml"), """
                <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
                  <filter>
                    <filter-name>gatehouse</filter-name>
                    <filter-class>dev.gatehouse.servlet.GatehouseFilter</filter-class>
                    <async-supported>true</async-supported>
                    <init-param><param-name>public-paths</param-name><param-value>/about.txt</param-value></init-param>
                    <init-param><param-name>data-directory</param-name><param-value>%s</param-value></init-param>
                  </filter>
                  <filter-mapping>
                    <filter-name>gatehouse</filter-name>
                    <url-pattern>/*</url-pattern>
                    <dispatcher>REQUEST</dispatcher>
                    <dispatcher>FORWARD</dispatcher>
                    <dispatcher>INCLUDE</dispatcher>
                    <dispatcher>ERROR</dispatcher>
                    <dispatcher>ASYNC</dispatcher>
                  </filter-mapping>
                </web-app>
                """.formatted(data), StandardCharsets.UTF_8);
        try (Container.Running running = container.startWebXml("/app", webapp)) {
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/app/about.txt").body()).isEqualTo("about us");
            assertThat(wire.get("/app/secret.txt").status()).isEqualTo(401);
            assertThat(wire.get("/app/", "Accept: text/html").header("Location"))
                    .isEqualTo("/app/auth/sign-in?return_to=%2Fapp%2F");
            assertThat(wire.get("/app/auth/sign-in").header("Location")).startsWith("/app/auth/sign-in?flow=");
        }
    }
}
