package dev.gatehouse.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.User;
import dev.gatehouse.organizations.Domains;
import dev.gatehouse.organizations.Organization;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.spi.Mailer;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.Profile;
import dev.gatehouse.store.MemoryStorage;
import dev.gatehouse.testkit.HttpBrowser;
import dev.gatehouse.testkit.SteerableClock;
import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;

/** An application on Jetty that greets who is signed in, as docs/testing.md has it made. */
final class DocsApplication implements AutoCloseable {
    final List<Mailer.Mail> mails = new CopyOnWriteArrayList<>();
    final SteerableClock clock = new SteerableClock();
    final String app;
    final Gatehouse gatehouse;
    final Organization acme;
    private final Server server;

    DocsApplication() throws Exception {
        int port = freePort();
        app = "http://127.0.0.1:" + port;
        gatehouse = forTests(app, mails, clock);
        acme = organization(gatehouse, app);
        ServletContextHandler context = new ServletContextHandler("/");
        FilterHolder filter = new FilterHolder(new GatehouseFilter(gatehouse));
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.allOf(DispatcherType.class));
        context.addServlet(new Snippets(), "/");
        server = new Server(port);
        server.setHandler(context);
        server.start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private static Gatehouse forTests(String app, List<Mailer.Mail> mails, SteerableClock clock) {
        Gatehouse gatehouse = Gatehouse.builder()
                .storage(new MemoryStorage())
                .keyring(LocalKeyring.random())
                .mailer(mails::add) // List<Mailer.Mail> mails = new CopyOnWriteArrayList<>()
                .executor(Runnable::run) // mail has been sent when a page answers
                .clock(clock) // SteerableClock clock = new SteerableClock()
                .set(Setting.ORIGIN, app) // such as http://127.0.0.1:8080
                .set(Setting.API_PATH, "/")
                .build();
        return gatehouse;
    }

    private static Organization organization(Gatehouse gatehouse, String app) {
        Organization acme = gatehouse.organizations().create("Acme");
        Domains domains = gatehouse.organizations().domains();
        domains.verifyManually(domains.claim(acme.id(), "acme.com").id());
        gatehouse.environments().ensureRedirectUri(gatehouse.environment().id(), app + "/");
        return acme;
    }

    /** Where a browser begins to sign in through a connection. */
    String signInAddress(Connection connection) {
        String signIn = app + "/user_management/authorize?response_type=code&client_id=" + gatehouse.clientId()
                + "&redirect_uri=" + app + "/&connection_id=" + connection.id();
        return signIn;
    }

    /** Somebody signs in, and is who the provider says, with the role that the group gives. */
    void arrives(Connection connection, String email) {
        assertThat(new HttpBrowser().get(signInAddress(connection)).text())
                .as(() -> gatehouse.sso().attempts(connection.id(), null, 1).toString())
                .contains("Hello Ada Lovelace");
        User ada = gatehouse.users().findByEmail(email).orElseThrow();
        Profile profile = gatehouse.sso().profilesOf(ada.id()).get(0);
        assertThat(profile.connectionId()).isEqualTo(connection.id());
        if (!connection.groupRoles().isEmpty()) {
            assertThat(profile.roles()).containsExactly("admin");
        }
    }

    @Override
    public void close() throws Exception {
        server.stop();
        gatehouse.close();
    }
}
