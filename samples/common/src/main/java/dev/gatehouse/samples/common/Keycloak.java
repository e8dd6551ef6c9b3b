package dev.gatehouse.samples.common;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real Keycloak, as Maven unpacked it, with one realm that is filled over its administration API. */
public final class Keycloak implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final int port;
    private final String realm;

    private Keycloak(Process process, int port, String realm) {
        this.process = process;
        this.port = port;
        this.realm = realm;
    }

    /**
     * Starts it on a free port of loopback, with an empty database in memory; it takes a minute the first time.
     *
     * @param home directory of the distribution
     * @param realm name of the realm that is going to be made
     * @param log gets what it prints
     */
    public static Keycloak start(Path home, String realm, Path log) throws IOException, InterruptedException {
        // Maven may unpack over what was built: then it must be built again
        Path application = home.resolve("lib/quarkus/quarkus-application.dat");
        Path built = home.resolve("data/.built");
        if (!Files.exists(built)
                || !Files.readString(built)
                        .equals(Files.getLastModifiedTime(application).toString())) {
            Process build = run(home, log, List.of("build", "--db=dev-mem", "--cache=local", "--health-enabled=true"));
            if (!build.waitFor(300, TimeUnit.SECONDS) || build.exitValue() != 0) {
                throw new IOException("Keycloak could not be built, see " + log);
            }
            Files.createDirectories(built.getParent());
            Files.writeString(built, Files.getLastModifiedTime(application).toString());
        }
        int port = SampleServer.freePort();
        Process process = run(
                home,
                log,
                List.of(
                        "start",
                        "--optimized",
                        "--http-enabled=true",
                        "--http-host=127.0.0.1",
                        "--http-port=" + port,
                        "--http-management-port=" + SampleServer.freePort(),
                        "--hostname-strict=false"));
        Keycloak keycloak = new Keycloak(process, port, realm);
        keycloak.await(log);
        return keycloak;
    }

    private static Process run(Path home, Path log, List<String> arguments) throws IOException {
        // by sh: unpacking may lose the bit that makes it a program
        List<String> command =
                new ArrayList<>(List.of("sh", home.resolve("bin/kc.sh").toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment()
                .putAll(Map.of(
                        "JAVA_HOME", System.getProperty("java.home"),
                        "KC_BOOTSTRAP_ADMIN_USERNAME", "admin",
                        "KC_BOOTSTRAP_ADMIN_PASSWORD", "admin",
                        "JAVA_OPTS_KC_HEAP", "-Xms64m -Xmx512m",
                        "JAVA_OPTS_APPEND", "-XX:TieredStopAtLevel=1"));
        return builder.start();
    }

    private void await(Path log) throws InterruptedException, IOException {
        long end = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        while (process.isAlive() && System.nanoTime() < end) {
            try {
                if (send(HttpRequest.newBuilder(URI.create(url("/realms/master"))))
                                .statusCode()
                        == 200) {
                    return;
                }
            } catch (IOException e) {
                // it does not listen yet
            }
            Thread.sleep(250);
        }
        close();
        throw new IOException("Keycloak did not start: " + Files.readString(log));
    }

    private String url(String path) {
        return "http://localhost:" + port + path;
    }

    /** Address below the realm. */
    public String realm(String path) {
        return url("/realms/" + realm + path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private String token() throws IOException, InterruptedException {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create(url("/realms/master/protocol/openid-connect/token")))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "grant_type=password&client_id=admin-cli&username=admin&password=admin")));
        return JSON.readTree(answer.body()).path("access_token").asText();
    }

    /** Makes something by the administration API; {@code path} is below {@code /admin/realms}. */
    public void make(String path, Object what) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(url("/admin/realms" + path)))
                .header("Authorization", "Bearer " + token())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(what))));
        expect(201, answer);
    }

    private static void expect(int status, HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() != status) {
            throw new IOException(answer.uri() + " answered " + answer.statusCode() + ": " + answer.body());
        }
    }

    /** Ends all sessions of a person, as an administrator does. */
    public void logout(String user) throws IOException, InterruptedException {
        String id = read("/" + realm + "/users?exact=true&username=" + user)
                .at("/0/id")
                .asText();
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create(url("/admin/realms/" + realm + "/users/" + id + "/logout")))
                        .header("Authorization", "Bearer " + token())
                        .POST(HttpRequest.BodyPublishers.noBody()));
        expect(204, answer);
    }

    /** A client; {@code more} goes over what all have. */
    public void client(String id, String protocol, Map<String, String> attributes, Map<String, Object> more)
            throws IOException, InterruptedException {
        Map<String, Object> all = new LinkedHashMap<>(more);
        all.put("clientId", id);
        all.put("protocol", protocol);
        all.put("attributes", attributes);
        make("/" + realm + "/clients", all);
    }

    /** What the administration API has at a path. */
    public JsonNode read(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(url("/admin/realms" + path)))
                .header("Authorization", "Bearer " + token()));
        return JSON.readTree(answer.body());
    }

    /** Makes the realm with its people. */
    public void realm(Map<String, String> passwords) throws IOException, InterruptedException {
        make("", Map.of("realm", realm, "enabled", true, "sslRequired", "none"));
        for (Map.Entry<String, String> person : passwords.entrySet()) {
            make(
                    "/" + realm + "/users",
                    Map.of(
                            "username",
                            person.getKey().substring(0, person.getKey().indexOf('@')),
                            "email",
                            person.getKey(),
                            "emailVerified",
                            true,
                            "enabled",
                            true,
                            "firstName",
                            "Ada",
                            "lastName",
                            "Lovelace",
                            "credentials",
                            List.of(Map.of("type", "password", "value", person.getValue(), "temporary", false))));
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }
}
