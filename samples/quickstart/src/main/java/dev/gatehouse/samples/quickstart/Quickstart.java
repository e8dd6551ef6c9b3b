package dev.gatehouse.samples.quickstart;

import dev.gatehouse.samples.common.DevelopmentMailer;
import dev.gatehouse.samples.common.Housekeeping;
import dev.gatehouse.samples.common.SampleServer;
import dev.gatehouse.servlet.GatehouseFilter;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.resource.ResourceFactory;

/** Starts the sample on embedded Jetty; see {@code bin/quickstart}. */
public final class Quickstart {
    private static final Map<String, String> OPTIONS = Map.of(
            "--data", "data-directory",
            "--api-key", "api-key",
            "--client-id", "client-id",
            "--database-url", "jdbc-url");

    private Quickstart() {}

    /** Reads the options, starts, and prints {@code ready on …} once it answers; or one line that says why it cannot. */
    public static void main(String[] arguments) throws Exception {
        int port = options(arguments);
        Server server;
        try {
            server = start(port);
        } catch (Exception e) {
            System.err.println(SampleServer.reason(e, port, OPTIONS));
            System.exit(1);
            return;
        }
        System.out.println("mails, with the code of a sign-up, are shown on http://localhost:" + port + "/mail");
        System.out.println("ready on http://localhost:" + port);
        server.join();
    }

    /** Turns options into settings; the port. */
    private static int options(String[] arguments) {
        int port = 8080;
        for (int i = 0; i < arguments.length; i += 2) {
            String value = i + 1 < arguments.length ? arguments[i + 1] : usage("a value for " + arguments[i]);
            if (arguments[i].equals("--port")) {
                port = SampleServer.port(value);
                if (port == 0) {
                    usage("a number from 1 to 65535 for --port, not " + value);
                }
            } else {
                String option = arguments[i];
                System.setProperty(
                        "gatehouse."
                                + Objects.requireNonNullElseGet(
                                        OPTIONS.get(option), () -> usage("one of these options, not " + option)),
                        value);
            }
        }
        settingUnlessGiven("data-directory", "data");
        settingUnlessGiven("origin", "http://localhost:" + port);
        return port;
    }

    private static void settingUnlessGiven(String key, String value) {
        if (System.getenv("GATEHOUSE_" + key.toUpperCase(Locale.ROOT).replace('-', '_')) == null) {
            System.getProperties().putIfAbsent("gatehouse." + key, value);
        }
    }

    private static Server start(int port) throws Exception {
        WebAppContext context = new WebAppContext();
        context.setContextPath("/");
        context.setBaseResource(ResourceFactory.of(context)
                .newResource(Objects.requireNonNull(Quickstart.class.getResource("/webapp/"))));
        context.setAttribute(GatehouseFilter.MAILER, new DevelopmentMailer());
        context.addEventListener(new Housekeeping());
        // a filter that cannot start must stop the program, not leave the application open
        context.setThrowUnavailableOnStartupException(true);
        Server server = SampleServer.of(port, context);
        server.start();
        server.setStopAtShutdown(true);

        System.out.println(
                "client id: " + GatehouseFilter.of(context.getServletContext()).clientId());
        return server;
    }

    private static String usage(String missing) {
        System.err.println("expected " + missing);
        System.err.println("usage: quickstart [--port 8080] [--data DIR] [--api-key sk_test_…] [--client-id client_…]"
                + " [--database-url jdbc:postgresql:…]");
        System.exit(2);
        return "";
    }
}
