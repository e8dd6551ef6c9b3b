package dev.gatehouse.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file of the embedded default stays small, and whole when the process is killed while it is copied. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class H2FileTest {
    private static final String ENV = "env";
    private static final String KIND = "thing";
    private static final String LONG = "x".repeat(500);

    @TempDir
    Path directory;

    private static JdbcStorage open(Path directory, Compaction.When when) {
        JdbcStorage storage =
                JdbcStorage.of(JdbcStorage.h2File(directory), null, null, JdbcStorage.SchemaMode.CREATE, "gh_", when);
        storage.prepare(List.of());
        return storage;
    }

    private static Row row(String id, String body) {
        return new Row(ENV, KIND, id, 1, Instant.EPOCH, Instant.EPOCH, null, body);
    }

    /** Adds one to the row, or makes it; what it says is checked by its twin, which changes with it. */
    private static long bump(Storage storage, String id) {
        return storage.inTransaction(tx -> {
            long next = 0;
            for (String twin : List.of(id, id + "'")) {
                Row found = tx.hold(ENV, KIND, twin).orElse(null);
                next = found == null ? 1 : number(found) + 1;
                Row to = row(twin, "{\"n\":" + next + ",\"pad\":\"" + LONG + "\"}");
                if (found == null) {
                    tx.insert(to, Keys.NONE);
                } else {
                    tx.replace(
                            new Row(ENV, KIND, twin, found.version(), Instant.EPOCH, Instant.EPOCH, null, to.body()),
                            Keys.NONE);
                }
            }
            return next;
        });
    }

    private static long number(Row row) {
        return Long.parseLong(row.body().replaceAll(".*\"n\":([0-9]+).*", "$1"));
    }

    @Test
    void aFileThatIsMostlyDeadIsCopiedWhileOthersReadAndWrite() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (JdbcStorage storage = open(directory, new Compaction.When(100, 1 << 20))) {
            long largest = 0;
            List<Future<Long>> all = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                String id = "thing-" + thread;
                all.add(threads.submit(() -> {
                    long last = 0;
                    for (int i = 0; i < 500; i++) {
                        last = bump(storage, id);
                        boolean there = storage.inTransaction(
                                tx -> tx.get(ENV, KIND, id).isPresent());
                        assertThat(there).isTrue();
                    }
                    return last;
                }));
            }
            Path file = directory.resolve("gatehouse.mv.db");
            while (!all.stream().allMatch(Future::isDone)) {
                largest = Math.max(largest, Files.size(file));
                LockSupport.parkNanos(5_000_000);
            }
            for (Future<Long> one : all) {
                assertThat(one.get()).isEqualTo(500);
            }
            // two thousand transactions append some 25 MB
            assertThat(largest).isBetween(1L << 20, 8L << 20);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aKillWhileTheFileIsCopiedLosesNothing() throws Exception {
        Random random = new Random();
        Map<String, Long> acknowledged = new java.util.TreeMap<>();
        for (int kill = 0; kill < 20; kill++) {
            Process worker = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Worker.class.getName(),
                            directory.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader out = worker.inputReader(StandardCharsets.UTF_8)) {
                List<String> said = new ArrayList<>();
                for (int lines = random.nextInt(1, 400); lines > 0; lines--) {
                    String line = out.readLine();
                    assertThat(line).as("the worker ended by itself").isNotNull();
                    said.add(line);
                }
                LockSupport.parkNanos(random.nextInt(20_000_000));
                worker.toHandle().destroyForcibly();
                out.lines().forEach(said::add);
                // whole if it has its end mark
                said.stream().filter(line -> line.endsWith(".")).forEach(line -> {
                    String[] words = line.substring(0, line.length() - 1).split(" ", -1);
                    acknowledged.put(words[0], Long.parseLong(words[1]));
                });
            } finally {
                worker.destroyForcibly().waitFor();
            }
            try (JdbcStorage storage = open(directory, new Compaction.When(50, 0))) {
                acknowledged.forEach((id, number) -> {
                    Map<String, Row> twins = storage.inTransaction(tx -> tx.getAll(ENV, KIND, List.of(id, id + "'")));
                    assertThat(twins.values())
                            .allSatisfy(row -> assertThat(number(row)).isGreaterThanOrEqualTo(number));
                    assertThat(twins.values().stream().map(H2FileTest::number).distinct())
                            .as("both or neither: " + id)
                            .hasSize(1);
                });
            }
        }
        assertThat(acknowledged).hasSize(4);
    }

    /** The process that is killed. */
    static final class Worker {
        private Worker() {}

        public static void main(String[] arguments) {
            Thread.setDefaultUncaughtExceptionHandler(
                    (thread, e) -> Runtime.getRuntime().halt(3));
            JdbcStorage storage = open(Path.of(arguments[0]), new Compaction.When(50, 0));
            for (int thread = 0; thread < 4; thread++) {
                String id = "thing-" + thread;
                new Thread(() -> {
                            while (true) {
                                long number = bump(storage, id);
                                System.out.println(id + " " + number + ".");
                                System.out.flush();
                            }
                        })
                        .start();
            }
        }
    }
}
