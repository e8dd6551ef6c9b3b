package dev.gatehouse.testkit;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * As much of a browser as a sign-in needs, for tests of a running application: it keeps cookies, follows redirects and pages
 * that go on by themselves, as those of identity providers do, and fills in forms. It has no scripts and no pictures.
 *
 * <pre>{@code
 * HttpBrowser browser = new HttpBrowser();
 * HttpBrowser.Page first = browser.get("http://127.0.0.1:8080/");
 * HttpBrowser.Page password = browser.submit(first, Map.of("email", "ada@example.com"));
 * HttpBrowser.Page home = browser.submit(password, Map.of("password", "correct-horse-battery-9"));
 * }</pre>
 */
public final class HttpBrowser {
    private static final int MOST_STEPS = 20;
    private static final Pattern TAG = Pattern.compile("<(form|/form|input)\\b([^>]*)>");
    private static final Pattern ATTRIBUTE = Pattern.compile("([\\w-]+)=\"([^\"]*)\"");

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    // the JDK's CookieManager puts values of cookies with Max-Age into quotes, as no browser does
    private final Map<String, Map<String, String>> cookies = new HashMap<>();

    /**
     * Where a browser ended.
     *
     * @param uri address of the page
     * @param status of HTTP
     * @param text HTML as it came
     */
    public record Page(URI uri, int status, String text) {}

    private record Form(String action, Map<String, String> fields) {}

    /** Goes on as somebody who signed in before, at the host of this address. */
    public HttpBrowser signedIn(String url, TestSession session) {
        cookies.computeIfAbsent(URI.create(url).getHost(), host -> new LinkedHashMap<>())
                .put(session.cookieName(), session.cookie());
        return this;
    }

    /** Opens an address. */
    public Page get(String url) {
        return follow(request(URI.create(url)).GET().build());
    }

    /**
     * Sends the first form of a page.
     *
     * @param typed values of fields, and of the button if that has a name; other fields keep what the page gave them
     * @throws IllegalArgumentException if the page has no form
     */
    public Page submit(Page page, Map<String, String> typed) {
        Form form = form(page);
        Map<String, String> fields = new LinkedHashMap<>(form.fields);
        fields.putAll(typed);
        URI to = page.uri.resolve(form.action);
        boolean same = page.uri.getAuthority().equals(to.getAuthority());
        return follow(request(to)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Origin", page.uri.getScheme() + "://" + page.uri.getAuthority())
                .header("Sec-Fetch-Site", same ? "same-origin" : "cross-site")
                .POST(HttpRequest.BodyPublishers.ofString(fields.entrySet().stream()
                        .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                        .collect(Collectors.joining("&"))))
                .build());
    }

    private HttpRequest.Builder request(URI uri) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).header("Accept", "text/html").timeout(Duration.ofSeconds(30));
        Map<String, String> kept = cookies.getOrDefault(uri.getHost(), Map.of());
        if (!kept.isEmpty()) {
            request.header(
                    "Cookie",
                    kept.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return request;
    }

    private void keep(HttpResponse<String> answer) {
        Map<String, String> kept = cookies.computeIfAbsent(answer.uri().getHost(), host -> new LinkedHashMap<>());
        for (String cookie : answer.headers().allValues("Set-Cookie")) {
            String[] pair = cookie.split(";", -1)[0].split("=", 2);
            if (pair.length == 2 && !cookie.contains("Max-Age=0;")) {
                kept.put(pair[0], pair[1]);
            } else {
                kept.remove(pair[0]);
            }
        }
    }

    private Page follow(HttpRequest first) {
        HttpRequest request = first;
        for (int step = 0; step < MOST_STEPS; step++) {
            HttpResponse<String> answer = send(request);
            Page page = new Page(answer.uri(), answer.statusCode(), answer.body());
            String next = answer.headers()
                    .firstValue("Location")
                    .or(() -> answer.headers().firstValue("Refresh").map(text -> text.replaceFirst("^0;url=", "")))
                    .orElse("");
            if (!next.isEmpty()) {
                request = request(page.uri.resolve(next)).GET().build();
            } else if (page.text.contains(Loopback.SUBMITS)) {
                return submit(page, Map.of());
            } else {
                return page;
            }
        }
        throw new IllegalStateException("goes round in circles: " + request.uri());
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            keep(answer);
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException("no answer of " + request.uri(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Form form(Page page) {
        Matcher tag = TAG.matcher(page.text);
        String action = null;
        Map<String, String> fields = new LinkedHashMap<>();
        while (tag.find()) {
            Map<String, String> attributes = attributes(tag.group(2));
            String name = attributes.getOrDefault("name", "");
            switch (tag.group(1)) {
                case "form" -> action = attributes.getOrDefault("action", page.uri.toString());
                case "/form" -> {
                    return new Form(String.valueOf(action), fields);
                }
                default -> {
                    if (action != null && !name.isEmpty()) {
                        fields.put(name, attributes.getOrDefault("value", ""));
                    }
                }
            }
        }
        throw new IllegalArgumentException("no form at " + page.uri + ": " + page.text);
    }

    private static Map<String, String> attributes(String text) {
        Map<String, String> attributes = new LinkedHashMap<>();
        Matcher attribute = ATTRIBUTE.matcher(text);
        while (attribute.find()) {
            attributes.put(
                    attribute.group(1),
                    attribute
                            .group(2)
                            .replace("&lt;", "<")
                            .replace("&gt;", ">")
                            .replace("&#34;", "\"")
                            .replace("&quot;", "\"")
                            .replace("&#39;", "'")
                            .replace("&amp;", "&"));
        }
        return attributes;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
