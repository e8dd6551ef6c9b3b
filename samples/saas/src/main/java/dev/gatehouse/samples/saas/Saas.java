package dev.gatehouse.samples.saas;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.samples.common.DevelopmentMailer;
import dev.gatehouse.samples.common.Housekeeping;
import dev.gatehouse.samples.common.Keycloak;
import dev.gatehouse.samples.common.MailServlet;
import dev.gatehouse.samples.common.SampleServer;
import dev.gatehouse.servlet.GatehouseFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ResourceServlet;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.resource.ResourceFactory;

/** Starts the sample on embedded Jetty; see {@code bin/saas}. */
public final class Saas {
    /** What was started, the latest first. */
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    private Saas() {}

    /** Reads the options, starts, and prints {@code ready on …} once it answers; or one line that says why it cannot. */
    public static void main(String[] arguments) throws InterruptedException {
        Options options;
        try {
            options = Options.of(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.println(Options.USAGE);
            System.exit(2);
            return;
        }
        Saas saas = new Saas();
        Runtime.getRuntime().addShutdownHook(new Thread(saas::stop));
        try {
            Server server = saas.start(options);
            System.out.println("whom to sign in as: " + origin(options) + WelcomeServlet.PATH);
            System.out.println("ready on " + origin(options));
            server.join();
        } catch (Exception e) {
            System.err.println(reason(e, options));
            System.exit(1);
        }
    }

    private static String origin(Options options) {
        return "http://localhost:" + options.port();
    }

    private Server start(Options options) throws Exception {
        Files.createDirectories(options.data());
        Keycloak keycloak = options.keycloak() ? opened(LumenKeycloak.start(options)) : null;
        Database database = opened(Database.open(options));
        Gatehouse gatehouse = opened(gatehouse(options, database));
        Waybill app = new Waybill(gatehouse, new Shipments(database.pool()), new Activities(database.pool()));
        Server server = SampleServer.of(options.port(), servlets(app, options));
        opened(server::stop);
        server.start();
        // only now, so that its own webhooks are heard
        new Seed(app).run();
        LumenKeycloak.connect(gatehouse, keycloak);
        return server;
    }

    private static Gatehouse gatehouse(Options options, Database database) {
        return Gatehouse.builder()
                .dataSource(database.pool())
                .mailer(new DevelopmentMailer())
                .set(Setting.DATA_DIRECTORY, options.data().toString())
                .set(Setting.ORIGIN, origin(options))
                .set(Setting.APP_NAME, "Waybill")
                // people come by invitation or through their company's provider
                .set(Setting.SIGN_UP, "false")
                .set(Setting.MULTIPLE_ROLES, "false")
                .set(Setting.PUBLIC_PATHS, "/assets/*, /mail, " + WelcomeServlet.PATH + ", " + WebhookServlet.PATH)
                .set(Setting.API_KEY_PATHS, "/api/*")
                .build();
    }

    private static ServletContextHandler servlets(Waybill app, Options options) {
        ServletContextHandler context = new ServletContextHandler("/");
        context.setBaseResource(
                ResourceFactory.of(context).newResource(Objects.requireNonNull(Saas.class.getResource("/assets/"))));
        FilterHolder filter = new FilterHolder(new GatehouseFilter(app.gatehouse()));
        filter.setAsyncSupported(true);
        context.addFilter(filter, "/*", EnumSet.allOf(DispatcherType.class));
        context.addEventListener(new Housekeeping());
        HttpServlet shipments = new ShipmentsServlet(app);
        Map<String, HttpServlet> servlets = Map.of(
                "/people/*",
                new PeopleServlet(app),
                "/activity",
                new ActivityServlet(app),
                "/settings/*",
                new SettingsServlet(app, origin(options)),
                "/organization",
                new SwitchServlet(app),
                "/api/*",
                new ApiServlet(app),
                WebhookServlet.PATH,
                new WebhookServlet(app, Clock.systemUTC(), origin(options)),
                WelcomeServlet.PATH,
                new WelcomeServlet(options.keycloak()),
                "/mail",
                new MailServlet(),
                "/assets/*",
                new ResourceServlet());
        servlets.forEach((path, servlet) -> context.addServlet(new ServletHolder(servlet), path));
        ServletHolder list = new ServletHolder(shipments);
        context.addServlet(list, "");
        context.addServlet(list, "/shipments/*");
        return context;
    }

    private synchronized <T extends AutoCloseable> T opened(T part) {
        running.addFirst(part);
        return part;
    }

    private synchronized void stop() {
        for (AutoCloseable part : running) {
            try {
                part.close();
            } catch (Exception e) {
                System.err.println("does not stop cleanly: " + e.getMessage());
            }
        }
    }

    /** The cause that a person can do something about. */
    private static String reason(Exception failed, Options options) {
        for (Throwable at = failed; at != null; at = at.getCause()) {
            if (at instanceof SQLException) {
                return "cannot start: "
                        + (options.databaseUrl() != null
                                ? "--database-url leads to no database that can be used: "
                                : "the database in --data cannot be used: ")
                        + String.valueOf(at.getMessage()).lines().findFirst().orElse("");
            }
        }
        return SampleServer.reason(failed, options.port(), Map.of());
    }
}
