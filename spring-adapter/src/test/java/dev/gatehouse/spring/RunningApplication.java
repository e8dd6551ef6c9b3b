package dev.gatehouse.spring;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.testkit.TestSession;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A Spring Boot application on a port of its own. */
final class RunningApplication implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final ConfigurableApplicationContext context;

    RunningApplication(Path data, Class<?> application, String... properties) {
        List<String> all = new ArrayList<>(List.of(
                "server.port=0",
                "spring.main.banner-mode=off",
                "logging.level.root=warn",
                "gatehouse.data-directory=" + data));
        all.addAll(List.of(properties));
        context = new SpringApplicationBuilder(application)
                .properties(all.toArray(String[]::new))
                .run();
    }

    Gatehouse gatehouse() {
        return context.getBean(Gatehouse.class);
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    String url(String path) {
        return "http://localhost:" + context.getEnvironment().getProperty("local.server.port") + path;
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url(path))), headers);
    }

    HttpResponse<String> get(String path, TestSession session) throws IOException, InterruptedException {
        return get(path, "Cookie", session.header());
    }

    HttpResponse<String> post(String path, String... headers) throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(URI.create(url(path)))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.noBody()),
                headers);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers)
            throws IOException, InterruptedException {
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        context.close();
    }
}
