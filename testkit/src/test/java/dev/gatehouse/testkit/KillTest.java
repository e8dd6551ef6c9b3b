package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.store.JdbcStorage.SchemaMode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A killed process (kill -9) has not lost what it acknowledged, with the H2 file that is the default. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KillTest {
    private static final int ROUNDS = 5;
    private static final int ACKNOWLEDGED = 300;

    @TempDir
    Path directory;

    @Test
    void whatAKilledProcessAcknowledgedIsThereAfterwards() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            acknowledged.addAll(writeAndKill(round));
            try (Storage storage = open(directory)) {
                Map<String, ?> found =
                        storage.inTransaction(tx -> tx.getAll(StorageFixture.ENV, StorageFixture.KIND, acknowledged));
                assertThat(acknowledged).hasSizeGreaterThanOrEqualTo((round + 1) * ACKNOWLEDGED);
                assertThat(acknowledged.stream().filter(id -> !found.containsKey(id)))
                        .isEmpty();
            }
        }
    }

    private List<String> writeAndKill(int round) throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Writer.class.getName(),
                        directory.toString(),
                        "r" + round + "-")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> acknowledged = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            while (acknowledged.size() < ACKNOWLEDGED) {
                String id = out.readLine();
                assertThat(id).as("the writer ended by itself").isNotNull();
                acknowledged.add(id);
            }
            // the handle, since Process would close the pipe at once and with it what was said meanwhile
            writer.toHandle().destroyForcibly();
            out.lines().forEach(acknowledged::add);
        } finally {
            writer.destroyForcibly().waitFor();
        }
        // the last line may have been cut short by the kill; it is whole if it has its end mark
        return acknowledged.stream().filter(line -> line.endsWith(".")).toList();
    }

    private static Storage open(Path directory) {
        Storage storage = JdbcStorage.of(JdbcStorage.h2File(directory), null, null, SchemaMode.CREATE, "gh_");
        storage.prepare(List.of());
        return storage;
    }

    /** The process that is killed. Says each identifier once its transaction has returned. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            Storage storage = open(Path.of(arguments[0]));
            for (int i = 0; i < 1_000_000; i++) {
                String id = arguments[1] + i + ".";
                storage.<Boolean>inTransaction(tx -> {
                    tx.insert(StorageFixture.row(id), StorageFixture.unique("email", id));
                    return true;
                });
                System.out.println(id);
                System.out.flush();
            }
            storage.close();
        }
    }
}
