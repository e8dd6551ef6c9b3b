package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.events.Event;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.store.JdbcStorage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Gatehouse is killed (kill -9) again and again while it delivers webhooks; what it acknowledged arrives all the same. */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WebhookKillTest {
    private static final int KILLS = 6;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private final Random random = new Random();
    private final List<JsonNode> got = Collections.synchronizedList(new ArrayList<>());

    @Test
    @DisplayName("W11 six kills in the middle of deliveries: each event arrives, and few arrive twice")
    void killed() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            got.add(JSON.readTree(exchange.getRequestBody().readAllBytes()));
            LockSupport.parkNanos(3_000_000);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            String url = JdbcStorage.h2File(directory);
            try (Gatehouse first = open(url, directory, "create", Clock.systemUTC())) {
                first.webhooks()
                        .create("http://localhost:" + server.getAddress().getPort() + "/", Set.of("user.created"));
            }
            List<String> said = new ArrayList<>();
            for (int kill = 1; kill <= KILLS; kill++) {
                said.addAll(workAndKill(url, kill));
            }
            // claims of the dead end after two minutes
            try (Gatehouse again =
                    open(url, directory, "validate", Clock.offset(Clock.systemUTC(), Duration.ofMinutes(3)))) {
                Set<String> events = new HashSet<>();
                for (Event event : again.events().after(Set.of("user.created"), null, 10_000)) {
                    events.add(event.id());
                }
                assertThat(events).hasSizeGreaterThanOrEqualTo(said.size());
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(100);
                while (!counts().keySet().containsAll(events) && System.nanoTime() < end) {
                    again.maintain();
                    LockSupport.parkNanos(100_000_000);
                }
                Map<String, Integer> counts = counts();
                assertThat(counts.keySet()).isEqualTo(events);
                Set<String> users = new HashSet<>();
                synchronized (got) {
                    got.forEach(event -> users.add(event.at("/data/email").asText()));
                }
                assertThat(users).containsAll(said);
                int twice = counts.values().stream().mapToInt(n -> n - 1).sum();
                // those that were under way when the process died, two at a time
                assertThat(twice).isLessThanOrEqualTo(2 * KILLS);
                System.out.println("webhooks: " + KILLS + " kills, " + events.size() + " events delivered, lost 0, "
                        + twice + " came twice");
            }
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    private Map<String, Integer> counts() {
        Map<String, Integer> counts = new HashMap<>();
        synchronized (got) {
            got.forEach(event -> counts.merge(event.path("id").asText(), 1, Integer::sum));
        }
        return counts;
    }

    private static Gatehouse open(String url, Path directory, String schema, Clock clock) {
        return Gatehouse.builder()
                .set(Setting.JDBC_URL, url)
                .set(Setting.DATA_DIRECTORY, directory.toString())
                .set(Setting.SCHEMA, schema)
                .clock(clock)
                .build();
    }

    /** The addresses whose users the killed process said it had made. */
    private List<String> workAndKill(String url, int round) throws IOException, InterruptedException {
        Process worker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Worker.class.getName(),
                        url,
                        directory.toString(),
                        "r" + round)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> said = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(worker.getInputStream(), StandardCharsets.UTF_8))) {
            for (int wanted = random.nextInt(20, 120); wanted > 0; wanted--) {
                String line = out.readLine();
                assertThat(line).as("the worker ended by itself: " + said).isNotNull();
                said.add(line);
            }
            LockSupport.parkNanos(random.nextInt(20_000_000));
            // the handle, since Process would close the pipe at once and with it what was said meanwhile
            worker.toHandle().destroyForcibly();
            out.lines().forEach(said::add);
        } finally {
            worker.destroyForcibly().waitFor();
        }
        return said.stream()
                .filter(line -> line.endsWith("."))
                .map(line -> line.substring(0, line.length() - 1))
                .toList();
    }

    /** The process that is killed. */
    static final class Worker {
        private Worker() {}

        public static void main(String[] arguments) {
            Gatehouse gatehouse = open(arguments[0], Path.of(arguments[1]), "validate", Clock.systemUTC());
            for (int i = 0; ; i++) {
                String email = arguments[2] + "-" + i + "@example.com";
                gatehouse.users().create(NewUser.of(email));
                System.out.println(email + ".");
                System.out.flush();
            }
        }
    }
}
