package dev.gatehouse.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.Impersonator;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SignInPolicy;
import dev.gatehouse.identity.User;
import dev.gatehouse.organizations.Organization;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.store.MemoryStorage;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

/** What the guides show for embedded Jetty, and for trying in the quickstart what it has no page for. */
class EmbeddedJettyTest {

    private static Server embedded(Gatehouse gatehouse, HttpServlet servlet, int port) throws Exception {
        ServletContextHandler context = new ServletContextHandler("/");
        FilterHolder filter = new FilterHolder(new GatehouseFilter(gatehouse));
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.allOf(DispatcherType.class));
        context.addServlet(servlet, "/");
        Server server = new Server(port);
        server.setHandler(context);
        server.start();
        return server;
    }

    private static void actAs(ServletContextHandler context) {
        Gatehouse gatehouse = GatehouseFilter.of(context.getServletContext());
        User ada = gatehouse.users().findByEmail("ada@example.com").orElseThrow();
        Impersonator by = new Impersonator("support@example.com", "trying it");
        System.out.println(gatehouse.impersonations().link(ada.id(), by, null));
    }

    private static void demand(ServletContextHandler context) {
        Gatehouse gatehouse = GatehouseFilter.of(context.getServletContext());
        User ada = gatehouse.users().findByEmail("ada@example.com").orElseThrow();
        Organization acme = gatehouse.organizations().create("Acme");
        gatehouse.organizations().addMember(acme.id(), ada.id(), null);
        gatehouse.organizations().demand(acme.id(), SignInPolicy.NONE.withMfa("required"));
    }

    @Test
    void theFilterProtectsAndTheLinesForTheQuickstartWork() throws Exception {
        try (Gatehouse gatehouse = Gatehouse.builder()
                .storage(new MemoryStorage())
                .keyring(LocalKeyring.random())
                .set(Setting.IMPERSONATION_OPERATORS, "support@example.com")
                .build()) {
            String ada = gatehouse.users().create(NewUser.of("ada@example.com")).id();
            Server server = embedded(gatehouse, new Snippets(), 0);
            try {
                HttpRequest request = HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + server.getURI().getPort() + "/"))
                        .header("Accept", "text/html")
                        .build();
                HttpResponse<String> answer =
                        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(302);
                ServletContextHandler context = (ServletContextHandler) server.getHandler();
                actAs(context);
                demand(context);
                assertThat(gatehouse.organizations().ofUser(ada))
                        .singleElement()
                        .satisfies(membership -> assertThat(gatehouse
                                        .organizations()
                                        .find(membership.organizationId())
                                        .orElseThrow()
                                        .policy()
                                        .mfa())
                                .isEqualTo("required"));
            } finally {
                server.stop();
            }
        }
    }
}
