package dev.gatehouse.samples.quickstart;

import static dev.gatehouse.samples.quickstart.Chromium.picture;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.Impersonator;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.User;
import dev.gatehouse.samples.common.Html;
import dev.gatehouse.samples.common.SampleServer;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.store.MemoryStorage;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Objects;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;

/** An operator acts as a user, in an application that makes the link. */
class ImpersonationStoryTest {

    /** A page of the application that says who looks at it. */
    private static final class Home extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            SignedIn me = (SignedIn) request.getUserPrincipal();
            Impersonator operator = Objects.requireNonNull(me.impersonator());
            Html.page(response, me.user().displayName(), "", "<p>" + Html.escape(operator.email()) + "</p>");
        }
    }

    @Test
    void anOperatorSeesWhatTheUserSeesAndChangesNothing() throws Exception {
        int port = SampleServer.freePort();
        String origin = "http://localhost:" + port;
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        try (Gatehouse gatehouse = Gatehouse.builder()
                        .storage(new MemoryStorage())
                        .keyring(LocalKeyring.random())
                        .set(Setting.ORIGIN, origin)
                        .set(Setting.APP_NAME, "Team notes")
                        .set(Setting.IMPERSONATION_OPERATORS, "support@team-notes.example")
                        .build();
                Chromium chromium = new Chromium()) {
            ServletContextHandler context = new ServletContextHandler("/");
            context.getServletContext()
                    .addFilter("gatehouse", new GatehouseFilter(gatehouse))
                    .addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
            context.addServlet(new ServletHolder(new Home()), "/");
            server.setHandler(context);
            server.start();
            User ada = gatehouse.users().create(NewUser.of("ada@example.com").withName("Ada", "Lovelace"));
            Impersonator by =
                    new Impersonator("support@team-notes.example", "Ticket 4711: the invoices of March are not there");
            Page page = chromium.page();
            page.navigate(gatehouse.impersonations().link(ada.id(), by, null));
            assertThat(page.textContent("h1")).isEqualTo("Act as ada@example.com?");
            picture(page, "impersonate");
            page.keyboard().press("Tab");
            page.keyboard().press("Enter");
            page.waitForURL(origin + "/");
            assertThat(page.textContent("main")).contains("Ada Lovelace", "support@team-notes.example");
            page.navigate(origin + "/auth/account");
            assertThat(page.textContent(".notice")).contains("acts as ada@example.com");
            picture(page, "impersonating");
            assertThat(page.isVisible("text=Save") || page.isVisible("text=Delete account"))
                    .as("nothing is offered that is refused")
                    .isFalse();
            page.navigate(origin + "/auth/account/password");
            assertThat(page.waitForSelector("[role=alert]").textContent()).contains("Nothing can be changed");
            picture(page, "impersonating-refused");
        } finally {
            server.stop();
        }
    }
}
