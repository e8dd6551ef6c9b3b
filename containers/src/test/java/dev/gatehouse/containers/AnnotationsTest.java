package dev.gatehouse.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Gatehouse;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Annotations on servlets, in the container of this run. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnnotationsTest {
    private static final String CONTAINER = System.getProperty("container");
    private final Launcher launcher = Launcher.ofThisRun();
    private Gatehouse gatehouse;
    private Launcher.Running running;
    private Client client;
    private String admin;
    private String member;

    @BeforeAll
    void start() throws Exception {
        gatehouse = App.gatehouse();
        App.member(gatehouse, "ada", "admin");
        App.member(gatehouse, "bob", "member");
        running = launcher.start(
                context -> {
                    App.install(gatehouse, context);
                    Annotated.install(context);
                },
                Map.of());
        client = new Client(running.port());
        admin = client.cookie("ada@example.com");
        member = client.cookie("bob@example.com");
    }

    @AfterAll
    void stop() throws Exception {
        running.close();
        gatehouse.close();
    }

    private void needsAdmin(String target) throws Exception {
        assertThat(client.get(target, "Cookie", admin).body()).as(target).contains("user=user_");
        HttpResponse<String> refused = client.get(target, "Cookie", member);
        assertThat(refused.statusCode()).as(target).isEqualTo(403);
        assertThat(refused.body()).contains("role_required");
        assertThat(client.get(target).statusCode()).as(target).isEqualTo(401);
    }

    @Test
    @DisplayName("H04 @RolesAllowed, also of a superclass, holds on every way to the servlet")
    void rolesAllowed() throws Exception {
        needsAdmin("/annotated/roles/x");
        needsAdmin("/annotated/inherited");
        needsAdmin("/open/forward?to=/annotated/roles/x");
        needsAdmin("/open/async?to=/annotated/roles/x");
        String include = "/open/include?to=/annotated/";
        for (String to : Set.of("roles/x", "roles", "inherited", "suffix.roles")) {
            assertThat(client.get(include + to, "Cookie", admin).body()).as(to).contains("before saw user=user_");
            assertThat(client.get(include + to, "Cookie", member).body()).as(to).isEqualTo("before  after");
        }
        assertThat(client.get("/annotated/any-user", "Cookie", member).body()).contains("saw user=user_");
        assertThat(client.get("/annotated/any-user").statusCode()).isEqualTo(401);
    }

    @Test
    @DisplayName("H03 @PermitAll opens a servlet, but not on a path that needs a role; @DenyAll closes it")
    void permitAndDeny() throws Exception {
        assertThat(client.get("/annotated/anybody").body()).contains("saw user=null");
        needsAdmin("/admin/anybody");
        assertThat(client.get("/annotated/nobody", "Cookie", admin).statusCode())
                .isEqualTo(403);
    }

    @Test
    @DisplayName(
            "@ServletSecurity: what the container does not enforce by its own sign-in, the filter does; nobody gets more")
    void servletSecurity() throws Exception {
        // Undertow reads it off every servlet, and then knows nobody whom it would let in
        boolean ours = !CONTAINER.equals("undertow");
        if (ours) {
            needsAdmin("/annotated/secured");
        }
        assertThat(client.get("/annotated/secured", "Cookie", admin).statusCode())
                .isEqualTo(ours ? 200 : 403);
        assertThat(client.get("/annotated/secured", "Cookie", member).statusCode())
                .isEqualTo(403);
        assertThat(client.put("/annotated/secured", "Cookie", admin).statusCode())
                .isEqualTo(403);
        try (Launcher.Running byClass = launcher.start(
                context -> {
                    App.install(gatehouse, context);
                    Annotated.installByClass(context);
                },
                Map.of())) {
            // Tomcat reads it off those registered by class; Jetty does where it scans annotations, in a web
            // application
            boolean jetty = CONTAINER.startsWith("jetty");
            Client there = new Client(byClass.port());
            assertThat(there.get("/annotated/by-class", "Cookie", admin).statusCode())
                    .isEqualTo(jetty ? 200 : 403);
            assertThat(there.get("/annotated/by-class", "Cookie", member).statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    @DisplayName("an annotation on a method, which nobody would heed, stops the start")
    void onMethods() {
        // some containers start filters with the first request, and answer it with the failure
        assertThatThrownBy(() -> {
                    try (Launcher.Running started = launcher.start(
                            context -> {
                                App.install(gatehouse, context);
                                App.add(context, "method", new OnMethod(), "/method");
                            },
                            Map.of())) {
                        assertThat(new Client(started.port())
                                        .get("/method", "Cookie", admin)
                                        .statusCode())
                                .isEqualTo(200);
                    }
                })
                .isNotNull();
    }

    private static final class OnMethod extends HttpServlet {
        @Override
        @RolesAllowed("admin")
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print("method");
        }
    }
}
