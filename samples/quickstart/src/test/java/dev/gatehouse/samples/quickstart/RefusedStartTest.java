package dev.gatehouse.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A start that cannot be says why in one line, and ends. */
class RefusedStartTest {
    @TempDir
    Path data;

    private static List<String> said(Process process, int exit) throws Exception {
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            List<String> lines = out.lines().toList();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(lines.toString()).isEqualTo(exit);
            return lines;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--api-key, short, Option --api-key cannot be used",
        "--client-id, 01A, Option --client-id '01A' cannot be used",
        "--database-url, nonsense, Option --database-url cannot be used",
        "--database-url, jdbc:postgresql://127.0.0.1:1/db, Option --database-url"
    })
    void aSettingThatCannotBeUsed(String option, String value, String reason) throws Exception {
        assertThat(said(new RunningSample(data).process(option, value), 1))
                .singleElement()
                .asString()
                .startsWith("cannot start: " + reason);
    }

    @Test
    void aPortThatIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertThat(said(new RunningSample(data).process("--port", port), 1))
                    .containsExactly("cannot start: port " + port + " is in use. Choose another with --port.");
        }
    }

    @Test
    void anOptionThatIsNone() throws Exception {
        assertThat(said(new RunningSample(data).process("--colour", "red"), 2))
                .first()
                .asString()
                .contains("--colour");
        assertThat(said(new RunningSample(data).process("--port", "abc"), 2))
                .first()
                .asString()
                .contains("--port");
        for (String port : List.of("0", "99999")) {
            assertThat(said(new RunningSample(data).process("--port", port), 2))
                    .first()
                    .isEqualTo("expected a number from 1 to 65535 for --port, not " + port);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"quickstart", "saas", "import", "export"})
    void helpIsShownWithoutABuild(String script) throws Exception {
        Path file = Path.of("..", "..", "bin", script);
        Process process = new ProcessBuilder("bash", file.toString(), "--help")
                .redirectErrorStream(true)
                .start();
        assertThat(said(process, 0))
                .anyMatch(line -> line.contains("bin/" + script))
                .noneMatch(line -> line.contains("#"));
    }

    @ParameterizedTest
    @CsvSource({
        "--database-url nonsense, 1, cannot start: --database-url leads to no database that can be used: ",
        "--database-url jdbc:postgresql://127.0.0.1:1/db?password=s3cret, 1, cannot start: --database-url leads to no database",
        "--postgres --database-url jdbc:postgresql:x, 2, expected one of --postgres and --database-url",
        "--database-url, 2, expected a value for --database-url",
        "--port 0, 2, 'expected a number from 1 to 65535 for --port, not 0'",
        "--colour, 2, 'expected one of these options, not --colour'"
    })
    void theSampleSaas(String options, int exit, String reason) throws Exception {
        List<String> lines = said(RunningSample.saas(data).process(options.split(" ")), exit);
        assertThat(lines).hasSize(exit).first().asString().startsWith(reason).doesNotContain("s3cret");
    }

    @Test
    void aFileThatAnotherProcessHasOpen() throws Exception {
        try (RunningSample first = new RunningSample(data).start()) {
            assertThat(first.url("")).isNotEmpty();
            assertThat(said(new RunningSample(data).process(), 1))
                    .singleElement()
                    .asString()
                    .startsWith("cannot start: Option --data '" + data)
                    .contains("already in use");
        }
    }
}
