package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Codes by mail: to sign in, to prove an address, to change it. */
class MailCodeTest {
    private static final String ADA = "ada@example.com";
    private static final String EVE = "eve@example.com";

    private final Rest rest = new Rest(
            new MemoryStorage(),
            LocalKeyring.random(),
            new SteerableClock(),
            builder -> builder.set(Setting.EMAIL_VERIFICATION, "required"));

    @AfterEach
    void close() {
        rest.close();
    }

    private String verified(String email) {
        return rest.made(
                        "/user_management/users",
                        "{\"email\":\"%s\",\"password\":\"%s\",\"email_verified\":true}"
                                .formatted(email, Rest.PASSWORD))
                .text("/id");
    }

    private Reply send(String email) {
        return rest.made("/user_management/magic_auth", "{\"email\":\"" + email + "\"}");
    }

    private Reply magic(String email, String code) {
        return rest.grant("magic-auth:code", Map.of("email", email, "code", code));
    }

    private static String other(String code) {
        return (code.charAt(0) == '0' ? "1" : "0") + code.substring(1);
    }

    @Test
    void aCodeSignsInOnceAndProvesTheMailbox() {
        Reply sent = send(ADA);
        assertThat(sent.status()).isEqualTo(201);
        assertThat(sent.text("/code")).matches("[0-9]{6}");
        assertThat(sent.text("/object")).isEqualTo("magic_auth");
        assertThat(rest.get("/user_management/magic_auth/" + sent.text("/id")).text("/code"))
                .isEqualTo(sent.text("/code"));
        Reply in = magic("ADA@example.com", sent.text("/code"));
        assertThat(in.status()).as(in.json().toString()).isEqualTo(200);
        assertThat(in.text("/authentication_method")).isEqualTo("MagicAuth");
        assertThat(in.json().at("/user/email_verified").asBoolean()).isTrue();
        Reply again = magic(ADA, sent.text("/code"));
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.text("/code")).isEqualTo("one_time_code_previously_used");
        assertThat(rest.events("magic_auth.created")).isEqualTo(1);
        assertThat(rest.get("/events?events=magic_auth.created")
                        .json()
                        .at("/data/0/data")
                        .has("code"))
                .as("no event tells a code")
                .isFalse();
        assertThat(rest.events("authentication.magic_auth_succeeded")).isEqualTo(1);
        assertThat(rest.events("authentication.magic_auth_failed")).isEqualTo(1);
        assertThat(rest.events("user.created")).isEqualTo(1);
        assertThat(rest.events("user.updated")).isEqualTo(1);
    }

    @Test
    void theOlderNamesAnswerTheSame() {
        Reply sent = rest.post("/magic_auth/send_code", "{\"email\":\"" + ADA + "\"}");
        assertThat(sent.status()).isEqualTo(201);
        Reply in = rest.post(
                "/magic_auth/verify_code",
                "{\"client_id\":\"%s\",\"client_secret\":\"%s\",\"email\":\"%s\",\"code\":\"%s\"}"
                        .formatted(Rest.CLIENT, Rest.KEY, ADA, sent.text("/code")));
        assertThat(in.status()).as(in.json().toString()).isEqualTo(200);
    }

    @Test
    @DisplayName("P12 five wrong tries end a code, and a hundred a day end the guessing")
    void guessing() {
        verified(ADA);
        Reply sent = send(ADA);
        for (int i = 1; i < 5; i++) {
            assertThat(magic(ADA, other(sent.text("/code"))).text("/code")).isEqualTo("invalid_one_time_code");
        }
        assertThat(magic(ADA, other(sent.text("/code"))).text("/code")).isEqualTo("one_time_code_too_many_attempts");
        assertThat(magic(ADA, sent.text("/code")).text("/code"))
                .as("the right one is worth nothing now")
                .isEqualTo("one_time_code_too_many_attempts");
        rest.clock.pass(Duration.ofMinutes(2));
        String fresh = send(ADA).text("/code");
        assertThat(magic(ADA, fresh).status()).as("a new one is").isEqualTo(200);
        int wrong = 5;
        while (wrong < 100) {
            rest.clock.pass(Duration.ofMinutes(4));
            String code = send(ADA).text("/code");
            for (int i = 0; i < 5; i++, wrong++) {
                magic(ADA, other(code));
            }
        }
        rest.clock.pass(Duration.ofMinutes(4));
        assertThat(magic(ADA, send(ADA).text("/code")).text("/code")).isEqualTo("one_time_code_too_many_attempts");
        rest.clock.pass(Duration.ofDays(1));
        assertThat(magic(ADA, send(ADA).text("/code")).status())
                .as("the next day")
                .isEqualTo(200);
    }

    @Test
    @DisplayName("P13 A04 a code is none for another person, another purpose, another environment")
    void codesAreBound() {
        verified(ADA);
        verified(EVE);
        String code = send(ADA).text("/code");
        send(EVE);
        assertThat(magic(EVE, code).text("/code")).isEqualTo("invalid_one_time_code");
        String ada = rest.get("/user_management/users?email=" + ADA).text("/data/0/id");
        assertThat(rest.post("/user_management/users/" + ada + "/email_change/confirm", "{\"code\":\"" + code + "\"}")
                        .text("/code"))
                .isEqualTo("no_pending_email_change");
        assertThat(magic(ADA, code).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("P14 P15 the newest code wins, and no code lives longer than ten minutes")
    void newestWins() {
        String first = send(ADA).text("/code");
        String second = send(ADA).text("/code");
        if (!first.equals(second)) {
            assertThat(magic(ADA, first).text("/code")).isEqualTo("invalid_one_time_code");
        }
        assertThat(magic(ADA, second).status()).isEqualTo(200);
        rest.clock.pass(Duration.ofMinutes(2));
        String late = send(ADA).text("/code");
        rest.clock.pass(Duration.ofMinutes(10));
        assertThat(magic(ADA, late).text("/code")).isEqualTo("one_time_code_expired");
    }

    @Test
    @DisplayName("P14 Q01 fifty uses at once are one sign-in")
    void oneWinner() throws Exception {
        verified(ADA);
        String code = send(ADA).text("/code");
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<Integer>> all = new ArrayList<>();
            // as many as the limit of tries allows in a minute
            for (int i = 0; i < 10; i++) {
                all.add(threads.submit(() -> magic(ADA, code).status()));
            }
            int won = 0;
            for (Future<Integer> one : all) {
                won += one.get() == 200 ? 1 : 0;
            }
            assertThat(won).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
        assertThat(rest.events("session.created")).isEqualTo(1);
    }

    @Test
    @DisplayName("P20 one mailbox gets three codes in a minute and twenty in an hour")
    void mailBombing() {
        for (int i = 0; i < 3; i++) {
            send(ADA);
        }
        Reply fourth = rest.post("/user_management/magic_auth", "{\"email\":\"ADA@example.com\"}");
        assertThat(fourth.status()).isEqualTo(429);
        assertThat(fourth.answer().header("Retry-After")).contains("60");
        send(EVE);
        for (int i = 3; i < 20; i++) {
            rest.clock.pass(Duration.ofSeconds(61));
            send(ADA);
        }
        rest.clock.pass(Duration.ofSeconds(61));
        assertThat(rest.post("/user_management/magic_auth", "{\"email\":\"" + ADA + "\"}")
                        .status())
                .isEqualTo(429);
    }

    @Test
    void anUnprovedAddressIsAskedForAfterThePassword() {
        rest.user(ADA);
        Reply first = rest.password(ADA, Rest.PASSWORD);
        assertThat(first.status()).isEqualTo(403);
        assertThat(first.text("/code")).isEqualTo("email_verification_required");
        assertThat(first.text("/email")).isEqualTo(ADA);
        String pending = first.text("/pending_authentication_token");
        String code = rest.get("/user_management/email_verification/" + first.text("/email_verification_id"))
                .text("/code");
        Reply wrong = rest.grant(
                "email-verification:code", Map.of("pending_authentication_token", pending, "code", other(code)));
        assertThat(wrong.text("/code")).isEqualTo("invalid_one_time_code");
        Reply in = rest.grant("email-verification:code", Map.of("pending_authentication_token", pending, "code", code));
        assertThat(in.status()).as(in.json().toString()).isEqualTo(200);
        assertThat(in.text("/authentication_method")).isEqualTo("Password");
        Reply again =
                rest.grant("email-verification:code", Map.of("pending_authentication_token", pending, "code", code));
        assertThat(again.text("/code")).isEqualTo("invalid_pending_authentication_token");
        assertThat(rest.password(ADA, Rest.PASSWORD).status())
                .as("the password stays: the same person knew it")
                .isEqualTo(200);
        assertThat(rest.events("authentication.email_verification_succeeded")).isEqualTo(1);
        assertThat(rest.events("authentication.email_verification_failed")).isEqualTo(1);
    }

    @Test
    @DisplayName("O13 whoever proves a mailbox takes the account from somebody who only claimed it")
    void preHijacking() {
        // the attacker signs up with the address of somebody else, and cannot prove it
        String id = rest.user(ADA);
        assertThat(rest.password(ADA, Rest.PASSWORD).text("/code")).isEqualTo("email_verification_required");
        // the owner comes with a code from the mailbox
        Reply owner = magic(ADA, send(ADA).text("/code"));
        assertThat(owner.status()).isEqualTo(200);
        assertThat(owner.text("/user/id")).isEqualTo(id);
        assertThat(rest.password(ADA, Rest.PASSWORD).text("/code")).isEqualTo("invalid_credentials");
        // and the other way round: an account whose owner proved it keeps its password
        verified(EVE);
        assertThat(magic(EVE, send(EVE).text("/code")).status()).isEqualTo(200);
        assertThat(rest.password(EVE, Rest.PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void theApplicationVerifiesByItself() {
        String user = "/user_management/users/" + rest.user(ADA);
        Reply sent = rest.post(user + "/email_verification/send", "");
        assertThat(sent.status()).as(sent.json().toString()).isEqualTo(200);
        assertThat(sent.text("/user/email")).isEqualTo(ADA);
        String pending = rest.password(ADA, Rest.PASSWORD).text("/email_verification_id");
        String code = rest.get("/user_management/email_verification/" + pending).text("/code");
        assertThat(rest.post(user + "/email_verification/confirm", "{\"code\":\"" + other(code) + "\"}")
                        .text("/code"))
                .isEqualTo("email_verification_code_incorrect");
        Reply done = rest.post(user + "/email_verification/confirm", "{\"code\":\"" + code + "\"}");
        assertThat(done.json().at("/user/email_verified").asBoolean()).isTrue();
        assertThat(rest.post(user + "/email_verification/confirm", "{\"code\":\"" + code + "\"}")
                        .text("/code"))
                .isEqualTo("email_previously_verified");
        assertThat(rest.post(user + "/email_verification/send", "").text("/code"))
                .isEqualTo("email_already_verified");
    }

    @Test
    @DisplayName("Q04 an address changes with the code that proves it, and codes of the old one are void")
    void emailChange() {
        String user = "/user_management/users/" + verified(ADA);
        String magic = send(ADA).text("/code");
        verified(EVE);
        assertThat(rest.post(user + "/email_change/send", "{\"new_email\":\"EVE@example.com\"}")
                        .text("/code"))
                .isEqualTo("email_not_available");
        assertThat(rest.post(user + "/email_change/send", "{\"new_email\":\"Ada@Example.com\"}")
                        .text("/code"))
                .isEqualTo("email_change_not_needed");
        assertThat(rest.post(user + "/email_change/send", "{\"new_email\":\"nobody\"}")
                        .status())
                .isEqualTo(422);
        Reply sent = rest.post(user + "/email_change/send", "{\"new_email\":\"countess@example.com\"}");
        assertThat(sent.status()).as(sent.json().toString()).isEqualTo(200);
        assertThat(sent.text("/new_email")).isEqualTo("countess@example.com");
        assertThat(rest.post(user + "/email_change/confirm", "{\"code\":\"0000000\"}")
                        .text("/code"))
                .isEqualTo("email_change_code_incorrect");
        assertThat(rest.get(user).text("/email")).isEqualTo(ADA);
        assertThat(magic("countess@example.com", magic).text("/code")).isEqualTo("invalid_one_time_code");
    }

    @Test
    void aWayThatIsSwitchedOffIsRefusedEverywhere() {
        try (Rest passwordOnly = new Rest(
                        new MemoryStorage(),
                        LocalKeyring.random(),
                        new SteerableClock(),
                        builder -> builder.set(Setting.SIGN_IN_METHODS, "password"));
                Rest codesOnly = new Rest(
                        new MemoryStorage(),
                        LocalKeyring.random(),
                        new SteerableClock(),
                        builder -> builder.set(Setting.SIGN_IN_METHODS, "magic-code")
                                .set(Setting.SIGN_UP, "false"))) {
            Reply refused = passwordOnly.post("/user_management/magic_auth", "{\"email\":\"" + ADA + "\"}");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text("/error")).isEqualTo("authentication_method_not_allowed");
            Reply unknown = codesOnly.post("/user_management/magic_auth", "{\"email\":\"" + ADA + "\"}");
            assertThat(unknown.text("/error")).isEqualTo("sign_up_not_allowed");
            codesOnly.user(ADA);
            Reply password = codesOnly.password(ADA, Rest.PASSWORD);
            assertThat(password.status()).isEqualTo(403);
            assertThat(password.text("/code")).isEqualTo("email_password_auth_disabled");
        }
    }
}
