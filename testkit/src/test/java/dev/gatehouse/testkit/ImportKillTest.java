package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.cli.ImportCommand;
import dev.gatehouse.crypto.PasswordHash;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.events.Event;
import dev.gatehouse.portability.Format;
import dev.gatehouse.portability.Portability.ExportOptions;
import dev.gatehouse.store.JdbcStorage;
import java.io.BufferedWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command that imports is killed (kill -9) again and again, and run until it is done: the same users as of one run
 * that nobody disturbed, none twice and none lost, and the same report.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ImportKillTest {
    private static final int KILLS = 3;
    /** System property for the figures of docs/import-export.md. */
    private static final int ROWS = Integer.getInteger("import.rows", 3_000);

    private static final int WRONG_EVERY = 97;
    private static final int MEMBER_EVERY = 5;
    private static final String ORGANIZATION = "org_01E4ZCR3C56J083X43JQXF3JK5";
    private static final String HASH = new PasswordHash(4_096, 1, 1, 1, new RandomTokens()).hash(Calls.PASSWORD);

    @TempDir
    Path folder;

    private final Random random = new Random();

    @Test
    @DisplayName("a killed import into the H2 file goes on, and nothing is there twice or missing")
    void h2() throws Exception {
        killed("H2 file", JdbcStorage.h2File(folder.resolve("killed")), JdbcStorage.h2File(folder.resolve("whole")));
    }

    @Test
    @DisplayName("a killed import into PostgreSQL goes on, and nothing is there twice or missing")
    void postgres() throws Exception {
        killed("PostgreSQL", Postgres.url(Postgres.schema()), Postgres.url(Postgres.schema()));
    }

    private void killed(String name, String url, String undisturbed) throws Exception {
        Path file = folder.resolve("users.jsonl");
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("{\"object\":\"organization\",\"name\":\"Acme\",\"id\":\"%s\"}\n".formatted(ORGANIZATION));
            for (int i = 0; i < ROWS; i++) {
                out.write("{\"email\":\"%s\",\"email_verified\":true,\"first_name\":\"Ada\",\"external_id\":\"x%d\","
                        .formatted(i % WRONG_EVERY == 0 ? "wrong" : "u" + i + "@example.com", i));
                if (i % MEMBER_EVERY == 0) {
                    out.write("\"organization_memberships\":[{\"organization_id\":\"%s\"}],".formatted(ORGANIZATION));
                }
                out.write("\"password_hash_type\":\"argon2\",\"password_hash\":\"%s\"}\n".formatted(HASH));
            }
        }
        Path once = folder.resolve("whole.refused");
        long began = System.nanoTime();
        assertThat(start(file, undisturbed, once).waitFor()).isEqualTo(3);
        long wholeMillis = (System.nanoTime() - began) / 1_000_000;

        Path report = folder.resolve("killed.refused");
        int kills = 0;
        while (kills < KILLS) {
            Process command = start(file, url, report);
            if (!killAfter(command, random.nextInt(1, 2 + ROWS / 500 / KILLS))) {
                break;
            }
            kills++;
        }
        assertThat(kills).as("kills in the middle").isPositive();
        assertThat(start(file, url, report).waitFor()).isEqualTo(3);

        assertThat(Files.readAllLines(report))
                .hasSize((ROWS + WRONG_EVERY - 1) / WRONG_EVERY)
                .isEqualTo(Files.readAllLines(once));
        List<String> users = users(url);
        assertThat(users).hasSize(ROWS - (ROWS + WRONG_EVERY - 1) / WRONG_EVERY).isEqualTo(users(undisturbed));
        System.out.println(name + ": " + kills + " kills of an import of " + ROWS
                + " rows, lost 0, twice 0; undisturbed " + wholeMillis + " ms with the start of the JVM");
    }

    private Process start(Path file, String url, Path report) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ImportCommand.class.getName(),
                        file.toString(),
                        "--new",
                        "--database-url",
                        url,
                        "--data",
                        folder.toString(),
                        "--report",
                        report.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(folder.resolve("progress").toFile())
                .start();
    }

    /** Kills it after so many batches; false if it was done before that. */
    private boolean killAfter(Process command, int batches) throws IOException, InterruptedException {
        while (command.isAlive() && shown() < batches) {
            LockSupport.parkNanos(5_000_000);
        }
        LockSupport.parkNanos(random.nextInt(100_000_000));
        command.destroyForcibly();
        // 3 is how it ends by itself
        return command.waitFor() != 3;
    }

    /** How many batches the command showed on its terminal. */
    private long shown() throws IOException {
        try (InputStream in = Files.newInputStream(folder.resolve("progress"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .chars()
                    .filter(c -> c == '\r')
                    .count();
        }
    }

    /** All users without what differs between two imports; each has exactly one event. */
    private List<String> users(String url) throws IOException {
        try (Gatehouse gatehouse = GatehouseKillTest.open(url, folder, "validate")) {
            Set<String> created = Set.of("user.created");
            List<String> told = new ArrayList<>();
            String last = null;
            List<Event> page;
            do {
                page = gatehouse.events().after(created, last, 1_000);
                for (Event event : page) {
                    told.add(event.data().path("id").asText());
                    last = event.id();
                }
            } while (!page.isEmpty());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            gatehouse.portability().exportUsers(out, new ExportOptions(Format.JSON_LINES, false));
            List<String> lines = out.toString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.contains("\"object\":\"organization\""))
                    .toList();
            assertThat(lines.stream().filter(line -> line.contains(ORGANIZATION)))
                    .hasSize(gatehouse.organizations().members(ORGANIZATION).size())
                    .isNotEmpty();
            assertThat(lines.stream()
                            .map(line -> line.replaceAll("^.\"object\":\"user\",\"id\":\"(user_[^\"]*)\".*", "$1")))
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(told);
            return lines.stream()
                    .map(line -> line.replaceAll("\"(id|created_at|updated_at)\":\"[^\"]*\",?", ""))
                    .sorted()
                    .toList();
        }
    }
}
