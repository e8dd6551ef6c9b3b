package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.store.MemoryStorage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The browser SDK's cookie mode (contract/behaviour/03 §3.7): code with PKCE once, then refreshes without a token in sight. */
class BrowserSdkTest {
    private static final String PAGE = "https://app.example.com";
    private static final String BACK = "http://localhost:3000/callback";
    /** RFC 7636 appendix B. */
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private final Rest rest = new Rest(
            new MemoryStorage(),
            LocalKeyring.random(),
            new SteerableClock(),
            builder -> builder.set(Setting.ORIGIN, "https://id.example.com"));
    private final Browser page = new Browser(rest.gatehouse);
    private final Map<String, String> jar = page.cookies;

    @BeforeEach
    void listOrigin() {
        rest.made("/user_management/cors_origins", "{\"origin\":\"%s\"}".formatted(PAGE));
        rest.made("/user_management/redirect_uris", "{\"uri\":\"%s\"}".formatted(BACK));
        rest.user("ada@example.com");
    }

    @AfterEach
    void close() {
        rest.close();
    }

    private Rest.Reply from(String origin, String body) {
        page.with("content-type", "application/json").with("sec-fetch-site", "same-site");
        if (origin.isEmpty()) {
            page.without("origin");
        } else {
            page.with("origin", origin);
        }
        return Rest.reply(page.send("POST", "/user_management/authenticate", body));
    }

    private static List<String> cookies(Rest.Reply reply) {
        return reply.answer().headers().stream()
                .filter(header -> header.getKey().equals("Set-Cookie"))
                .map(Map.Entry::getValue)
                .toList();
    }

    private Rest.Reply signIn(String origin) {
        Browser browser = new Browser(rest.gatehouse);
        String begun = Browser.location(
                browser.get("/user_management/authorize?response_type=code&provider=authkit&client_id=" + Rest.CLIENT
                        + "&redirect_uri=" + BACK + "&code_challenge_method=S256&code_challenge=" + CHALLENGE));
        String back = Browser.location(browser.signIn(begun, "ada@example.com", Rest.PASSWORD));
        return from(
                origin,
                "{\"grant_type\":\"authorization_code\",\"client_id\":\"%s\",\"code\":\"%s\",\"code_verifier\":\"%s\"}"
                        .formatted(Rest.CLIENT, back.replaceAll(".*[?&]code=([^&]*).*", "$1"), VERIFIER));
    }

    private Rest.Reply refresh(String origin) {
        return from(origin, "{\"grant_type\":\"refresh_token\",\"client_id\":\"%s\"}".formatted(Rest.CLIENT));
    }

    @Test
    void aPageRefreshesByCookieAndNeverSeesTheToken() {
        Rest.Reply in = signIn(PAGE);
        assertThat(in.status()).as(in.json().toString()).isEqualTo(200);
        assertThat(cookies(in)).hasSize(2);
        assertThat(cookies(in).get(0))
                .startsWith("__Host-gatehouse_refresh." + Rest.CLIENT + "=")
                .contains("; Path=/", "; HttpOnly", "; Secure", "; SameSite=Lax");
        assertThat(cookies(in).get(1))
                .startsWith("workos-has-session=" + Rest.CLIENT + ";")
                .doesNotContain("HttpOnly");
        assertThat(in.answer().header("Access-Control-Allow-Origin")).contains(PAGE);
        assertThat(in.answer().header("Access-Control-Allow-Credentials")).contains("true");

        String first = jar.get("__Host-gatehouse_refresh." + Rest.CLIENT);
        Rest.Reply again = refresh(PAGE);
        assertThat(again.status()).as(again.json().toString()).isEqualTo(200);
        assertThat(Rest.sessionOf(again)).isEqualTo(Rest.sessionOf(in));
        assertThat(jar.get("__Host-gatehouse_refresh." + Rest.CLIENT)).isNotEqualTo(first);
    }

    @Test
    void otherClientsOfTheHintStay() {
        jar.put("workos-has-session", "client_01OTHER.<script>");
        signIn(PAGE);
        assertThat(jar.get("workos-has-session")).isEqualTo(Rest.CLIENT + ".client_01OTHER");
    }

    @Test
    @DisplayName("F03 F06 another origin, or none, gets no cookie and is not heard through one")
    void strangers() {
        signIn(PAGE);
        assertThat(refresh(PAGE).status()).isEqualTo(200);
        Map<String, String> before = new LinkedHashMap<>(jar);
        for (String origin : List.of("https://app.example.com.evil.com", "https://evilexample.com", "null", "")) {
            Rest.Reply reply = refresh(origin);
            assertThat(reply.status()).as(origin).isEqualTo(400);
            assertThat(reply.text("/error")).isEqualTo("invalid_request");
            assertThat(reply.text("/error_description")).contains("refresh_token");
            assertThat(cookies(reply)).isEmpty();
            assertThat(reply.answer().header("Access-Control-Allow-Origin")).isEmpty();
            assertThat(jar).isEqualTo(before);
        }
        jar.clear();
        assertThat(cookies(signIn("https://evilexample.com"))).isEmpty();
    }

    @Test
    void anEndedSessionAndASignOutClearBothCookies() {
        Rest.Reply in = signIn(PAGE);
        rest.made("/user_management/sessions/revoke", "{\"session_id\":\"%s\"}".formatted(Rest.sessionOf(in)));
        assertThat(refresh(PAGE).text("/error")).isEqualTo("invalid_grant");
        assertThat(jar).isEmpty();

        Rest.Reply second = signIn(PAGE);
        Browser browser = new Browser(rest.gatehouse);
        browser.cookies.putAll(jar);
        browser.get("/user_management/sessions/logout?session_id=" + Rest.sessionOf(second));
        assertThat(browser.cookies).doesNotContainKeys("__Host-gatehouse_refresh." + Rest.CLIENT, "workos-has-session");
    }

    @Test
    @DisplayName("F07 a preflight answers only listed origins, and only with methods that the path has")
    void preflight() {
        Rest.Reply allowed = rest.call("OPTIONS", "/user_management/authenticate", "", Map.of("origin", PAGE));
        assertThat(allowed.status()).isEqualTo(204);
        assertThat(allowed.answer().header("Access-Control-Allow-Methods")).contains("POST");
        assertThat(allowed.answer().header("Access-Control-Allow-Headers")).contains("Authorization, Content-Type");
        assertThat(allowed.answer().header("Access-Control-Allow-Private-Network"))
                .isEmpty();
        Rest.Reply stranger =
                rest.call("OPTIONS", "/user_management/authenticate", "", Map.of("origin", "https://evil.example"));
        assertThat(stranger.status()).isEqualTo(405);
        assertThat(stranger.answer().header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(stranger.answer().header("Vary")).contains("Origin");
    }
}
