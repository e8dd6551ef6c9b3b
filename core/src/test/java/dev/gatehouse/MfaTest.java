package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.Answer;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.factors.Authenticator;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A second factor in the sign-in: over REST, on the pages, and on every way in. */
class MfaTest {
    private static final String ADA = "ada@example.com";
    private static final Pattern SECRET = Pattern.compile("<p class=\"copy\">((?:[A-Z2-7]{4} ?)+)</p>");
    private static final Pattern CODE = Pattern.compile("<li>([2-9A-Z]{5}-[2-9A-Z]{5})</li>");

    private final List<Rest> all = new ArrayList<>();

    private Rest rest(String mfa) {
        Rest rest = new Rest(
                new MemoryStorage(),
                LocalKeyring.random(),
                new SteerableClock(),
                builder -> builder.set(Setting.MFA, mfa));
        all.add(rest);
        return rest;
    }

    @AfterEach
    void close() {
        all.forEach(Rest::close);
    }

    private static String now(Rest rest, String secret) {
        return Authenticator.code(secret, rest.clock.instant());
    }

    private static Reply prove(Rest rest, String pending, String challenge, String code) {
        return rest.grant(
                "mfa-totp",
                Map.of(
                        "pending_authentication_token",
                        pending,
                        "authentication_challenge_id",
                        challenge,
                        "code",
                        code));
    }

    /** Enrolls over REST in a sign-in that demands it; the secret. */
    private static String enroll(Rest rest, String user) {
        Reply demanded = rest.password(ADA, Rest.PASSWORD);
        assertThat(demanded.status()).isEqualTo(403);
        assertThat(demanded.text("/code")).isEqualTo("mfa_enrollment");
        assertThat(demanded.text("/user/id")).isEqualTo(user);
        Reply made = rest.made("/user_management/users/" + user + "/auth_factors", "{\"type\":\"totp\"}");
        String secret = made.text("/authentication_factor/totp/secret");
        Reply in = prove(
                rest,
                demanded.text("/pending_authentication_token"),
                made.text("/authentication_challenge/id"),
                now(rest, secret));
        assertThat(in.status()).as(in.json().toString()).isEqualTo(200);
        assertThat(in.text("/authentication_method")).isEqualTo("Password");
        return secret;
    }

    @Test
    void whereItIsRequiredEverybodyEnrollsAndIsAskedFromThenOn() {
        Rest rest = rest("required");
        String user = rest.user(ADA);
        String secret = enroll(rest, user);
        rest.clock.pass(Duration.ofMinutes(1));

        Reply asked = rest.password(ADA, Rest.PASSWORD);
        assertThat(asked.status()).isEqualTo(403);
        assertThat(asked.text("/code")).isEqualTo("mfa_challenge");
        String factor = asked.text("/authentication_factors/0/id");
        String pending = asked.text("/pending_authentication_token");
        String challenge =
                rest.made("/auth/factors/" + factor + "/challenge", "{}").text("/id");
        String right = now(rest, secret);
        String wrong = (right.charAt(0) == '0' ? "1" : "0") + right.substring(1);
        assertThat(prove(rest, pending, challenge, wrong).text("/code")).isEqualTo("invalid_one_time_code");
        Reply in = prove(rest, pending, challenge, right);
        assertThat(in.status()).as(in.json().toString()).isEqualTo(200);
        assertThat(prove(rest, pending, challenge, right).text("/code"))
                .as("the token is spent")
                .isEqualTo("invalid_pending_authentication_token");
        assertThat(rest.events("authentication.mfa_succeeded")).isEqualTo(2);
        assertThat(rest.events("authentication.mfa_failed")).isEqualTo(1);
    }

    @Test
    @DisplayName("P25 a code works once, whatever it is answered to")
    void replay() {
        Rest rest = rest("required");
        String secret = enroll(rest, rest.user(ADA));
        rest.clock.pass(Duration.ofMinutes(1));
        String code = now(rest, secret);
        for (boolean first : new boolean[] {true, false}) {
            Reply asked = rest.password(ADA, Rest.PASSWORD);
            String challenge = rest.made(
                            "/auth/factors/" + asked.text("/authentication_factors/0/id") + "/challenge", "{}")
                    .text("/id");
            Reply in = prove(rest, asked.text("/pending_authentication_token"), challenge, code);
            assertThat(in.status()).as(in.json().toString()).isEqualTo(first ? 200 : 400);
        }
    }

    @Test
    @DisplayName("P29 a challenge of somebody else's factor proves nothing")
    void strangersFactor() {
        Rest rest = rest("required");
        enroll(rest, rest.user(ADA));
        rest.user("eve@example.com");
        Reply demanded = rest.password("eve@example.com", Rest.PASSWORD);
        String mine = rest.made("/auth/factors/enroll", "{\"type\":\"totp\",\"totp_issuer\":\"x\",\"totp_user\":\"y\"}")
                .text("/id");
        String challenge =
                rest.made("/auth/factors/" + mine + "/challenge", "{}").text("/id");
        assertThat(prove(rest, demanded.text("/pending_authentication_token"), challenge, "123456")
                        .text("/code"))
                .isEqualTo("invalid_one_time_code");
    }

    @Test
    @DisplayName("P30 P22 no way in goes round it: password, magic code, reset, organization")
    void everyWayIn() {
        Rest rest = rest("optional");
        String user = rest.user(ADA);
        assertThat(rest.password(ADA, Rest.PASSWORD).status())
                .as("nobody is asked who has none")
                .isEqualTo(200);
        Reply made = rest.made("/user_management/users/" + user + "/auth_factors", "{\"type\":\"totp\"}");
        assertThat(rest.password(ADA, Rest.PASSWORD).status())
                .as("nor who never proved it")
                .isEqualTo(200);
        String challenge = made.text("/authentication_challenge/id");
        assertThat(rest.made(
                                "/auth/challenges/" + challenge + "/verify",
                                "{\"code\":\"%s\"}"
                                        .formatted(now(rest, made.text("/authentication_factor/totp/secret"))))
                        .json()
                        .at("/valid")
                        .asBoolean())
                .isTrue();
        for (String organization : List.of("Acme", "Globex")) {
            rest.member(user, rest.organization(organization));
        }

        assertThat(rest.password(ADA, Rest.PASSWORD).text("/code")).isEqualTo("mfa_challenge");
        String code = rest.made("/user_management/magic_auth", "{\"email\":\"" + ADA + "\"}")
                .text("/code");
        assertThat(rest.grant("magic-auth:code", Map.of("email", ADA, "code", code))
                        .text("/code"))
                .isEqualTo("mfa_challenge");
        String token = rest.made("/user_management/password_reset", "{\"email\":\"" + ADA + "\"}")
                .text("/password_reset_token");
        assertThat(rest.made(
                                "/user_management/password_reset/confirm",
                                "{\"token\":\"%s\",\"new_password\":\"violet-lamp-paperclip-42\"}".formatted(token))
                        .status())
                .isEqualTo(200);
        Reply after = rest.password(ADA, "violet-lamp-paperclip-42");
        assertThat(after.text("/code")).isEqualTo("mfa_challenge");
        assertThat(rest.choose(
                                after.text("/pending_authentication_token"),
                                rest.get("/organizations").text("/data/0/id"))
                        .text("/code"))
                .as("choosing an organization does not skip it")
                .isEqualTo("mfa_challenge");
    }

    @ParameterizedTest
    @ValueSource(strings = {"optional", "off"})
    void aFactorIsAskedForUnlessItIsSwitchedOff(String mfa) {
        Rest rest = rest(mfa);
        Reply made = rest.made("/user_management/users/" + rest.user(ADA) + "/auth_factors", "{\"type\":\"totp\"}");
        rest.made(
                "/auth/challenges/" + made.text("/authentication_challenge/id") + "/verify",
                "{\"code\":\"%s\"}".formatted(now(rest, made.text("/authentication_factor/totp/secret"))));
        assertThat(rest.password(ADA, Rest.PASSWORD).status()).isEqualTo(mfa.equals("off") ? 200 : 403);
    }

    @Test
    @DisplayName("P31 a recovery code stands in for the app once, over REST too")
    void recoveryCodesOverRest() {
        Rest rest = rest("required");
        String user = rest.user(ADA);
        enroll(rest, user);
        Reply made = rest.made("/user_management/users/" + user + "/recovery_codes", "");
        assertThat(made.json().at("/codes")).hasSize(10);
        String code = made.text("/codes/0");
        for (boolean first : new boolean[] {true, false}) {
            String pending = rest.password(ADA, Rest.PASSWORD).text("/pending_authentication_token");
            Reply in = rest.post("/user_management/authenticate", """
                    {"grant_type":"urn:gatehouse:oauth:grant-type:mfa-recovery-code","client_id":"%s","client_secret":"%s",
                    "pending_authentication_token":"%s","code":"%s"}""".formatted(Rest.CLIENT, Rest.KEY, pending, code));
            assertThat(in.status()).as(in.json().toString()).isEqualTo(first ? 200 : 400);
        }
        assertThat(rest.gatehouse.users().recoveryCodesLeft(user)).isEqualTo(9);
        assertThat(rest.gatehouse.users().newRecoveryCodes(user)).hasSize(10).doesNotContain(code);
    }

    private static String found(Pattern pattern, Answer page) {
        Matcher matcher = pattern.matcher(page.text());
        assertThat(matcher.find()).as(page.text()).isTrue();
        return matcher.group(1);
    }

    private static String secret(Answer page) {
        return found(SECRET, page).replace(" ", "");
    }

    @Test
    void thePagesSetAnAppUpAskForItAndTakeARecoveryCode() {
        Rest rest = rest("optional");
        rest.user(ADA);
        Browser browser = new Browser(rest.gatehouse);
        browser.signIn(ADA, Rest.PASSWORD);
        Answer offered = browser.get("/auth/account/factor");
        String secret = secret(offered);
        assertThat(offered.text()).contains("data:image/png;base64,");
        Map<String, String> form = Map.of("csrf", Browser.hidden(offered, "csrf"), "secret", secret, "code", "000000");
        Answer wrong = browser.post("/auth/account/factor", form);
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(secret(wrong)).as("the same app again").isEqualTo(secret);
        String digits = now(rest, secret);
        Answer codes = browser.post(
                "/auth/account/factor",
                Map.of(
                        "csrf",
                        Browser.hidden(offered, "csrf"),
                        "secret",
                        secret,
                        "code",
                        digits.substring(0, 3) + " " + digits.substring(3)));
        String recovery = found(CODE, codes);
        assertThat(browser.get("/auth/account").text()).contains("Recovery codes left: 10");
        browser.post("/auth/sign-out", Map.of());

        rest.clock.pass(Duration.ofMinutes(1));
        String mfa = Browser.location(browser.signIn(ADA, Rest.PASSWORD));
        assertThat(mfa).startsWith("/auth/mfa?");
        assertThat(browser.session()).as("not signed in yet").isEmpty();
        String flow = Browser.flowOf(mfa);
        assertThat(browser.post("/auth/mfa", Map.of("flow", flow, "code", "000000"))
                        .status())
                .isEqualTo(422);
        Answer in = browser.post("/auth/mfa", Map.of("flow", flow, "code", now(rest, secret)));
        assertThat(Browser.location(in)).isEqualTo("/");
        assertThat(browser.get("/auth/account").status()).isEqualTo(200);
        browser.post("/auth/sign-out", Map.of());

        String again = Browser.flowOf(Browser.location(browser.signIn(ADA, Rest.PASSWORD)));
        assertThat(browser.get("/auth/recovery?flow=" + again).status()).isEqualTo(200);
        Answer recovered = browser.post("/auth/recovery", Map.of("flow", again, "code", recovery));
        assertThat(Browser.location(recovered)).isEqualTo("/");
        assertThat(browser.get("/auth/account").text()).contains("Recovery codes left: 9");
        browser.post("/auth/sign-out", Map.of());
        String third = Browser.flowOf(Browser.location(browser.signIn(ADA, Rest.PASSWORD)));
        Answer spent = browser.post("/auth/recovery", Map.of("flow", third, "code", recovery));
        assertThat(spent.status()).as("once").isEqualTo(422);
        assertThat(spent.text()).contains("That recovery code is not right, or was used before.");
    }

    /** The account page of somebody who has signed in and set up an app; the answer with the recovery codes. */
    private static Answer setUp(Rest rest, Browser browser) {
        browser.signIn(ADA, Rest.PASSWORD);
        Answer offered = browser.get("/auth/account/factor");
        String secret = secret(offered);
        return browser.post(
                "/auth/account/factor",
                Map.of("csrf", Browser.hidden(offered, "csrf"), "secret", secret, "code", now(rest, secret)));
    }

    @Test
    void anAppIsRemovedAndCodesAreReplacedOnAPageThatAsksBefore() {
        Rest rest = rest("optional");
        String user = rest.user(ADA);
        Browser browser = new Browser(rest.gatehouse);
        setUp(rest, browser);
        Answer account = browser.get("/auth/account");
        assertThat(account.text())
                .doesNotContain("<form class=\"row\" method=\"post\" action=\"/auth/account/factor/remove");
        String remove = found(Pattern.compile("href=\"(/auth/account/factor/remove\\?factor_id=[^\"]+)\""), account);

        Answer fresh = browser.get("/auth/account/recovery-codes");
        assertThat(fresh.text()).contains("You have 10 of them left.");
        Answer made = browser.post("/auth/account/recovery-codes", Map.of("csrf", Browser.hidden(fresh, "csrf")));
        assertThat(found(CODE, made)).isNotEmpty();

        Answer asked = browser.get(remove);
        assertThat(asked.text()).contains("your account has no second step");
        assertThat(rest.gatehouse.users().recoveryCodesLeft(user))
                .as("a link changes nothing")
                .isEqualTo(10);
        Map<String, String> form =
                Map.of("csrf", Browser.hidden(asked, "csrf"), "factor_id", Browser.hidden(asked, "factor_id"));
        assertThat(Browser.location(browser.post("/auth/account/factor/remove", form)))
                .isEqualTo("/auth/account");
        assertThat(rest.gatehouse.users().recoveryCodesLeft(user)).isZero();
        assertThat(Browser.location(browser.get(remove))).as("it is gone").isEqualTo("/auth/account");
        assertThat(Browser.location(browser.get("/auth/account/recovery-codes")))
                .isEqualTo("/auth/account");

        rest.clock.pass(Duration.ofMinutes(11));
        String again = Browser.location(browser.get(remove));
        assertThat(Browser.location(browser.signIn(again, ADA, Rest.PASSWORD)))
                .as("back to what was asked")
                .isEqualTo(remove);
    }

    @Test
    void recoveryCodesCanBeKeptAsAFile() {
        Rest rest = rest("optional");
        rest.user(ADA);
        Browser browser = new Browser(rest.gatehouse);
        Answer codes = setUp(rest, browser);
        String shown = Browser.hidden(codes, "codes");
        Map<String, String> form = Map.of("csrf", Browser.hidden(codes, "csrf"), "codes", shown);
        Answer file = browser.post("/auth/account/recovery-codes/file", form);
        assertThat(file.status()).isEqualTo(200);
        assertThat(file.header("Content-Type")).hasValue("text/plain; charset=utf-8");
        assertThat(file.header("Content-Disposition")).hasValue("attachment; filename=\"recovery-codes.txt\"");
        assertThat(file.header("Cache-Control")).hasValue("no-store");
        assertThat(file.text()).contains(ADA + "\n\n" + found(CODE, codes) + "\n");
        assertThat(file.text().lines().filter(line -> line.matches("[2-9A-Z]{5}-[2-9A-Z]{5}")))
                .hasSize(10);
        for (Map<String, String> wrong : List.of(
                Map.of("csrf", Browser.hidden(codes, "csrf"), "codes", "<script>alert(1)</script>"),
                Map.of("csrf", Browser.hidden(codes, "csrf"), "codes", shown + " " + shown),
                Map.of("csrf", "x", "codes", shown))) {
            Answer refused = browser.post("/auth/account/recovery-codes/file", wrong);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.header("Content-Disposition")).isEmpty();
        }
    }

    @Test
    void whereItIsRequiredThePagesSetItUpInTheSignIn() {
        Rest rest = rest("required");
        rest.user(ADA);
        Browser browser = new Browser(rest.gatehouse);
        String enroll = Browser.location(browser.signIn(ADA, Rest.PASSWORD));
        assertThat(enroll).startsWith("/auth/mfa-enroll?");
        String secret = secret(browser.get(enroll));
        String flow = Browser.flowOf(enroll);
        Answer wrong = browser.post("/auth/mfa-enroll", Map.of("flow", flow, "code", "000000"));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(secret(wrong)).isEqualTo(secret);
        Answer in = browser.post("/auth/mfa-enroll", Map.of("flow", flow, "code", now(rest, secret)));
        assertThat(Browser.location(in)).isEqualTo("/");
    }

    @Test
    void whatGuardsTheAccountChangesAfterAFreshSignInOnly() {
        Rest rest = rest("optional");
        rest.user(ADA);
        Browser browser = new Browser(rest.gatehouse);
        browser.signIn(ADA, Rest.PASSWORD);
        assertThat(browser.get("/auth/account/factor").status()).isEqualTo(200);
        rest.clock.pass(Duration.ofMinutes(11));
        String again = Browser.location(browser.get("/auth/account/factor"));
        assertThat(again).startsWith("/auth/sign-in?flow=");
        assertThat(Browser.location(browser.signIn(again, ADA, Rest.PASSWORD))).isEqualTo("/auth/account/factor");
        assertThat(browser.get("/auth/account/factor").status()).isEqualTo(200);
    }
}
