package dev.gatehouse.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The official Node SDK against the sample. */
class SdkTest {
    private static final Path NODE = Path.of("src", "test", "node");

    @TempDir
    Path data;

    /** Through the contract judge where that is there: every supported operation is proven and none violated. */
    @Test
    void theOfficialSdkBehaves() throws Exception {
        assumeTrue(Files.isDirectory(NODE.resolve("node_modules")), "bin/test has not fetched the SDK");
        try (RunningSample app = new RunningSample(data).start()) {
            behave(app);
        }
    }

    /** The same on PostgreSQL, whose binaries come with Maven. */
    @Test
    void theOfficialSdkBehavesOnPostgres() throws Exception {
        assumeTrue(Files.isDirectory(NODE.resolve("node_modules")), "bin/test has not fetched the SDK");
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "no PostgreSQL binaries for this machine");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
            try (RunningSample app =
                    new RunningSample(data).start("--database-url", postgres.getJdbcUrl("postgres", "postgres"))) {
                behave(app);
            }
        }
    }

    private static void behave(RunningSample app) throws Exception {
        try (Judge judge = Judge.before(app, "contract.json")) {
            sdk(judge.port, app.port);
            judge.proved(supported());
        }
    }

    /** How many operations there are, as docs/SUPPORTED.md is printed: {@code 59 of 212}. */
    private static String supported() throws IOException {
        String page = Files.readString(Path.of("..", "..", "docs", "SUPPORTED.md"));
        Matcher count = Pattern.compile("[0-9]+ of [0-9]+").matcher(page);
        assertThat(count.find()).isTrue();
        return count.group();
    }

    private static void sdk(int at, int sample) throws Exception {
        Process sdk = new ProcessBuilder(
                        "node",
                        "sdk.mjs",
                        Integer.toString(at),
                        RunningSample.KEY,
                        RunningSample.CLIENT,
                        Integer.toString(sample))
                .directory(NODE.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(sdk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(sdk.waitFor()).as(said).isZero();
        assertThat(said).contains("sdk: every call behaved");
    }
}
