package dev.gatehouse.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.samples.common.SampleServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The contract judge before the sample, where it is beside this checkout; else the sample itself. */
final class Judge implements AutoCloseable {
    private static final Path PROGRAM = Path.of("..", "..", "..", "shared", "contract", "judge");

    /** Where clients connect. */
    final int port;

    private final @Nullable Process process;
    private final @Nullable BufferedReader out;

    private Judge(int port, @Nullable Process process, @Nullable BufferedReader out) {
        this.port = port;
        this.process = process;
        this.out = out;
    }

    /**
     * Starts judging what the sample answers.
     *
     * @param report file name of the judge's own report, in {@code target}
     */
    static Judge before(RunningSample app, String report) throws IOException {
        if (!Files.isExecutable(PROGRAM)) {
            return new Judge(app.port, null, null);
        }
        int listen = SampleServer.freePort();
        Process judging = new ProcessBuilder(
                        PROGRAM.toString(),
                        "--target",
                        "http://localhost:" + app.port,
                        "--listen",
                        Integer.toString(listen),
                        "--report",
                        Path.of("target", report).toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader out = judging.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        while (line != null && !line.startsWith("judge: listening")) {
            line = out.readLine();
        }
        assertThat(line).as("the judge started").isNotNull();
        return new Judge(listen, judging, out);
    }

    /** Ends it and holds it to have proven so many operations (a regular expression) and found none violated. */
    void proved(String operations) {
        if (process != null && out != null) {
            process.toHandle().destroy(); // SIGTERM: it reports and ends
            String report = String.join("\n", out.lines().toList());
            System.out.println(report);
            assertThat(report).containsPattern("\\b" + operations + " operations proven, 0 violated");
        }
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
