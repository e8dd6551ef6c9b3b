package dev.gatehouse.testkit;

import static dev.gatehouse.testkit.PasskeyStage.phone;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.api.Answer;
import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.passkeys.Passkey;
import dev.gatehouse.spi.Mailer;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Passkeys at the hosted pages, with an authenticator in software and a browser that keeps cookies. */
class PasskeyPagesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ADA = "ada@example.com";
    private static final String REFUSED = "class=\"error\"";

    private final PasskeyStage stage = new PasskeyStage();

    @AfterEach
    void close() {
        stage.close();
    }

    /** A browser with a person who has passkeys. */
    private static final class Browser extends PageBrowser {
        Browser(PasskeyStage stage) {
            super(stage.gatehouse);
        }

        String begin() {
            return flow(get("/auth/sign-in"));
        }

        void password(String flow) {
            String typed = flow(post("/auth/sign-in", Map.of("flow", flow, "email", ADA)));
            post("/auth/password", Map.of("flow", typed, "password", Calls.PASSWORD));
            assertThat(signedIn()).isTrue();
        }

        JsonNode options(String target) throws IOException {
            Answer answer = get(target);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.header("Cache-Control")).contains("no-store");
            return JSON.readTree(answer.body());
        }

        /** Where a passkey leads in a flow. */
        Answer passkey(String flow, SoftwareAuthenticator authenticator) throws IOException {
            JsonNode asked = options("/auth/passkey/options?flow=" + flow);
            return post(
                    "/auth/passkey",
                    Map.of(
                            "flow",
                            flow,
                            "state",
                            asked.path("state").asText(),
                            "answer",
                            authenticator.get(asked.path("publicKey").toString())));
        }

        String csrf() {
            return field(get("/auth/account"), "csrf");
        }

        Map<String, String> added(SoftwareAuthenticator authenticator) throws IOException {
            JsonNode asked = options("/auth/account/passkeys/options");
            return Map.of(
                    "csrf",
                    csrf(),
                    "state",
                    asked.path("state").asText(),
                    "answer",
                    authenticator.create(asked.path("publicKey").toString()),
                    "name",
                    "Laptop");
        }
    }

    @Test
    void aPasskeyIsAddedAndSignsIn() throws IOException {
        String ada = stage.user(ADA);
        Browser browser = new Browser(stage);
        browser.password(browser.begin());
        SoftwareAuthenticator phone = phone();
        assertThat(browser.post("/auth/account/passkeys", browser.added(phone)).status())
                .isEqualTo(303);
        assertThat(stage.passkeys.list(ada)).extracting(Passkey::name).containsExactly("Laptop");

        Browser other = new Browser(stage);
        Answer arrived = other.passkey(Browser.flow(other.get("/auth/sign-in?return_to=/notes")), phone);
        assertThat(arrived.status()).isEqualTo(303);
        assertThat(arrived.header("Location")).contains("/notes");
        assertThat(other.get("/auth/account").text()).contains("Laptop", "Last used");
    }

    @Test
    @DisplayName("F10 only pages with passkeys run a script, and that one is ours")
    void scripts() {
        stage.user(ADA);
        Browser browser = new Browser(stage);
        Answer page = browser.get("/auth/sign-in?flow=" + browser.begin());
        assertThat(page.header("Content-Security-Policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.text())
                .contains("username webauthn", "src=\"/auth/passkeys.js\"")
                .doesNotContain("onclick");
        Answer script = browser.get("/auth/passkeys.js");
        assertThat(script.header("Content-Type")).contains("text/javascript; charset=utf-8");
        assertThat(script.text()).doesNotContain("innerHTML", "eval");
        browser.password(browser.begin());
        assertThat(browser.get("/auth/account")
                        .header("Content-Security-Policy")
                        .orElse(""))
                .doesNotContain("script");

        try (PasskeyStage none = new PasskeyStage(b -> b.set(Setting.SIGN_IN_METHODS, "password"))) {
            Browser plain = new Browser(none);
            String flow = plain.begin();
            Answer without = plain.get("/auth/sign-in?flow=" + flow);
            assertThat(without.text()).doesNotContain("webauthn", "<script");
            assertThat(without.header("Content-Security-Policy").orElse("")).doesNotContain("script");
            assertThat(plain.get("/auth/passkey/options?flow=" + flow).status()).isEqualTo(400);
        }
    }

    @Test
    @DisplayName("K11 nobody adds a passkey without a session of his own that began a moment ago")
    void enrolling() throws IOException {
        String ada = stage.user(ADA);
        Browser browser = new Browser(stage);
        browser.password(browser.begin());
        Map<String, String> right = browser.added(phone());

        Browser stranger = new Browser(stage);
        assertThat(stranger.get("/auth/account/passkeys/options").status()).isEqualTo(303);
        assertThat(stranger.post("/auth/account/passkeys", right).status()).isEqualTo(400);
        stage.gatehouse.users().create(NewUser.of("eve@example.com").withPassword(Calls.PASSWORD));
        String typed = Browser.flow(
                stranger.post("/auth/sign-in", Map.of("flow", stranger.begin(), "email", "eve@example.com")));
        stranger.post("/auth/password", Map.of("flow", typed, "password", Calls.PASSWORD));
        Map<String, String> foreign = new LinkedHashMap<>(right);
        foreign.put("csrf", stranger.csrf());
        assertThat(stranger.post("/auth/account/passkeys", foreign).text()).contains("too long");
        Map<String, String> forged = new LinkedHashMap<>(right);
        forged.put("csrf", "forged");
        assertThat(browser.post("/auth/account/passkeys", forged).status()).isEqualTo(400);
        assertThat(stage.passkeys.list(ada)).isEmpty();
        assertThat(browser.post("/auth/account/passkeys", right).status()).isEqualTo(303);
        assertThat(stage.passkeys.list(ada)).hasSize(1);

        stage.pass(Duration.ofMinutes(11));
        assertThat(browser.get("/auth/account/passkeys/options").status())
                .as("a session that is stolen later")
                .isEqualTo(403);
        assertThat(browser.get("/auth/account/passkeys").header("Location").orElse(""))
                .contains("/auth/sign-in?flow=");
        assertThat(browser.post(
                                "/auth/account/passkeys/remove",
                                Map.of(
                                        "csrf",
                                        browser.csrf(),
                                        "passkey_id",
                                        stage.passkeys.list(ada).get(0).id()))
                        .header("Location")
                        .orElse(""))
                .contains("/auth/sign-in?flow=");
        assertThat(stage.passkeys.list(ada)).hasSize(1);
    }

    @Test
    @DisplayName("K01, F03 an answer that another browser was asked for signs nobody in")
    void otherBrowsers() throws IOException {
        String ada = stage.user(ADA);
        SoftwareAuthenticator phone = phone();
        stage.enroll(ada, phone);
        Browser attacker = new Browser(stage);
        String flow = attacker.begin();
        JsonNode asked = attacker.options("/auth/passkey/options?flow=" + flow);
        String answer = phone.get(asked.path("publicKey").toString());
        Browser victim = new Browser(stage);
        Map<String, String> form =
                Map.of("flow", victim.begin(), "state", asked.path("state").asText(), "answer", answer);
        Answer refused = victim.post("/auth/passkey", form);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains(REFUSED, "too long");
        assertThat(victim.signedIn()).isFalse();
        Map<String, String> own = new LinkedHashMap<>(form);
        own.put("flow", flow);
        assertThat(attacker.post("/auth/passkey", own).status()).isEqualTo(303);
    }

    @Test
    @DisplayName("K08 whose passkey it is signs in, whatever address was typed")
    void typedAddress() throws IOException {
        String ada = stage.user(ADA);
        String eve = stage.user("eve@example.com");
        SoftwareAuthenticator eves = phone();
        stage.enroll(eve, eves);
        stage.enroll(ada, phone());
        Browser browser = new Browser(stage);
        String typed = Browser.flow(browser.post("/auth/sign-in", Map.of("flow", browser.begin(), "email", ADA)));
        browser.passkey(typed, eves);
        assertThat(browser.get("/auth/account").text())
                .contains("eve@example.com")
                .doesNotContain(ADA);
    }

    @Test
    @DisplayName("K18 the account page refuses to remove the last way in, and says why")
    void lastWayIn() throws IOException {
        try (PasskeyStage only = new PasskeyStage(b -> b.set(Setting.SIGN_IN_METHODS, "passkey"))) {
            String ada = only.user(ADA);
            SoftwareAuthenticator phone = phone();
            Passkey made = only.enroll(ada, phone);
            Browser browser = new Browser(only);
            assertThat(browser.passkey(browser.begin(), phone).status()).isEqualTo(303);
            Map<String, String> form = Map.of("csrf", browser.csrf(), "passkey_id", made.id());
            Answer refused = browser.post("/auth/account/passkeys/remove", form);
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.text()).contains("could not sign in any more");
            only.enroll(ada, phone());
            assertThat(browser.post("/auth/account/passkeys/remove", form).status())
                    .isEqualTo(303);
            assertThat(only.passkeys.list(ada)).hasSize(1);
        }
    }

    @Test
    @DisplayName("O13 whoever proves the mailbox of an unproved account ends the passkeys of whoever made it")
    void hijackedBeforehand() {
        Mailer mailer = mail -> {};
        try (PasskeyStage mailing = new PasskeyStage(
                b -> b.mailer(mailer).executor(Runnable::run).set(Setting.EMAIL_VERIFICATION, "off"))) {
            String ada = mailing.user(ADA);
            SoftwareAuthenticator attackers = phone();
            mailing.enroll(ada, attackers);
            assertThat(mailing.signedIn(attackers)).isEqualTo(ada);
            String code = Calls.post(mailing.gatehouse, "/user_management/magic_auth", "{\"email\":\"" + ADA + "\"}")
                    .path("code")
                    .asText();
            JsonNode owner = Calls.authenticate(
                    mailing.gatehouse,
                    "urn:workos:oauth:grant-type:magic-auth:code",
                    "\"email\":\"%s\",\"code\":\"%s\"".formatted(ADA, code));
            assertThat(owner.at("/user/id").asText()).as(owner.toString()).isEqualTo(ada);
            assertThat(mailing.passkeys.list(ada)).isEmpty();
            assertThat(PasskeyStage.refused(() -> mailing.signIn(attackers))).startsWith("unknown_passkey");

            SoftwareAuthenticator owners = phone();
            mailing.enroll(ada, owners);
            String again = Calls.post(mailing.gatehouse, "/user_management/magic_auth", "{\"email\":\"" + ADA + "\"}")
                    .path("code")
                    .asText();
            Calls.authenticate(
                    mailing.gatehouse,
                    "urn:workos:oauth:grant-type:magic-auth:code",
                    "\"email\":\"%s\",\"code\":\"%s\"".formatted(ADA, again));
            assertThat(mailing.signedIn(owners))
                    .as("a proved account keeps them")
                    .isEqualTo(ada);
        }
    }
}
