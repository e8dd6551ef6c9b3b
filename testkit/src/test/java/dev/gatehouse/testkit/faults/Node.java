package dev.gatehouse.testkit.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Setting;
import dev.gatehouse.spi.Storage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/** A node, in a process of its own: the REST API over HTTP, and two paths for what the filter and a scheduler would do. */
final class Node {
    private Node() {}

    /** The machine's clock, set wrong. */
    private static final class Skewed extends Clock {
        private final Clock right = Clock.systemUTC();
        volatile Duration by = Duration.ZERO;

        @Override
        public Instant instant() {
            return right.instant().plus(by);
        }

        @Override
        public ZoneId getZone() {
            return right.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** @param arguments JDBC URL, root key, refresh window */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Skewed clock = new Skewed();
        Gatehouse gatehouse = open(arguments, clock);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
        server.setExecutor(Executors.newFixedThreadPool(100));
        server.createContext("/", exchange -> answer(exchange, gatehouse.api(request(exchange))));
        server.createContext("/-/check", exchange -> answer(exchange, check(gatehouse, request(exchange))));
        server.createContext("/-/clock", exchange -> {
            clock.by = Duration.parse(request(exchange).query().one("by").orElseThrow());
            answer(exchange, Answer.empty(204));
        });
        server.start();
        System.out.println("ready " + server.getAddress().getPort());
        System.out.flush();
        // until the parent goes, whichever way
        while (System.in.read() >= 0) {
            Thread.onSpinWait();
        }
        System.exit(0);
    }

    /** As a host that waits for its database does: it starts again and again. */
    private static Gatehouse open(String[] arguments, Clock clock) throws InterruptedException {
        while (true) {
            try {
                return Gatehouse.builder()
                        .clock(clock)
                        .set(Setting.JDBC_URL, arguments[0])
                        .set(Setting.ROOT_KEYS, arguments[1])
                        .set(Setting.REFRESH_WINDOW, arguments[2])
                        .set(Setting.API_KEY, Cluster.KEY)
                        .set(Setting.CLIENT_ID, Cluster.CLIENT)
                        .set(Setting.RATE_LIMITS, "false")
                        .set(Setting.PASSWORD_HASH_MEMORY, "4096")
                        .set(Setting.PASSWORD_HASH_PASSES, "1")
                        .build();
            } catch (Storage.StorageException e) {
                Thread.sleep(500);
            }
        }
    }

    /** As the filter does with a bearer token. */
    private static Answer check(Gatehouse gatehouse, Request request) {
        String token = new String(request.body(), StandardCharsets.UTF_8);
        try {
            boolean in = gatehouse.sessions().byToken(gatehouse.environment().id(), Cluster.CLIENT, token) != null;
            return Answer.empty(in ? 204 : 401);
        } catch (Storage.StorageException e) {
            return Answer.empty(503);
        }
    }

    private static Request request(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        return new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                query == null ? "" : query,
                Map.of(
                        "content-type", List.of("application/json"),
                        "authorization", List.of("Bearer " + Cluster.KEY)),
                exchange.getRequestBody().readAllBytes(),
                "127.0.0.1",
                false);
    }

    private static void answer(HttpExchange exchange, Answer answer) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            if (answer.body().length > 0) {
                exchange.getResponseBody().write(answer.body());
            }
        }
    }
}
