package dev.gatehouse.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.samples.common.SampleServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One of the Spring Boot samples as a process of its own, with the versions that Spring Boot wants. */
final class RunningSpringBoot implements AutoCloseable {
    private final Process process;
    private final int port;

    private RunningSpringBoot(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it, and returns once it says that it is healthy. */
    static RunningSpringBoot start(String sample, Path data, String... options)
            throws IOException, InterruptedException {
        Path target = Path.of("..", sample, "target");
        Path classpath = target.resolve("classpath.txt");
        assumeTrue(Files.exists(classpath), "samples/" + sample + " is not built");
        int port = SampleServer.freePort();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                target.resolve("classes") + ":" + Files.readString(classpath),
                "dev.gatehouse.samples.springboot.NotesApplication",
                "--server.port=" + port,
                "--gatehouse.data-directory=" + data));
        command.addAll(List.of(options));
        Path log = data.resolve("log.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        RunningSpringBoot running = new RunningSpringBoot(process, port);
        long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (process.isAlive() && System.nanoTime() < end) {
            try {
                if (running.get("/actuator/health").contains("\"gatehouse\":{")) {
                    return running;
                }
            } catch (IOException e) {
                // it does not listen yet
            }
            Thread.sleep(250);
        }
        running.close();
        throw new IOException("did not start: " + Files.readString(log));
    }

    String url(String path) {
        return "http://localhost:" + port + path;
    }

    /** Body of an answer, whatever its status. */
    String get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url(path)))
                .timeout(Duration.ofSeconds(30))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(15, TimeUnit.SECONDS)).as("SIGTERM stops it").isTrue();
    }
}
