package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.Answer;
import dev.gatehouse.crypto.Corpus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ATTACKS, group "Open redirect and redirect URI matching". R04 is in {@link SessionAttacksTest}. */
class RedirectAttacksTest {
    private static final String CALLBACK = "https://app.example.com/callback";
    private static final String ASK = "/user_management/authorize?response_type=code&provider=authkit";

    private final Rest rest = new Rest();
    private final Browser browser = new Browser(rest.gatehouse);

    @AfterEach
    void close() {
        rest.close();
    }

    private void register(String uri) {
        rest.made("/user_management/redirect_uris", "{\"uri\":\"" + uri + "\"}");
    }

    private Answer ask(String client, String uri, String more) {
        return browser.get(ASK + "&client_id=" + client + "&redirect_uri="
                + URLEncoder.encode(uri, StandardCharsets.UTF_8) + more);
    }

    private static void assertNowhere(Answer answer, String what) {
        assertThat(answer.status()).as(what).isEqualTo(400);
        assertThat(answer.headers().toString()).as(what).doesNotContain("Location", "Refresh");
        assertThat(answer.header("Content-Type")).as(what).contains("text/html; charset=utf-8");
        assertThat(answer.text()).as(what).doesNotContain("evil", "http-equiv");
    }

    private record Line(String registered, String requested, String expected, String why) {}

    @Test
    @DisplayName("R01 a redirect URI is the registered text, with the two documented exceptions")
    void redirectUris() throws Exception {
        List<Line> lines = csv(Files.readString(Corpus.need("security/corpora/redirect/redirect_uri.csv"))).stream()
                .skip(1)
                .map(row -> new Line(row.get(0), row.get(1), row.get(2), row.get(3)))
                .toList();
        assertThat(lines).hasSizeGreaterThan(50);
        lines.stream()
                .collect(Collectors.groupingBy(Line::registered, LinkedHashMap::new, Collectors.toList()))
                .forEach(RedirectAttacksTest::assertLines);
    }

    private static void assertLines(String registered, List<Line> lines) {
        try (Rest fresh = new Rest()) {
            Browser visitor = new Browser(fresh.gatehouse);
            int status = fresh.post("/user_management/redirect_uris", "{\"uri\":\"" + registered + "\"}")
                    .status();
            Answer itself = visitor.get(target(registered));
            if (registered.contains("*")) {
                assertThat(itself.status()).as("a pattern is no address").isEqualTo(400);
            } else {
                assertThat(status).as(registered).isEqualTo(201);
                assertThat(Browser.location(itself)).startsWith("/auth/sign-in?flow=");
            }
            for (Line line : lines) {
                Answer answer = visitor.get(target(line.requested));
                // where the corpus leaves it to the product: wildcards are documented, case is exact
                boolean accept =
                        line.expected.equals("accept") || (line.expected.equals("policy") && registered.contains("*"));
                if (accept) {
                    assertThat(Browser.location(answer)).as(line.toString()).startsWith("/auth/sign-in?flow=");
                } else {
                    assertNowhere(answer, line.toString());
                }
            }
        }
    }

    private static String target(String uri) {
        return ASK + "&client_id=" + Rest.CLIENT + "&redirect_uri=" + URLEncoder.encode(uri, StandardCharsets.UTF_8);
    }

    /** RFC 4180, as far as the corpus uses it: quoted fields with doubled quotes, commas and newlines. */
    static List<List<String>> csv(String text) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                field.append('"');
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(field.toString());
                field.setLength(0);
                if (c == '\n') {
                    rows.add(row);
                    row = new ArrayList<>();
                }
            } else if (quoted || c != '\r') {
                field.append(c);
            }
        }
        return rows;
    }

    @Test
    @DisplayName("R05 nothing is redirected to before client and address are known; afterwards errors go there")
    void errors() {
        register(CALLBACK);
        assertThat(Browser.location(ask(Rest.CLIENT, CALLBACK, ""))).startsWith("/auth/sign-in?flow=");
        for (String client : List.of("client_UNKNOWN", "", "evil", "client_", Rest.CLIENT.toLowerCase(Locale.ROOT))) {
            assertNowhere(ask(client, CALLBACK, ""), "client " + client);
        }
        for (String bad : List.of("&response_type=token", "&provider=evil", "&code_challenge=x", "&state=1&state=2")) {
            Answer answer = ask(Rest.CLIENT, "https://evil.example/cb", bad);
            assertThat(answer.header("Location")).as(bad).isEmpty();
            assertThat(answer.status()).isEqualTo(400);
        }
        assertNowhere(ask(Rest.CLIENT, CALLBACK, "&state=" + "x".repeat(4_001)), "state");
        String base =
                "/user_management/authorize?provider=authkit&client_id=" + Rest.CLIENT + "&redirect_uri=" + CALLBACK;
        for (String bad : List.of(
                "&response_type=token",
                "",
                "&response_type=code&connection_id=conn_1",
                "&response_type=code&code_challenge=short&code_challenge_method=S256",
                "&response_type=code&code_challenge_method=plain",
                "&response_type=code&organization_id=" + "o".repeat(81),
                "&response_type=code&login_hint=" + "l".repeat(255))) {
            assertThat(Browser.location(browser.get(base + bad + "&state=a%26code%3Dforged%0d%0a")))
                    .as(bad)
                    .startsWith(CALLBACK + "?error")
                    .contains("error=invalid_")
                    .endsWith("&state=a%26code%3Dforged%0D%0A");
        }
    }

    @Test
    @DisplayName("R07 response modes change neither the address nor the way an answer goes there")
    void responseModes() {
        register(CALLBACK);
        rest.user("ada@example.com");
        assertThat(browser.signIn("ada@example.com", Rest.PASSWORD).status()).isEqualTo(303);
        for (String mode : List.of(
                "",
                "&response_mode=query",
                "&response_mode=form_post",
                "&response_mode=fragment",
                "&response_mode=web_message&web_message_uri=https://evil.example")) {
            Answer good = ask(Rest.CLIENT, CALLBACK, mode);
            assertThat(Browser.location(good)).as(mode).startsWith(CALLBACK + "?code=");
            assertThat(good.text()).isEmpty();
            assertNowhere(ask(Rest.CLIENT, "https://evil.example/callback", mode), mode);
        }
    }
}
