package dev.gatehouse.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SignInPolicy;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.store.MemoryStorage;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What docs/servlet.md shows of forms that are the application's own. */
class OwnFormSnippetsTest {
    private static final String PASSWORD = "correct-horse-battery-9";

    private static final class Login extends HttpServlet {
        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            try {
                request.login(request.getParameter("email"), request.getParameter("password"));
                response.sendRedirect(request.getContextPath() + "/");
            } catch (ServletException e) {
                String code = e.getCause() instanceof ApiException refused ? refused.code() : "";
                boolean more = code.startsWith("mfa_"); // or email_verification_required, sso_required, …
                response.sendRedirect(request.getContextPath() + (more ? "/auth/sign-in" : "/login?failed"));
            }
        }
    }

    private static final class Logout extends HttpServlet {
        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws ServletException {
            HttpServletRequest ours = GatehouseFilter.requestOf(request).orElseThrow();
            ours.logout();
        }
    }

    private static HttpResponse<String> send(Server server, String target, String form, String cookie)
            throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.getURI().getPort() + target);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Cookie", cookie)
                .POST(HttpRequest.BodyPublishers.ofString(form))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String leadsTo(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(302);
        return answer.headers().firstValue("Location").orElseThrow().replaceFirst("^http://[^/]*", "");
    }

    @Test
    @DisplayName("the form signs in, says what failed, and hands on to the pages; the button signs out")
    void ownForms() throws Exception {
        try (Gatehouse gatehouse = Gatehouse.builder()
                .storage(new MemoryStorage())
                .keyring(LocalKeyring.random())
                .set(Setting.PUBLIC_PATHS, "/login")
                .build()) {
            String ada = gatehouse
                    .users()
                    .create(NewUser.of("ada@example.com").withPassword(PASSWORD))
                    .id();
            ServletContextHandler context = new ServletContextHandler("/");
            FilterHolder filter = new FilterHolder(new GatehouseFilter(gatehouse));
            context.addFilter(filter, "/*", EnumSet.allOf(DispatcherType.class));
            context.addServlet(new Login(), "/login");
            context.addServlet(new Logout(), "/logout");
            Server server = new Server(0);
            server.setHandler(context);
            server.start();
            try {
                String right = "email=ada@example.com&password=" + PASSWORD;
                HttpResponse<String> done = send(server, "/login", right, "a=b");
                assertThat(leadsTo(done)).isEqualTo("/");
                String cookie =
                        done.headers().firstValue("Set-Cookie").orElseThrow().split(";", -1)[0];
                assertThat(leadsTo(send(server, "/login", right + "x", "a=b"))).isEqualTo("/login?failed");

                assertThat(send(server, "/logout", "", cookie).statusCode()).isEqualTo(200);
                assertThat(send(server, "/logout", "", cookie).statusCode())
                        .as("the session has ended")
                        .isEqualTo(401);
                var organization = gatehouse.organizations().create("Acme");
                gatehouse.organizations().addMember(organization.id(), ada, null);
                gatehouse.organizations().demand(organization.id(), SignInPolicy.NONE.withMfa("required"));
                assertThat(leadsTo(send(server, "/login", right, "a=b"))).isEqualTo("/auth/sign-in");
            } finally {
                server.stop();
            }
        }
    }
}
