package dev.gatehouse.servlet;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A browser as far as cookies, forms and redirects go. */
final class Browser {
    final Map<String, String> cookies = new LinkedHashMap<>();
    private final Wire wire;
    private final String contextPath;
    private final List<String> more;

    /** @param more header lines that go with every request */
    Browser(int port, String contextPath, String... more) {
        this.wire = new Wire(port);
        this.contextPath = contextPath;
        this.more = List.of(more);
    }

    Wire.Reply get(String target) throws IOException {
        return kept(wire.get(target, headers("Accept: text/html")));
    }

    /** A navigation that another site caused, or any other request with headers of its own. */
    Wire.Reply get(String target, String... headers) throws IOException {
        return kept(wire.get(target, headers(headers)));
    }

    Wire.Reply post(String target, String form, String... headers) throws IOException {
        return kept(wire.post(target, form, headers(headers)));
    }

    private String[] headers(String... own) {
        List<String> all = new ArrayList<>(more);
        all.addAll(List.of(own));
        if (!cookies.isEmpty()) {
            List<String> pairs = new ArrayList<>();
            cookies.forEach((name, value) -> pairs.add(name + "=" + value));
            all.add("Cookie: " + String.join("; ", pairs));
        }
        return all.toArray(String[]::new);
    }

    private Wire.Reply kept(Wire.Reply reply) {
        for (String set : reply.all("Set-Cookie")) {
            String name = set.substring(0, set.indexOf('='));
            String value = set.substring(set.indexOf('=') + 1, set.indexOf(';'));
            if (value.isEmpty()) {
                cookies.remove(name);
            } else {
                cookies.put(name, value);
            }
        }
        return reply;
    }

    /** The sealed state of a sign-in that has just begun, ready to be sent in a form. */
    String begin() throws IOException {
        return begin(contextPath + "/auth/sign-in");
    }

    String begin(String target) throws IOException {
        Wire.Reply page = get(get(target).header("Location"));
        return flow(page);
    }

    static String flow(Wire.Reply page) {
        return URLEncoder.encode(House.between(page.body(), "name=\"flow\" value=\"", "\""), StandardCharsets.UTF_8);
    }

    /** Signs in from where the application sent the browser; the last answer, with the cookie. */
    Wire.Reply signIn(String email) throws IOException {
        return signIn(email, contextPath + "/auth/sign-in");
    }

    Wire.Reply signIn(String email, String from) throws IOException {
        String flow = begin(from);
        Wire.Reply typed = post(contextPath + "/auth/sign-in", "flow=" + flow + "&email=" + email);
        String password = flow(get(typed.header("Location")));
        Wire.Reply done = post(contextPath + "/auth/password", "flow=" + password + "&password=" + House.PASSWORD);
        if (done.status() != 303) {
            throw new AssertionError(done.raw());
        }
        return done;
    }
}
