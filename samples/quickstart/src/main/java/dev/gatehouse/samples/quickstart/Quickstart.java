package dev.gatehouse.samples.quickstart;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.servlet.GatehouseFilter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.resource.ResourceFactory;

/** Starts the sample on embedded Jetty; see {@code bin/quickstart}. */
public final class Quickstart {
    private static final Map<String, String> OPTIONS = Map.of(
            "--data", "data-directory",
            "--api-key", "api-key",
            "--client-id", "client-id",
            "--database-url", "jdbc-url");

    private Quickstart() {}

    /** Reads the options, starts, and prints {@code ready on …} once it answers. */
    public static void main(String[] arguments) throws Exception {
        int port = 8080;
        System.setProperty("gatehouse.data-directory", "data");
        for (int i = 0; i < arguments.length; i += 2) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : usage();
            if (arguments[i].equals("--port")) {
                port = Integer.parseInt(value);
            } else {
                System.setProperty(
                        "gatehouse." + Objects.requireNonNullElseGet(OPTIONS.get(arguments[i]), Quickstart::usage),
                        value);
            }
        }
        Files.createDirectories(Path.of(System.getProperty("gatehouse.data-directory")));
        System.setProperty("gatehouse.origin", "http://127.0.0.1:" + port);

        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        WebAppContext context = new WebAppContext();
        context.setContextPath("/");
        context.setBaseResource(ResourceFactory.of(context)
                .newResource(Objects.requireNonNull(Quickstart.class.getResource("/webapp/"))));
        context.setAttribute(GatehouseFilter.MAILER, new DevelopmentMailer());
        // a filter that cannot start must stop the program, not leave the application open
        context.setThrowUnavailableOnStartupException(true);
        server.setHandler(context);
        server.setStopAtShutdown(true);
        server.setStopTimeout(10_000);
        server.start();

        Gatehouse gatehouse = GatehouseFilter.of(context.getServletContext());
        ScheduledExecutorService housekeeping = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "housekeeping");
            thread.setDaemon(true);
            return thread;
        });
        var unused = housekeeping.scheduleWithFixedDelay(gatehouse::maintain, 30, 60, TimeUnit.SECONDS);
        gatehouse.firstApiKey().ifPresent(key -> System.out.println("API key, shown this once: " + key));
        System.out.println("client id: " + gatehouse.clientId());
        System.out.println("ready on http://127.0.0.1:" + port);
        server.join();
    }

    private static String usage() {
        System.err.println("usage: quickstart [--port 8080] [--data DIR] [--api-key sk_test_…] [--client-id client_…]"
                + " [--database-url jdbc:postgresql:…]");
        System.exit(2);
        return "";
    }
}
