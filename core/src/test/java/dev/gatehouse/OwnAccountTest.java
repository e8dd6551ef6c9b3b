package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.Answer;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.spi.Mailer.Mail;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What somebody changes of the own account on its page. */
class OwnAccountTest {
    private static final String ADA = "ada@example.com";
    private static final String NEW = "ada@new.example";
    private static final String FRESH = "violet-lamp-paperclip-42";

    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private Rest rest = rest(builder -> builder);
    private Browser browser = new Browser(rest.gatehouse);

    private Rest rest(UnaryOperator<Gatehouse.Builder> more) {
        return new Rest(
                new MemoryStorage(),
                LocalKeyring.random(),
                new SteerableClock(),
                builder -> more.apply(builder.mailer(mails::add).executor(Runnable::run)));
    }

    @AfterEach
    void close() {
        rest.close();
    }

    private void signedIn() {
        rest.made(
                "/user_management/users",
                "{\"email\":\"%s\",\"password\":\"%s\",\"email_verified\":true}".formatted(ADA, Rest.PASSWORD));
        browser.signIn(ADA, Rest.PASSWORD);
    }

    private Answer post(String page, Map<String, String> members) {
        Map<String, String> form = new java.util.TreeMap<>(members);
        form.put("csrf", Browser.hidden(browser.get("/auth/account"), "csrf"));
        return browser.post("/auth/account/" + page, form);
    }

    private String mailedCode() {
        return mails.get(mails.size() - 1).text().replaceAll("(?s).*\\n\\n([0-9]{6})\\n\\n.*", "$1");
    }

    @Test
    @DisplayName("a new password needs the current one, ends the other sessions and is told by mail")
    void password() {
        signedIn();
        String elsewhere = rest.signIn(ADA).text("/refresh_token");
        assertThat(browser.get("/auth/account/password").text()).contains("Current password");
        Answer wrong = post("password", Map.of("current", "not-it", "password", FRESH));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.text()).contains("current password is not right");
        Answer weak = post("password", Map.of("current", Rest.PASSWORD, "password", "short"));
        assertThat(weak.text()).contains("at least 10");
        assertThat(rest.password(ADA, Rest.PASSWORD).status()).isEqualTo(200);
        assertThat(mails).isEmpty();

        assertThat(post("password", Map.of("current", Rest.PASSWORD, "password", FRESH))
                        .status())
                .isEqualTo(303);
        assertThat(browser.get("/auth/account").status())
                .as("still signed in here")
                .isEqualTo(200);
        assertThat(rest.refresh(elsewhere).text("/error")).isEqualTo("invalid_grant");
        assertThat(rest.password(ADA, Rest.PASSWORD).status()).isEqualTo(400);
        assertThat(rest.password(ADA, FRESH).status()).isEqualTo(200);
        assertThat(mails.get(0).subject()).contains("password was changed");
    }

    @Test
    @DisplayName("ten minutes after the sign-in another one is asked for first")
    void fresh() {
        signedIn();
        rest.clock.pass(Duration.ofMinutes(11));
        for (String page : List.of("password", "email", "delete")) {
            assertThat(Browser.location(browser.get("/auth/account/" + page))).startsWith("/auth/sign-in?flow=");
            assertThat(Browser.location(post(page, Map.of("current", Rest.PASSWORD, "password", FRESH))))
                    .startsWith("/auth/sign-in?flow=");
        }
        assertThat(rest.password(ADA, Rest.PASSWORD).status())
                .as("nothing was done")
                .isEqualTo(200);
    }

    @Test
    @DisplayName("P24 the address changes with the code of the new mailbox, and the old one is told")
    void email() {
        signedIn();
        assertThat(post("email", Map.of("email", ADA)).text()).contains("your address already");
        assertThat(post("email", Map.of("email", "nobody")).text()).contains("Enter an e-mail address");
        assertThat(post("email", Map.of("email", NEW)).text()).contains("Confirm the new address");
        assertThat(mails.get(0).to()).isEqualTo(NEW);
        assertThat(post("email/confirm", Map.of("email", NEW, "code", "0")).text())
                .contains("not right");
        assertThat(post("email/confirm", Map.of("email", NEW, "code", mailedCode()))
                        .status())
                .isEqualTo(303);
        assertThat(browser.get("/auth/account").text()).contains(NEW);
        assertThat(rest.password(NEW, Rest.PASSWORD).status()).isEqualTo(200);
        assertThat(rest.password(ADA, Rest.PASSWORD).status()).isEqualTo(400);
        Mail told = mails.get(mails.size() - 1);
        assertThat(told.to()).isEqualTo(ADA);
        assertThat(told.subject()).contains("another address");
        assertThat(told.text()).doesNotContain(NEW);
    }

    @Test
    @DisplayName("E02 an address that somebody has gets the same page, and no mail")
    void takenEmail() {
        rest.user("bob@example.com");
        signedIn();
        String free = post("email", Map.of("email", "free@example.com")).text().replace("free@", "X@");
        String taken = post("email", Map.of("email", "bob@example.com")).text().replace("bob@", "X@");
        assertThat(taken).isEqualTo(free);
        assertThat(mails).hasSize(1);
    }

    @Test
    void language() {
        signedIn();
        assertThat(post("profile", Map.of("first_name", "Ada", "locale", "de")).status())
                .isEqualTo(303);
        assertThat(browser.get("/auth/account").text()).contains("lang=\"de\"").contains("Sprache");
        assertThat(post("profile", Map.of("first_name", "Ada", "locale", "")).status())
                .isEqualTo(303);
        assertThat(browser.get("/auth/account").text()).contains("lang=\"en\"");
    }

    @Test
    void deletion() {
        signedIn();
        assertThat(browser.get("/auth/account/delete").text()).contains("cannot be undone");
        assertThat(post("delete", Map.of()).text()).contains("Your account is deleted");
        assertThat(browser.session()).isEmpty();
        assertThat(rest.get("/user_management/users?email=" + ADA).json().at("/data"))
                .isEmpty();
        assertThat(rest.events("user.deleted")).isEqualTo(1);
    }

    @Test
    void deletionCanBeSwitchedOff() {
        rest.close();
        rest = rest(builder -> builder.set(Setting.ACCOUNT_DELETION, "false"));
        browser = new Browser(rest.gatehouse);
        signedIn();
        assertThat(browser.get("/auth/account").text()).doesNotContain("/account/delete");
        assertThat(browser.get("/auth/account/delete").status()).isEqualTo(404);
        assertThat(post("delete", Map.of()).status()).isEqualTo(404);
        assertThat(rest.password(ADA, Rest.PASSWORD).status()).isEqualTo(200);
    }
}
