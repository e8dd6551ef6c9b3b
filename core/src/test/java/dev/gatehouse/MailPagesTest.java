package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.Answer;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.factors.Authenticator;
import dev.gatehouse.spi.Mailer.Mail;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The pages that send mail, and what somebody does who reads it. */
class MailPagesTest {
    private static final String ADA = "ada@example.com";
    private static final String FRESH = "violet-lamp-paperclip-42";
    private static final Pattern CODE = Pattern.compile("\\b([0-9]{3})[ \\u00a0]?([0-9]{3})\\b");
    private static final Pattern LINK =
            Pattern.compile("http://localhost:8080(/auth/reset-password\\?token=[A-Za-z0-9]+)");

    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private final Rest rest = new Rest(
            new MemoryStorage(),
            LocalKeyring.random(),
            new SteerableClock(),
            // on this thread, so that a mail is there when the request has been answered
            builder -> builder.mailer(mails::add).executor(Runnable::run));
    private final Browser browser = new Browser(rest.gatehouse);

    @AfterEach
    void close() {
        rest.close();
    }

    private void verified() {
        rest.made(
                "/user_management/users",
                "{\"email\":\"%s\",\"password\":\"%s\",\"email_verified\":true}".formatted(ADA, Rest.PASSWORD));
    }

    private String mailed(Pattern pattern) {
        assertThat(mails).isNotEmpty();
        Mail last = mails.get(mails.size() - 1);
        Matcher matcher = pattern.matcher(last.text());
        assertThat(matcher.find()).as(last.text()).isTrue();
        return matcher.groupCount() == 1 ? matcher.group(1) : matcher.group(1) + matcher.group(2);
    }

    private String identify(String email) {
        Answer typed = browser.post(
                "/auth/sign-in",
                Map.of("flow", Browser.flowOf(Browser.location(browser.get("/auth/sign-in"))), "email", email));
        return Browser.flowOf(Browser.location(typed));
    }

    @Test
    void aCodeByMailSignsIn() {
        verified();
        String flow = identify(ADA);
        assertThat(browser.get("/auth/password?flow=" + flow).text()).contains("Send a code by mail");
        String code = Browser.flowOf(Browser.location(browser.post("/auth/send-code", Map.of("flow", flow))));
        assertThat(mails).hasSize(1);
        assertThat(mails.get(0).to()).isEqualTo(ADA);
        assertThat(browser.get("/auth/code?flow=" + code).status()).isEqualTo(200);
        Answer wrong = browser.post("/auth/code", Map.of("flow", code, "code", "0"));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.text()).contains("not right");
        String digits = mailed(CODE);
        Answer in = browser.post(
                "/auth/code", Map.of("flow", code, "code", digits.substring(0, 3) + " " + digits.substring(3)));
        assertThat(Browser.location(in)).isEqualTo("/");
        assertThat(browser.get("/auth/account").status()).isEqualTo(200);
    }

    @Test
    void signingUpAsksForTheCodeAndAnotherOneCanBeSent() {
        String begun = Browser.flowOf(Browser.location(browser.get("/auth/sign-up")));
        Answer made = browser.post("/auth/sign-up", Map.of("flow", begun, "email", ADA, "password", Rest.PASSWORD));
        String verify = Browser.location(made);
        assertThat(verify).startsWith("/auth/verify-email?");
        assertThat(browser.session()).isEmpty();
        String first = mailed(CODE);
        String flow = Browser.flowOf(verify);
        assertThat(Browser.location(browser.post("/auth/verify-email/send", Map.of("flow", flow))))
                .startsWith("/auth/verify-email?");
        assertThat(mails).hasSize(2);
        String second = mailed(CODE);
        if (!first.equals(second)) {
            assertThat(browser.post("/auth/verify-email", Map.of("flow", flow, "code", first))
                            .status())
                    .isEqualTo(422);
        }
        assertThat(Browser.location(browser.post("/auth/verify-email", Map.of("flow", flow, "code", second))))
                .isEqualTo("/");
        assertThat(browser.get("/auth/account").status()).isEqualTo(200);
    }

    @Test
    @DisplayName("E02 the pages answer the same whether somebody has the address or not; the mail differs")
    void enumeration() {
        Rest closed = new Rest(
                new MemoryStorage(),
                LocalKeyring.random(),
                new SteerableClock(),
                builder -> builder.mailer(mails::add).executor(Runnable::run).set(Setting.SIGN_UP, "false"));
        try (closed) {
            closed.made("/user_management/users", "{\"email\":\"%s\",\"email_verified\":true}".formatted(ADA));
            for (String email : List.of(ADA, "eve@example.com")) {
                Browser one = new Browser(closed.gatehouse);
                Answer typed = one.post(
                        "/auth/sign-in",
                        Map.of("flow", Browser.flowOf(Browser.location(one.get("/auth/sign-in"))), "email", email));
                String flow = Browser.flowOf(Browser.location(typed));
                Answer sent = one.post("/auth/send-code", Map.of("flow", flow));
                assertThat(sent.status()).isEqualTo(303);
                assertThat(one.get(Browser.location(sent)).text()).contains("If " + email + " can sign in here");
                Answer forgot = one.post("/auth/forgot-password", Map.of("email", email));
                assertThat(forgot.status()).isEqualTo(200);
                assertThat(forgot.text()).contains("If " + email + " has an account here");
            }
        }
        assertThat(mails).extracting(Mail::to).containsExactly(ADA, ADA);
    }

    @Test
    @DisplayName("P16 P21 P23 a link opens a form and spends nothing; only the form with the token sets a password")
    void reset() {
        verified();
        assertThat(browser.post("/auth/forgot-password", Map.of("email", "Ada@Example.com"))
                        .status())
                .isEqualTo(200);
        String link = mailed(LINK);
        String token = link.substring(link.indexOf('=') + 1);
        for (String method : List.of("HEAD", "GET", "GET", "GET")) {
            Answer opened = browser.send(method, link, "");
            assertThat(opened.status()).isEqualTo(200);
            assertThat(opened.header("Referrer-Policy")).contains("no-referrer");
            assertThat(opened.header("Cache-Control")).contains("no-store");
        }
        assertThat(browser.post("/auth/reset-password", Map.of("token", "", "password", FRESH))
                        .text())
                .contains("link has been used or is too old");
        Answer weak = browser.post("/auth/reset-password", Map.of("token", token, "password", "short"));
        assertThat(weak.status()).isEqualTo(422);
        assertThat(weak.text()).contains("at least 10 characters");
        assertThat(browser.post("/auth/reset-password", Map.of("token", token, "password", FRESH))
                        .status())
                .isEqualTo(200);
        assertThat(browser.session()).as("a reset signs nobody in").isEmpty();
        assertThat(mails.get(mails.size() - 1).subject()).contains("password was changed");
        assertThat(browser.get(link).text()).contains("link has been used or is too old");
        assertThat(Browser.location(browser.signIn(ADA, FRESH))).isEqualTo("/");
    }

    @Test
    @DisplayName("P28 P32 an app is added and removed after a fresh sign-in with the old one, never in half a sign-in")
    void halfSignIns() {
        verified();
        Browser half = new Browser(rest.gatehouse);
        String flow = identify(ADA);
        assertThat(browser.post("/auth/mfa-enroll", Map.of("flow", flow, "code", "123456"))
                        .text())
                .contains("has ended");
        assertThat(Browser.location(half.get("/auth/account/factor"))).startsWith("/auth/sign-in?return_to=");
        Browser owner = new Browser(rest.gatehouse);
        owner.signIn(ADA, Rest.PASSWORD);
        Answer page = owner.get("/auth/account/factor");
        assertThat(page.status()).isEqualTo(200);
        rest.clock.pass(Duration.ofMinutes(11));
        Answer stale = owner.post(
                "/auth/account/factor/remove", Map.of("csrf", Browser.hidden(page, "csrf"), "factor_id", "x"));
        assertThat(Browser.location(stale)).startsWith("/auth/sign-in?flow=");
    }

    @Test
    @DisplayName(
            "P32 whoever has the mailbox learns what changed about the second step, and that a recovery code was used")
    void whatGuardsTheAccountIsToldByMail() {
        verified();
        browser.signIn(ADA, Rest.PASSWORD);
        assertThat(mails).isEmpty();
        Answer offered = browser.get("/auth/account/factor");
        String csrf = Browser.hidden(offered, "csrf");
        String secret = Browser.hidden(offered, "secret");
        Map<String, String> wrong = Map.of("csrf", csrf, "secret", secret, "code", "000000");
        assertThat(browser.post("/auth/account/factor", wrong).status()).isEqualTo(422);
        assertThat(mails).as("nothing was added").isEmpty();
        String digits = Authenticator.code(secret, rest.clock.instant());
        browser.post("/auth/account/factor", Map.of("csrf", csrf, "secret", secret, "code", digits));
        told("An authenticator app was added to your Gatehouse account");

        Answer codes = browser.post("/auth/account/recovery-codes", Map.of("csrf", csrf));
        told("Your Gatehouse account has new recovery codes");
        String code = Browser.hidden(codes, "codes").substring(0, 11);
        browser.post("/auth/sign-out", Map.of());
        String flow = Browser.flowOf(Browser.location(browser.signIn(ADA, Rest.PASSWORD)));
        browser.post("/auth/recovery", Map.of("flow", flow, "code", "AAAAA-AAAAA"));
        assertThat(mails).hasSize(2);
        assertThat(Browser.location(browser.post("/auth/recovery", Map.of("flow", flow, "code", code))))
                .isEqualTo("/");
        told("A recovery code of your Gatehouse account was used");

        Answer account = browser.get("/auth/account");
        Matcher factor = Pattern.compile("factor_id=([a-zA-Z0-9_]+)").matcher(account.text());
        assertThat(factor.find()).isTrue();
        Map<String, String> remove = Map.of("csrf", Browser.hidden(account, "csrf"), "factor_id", factor.group(1));
        browser.post("/auth/account/factor/remove", remove);
        told("An authenticator app was removed from your Gatehouse account");
        browser.post("/auth/account/factor/remove", remove);
        assertThat(mails).as("there was nothing more to remove").hasSize(4);
    }

    private void told(String subject) {
        Mail last = mails.get(mails.size() - 1);
        assertThat(last.subject()).isEqualTo(subject);
        assertThat(last.to()).isEqualTo(ADA);
        assertThat(last.text()).contains("http://localhost:8080/auth/account");
    }

    @Test
    void anAddressThatWasMistypedCanBeReplacedAndAnOldLinkLeadsToANewOne() {
        String begun = Browser.flowOf(Browser.location(browser.get("/auth/sign-up")));
        Answer made = browser.post("/auth/sign-up", Map.of("flow", begun, "email", ADA, "password", Rest.PASSWORD));
        String back = "/auth/sign-in?flow=" + Browser.flowOf(Browser.location(made));
        assertThat(browser.get(Browser.location(made)).text()).contains("href=\"" + back + "\"");
        assertThat(browser.get(back).text()).contains("Create one");
        assertThat(browser.get("/auth/reset-password?token=x").text()).contains("href=\"/auth/forgot-password\"");
    }

    @Test
    void aLinkToTheSignOutAsksAndChangesNothing() {
        verified();
        browser.signIn(ADA, Rest.PASSWORD);
        Answer asked = browser.get("/auth/sign-out");
        assertThat(asked.status()).isEqualTo(200);
        assertThat(asked.text()).contains("<form method=\"post\" action=\"/auth/sign-out\">");
        assertThat(browser.get("/auth/account").status()).isEqualTo(200);
        assertThat(Browser.location(browser.post("/auth/sign-out", Map.of()))).isEqualTo("/auth/signed-out");
        assertThat(browser.get("/auth/account").status()).isEqualTo(303);
    }
}
