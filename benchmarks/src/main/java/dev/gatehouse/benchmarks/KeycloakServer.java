package dev.gatehouse.benchmarks;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A Keycloak as Maven unpacked it, on its own H2, with one realm, one application and one person. */
final class KeycloakServer implements AutoCloseable {
    static final String USER = "alice";
    private static final String REALM = "/realms/perf";

    private final Process process;
    private final String url;
    private final Drive drive = new Drive();
    /** From the start of the process to its first answer. */
    final double started;

    private KeycloakServer(Process process, String url, double started) {
        this.process = process;
        this.url = url;
        this.started = started;
    }

    static KeycloakServer start(Path home) throws IOException, InterruptedException {
        // what an earlier run left
        if (Files.exists(home.resolve("data"))) {
            Scratch.delete(home.resolve("data"));
        }
        if (run(home, List.of("build", "--db=dev-file", "--cache=local")).waitFor() != 0) {
            throw new IOException("Keycloak was not built");
        }
        int port = freePort();
        long begun = System.nanoTime();
        Process process = run(
                home,
                List.of(
                        "start",
                        "--optimized",
                        "--http-enabled=true",
                        "--http-host=127.0.0.1",
                        "--http-port=" + port,
                        "--http-management-port=" + freePort(),
                        "--hostname-strict=false"));
        String url = "http://127.0.0.1:" + port;
        HttpRequest first =
                HttpRequest.newBuilder(URI.create(url + "/realms/master")).build();
        while (true) {
            try {
                new Drive().send(first);
                break;
            } catch (IOException e) {
                if (!process.isAlive()) {
                    throw new IOException("Keycloak did not start", e);
                }
                Thread.sleep(50);
            }
        }
        KeycloakServer server = new KeycloakServer(process, url, System.nanoTime() - begun);
        server.fill();
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Process run(Path home, List<String> arguments) throws IOException {
        // by sh: unpacking may lose the bit that makes it a program
        List<String> command =
                new ArrayList<>(List.of("sh", home.resolve("bin/kc.sh").toString()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .putAll(Map.of(
                        "JAVA_HOME", System.getProperty("java.home"),
                        "KC_BOOTSTRAP_ADMIN_USERNAME", "admin",
                        "KC_BOOTSTRAP_ADMIN_PASSWORD", "admin"));
        if (Files.notExists(home)) {
            throw new IOException("no Keycloak at " + home + ": bin/bench unpacks it if the part is named");
        }
        return builder.start();
    }

    private void fill() throws IOException, InterruptedException {
        post("/admin/realms", token("master", "admin-cli", "admin"), """
                {"realm":"perf","enabled":true,"sslRequired":"none","accessTokenLifespan":7200,"ssoSessionIdleTimeout":7200}""");
        post("/admin/realms/perf/clients", admin(), """
                {"clientId":"app","secret":"secret","enabled":true,"directAccessGrantsEnabled":true,"serviceAccountsEnabled":true}""");
        post("/admin/realms/perf/users", admin(), """
                {"username":"alice","enabled":true,"email":"alice@example.test","emailVerified":true,"firstName":"A","lastName":"L",
                "credentials":[{"type":"password","value":"%s","temporary":false}]}""".formatted(Ours.PASSWORD));
    }

    private String token(String realm, String client, String password) throws IOException, InterruptedException {
        return Api.text(
                drive.send(form(
                        "/realms/" + realm + "/protocol/openid-connect/token",
                        Map.of(
                                "grant_type",
                                "password",
                                "client_id",
                                client,
                                "username",
                                "admin",
                                "password",
                                password))),
                "access_token");
    }

    /** A fresh token of the administrator, which holds for a minute. */
    String admin() throws IOException, InterruptedException {
        return token("master", "admin-cli", "admin");
    }

    private void post(String path, String token, String body) throws IOException, InterruptedException {
        drive.send(request(path, token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    HttpRequest.Builder request(String path, @Nullable String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    /** A form of the application's to an endpoint of the realm. */
    HttpRequest application(String endpoint, Map<String, String> fields) {
        Map<String, String> all = new java.util.HashMap<>(fields);
        all.put("client_id", "app");
        all.put("client_secret", "secret");
        return form(REALM + "/protocol/openid-connect" + endpoint, all);
    }

    private HttpRequest form(String path, Map<String, String> fields) {
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return request(path, null)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    /** The process that does the work: the script's, or that of which it is the parent. */
    ProcessHandle handle() {
        return process.descendants()
                .filter(below -> below.info().command().orElse("").endsWith("java"))
                .findFirst()
                .orElse(process.toHandle());
    }

    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroy);
        all.forEach(one -> one.onExit().join());
    }
}
