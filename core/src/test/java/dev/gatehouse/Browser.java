package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser at the hosted pages and the browser's endpoints of the API: keeps cookies, follows nothing by itself. */
final class Browser {
    private static final Pattern HIDDEN = Pattern.compile("name=\"([a-z_]+)\" value=\"([^\"]*)\"");

    final Map<String, String> cookies = new LinkedHashMap<>();
    private final Map<String, String> headers = new TreeMap<>();
    private final Gatehouse gatehouse;

    Browser(Gatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    /** Sends this header from now on. */
    Browser with(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Sends it no more. */
    Browser without(String name) {
        headers.remove(name);
        return this;
    }

    Answer get(String target) {
        return send("GET", target, "");
    }

    Answer post(String target, Map<String, String> form) {
        StringBuilder body = new StringBuilder();
        form.forEach((name, value) -> body.append(body.length() == 0 ? "" : "&")
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return send("POST", target, body.toString());
    }

    Answer send(String method, String target, String body) {
        Map<String, List<String>> all = new TreeMap<>();
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        all.putIfAbsent("sec-fetch-site", List.of("same-origin"));
        all.putIfAbsent("content-type", List.of("application/x-www-form-urlencoded"));
        if (!cookies.isEmpty()) {
            StringBuilder line = new StringBuilder();
            cookies.forEach((name, value) -> line.append(line.length() == 0 ? "" : "; ")
                    .append(name)
                    .append('=')
                    .append(value));
            all.put("cookie", List.of(line.toString()));
        }
        int question = target.indexOf('?');
        Request request = new Request(
                method,
                question < 0 ? target : target.substring(0, question),
                question < 0 ? "" : target.substring(question + 1),
                all,
                body.getBytes(StandardCharsets.UTF_8),
                "127.0.0.1",
                false);
        Answer answer =
                request.path().startsWith("/auth/") ? gatehouse.pages().handle(request) : gatehouse.api(request);
        for (Map.Entry<String, String> header : answer.headers()) {
            if (header.getKey().equals("Set-Cookie")) {
                keep(header.getValue());
            }
        }
        return answer;
    }

    private void keep(String cookie) {
        String pair = cookie.substring(0, cookie.indexOf(';'));
        String name = pair.substring(0, pair.indexOf('='));
        if (cookie.contains("Max-Age=0;")) {
            cookies.remove(name);
        } else {
            cookies.put(name, pair.substring(pair.indexOf('=') + 1));
        }
    }

    /** Where an answer leads by a redirect or by a page that goes on by itself, which must be somewhere. */
    static String location(Answer answer) {
        Optional<String> location = answer.header("Location")
                .or(() -> answer.header("Refresh").map(refresh -> refresh.replaceFirst("^0;url=", "")));
        assertThat(location).as(answer.status() + " " + answer.text()).isPresent();
        return location.orElseThrow();
    }

    /** The decoded value of a parameter in the query of an address; empty for none. */
    static String parameter(String location, String name) {
        for (String pair : location.substring(location.indexOf('?') + 1).split("&")) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    /** The value of a hidden field or of the query of a redirect. */
    static String hidden(Answer answer, String name) {
        Matcher field = HIDDEN.matcher(answer.text());
        while (field.find()) {
            if (field.group(1).equals(name)) {
                return field.group(2);
            }
        }
        throw new AssertionError("no field " + name + " in " + answer.text());
    }

    /** From a redirect to the sign-in page, or from {@code null}, to the answer of the password page. */
    Answer signIn(String begin, String email, String password) {
        Answer typed = post("/auth/sign-in", Map.of("flow", flowOf(begin), "email", email));
        return post("/auth/password", Map.of("flow", flowOf(location(typed)), "password", password));
    }

    Answer signIn(String email, String password) {
        return signIn(location(get("/auth/sign-in")), email, password);
    }

    static String flowOf(String location) {
        return location.substring(location.indexOf("flow=") + 5);
    }

    String session() {
        return cookies.getOrDefault("gatehouse_session", "");
    }
}
