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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser at the hosted pages of a Gatehouse in this JVM: keeps cookies, follows nothing by itself. */
class PageBrowser {
    static final String SESSION = "__Host-gatehouse_session";

    final Map<String, String> cookies = new LinkedHashMap<>();
    private final Gatehouse gatehouse;

    PageBrowser(Gatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    final Answer get(String target) {
        return send(gatehouse, "GET", target, "", "same-origin");
    }

    final Answer post(String target, Map<String, String> form) {
        return send(gatehouse, "POST", target, encoded(form), "same-origin");
    }

    /** Follows a redirect from another site, which the cookies go along with. */
    final Answer arrive(String location) {
        return send(gatehouse, "GET", local(location), "", "cross-site");
    }

    /** A form of another site's page: our cookies do not go along with it (SameSite=Lax). */
    final Answer postFromElsewhere(String target, Map<String, String> form) {
        return elsewhere(gatehouse, "POST", local(target), encoded(form));
    }

    /** What a request of another site's gets, at any node; no cookies come of it. */
    static Answer elsewhere(Gatehouse node, String method, String target, String body) {
        return new PageBrowser(node).send(node, method, target, body, "cross-site");
    }

    static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private Answer send(Gatehouse node, String method, String address, String body, String site) {
        String target = address.replaceFirst("^https?://[^/]+", "");
        int question = target.indexOf('?');
        String line = cookies.entrySet().stream()
                .map(c -> c.getKey() + "=" + c.getValue())
                .collect(Collectors.joining("; "));
        Request request = new Request(
                method,
                question < 0 ? target : target.substring(0, question),
                question < 0 ? "" : target.substring(question + 1),
                Map.of(
                        "sec-fetch-site", List.of(site),
                        "content-type", List.of("application/x-www-form-urlencoded"),
                        "cookie", List.of(line)),
                body.getBytes(StandardCharsets.UTF_8),
                "127.0.0.1",
                true);
        Answer answer = target.startsWith("/auth/") ? node.pages().handle(request) : node.api(request);
        answer.headers().stream()
                .filter(h -> h.getKey().equals("Set-Cookie"))
                .map(h -> h.getValue().split(";")[0].split("=", 2))
                .forEach(pair -> cookies.put(pair[0], pair[1]));
        return answer;
    }

    final boolean signedIn() {
        return cookies.containsKey(SESSION);
    }

    /** Where an answer leads, by a redirect or by a page that goes on by itself. */
    static String location(Answer answer) {
        return answer.header("Location")
                .or(() -> answer.header("Refresh").map(refresh -> refresh.replaceFirst("^0;url=", "")))
                .orElseThrow(() -> new AssertionError(answer.status() + " " + answer.text()));
    }

    /** Path and query of an address. */
    static String local(String location) {
        URI uri = URI.create(location);
        return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }

    static String flow(Answer answer) {
        String location = location(answer);
        return location.substring(location.indexOf("flow=") + 5);
    }

    /** The value of a hidden field. */
    static String field(Answer answer, String name) {
        Matcher field =
                Pattern.compile("name=\"" + name + "\" value=\"([^\"]*)\"").matcher(answer.text());
        if (!field.find()) {
            throw new AssertionError("no field " + name + " in " + answer.text());
        }
        return field.group(1);
    }
}
