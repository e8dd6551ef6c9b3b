package dev.gatehouse.samples.common;

import dev.gatehouse.config.ConfigException;
import dev.gatehouse.spi.Storage;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty as the samples run it: on loopback, and it tells nobody what it is. */
public final class SampleServer {
    private SampleServer() {}

    /** A server for one application, not started. */
    public static Server of(int port, ServletContextHandler application) {
        Server server = new Server();
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        server.setErrorHandler(new QuietErrors());
        application.setErrorHandler(new QuietErrors());
        server.setHandler(application);
        server.setStopTimeout(10_000);
        return server;
    }

    /** The port that an option names, or 0 if it names none. */
    public static int port(String value) {
        int port = value.matches("[0-9]{1,5}") ? Integer.parseInt(value) : 0;
        return port <= 65_535 ? port : 0;
    }

    /** A port of loopback's that nobody listens on. */
    public static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    /**
     * Why it did not start: the cause that a person can do something about.
     *
     * @param options option to the setting that it stands for, so that a setting is told by the name it was given with
     */
    public static String reason(Throwable failed, int port, Map<String, String> options) {
        for (Throwable at = failed; at != null; at = at.getCause()) {
            if (at instanceof ConfigException || at instanceof Storage.StorageException) {
                return "cannot start: " + inOptions(String.valueOf(at.getMessage()), options);
            }
            if (at instanceof BindException) {
                return "cannot start: port " + port + " is in use. Choose another with --port.";
            }
        }
        return "cannot start: " + failed;
    }

    private static String inOptions(String message, Map<String, String> options) {
        String told = message;
        for (Map.Entry<String, String> option : options.entrySet()) {
            told = told.replaceFirst(
                    "Setting " + option.getValue() + "( '.*?')? from a system property",
                    "Option " + option.getKey() + "$1");
        }
        return told;
    }
}
