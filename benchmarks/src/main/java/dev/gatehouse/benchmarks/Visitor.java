package dev.gatehouse.benchmarks;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A browser at the hosted pages, in process: keeps cookies, follows nothing by itself. */
final class Visitor {
    private final Map<String, String> cookies = new LinkedHashMap<>();
    private final Gatehouse gatehouse;

    Visitor(Gatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    /** Where the answer leads. */
    String get(String address) {
        return send("GET", address, "", "same-origin");
    }

    /** As {@link #get}, with a form of another site, to which our cookies do not go along (SameSite=Lax). */
    String postFromElsewhere(String address, Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send("POST", address, body, "cross-site");
    }

    private String send(String method, String address, String body, String site) {
        String target = address.replaceFirst("^https?://[^/]+", "");
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        String line = site.equals("cross-site")
                ? ""
                : cookies.entrySet().stream()
                        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                        .collect(Collectors.joining("; "));
        Request request = new Request(
                method,
                path,
                question < 0 ? "" : target.substring(question + 1),
                Map.of(
                        "sec-fetch-site", List.of(site),
                        "content-type", List.of("application/x-www-form-urlencoded"),
                        "cookie", List.of(line)),
                body.getBytes(StandardCharsets.UTF_8),
                "127.0.0.1",
                true);
        Answer answer = target.startsWith("/auth/") ? gatehouse.pages().handle(request) : gatehouse.api(request);
        answer.headers().stream()
                .filter(header -> header.getKey().equals("Set-Cookie"))
                .map(header -> header.getValue().split(";")[0].split("=", 2))
                .forEach(pair -> cookies.put(pair[0], pair[1]));
        return answer.header("Location")
                .or(() -> answer.header("Refresh").map(refresh -> refresh.replaceFirst("^0;url=", "")))
                .orElseThrow(() -> new IllegalStateException(answer.status() + " " + answer.text()));
    }

    /** A parameter of an address's query, decoded. */
    static String parameter(String address, String name) {
        for (String pair : address.substring(address.indexOf('?') + 1).split("&")) {
            if (pair.startsWith(name + "=")) {
                return java.net.URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
    }
}
