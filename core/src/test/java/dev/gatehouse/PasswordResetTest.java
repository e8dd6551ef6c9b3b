package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rest.Reply;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Setting another password by a link. */
class PasswordResetTest {
    private static final String ADA = "ada@example.com";
    private static final String RESET = "/user_management/password_reset";
    private static final String FRESH = "violet-lamp-paperclip-42";

    private final Rest rest = new Rest();

    @AfterEach
    void close() {
        rest.close();
    }

    private Reply send() {
        return rest.made(RESET, "{\"email\":\"" + ADA + "\"}");
    }

    private Reply confirm(String token, String password) {
        return rest.post(RESET + "/confirm", "{\"token\":\"%s\",\"new_password\":\"%s\"}".formatted(token, password));
    }

    @Test
    @DisplayName("P22 a reset ends every session, code and other link, and proves the mailbox")
    void reset() {
        rest.user(ADA);
        Reply before = rest.signIn(ADA);
        Reply sent = send();
        assertThat(sent.status()).isEqualTo(201);
        String token = sent.text("/password_reset_token");
        assertThat(sent.text("/password_reset_url"))
                .isEqualTo("http://localhost:8080/auth/reset-password?token=" + token);
        assertThat(rest.get(RESET + "/" + sent.text("/id")).text("/password_reset_token"))
                .isEqualTo(token);
        String code = rest.made("/user_management/magic_auth", "{\"email\":\"" + ADA + "\"}")
                .text("/code");

        Reply weak = confirm(token, "short");
        assertThat(weak.status()).isEqualTo(400);
        assertThat(weak.text("/code")).isEqualTo("password_reset_error");
        assertThat(weak.text("/errors/0/code")).isEqualTo("password_too_short");
        Reply done = confirm(token, FRESH);
        assertThat(done.status()).as("a refused password spends nothing").isEqualTo(200);
        assertThat(done.json().at("/user/email_verified").asBoolean()).isTrue();

        assertThat(rest.refresh(before.text("/refresh_token")).status()).isEqualTo(400);
        assertThat(rest.password(ADA, Rest.PASSWORD).status()).isEqualTo(400);
        assertThat(rest.password(ADA, FRESH).status()).isEqualTo(200);
        assertThat(rest.grant("magic-auth:code", java.util.Map.of("email", ADA, "code", code))
                        .status())
                .isEqualTo(400);
        assertThat(confirm(token, FRESH + "!").status()).as("once").isEqualTo(404);
        assertThat(rest.events("password_reset.created")).isEqualTo(1);
        assertThat(rest.events("password_reset.succeeded")).isEqualTo(1);
        String event = rest.get("/events?events=password_reset.created,password_reset.succeeded")
                .json()
                .toString();
        assertThat(event).contains(sent.text("/id")).doesNotContain(token);
    }

    @Test
    @DisplayName("P14 P15 only the newest link, for fifteen minutes")
    void newestAndShort() {
        rest.user(ADA);
        String first = send().text("/password_reset_token");
        String second = send().text("/password_reset_token");
        assertThat(confirm(first, FRESH).status()).isEqualTo(404);
        rest.clock.pass(Duration.ofMinutes(15));
        assertThat(confirm(second, FRESH).status()).isEqualTo(404);
        String third = send().text("/password_reset_token");
        rest.clock.pass(Duration.ofMinutes(14));
        assertThat(confirm(third, FRESH).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("D03 a link to an address that changed since sets nothing")
    void changedAddress() {
        String id = rest.user(ADA);
        String token = send().text("/password_reset_token");
        assertThat(rest.call("PUT", "/user_management/users/" + id, "{\"email\":\"new@example.com\"}")
                        .status())
                .isEqualTo(200);
        assertThat(confirm(token, FRESH).status()).isEqualTo(404);
    }

    @Test
    void whatIsNotThere() {
        assertThat(rest.post(RESET, "{\"email\":\"" + ADA + "\"}").status()).isEqualTo(404);
        assertThat(rest.post(RESET, "{}").status()).isEqualTo(422);
        assertThat(confirm("nonsense", FRESH).status()).isEqualTo(404);
        rest.user(ADA);
        for (int i = 0; i < 3; i++) {
            send();
        }
        assertThat(rest.post(RESET, "{\"email\":\"" + ADA + "\"}").status()).isEqualTo(429);
    }
}
