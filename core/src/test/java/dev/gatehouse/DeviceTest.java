package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.Answer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A device is signed in by somebody at a browser (RFC 8628). */
class DeviceTest {
    private static final String ADA = "ada@example.com";

    private final Rest rest = new Rest();
    private final Browser browser = new Browser(rest.gatehouse);

    @BeforeEach
    void people() {
        rest.user(ADA);
    }

    @AfterEach
    void close() {
        rest.close();
    }

    private Reply begin() {
        Reply begun = rest.call(
                "POST",
                "/user_management/authorize/device",
                "client_id=" + Rest.CLIENT,
                Map.of("content-type", "application/x-www-form-urlencoded"));
        assertThat(begun.status()).as(begun.json().toString()).isEqualTo(200);
        return begun;
    }

    private Reply ask(Reply begun) {
        return rest.call(
                "POST",
                "/user_management/authenticate",
                "grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id=%s&device_code=%s"
                        .formatted(Rest.CLIENT, begun.text("/device_code")),
                Map.of("content-type", "application/x-www-form-urlencoded"));
    }

    private Answer type(String code) {
        Answer page = browser.get("/auth/device");
        return browser.post("/auth/device", Map.of("csrf", Browser.hidden(page, "csrf"), "user_code", code));
    }

    private Answer decide(Answer confirm, String decision) {
        return browser.post(
                "/auth/device/decide",
                Map.of(
                        "csrf",
                        Browser.hidden(confirm, "csrf"),
                        "user_code",
                        Browser.hidden(confirm, "user_code"),
                        "decision",
                        decision));
    }

    @Test
    @DisplayName("A16 a device is signed in once, after somebody allowed it")
    void allowed() {
        Reply begun = begin();
        assertThat(begun.text("/user_code")).matches("[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}");
        assertThat(begun.text("/verification_uri_complete"))
                .isEqualTo("http://localhost:8080/auth/device?user_code=" + begun.text("/user_code"));
        assertThat(ask(begun).text("/error")).isEqualTo("authorization_pending");
        assertThat(ask(begun).text("/error")).isEqualTo("slow_down");
        rest.clock.pass(Duration.ofSeconds(6));
        assertThat(ask(begun).text("/error")).isEqualTo("authorization_pending");

        // a stranger's browser is sent to sign in, and comes back
        String away = Browser.location(browser.get("/auth/device?user_code=" + begun.text("/user_code")));
        assertThat(away).startsWith("/auth/sign-in?return_to=");
        browser.signIn(ADA, Rest.PASSWORD);
        Answer confirm =
                type(begun.text("/user_code").toLowerCase(java.util.Locale.ROOT).replace("-", " "));
        assertThat(confirm.status()).isEqualTo(200);
        assertThat(confirm.text()).contains(begun.text("/user_code"));
        assertThat(ask(begun).text("/error")).as("typing is not allowing").isIn("authorization_pending", "slow_down");
        assertThat(decide(confirm, "allow").status()).isEqualTo(200);

        Reply in = ask(begun);
        assertThat(in.status()).as(in.json().toString()).isEqualTo(200);
        assertThat(in.text("/user/email")).isEqualTo(ADA);
        assertThat(in.text("/authentication_method")).isEqualTo("Password");
        assertThat(ask(begun).text("/error")).as("once").isEqualTo("expired_token");
        assertThat(rest.events("session.created")).isEqualTo(2);
    }

    @Test
    @DisplayName("A16 a denied device stays out, and so does one that nobody decided in five minutes")
    void deniedAndLate() {
        browser.signIn(ADA, Rest.PASSWORD);
        Reply begun = begin();
        decide(type(begun.text("/user_code")), "deny");
        assertThat(ask(begun).text("/error")).isEqualTo("access_denied");
        Reply late = begin();
        Answer confirm = type(late.text("/user_code"));
        rest.clock.pass(Duration.ofMinutes(5));
        assertThat(decide(confirm, "allow").status()).isEqualTo(400);
        assertThat(ask(late).text("/error")).isEqualTo("expired_token");
    }

    @Test
    @DisplayName("A15 five codes may be tried in ten minutes")
    void guessing() {
        browser.signIn(ADA, Rest.PASSWORD);
        for (int i = 0; i < 5; i++) {
            assertThat(type("BBBB-BBBB").status()).isEqualTo(422);
        }
        assertThat(type(begin().text("/user_code")).status()).isEqualTo(429);
        rest.clock.pass(Duration.ofMinutes(11));
        assertThat(type(begin().text("/user_code")).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("A17 A18 a decision needs the form of the session that makes it, and a session that still runs")
    void binding() {
        browser.signIn(ADA, Rest.PASSWORD);
        Reply begun = begin();
        Answer confirm = type(begun.text("/user_code"));
        assertThat(browser.post(
                                "/auth/device/decide",
                                Map.of("csrf", "x", "user_code", begun.text("/user_code"), "decision", "allow"))
                        .status())
                .isEqualTo(400);
        assertThat(decide(confirm, "allow").status()).isEqualTo(200);
        assertThat(decide(confirm, "deny").status()).as("decided once").isEqualTo(400);
        // the session that allowed it ends before the device asks
        browser.post("/auth/sign-out", Map.of());
        assertThat(ask(begun).text("/error")).isEqualTo("access_denied");
    }

    @Test
    void anUnknownClientHasNoDevices() {
        Reply refused = rest.call(
                "POST",
                "/user_management/authorize/device",
                "{\"client_id\":\"client_01NONE\"}",
                Map.of("content-type", "application/json"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.text("/error")).isEqualTo("invalid_client");
    }
}
