package dev.gatehouse.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A web server at a free port of loopback, for what a test plays the other side of. */
final class Loopback implements AutoCloseable {
    /** By which a page of {@link #page} goes on. */
    static final String SUBMITS = "document.forms[0].submit()";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "loopback");
        thread.setDaemon(true);
        return thread;
    });

    Loopback() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException("loopback has no port", e);
        }
        // a call that hangs must not hold up the next one
        server.setExecutor(threads);
        server.start();
    }

    /** Its address, without a path. */
    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Answers what is below a path. */
    void at(String path, HttpHandler handler) {
        server.createContext(path, handler);
    }

    /** What was sent: the form of a POST, else the query. */
    static Map<String, String> parameters(HttpExchange exchange) throws IOException {
        return parameters(
                exchange.getRequestMethod().equals("POST")
                        ? new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                        : exchange.getRequestURI().getRawQuery());
    }

    /** Of a query or a form; null has none. */
    static Map<String, String> parameters(@Nullable String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return parameters;
    }

    static void send(HttpExchange exchange, String type, String body) throws IOException {
        send(exchange, 200, type, body);
    }

    static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** @param status 302, or 307 to have a form sent again */
    static void redirect(HttpExchange exchange, int status, String location) throws IOException {
        exchange.getResponseHeaders().add("Location", location);
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    /** A page with a form that submits itself, or by its button where scripts are off. */
    static String page(String action, Map<String, String> fields) {
        StringBuilder page = new StringBuilder("<!DOCTYPE html><title>Fake identity provider</title>");
        page.append("<form method=\"post\" action=\"")
                .append(XmlCraft.escape(action))
                .append("\">");
        fields.forEach((name, value) -> page.append("<input type=\"hidden\" name=\"")
                .append(name)
                .append("\" value=\"")
                .append(XmlCraft.escape(value))
                .append("\">"));
        return page.append("<button>Continue</button></form><script>")
                .append(SUBMITS)
                .append("</script>")
                .toString();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
