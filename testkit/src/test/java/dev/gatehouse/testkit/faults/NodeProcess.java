package dev.gatehouse.testkit.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** A {@link Node} as seen from outside. */
final class NodeProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** What nodes say, for who looks into a failure. */
    private static final File LOG = new File(System.getProperty("java.io.tmpdir"), "gatehouse-faults-nodes.log");

    private final Process process;
    private final int port;
    /** From the start of the process to the first request that it would answer. */
    final Duration start;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    /** What came back; 0 for nothing at all. */
    record Reply(int status, String text, long nanos) {
        JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new UncheckedIOException(text, e);
            }
        }

        double millis() {
            return nanos / 1e6;
        }

        boolean ok() {
            return status / 100 == 2;
        }
    }

    NodeProcess(String url, String rootKey, String window) throws IOException {
        long began = System.nanoTime();
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Node.class.getName(),
                        url,
                        rootKey,
                        window)
                .redirectError(ProcessBuilder.Redirect.appendTo(LOG))
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.startsWith("ready ")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("the node ended by itself");
        }
        port = Integer.parseInt(line.substring("ready ".length()));
        start = Duration.ofNanos(System.nanoTime() - began);
    }

    Reply send(String method, String target, String body) {
        long began = System.nanoTime();
        try {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                            .timeout(Duration.ofSeconds(60))
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new Reply(answer.statusCode(), answer.body(), System.nanoTime() - began);
        } catch (IOException e) {
            return new Reply(0, "", System.nanoTime() - began);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply(0, "", System.nanoTime() - began);
        }
    }

    Reply post(String path, String body) {
        return send("POST", path, body);
    }

    Reply signUp(String email) {
        return post(
                "/user_management/users", "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, Cluster.PASSWORD));
    }

    Reply signIn(String email) {
        return grant("password", "\"email\":\"%s\",\"password\":\"%s\"".formatted(email, Cluster.PASSWORD));
    }

    Reply refresh(String token) {
        return grant("refresh_token", "\"refresh_token\":\"" + token + "\"");
    }

    private Reply grant(String type, String more) {
        return post(
                "/user_management/authenticate",
                "{\"grant_type\":\"%s\",\"client_id\":\"%s\",\"client_secret\":\"%s\",%s}"
                        .formatted(type, Cluster.CLIENT, Cluster.KEY, more));
    }

    /** Whether an access token opens anything, as the filter would say. */
    Reply check(String accessToken) {
        return post("/-/check", accessToken);
    }

    void clock(Duration by) {
        post("/-/clock?by=" + by, "");
    }

    /** kill -9. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
