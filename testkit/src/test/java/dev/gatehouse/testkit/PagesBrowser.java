package dev.gatehouse.testkit;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A browser at the hosted pages and the browser's endpoints of the API, in process; follows nothing by itself. */
class PagesBrowser {
    final Map<String, String> cookies = new LinkedHashMap<>();
    private final Gatehouse gatehouse;

    PagesBrowser(Gatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    Answer get(String target) {
        return send("GET", target, "");
    }

    Answer post(String target, Map<String, String> form) {
        return send(
                "POST",
                target,
                form.entrySet().stream()
                        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&")));
    }

    private Answer send(String method, String target, String body) {
        URI uri = URI.create(target);
        String line = cookies.entrySet().stream()
                .map(c -> c.getKey() + "=" + c.getValue())
                .collect(Collectors.joining("; "));
        Request request = new Request(
                method,
                uri.getRawPath(),
                uri.getRawQuery() == null ? "" : uri.getRawQuery(),
                Map.of(
                        "sec-fetch-site", List.of("same-origin"),
                        "content-type", List.of("application/x-www-form-urlencoded"),
                        "cookie", List.of(line)),
                body.getBytes(StandardCharsets.UTF_8),
                "127.0.0.1",
                true);
        Answer answer =
                request.path().startsWith("/auth/") ? gatehouse.pages().handle(request) : gatehouse.api(request);
        answer.headers().stream()
                .filter(h -> h.getKey().equals("Set-Cookie"))
                .map(h -> h.getValue().split(";")[0].split("=", 2))
                .forEach(pair -> cookies.put(pair[0], pair[1]));
        return answer;
    }

    /** Where an answer leads, by a redirect or by a page that goes on by itself. */
    static String location(Answer answer) {
        return answer.header("Location")
                .or(() -> answer.header("Refresh").map(refresh -> refresh.replaceFirst("^0;url=", "")))
                .orElseThrow(() -> new AssertionError(answer.status() + " " + answer.text()));
    }
}
