package dev.gatehouse.containers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Requests that follow nothing and keep nothing. */
record Client(HttpClient http, int port) {
    static final String PASSWORD = "correct-horse-battery-9";

    Client(int port) {
        this(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), port);
    }

    String url(String target) {
        return "http://127.0.0.1:" + port + target;
    }

    HttpResponse<String> get(String target, String... headers) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url(target))), headers);
    }

    HttpResponse<String> put(String target, String... headers) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(url(target))).PUT(HttpRequest.BodyPublishers.noBody()), headers);
    }

    HttpResponse<String> post(String target, String form, String... headers) throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(URI.create(url(target)))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)),
                headers);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String... headers)
            throws IOException, InterruptedException {
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The form of a sign-in. */
    static String form(String email) {
        return "email=" + email + "&password=" + PASSWORD;
    }

    /** The session cookie of a sign-in by the application's own form. */
    String cookie(String email) throws IOException, InterruptedException {
        HttpResponse<String> done = post("/open/login", form(email));
        if (done.statusCode() != 200) {
            throw new AssertionError(done.body());
        }
        return set(done);
    }

    /** The cookie that an answer sets, as it is sent back. */
    static String set(HttpResponse<String> answer) {
        return answer.headers().firstValue("Set-Cookie").orElseThrow().split(";", -1)[0];
    }
}
