package dev.gatehouse.servlet;

import static dev.gatehouse.servlet.SampleApp.SECRET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.config.Setting;
import jakarta.annotation.security.DenyAll;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.annotation.HttpConstraint;
import jakarta.servlet.annotation.HttpMethodConstraint;
import jakarta.servlet.annotation.ServletSecurity;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Annotations on servlet classes; the module {@code containers} asks the same of more containers. */
class ServletRulesTest {
    private House house;
    private String admin;
    private String member;

    @BeforeEach
    void open() {
        house = new House(Map.of(Setting.PUBLIC_PATHS, "/public/*", Setting.ROLE_PATHS, "/admin/*=admin"));
        admin = "Cookie: " + house.cookie(house.user("ada@example.com"), "admin");
        member = "Cookie: " + house.cookie(house.user("bob@example.com"), "member");
    }

    @AfterEach
    void close() {
        house.close();
    }

    private static class Says extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print(SECRET);
        }
    }

    @RolesAllowed("admin")
    private static class Roles extends Says {}

    /** Opening again what the superclass restricts opens nothing. */
    @PermitAll
    private static final class Reopened extends Roles {}

    @RolesAllowed({})
    private static final class NoRoles extends Says {}

    @PermitAll
    private static final class Anybody extends Says {}

    @DenyAll
    private static final class Nobody extends Says {}

    @ServletSecurity(
            httpMethodConstraints = {
                @HttpMethodConstraint(value = "GET", rolesAllowed = "admin"),
                @HttpMethodConstraint(value = "DELETE", emptyRoleSemantic = ServletSecurity.EmptyRoleSemantic.DENY)
            })
    private static final class ByMethod extends Says {}

    @RolesAllowed("**")
    @ServletSecurity(@HttpConstraint(rolesAllowed = "admin"))
    private static final class Both extends Says {}

    private Container.Running start(Container container) throws Exception {
        return container.start(new Container.App(context -> {
            SampleApp app = new SampleApp();
            app.install(context, new GatehouseFilter(house.gatehouse));
            app.add(context, "roles", new Roles(), "/roles/*", "*.report", "/public/roles");
            app.add(context, "reopened", new Reopened(), "/reopened");
            app.add(context, "noRoles", new NoRoles(), "/no-roles");
            app.add(context, "anybody", new Anybody(), "/anybody", "/admin/anybody");
            app.add(context, "nobody", new Nobody(), "/nobody");
            app.add(context, "byMethod", new ByMethod(), "/by-method");
            app.add(context, "both", new Both(), "/both");
        }));
    }

    private void needsAdmin(Wire wire, String target) throws IOException {
        assertThat(wire.get(target, admin).body()).as(target).contains(SECRET);
        Wire.Reply refused = wire.get(target, member);
        assertThat(refused.raw()).as(target).doesNotContain(SECRET);
        assertThat(refused.status()).as(target).isEqualTo(403);
        assertThat(wire.get(target).status()).as(target).isEqualTo(401);
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H04 a role of an annotation holds on every way to the servlet, on a public path too")
    void rolesHoldOnEveryWay(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            for (String target : List.of(
                    "/roles/x",
                    "/roles",
                    "/x.report",
                    "/public/roles",
                    "/reopened",
                    "/both",
                    "/public/forward?to=/roles/x",
                    "/public/forward?to=/reopened",
                    "/public/async?to=/roles/x")) {
                needsAdmin(wire, target);
            }
            for (String to : List.of("/roles/x", "/roles", "/x.report", "/reopened", "/public/roles")) {
                assertThat(wire.get("/public/include?to=" + to, admin).body())
                        .as(to)
                        .contains(SECRET);
                assertThat(wire.get("/public/include?to=" + to, member).body())
                        .as(to)
                        .contains("before", "after")
                        .doesNotContain(SECRET);
            }
            assertThat(wire.get("/public/include?to=/x.other", member).body()).contains(SECRET);
            assertThat(wire.get("/public/include?to=/dir.report/x", member).body())
                    .as("no suffix")
                    .contains(SECRET);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H08 what stands for a method holds for it alone; nobody gets where nobody may")
    void methodsAndNobody(Container container) throws Exception {
        try (Container.Running running = start(container)) {
            Wire wire = new Wire(running.port());
            assertThat(wire.get("/anybody").body()).contains(SECRET);
            needsAdmin(wire, "/admin/anybody");
            needsAdmin(wire, "/by-method");
            assertThat(wire.send("HEAD", "/by-method", "", admin).status()).isEqualTo(200);
            assertThat(wire.send("HEAD", "/by-method", "", member).status())
                    .as("as GET")
                    .isEqualTo(403);
            assertThat(wire.post("/by-method", "", member).body()).contains(SECRET);
            assertThat(wire.post("/by-method", "").status())
                    .as("no public path")
                    .isEqualTo(401);
            assertThat(wire.send("DELETE", "/by-method", "", admin).status()).isEqualTo(403);
            for (String target : List.of("/nobody", "/no-roles")) {
                assertThat(wire.get(target, admin).status()).as(target).isEqualTo(403);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H03 an annotation on a method, which nobody would heed, stops the start")
    void onAMethod(Container container) throws Exception {
        start(container).close();
        class OnMethod extends HttpServlet {
            @Override
            @RolesAllowed("admin")
            protected void doGet(HttpServletRequest request, HttpServletResponse response) {}
        }
        assertThatThrownBy(() -> container
                        .start(new Container.App(context -> {
                            SampleApp app = new SampleApp();
                            app.install(context, new GatehouseFilter(house.gatehouse));
                            app.add(context, "method", new OnMethod(), "/method");
                        }))
                        .close())
                .isNotNull();
    }
}
