package dev.gatehouse.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.access.CustomerKeys;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.User;
import dev.gatehouse.spi.Storage;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code login}, {@code logout} and {@code authenticate} of the request, called by an application's own forms. */
class LoginMethodsTest {
    private static final String RIGHT = "email=ada@example.com&password=" + House.PASSWORD;

    private House house = new House(Map.of());
    private User ada;
    private String organization;

    @AfterEach
    void close() {
        house.close();
    }

    private Container.Running start(Container container, Map<Setting<?>, String> more) throws Exception {
        Map<Setting<?>, String> settings = new HashMap<>(more);
        settings.put(Setting.PUBLIC_PATHS, "/public/*");
        settings.put(Setting.ROLE_PATHS, "/admin/*=admin");
        house.close();
        house = new House(settings);
        ada = house.user("ada@example.com");
        organization = house.gatehouse.organizations().create("Acme").id();
        house.gatehouse.organizations().addMember(organization, ada.id(), "admin");
        SampleApp app = new SampleApp();
        return container.start(new Container.App("", Map.of(), context -> {
            app.install(context, new GatehouseFilter(house.gatehouse));
            app.add(context, "own", new Own(), "/public/own/*", "/keys/own/*");
        }));
    }

    /** Forms of the application's own. */
    private static final class Own extends HttpServlet {
        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            String before = request.getParameter("before") == null ? "" : request.getParameter("before");
            switch (before) {
                case "session" -> request.getSession().setAttribute("basket", "pears");
                case "writer" -> response.getWriter().print("half a page");
                case "flush" -> response.flushBuffer();
                default -> {}
            }
            String id = request.getSession(false) == null
                    ? "none"
                    : request.getSession().getId();
            Object included = request.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO);
            try {
                switch (included == null ? request.getPathInfo() : included.toString()) {
                    case "/login" -> login(request);
                    case "/enter" ->
                        GatehouseFilter.enter(
                                new HttpServletRequestWrapper(request),
                                request.getParameter("user"),
                                request.getParameter("organization"));
                    case "/logout" -> request.logout();
                    case "/again" -> {
                        login(request);
                        request.logout();
                        login(request);
                    }
                    case "/authenticate" -> {
                        if (!request.authenticate(response)) {
                            return;
                        }
                    }
                    default -> throw new ServletException("no such form");
                }
            } catch (ServletException | IllegalStateException e) {
                response.setStatus(422);
                String code = e.getCause() instanceof ApiException refused ? refused.code() : "none";
                response.getWriter()
                        .print(e.getMessage() + " code=" + code + " cause=" + e.getCause() + " "
                                + SampleApp.saw(request));
                return;
            }
            String after = request.getParameter("after");
            if ("forward".equals(after)) {
                request.getRequestDispatcher("/public/own/x").forward(request, response);
            } else if (after != null) {
                request.getRequestDispatcher(after).forward(request, response);
            }
            boolean same = request.getSession(false) == null
                    || request.getSession().getId().equals(id);
            if (after == null) {
                response.getWriter().print(SampleApp.saw(request) + " same=" + same);
            } else {
                request.getServletContext().setAttribute("seen", SampleApp.saw(request));
            }
        }

        private static void login(HttpServletRequest request) throws ServletException {
            request.login(request.getParameter("email"), request.getParameter("password"));
        }
    }

    private int sessions() {
        return house.sessions(ada).size();
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName(
            "C01 C09 C10 login() signs in as the pages do: the cookie, the principal, and its role in what comes next")
    void loginSignsIn(Container container) throws Exception {
        try (Container.Running running = start(container, Map.of())) {
            Wire wire = new Wire(running.port());
            Browser browser = new Browser(running.port(), "");
            assertThat(wire.get("/public/own/logout").body()).contains("user=null");

            Wire.Reply done = browser.post("/public/own/login", RIGHT);
            assertThat(done.status()).as(done.raw()).isEqualTo(200);
            assertThat(done.body())
                    .contains("user=" + ada.id(), "attribute=" + ada.id(), "auth=GATEHOUSE", "admin=true");
            assertThat(done.header("Cache-Control")).isEqualTo("no-store");
            assertThat(done.all("Set-Cookie"))
                    .singleElement()
                    .asString()
                    .startsWith("gatehouse_session=")
                    .endsWith("; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax");
            String own = done.header("Set-Cookie").replaceFirst("=[^;]*", "=");
            Browser paged = new Browser(running.port(), "");
            assertThat(paged.signIn("ada@example.com").header("Set-Cookie").replaceFirst("=[^;]*", "="))
                    .as("one definition of the cookie")
                    .isEqualTo(own);
            assertThat(browser.get("/admin/x").body()).contains(SampleApp.SECRET, "user=" + ada.id());

            Wire.Reply forwarded = wire.post("/public/own/login", RIGHT + "&after=/admin/x");
            assertThat(forwarded.body()).contains(SampleApp.SECRET, "user=" + ada.id(), "dispatch=FORWARD");
            Wire.Reply renewed = wire.post("/public/own/login", RIGHT + "&before=session");
            assertThat(renewed.body())
                    .as("another id of the container's session")
                    .contains("same=false");
            assertThat(sessions()).isEqualTo(4);
            Wire.Reply again = wire.post("/public/own/again", RIGHT);
            assertThat(again.body()).contains("user=" + ada.id());
            assertThat(sessions()).as("the one in between has ended").isEqualTo(5);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName(
            "C01 whom the application has proved itself enters as whoever signs in, and no organization but the own")
    void enterSignsIn(Container container) throws Exception {
        try (Container.Running running = start(container, Map.of())) {
            Wire wire = new Wire(running.port());
            Browser browser = new Browser(running.port(), "");
            Wire.Reply done = browser.post("/public/own/enter", "user=" + ada.id() + "&organization=" + organization);
            assertThat(done.body()).contains("user=" + ada.id(), "admin=true");
            assertThat(browser.get("/admin/x").body()).contains(SampleApp.SECRET);
            assertThat(wire.post("/public/own/enter", "user=" + ada.id() + "&before=session")
                            .body())
                    .contains("user=" + ada.id(), "same=false");
            assertThat(sessions()).isEqualTo(2);

            String other = house.gatehouse.organizations().create("Other").id();
            Wire.Reply refused = wire.post("/public/own/enter", "user=" + ada.id() + "&organization=" + other);
            assertThat(refused.body()).contains("code=organization_membership_required", "user=null");
            assertThat(refused.all("Set-Cookie")).isEmpty();
            assertThat(wire.post("/public/own/enter", "user=" + ada.id() + "&before=flush")
                            .body())
                    .contains("too late");
            assertThat(browser.post("/public/own/enter", "user=" + ada.id()).body())
                    .contains("signed in already");
            assertThat(sessions()).as("half of nothing").isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("C01 a request that was forwarded to a login() knows who is there when it comes back")
    void theOuterRequestSeesTheLogin(Container container) throws Exception {
        try (Container.Running running = start(container, Map.of())) {
            Wire wire = new Wire(running.port());
            String target = "/public/forward?to=/public/own/login&" + RIGHT;
            assertThat(wire.get(target).body()).contains("user=" + ada.id(), "dispatch=FORWARD");
            assertThat(wire.get("/public/include?to=/public/own/login&" + RIGHT).body())
                    .as("a part of a page can set no cookie")
                    .contains("comes too late", "user=null", "after");
            assertThat(sessions()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("F03 login() refuses whom the pages would not sign in, and no session is left")
    void loginRefuses(Container container) throws Exception {
        try (Container.Running running = start(container, Map.of(Setting.MFA, "optional"))) {
            Wire wire = new Wire(running.port());
            Wire.Reply right = wire.post("/public/own/login", RIGHT);
            assertThat(right.body()).contains("user=" + ada.id());
            String pair = right.header("Set-Cookie").split(";")[0];
            assertThat(sessions()).isEqualTo(1);

            String wrong = "email=ada@example.com&password=wrong";
            for (String form :
                    List.of(wrong, "email=bob@example.com&password=x", "email=ada@example.com", "email=&x=")) {
                Wire.Reply refused = wire.post("/public/own/login", form);
                assertThat(refused.body()).as(form).contains("code=invalid_credentials", "user=null");
                assertThat(refused.all("Set-Cookie")).isEmpty();
            }
            assertThat(wire.post("/public/own/login", RIGHT, "Cookie: " + pair).body())
                    .contains("signed in already", "user=" + ada.id());
            assertThat(wire.post("/public/own/login", RIGHT, "Sec-Fetch-Site: cross-site")
                            .body())
                    .contains("code=other_site", "user=null");
            assertThat(wire.post("/public/own/login", RIGHT, "Origin: http://evil.test")
                            .body())
                    .contains("code=other_site", "user=null");
            assertThat(wire.post("/public/own/login", RIGHT + "&before=flush").raw())
                    .contains("comes too late")
                    .doesNotContain("Set-Cookie");
            assertThat(sessions()).isEqualTo(1);
            for (int i = 0; i < 10; i++) {
                wire.post("/public/own/login", wrong);
            }
            assertThat(wire.post("/public/own/login", RIGHT).body()).contains("code=rate_limit_exceeded", "user=null");
            assertThat(sessions()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("M01 login() says what else is needed when a password is not enough, and signs nobody in")
    void loginNamesTheNextStep(Container container) throws Exception {
        try (Container.Running running = start(container, Map.of())) {
            assertThat(new Wire(running.port()).post("/public/own/login", RIGHT).body())
                    .contains("user=" + ada.id());
            house.gatehouse
                    .organizations()
                    .addMember(house.gatehouse.organizations().create("Other").id(), ada.id(), null);
            Wire.Reply choose = new Wire(running.port()).post("/public/own/login", RIGHT);
            assertThat(choose.body()).contains("code=organization_selection_required", "user=null");
            assertThat(choose.all("Set-Cookie")).isEmpty();
        }
        for (Map.Entry<Setting<String>, String> gate : Map.of(
                        Setting.MFA, "mfa_enrollment", Setting.EMAIL_VERIFICATION, "email_verification_required")
                .entrySet()) {
            try (Container.Running running = start(container, Map.of(gate.getKey(), "required"))) {
                Wire.Reply refused = new Wire(running.port()).post("/public/own/login", RIGHT);
                assertThat(refused.body()).contains("code=" + gate.getValue(), "user=null");
                assertThat(refused.all("Set-Cookie")).isEmpty();
                assertThat(sessions()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("C05 logout() ends the session at once, takes every part of the cookie, and the request knows nobody")
    void logoutEndsTheSession(Container container) throws Exception {
        try (Container.Running running = start(container, Map.of())) {
            Wire wire = new Wire(running.port());
            String pair = house.cookie(ada);
            String value = pair.substring(pair.indexOf('=') + 1);
            String parts = "Cookie: gatehouse_session=2!" + value.substring(0, 20) + "; gatehouse_session.1="
                    + value.substring(20);
            assertThat(wire.get("/private", parts).body()).contains(SampleApp.SECRET);
            Wire.Reply done = wire.post("/public/own/logout", "", parts);
            assertThat(done.body()).contains("user=null", "attribute=null", "auth=null");
            assertThat(done.all("Set-Cookie"))
                    .containsExactly(
                            "gatehouse_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax",
                            "gatehouse_session.1=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
            assertThat(done.header("Cache-Control")).isEqualTo("no-store");
            assertThat(sessions()).isZero();
            assertThat(wire.get("/private", parts).status())
                    .as("the cookie kept")
                    .isEqualTo(401);

            String cookie = "Cookie: " + house.cookie(ada);
            assertThat(wire.post("/public/own/logout", "after=/admin/x", cookie).status())
                    .as("nobody in what comes next")
                    .isEqualTo(401);
            Wire.Reply nobody = wire.post("/public/own/logout", "", cookie);
            assertThat(nobody.status()).isEqualTo(200);
            assertThat(nobody.all("Set-Cookie"))
                    .as("nor may another site's form, which comes without the cookie, take it away")
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("C05 logout() ends an access token's session; a customer's API key is no session and goes on")
    void logoutOfOtherCredentials(Container container) throws Exception {
        try (Container.Running running = start(container, Map.of(Setting.API_KEY_PATHS, "/keys/*"))) {
            Wire wire = new Wire(running.port());
            String token = "Authorization: Bearer " + house.token(ada);
            assertThat(wire.get("/private", token).body()).contains(SampleApp.SECRET);
            assertThat(wire.post("/public/own/logout", "", token).body()).contains("user=null");
            assertThat(wire.get("/private", token).status()).isEqualTo(401);
            assertThat(sessions()).isZero();

            CustomerKeys.NewKey made =
                    house.gatehouse.customerKeys().createForOrganization(organization, "CI", List.of(), null);
            String key = "Authorization: Bearer " + made.value();
            assertThat(wire.get("/keys/x", key).body())
                    .contains("user=" + made.key().id());
            Wire.Reply done = wire.post("/keys/own/logout", "", key);
            assertThat(done.body()).contains("user=null");
            assertThat(done.all("Set-Cookie")).isEmpty();
            assertThat(wire.post("/keys/own/logout", "after=/keys/x", key).status())
                    .isEqualTo(401);
            assertThat(wire.get("/keys/x", key).body())
                    .contains("user=" + made.key().id());
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H20 a logout() that storage fails says so, and the session runs on")
    void logoutDoesNotPretend(Container container) throws Exception {
        try (Container.Running running = start(container, Map.of())) {
            Wire wire = new Wire(running.port());
            String cookie = "Cookie: " + house.cookie(ada);
            assertThat(wire.get("/private", cookie).body()).contains(SampleApp.SECRET);
            house.storageFails = new Storage.StorageException("gone", null);
            Wire.Reply failed = wire.post("/public/own/logout", "", cookie);
            house.storageFails = null;
            assertThat(failed.body()).contains("could not be ended", "user=" + ada.id());
            assertThat(failed.all("Set-Cookie")).isEmpty();
            assertThat(wire.get("/private", cookie).body()).contains(SampleApp.SECRET);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.class)
    @DisplayName("H04 authenticate() asks for a sign-in as the filter does, whatever the application wrote before")
    void authenticateAsksForASignIn(Container container) throws Exception {
        try (Container.Running running = start(container, Map.of())) {
            Wire wire = new Wire(running.port());
            String cookie = "Cookie: " + house.cookie(ada);
            String ask = "/public/own/authenticate";
            assertThat(wire.get(ask, cookie).body()).contains("user=" + ada.id());

            for (String target : List.of(ask, ask + "?before=writer")) {
                Wire.Reply sent = wire.get(target, "Accept: text/html");
                assertThat(sent.status()).as(target).isEqualTo(302);
                assertThat(sent.header("Location"))
                        .isEqualTo("/auth/sign-in?return_to=" + URLEncoder.encode(target, StandardCharsets.UTF_8));
                Wire.Reply told = wire.get(target);
                assertThat(told.status()).isEqualTo(401);
                assertThat(told.body()).isEqualTo("{\"message\":\"Sign in first.\",\"code\":\"not_signed_in\"}");
                assertThat(told.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"gatehouse\"");
                assertThat(told.body()).isEqualTo(wire.get("/private").body());
            }
            assertThat(wire.get(ask + "?before=flush").raw()).doesNotContain("user=" + ada.id());
            assertThat(wire.get("/public/include?to=" + ask).body()).contains("before", "after");
        }
    }

    @Test
    @DisplayName("H05 the filter's own request is found below any wrapper, and nothing where it never was")
    void theRequestIsFoundBelowWrappers() throws ServletException {
        HttpServletRequest raw = (HttpServletRequest) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpServletRequest.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        HttpServletResponse answer = (HttpServletResponse) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpServletResponse.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        Room room = new Room(
                house.gatehouse,
                new PathRules(List.of(), List.of(), List.of(), List.of()),
                ServletRules.NONE,
                new TrustedProxies(List.of()),
                "/auth",
                "",
                "gatehouse_session",
                house.gatehouse.environment().id(),
                false,
                "");
        HttpServletRequest ours = new SignedInRequest(room, raw, answer, null);
        ServletRequest wrapped = new HttpServletRequestWrapper(new HttpServletRequestWrapper(ours) {
            @Override
            public void logout() {
                throw new IllegalStateException("a framework's own");
            }
        });
        assertThat(GatehouseFilter.requestOf(ours)).containsSame(ours);
        assertThat(GatehouseFilter.requestOf(wrapped)).containsSame(ours);
        GatehouseFilter.requestOf(wrapped).orElseThrow().logout();
        assertThatThrownBy(((HttpServletRequest) wrapped)::logout).hasMessage("a framework's own");
        assertThat(GatehouseFilter.requestOf(raw)).isEmpty();
        assertThat(GatehouseFilter.requestOf(new HttpServletRequestWrapper(raw)))
                .isEmpty();
    }
}
