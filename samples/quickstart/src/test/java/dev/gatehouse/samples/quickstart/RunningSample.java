package dev.gatehouse.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.samples.common.SampleServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One of the samples on Jetty as a process of its own: the quickstart, or the one that {@link #saas} starts. */
final class RunningSample implements AutoCloseable {
    static final String KEY = "sk_test_storytest_abcdefghijklmn";
    static final String CLIENT = "client_01STORY";

    final int port;
    private final Path data;
    private final String program;
    private final List<String> own;
    private final Map<String, String> settings = new TreeMap<>(Map.of(
            "resource-types", "project: organization; document: organization, project",
            // a test asks no name server of the network's
            "dns-servers", "127.0.0.1:9"));
    private @Nullable Process app;

    RunningSample(Path data) throws IOException {
        this(data, "quickstart.Quickstart", List.of("--api-key", KEY, "--client-id", CLIENT));
    }

    private RunningSample(Path data, String program, List<String> own) throws IOException {
        this.data = data;
        this.program = program;
        this.own = own;
        port = SampleServer.freePort();
    }

    /** The sample {@code saas}. */
    static RunningSample saas(Path data) throws IOException {
        return new RunningSample(data, "saas.Saas", List.of());
    }

    String url(String path) {
        return "http://localhost:" + port + path;
    }

    /** With a setting for which it has no option. */
    RunningSample with(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    /** Starts it, with more options than the test's own, and returns once it answers. */
    RunningSample start(String... more) throws IOException {
        Process started = process(more);
        app = started;
        BufferedReader out = started.inputReader(StandardCharsets.UTF_8);
        List<String> seen = new ArrayList<>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            seen.add(line);
            if (line.equals("ready on " + url(""))) {
                Thread drain = new Thread(() -> drain(out));
                drain.setDaemon(true);
                drain.start();
                return this;
            }
        }
        throw new AssertionError("did not start: " + seen);
    }

    /** The process as it comes, started or refusing to. */
    Process process(String... more) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        // the coverage agent, when there is one, watches the sample too
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-javaagent:"))
                .forEach(command::add);
        command.addAll(List.of(
                "-Dkeycloak.home=" + System.getProperty("keycloak.home"),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.gatehouse.samples." + program));
        List<String> options = new ArrayList<>(List.of("--port", Integer.toString(port), "--data", data.toString()));
        options.addAll(own);
        for (int i = 0; i < more.length; i++) {
            int at = options.indexOf(more[i]);
            if (at >= 0) {
                options.set(at + 1, more[++i]);
            } else {
                options.add(more[i]);
            }
        }
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        settings.forEach((setting, value) -> builder.environment()
                .put("GATEHOUSE_" + setting.toUpperCase(Locale.ROOT).replace('-', '_'), value));
        return builder.start();
    }

    private static void drain(BufferedReader out) {
        try {
            out.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            // the process was killed: that is the story
        }
    }

    /** kill -9. */
    void kill() throws InterruptedException {
        if (app != null) {
            app.destroyForcibly().waitFor();
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (app != null) {
            app.destroy();
            assertThat(app.waitFor(15, TimeUnit.SECONDS)).as("SIGTERM stops it").isTrue();
        }
    }

    /** Makes something over REST; its id. */
    String made(String path, String body) throws IOException, InterruptedException {
        return posted(path, body, 201).replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
    }

    /** Posts to the REST API; the body of an answer that must have this status. */
    String posted(String path, String body, int status) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url(path)))
                                .header("Authorization", "Bearer " + KEY)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body();
    }
}
