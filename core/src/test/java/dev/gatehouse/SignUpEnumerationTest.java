package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.Answer;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.spi.Mailer.Mail;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Signing up with an address that somebody has looks like signing up. */
class SignUpEnumerationTest {
    private static final String KNOWN = "aaaaa@example.com";
    private static final String FREE = "bbbbb@example.com";
    private static final String FRESH = "violet-lamp-paperclip-42";

    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private final Rest rest = new Rest(
            new MemoryStorage(),
            LocalKeyring.random(),
            new SteerableClock(),
            builder -> builder.mailer(mails::add).executor(Runnable::run));

    @AfterEach
    void close() {
        rest.close();
    }

    private static String shown(Answer answer, String email) {
        return answer.status() + answer.text().replace(email, "X").replaceAll("flow=[^\"]+|value=\"[^\"]{40,}\"", "F");
    }

    /** All that a visitor sees who signs up, guesses six times, asks for other codes and comes back too late. */
    private List<String> everything(String email) {
        Browser browser = new Browser(rest.gatehouse);
        List<String> seen = new ArrayList<>();
        String begun = Browser.flowOf(Browser.location(browser.get("/auth/sign-up")));
        Answer made = browser.post("/auth/sign-up", Map.of("flow", begun, "email", email, "password", FRESH));
        String location = Browser.location(made);
        seen.add(made.status() + location.replaceAll("flow=.*", ""));
        String flow = Browser.flowOf(location);
        seen.add(shown(browser.get(location), email));
        for (int guess = 0; guess < 6; guess++) {
            seen.add(shown(browser.post("/auth/verify-email", Map.of("flow", flow, "code", "wrong")), email));
        }
        for (int another = 0; another < 3; another++) {
            Answer sent = browser.post("/auth/verify-email/send", Map.of("flow", flow));
            seen.add(sent.status() + sent.header("Location").orElse("").replaceAll("flow=.*", ""));
            if (sent.status() == 303) {
                flow = Browser.flowOf(Browser.location(sent));
                seen.add(shown(browser.post("/auth/verify-email", Map.of("flow", flow, "code", "wrong")), email));
            }
        }
        rest.clock.pass(Duration.ofMinutes(10));
        seen.add(shown(browser.get("/auth/verify-email?flow=" + flow), email));
        seen.add(shown(browser.post("/auth/verify-email", Map.of("flow", flow, "code", "wrong")), email));
        return seen;
    }

    @Test
    @DisplayName("E02 signing up shows the same whether somebody has the address or not; the mail differs")
    void signUp() {
        rest.made(
                "/user_management/users",
                "{\"email\":\"%s\",\"password\":\"%s\",\"email_verified\":true}".formatted(KNOWN, Rest.PASSWORD));
        List<String> free = everything(FREE);
        assertThat(free.get(0)).startsWith("303/auth/verify-email");
        assertThat(mails).isNotEmpty().allMatch(mail -> mail.subject().contains("code"));
        int sent = mails.size();
        mails.clear();

        assertThat(everything(KNOWN)).isEqualTo(free);
        assertThat(mails)
                .hasSize(sent)
                .allMatch(mail -> mail.to().equals(KNOWN) && mail.subject().contains("account already"));
        assertThat(rest.password(KNOWN, Rest.PASSWORD).status())
                .as("nothing changed")
                .isEqualTo(200);
        assertThat(rest.password(KNOWN, FRESH).status()).isEqualTo(400);
    }
}
