package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.factors.Authenticator;
import dev.gatehouse.identity.SignInPolicy;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an organization demands of who signs in to it, and of who is signed in. */
class OrganizationPolicyTest {
    private static final String ADA = "ada@example.com";

    private final Rest rest = new Rest(
            new MemoryStorage(),
            LocalKeyring.random(),
            new SteerableClock(),
            builder -> builder.mailer(mail -> {})
                    .executor(Runnable::run)
                    .set(Setting.EMAIL_VERIFICATION, "off")
                    .set(Setting.SIGN_IN_METHODS, "password,magic-code,passkey"));
    private String acme = "";

    @BeforeEach
    void member() {
        acme = rest.organization("Acme");
        rest.member(rest.user(ADA), acme);
    }

    @AfterEach
    void close() {
        rest.close();
    }

    private void demand(SignInPolicy policy) {
        rest.gatehouse.organizations().demand(acme, policy);
    }

    @Test
    @DisplayName(
            "P30 an organization asks for a second factor that the environment does not, at sign-in and of who is in")
    void secondFactor() {
        Reply before = rest.signIn(ADA);
        assertThat(rest.bearer(before.text("/access_token"))).isNotNull();
        demand(SignInPolicy.NONE.withMfa("required"));
        assertThat(rest.password(ADA, Rest.PASSWORD).text("/code")).isEqualTo("mfa_enrollment");
        Reply refreshed = rest.refresh(before.text("/refresh_token"));
        assertThat(refreshed.status()).isEqualTo(403);
        assertThat(refreshed.text("/code")).isEqualTo("mfa_enrollment");
        assertThat(rest.bearer(before.text("/access_token")))
                .as("on this node at once")
                .isNull();

        demand(SignInPolicy.NONE);
        assertThat(rest.refresh(before.text("/refresh_token")).status())
                .as("the refused refresh spent nothing")
                .isEqualTo(200);
    }

    @Test
    void aWayThatTheOrganizationDoesNotAllow() {
        demand(SignInPolicy.NONE.withMethods(Set.of("magic-code")));
        Reply refused = rest.password(ADA, Rest.PASSWORD);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("/error")).isEqualTo("organization_authentication_methods_required");
        assertThat(refused.json().at("/auth_methods/magic_auth").asBoolean()).isTrue();
        assertThat(refused.json().at("/auth_methods/password").asBoolean()).isFalse();
        String code = rest.made("/user_management/magic_auth", "{\"email\":\"" + ADA + "\"}")
                .text("/code");
        assertThat(rest.grant("magic-auth:code", Map.of("email", ADA, "code", code))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void switchingIntoTheOrganizationIsHeldToItsPolicy() {
        String other = rest.organization("Other");
        String user = rest.get("/user_management/users?email=" + ADA).text("/data/0/id");
        rest.member(user, other);
        Reply asked = rest.password(ADA, Rest.PASSWORD);
        Reply in = rest.choose(asked.text("/pending_authentication_token"), other);
        assertThat(in.text("/organization_id")).isEqualTo(other);
        demand(SignInPolicy.NONE.withMfa("required"));
        Reply crossed = rest.post(
                "/user_management/authenticate", """
                {"grant_type":"refresh_token","client_id":"%s","client_secret":"%s","refresh_token":"%s",
                "organization_id":"%s"}""".formatted(Rest.CLIENT, Rest.KEY, in.text("/refresh_token"), acme));
        assertThat(crossed.text("/code")).isEqualTo("mfa_enrollment");
        Reply chosen = rest.choose(rest.password(ADA, Rest.PASSWORD).text("/pending_authentication_token"), acme);
        assertThat(chosen.text("/code")).isEqualTo("mfa_enrollment");
        assertThat(rest.refresh(in.text("/refresh_token")).text("/organization_id"))
                .isEqualTo(other);
    }

    @Test
    void sessionsAreAsLongAsTheOrganizationSays() {
        demand(SignInPolicy.NONE.withSessions(Duration.ofHours(8), Duration.ofHours(1)));
        Reply in = rest.signIn(ADA);
        String token = in.text("/refresh_token");
        for (int half = 0; half < 15; half++) {
            rest.clock.pass(Duration.ofMinutes(30));
            Reply next = rest.refresh(token);
            assertThat(next.status()).as(half + next.json().toString()).isEqualTo(200);
            token = next.text("/refresh_token");
        }
        rest.clock.pass(Duration.ofMinutes(30));
        assertThat(rest.refresh(token).text("/error")).as("eight hours").isEqualTo("invalid_grant");

        String idle = rest.signIn(ADA).text("/refresh_token");
        rest.clock.pass(Duration.ofMinutes(61));
        assertThat(rest.refresh(idle).text("/error")).as("an hour unused").isEqualTo("invalid_grant");
    }

    @Test
    void thePagesSayWhyASignInIsNotEnoughAndOfferWhatIs() {
        demand(SignInPolicy.NONE.withMethods(Set.of("magic-code")));
        Browser browser = new Browser(rest.gatehouse);
        String refused = Browser.location(browser.signIn(ADA, Rest.PASSWORD));
        assertThat(refused).startsWith("/auth/other-method?");
        String page = browser.get(refused).text();
        assertThat(page)
                .contains("not enough for your organization", "Send a code to " + ADA)
                .doesNotContain("href=\"/auth/password", "id=\"passkey\"");
        Answer sent = browser.post("/auth/send-code", Map.of("flow", Browser.flowOf(refused)));
        assertThat(Browser.location(sent)).startsWith("/auth/code?");

        demand(SignInPolicy.NONE.withMethods(Set.of("passkey")));
        Browser other = new Browser(rest.gatehouse);
        assertThat(other.get(Browser.location(other.signIn(ADA, Rest.PASSWORD))).text())
                .contains("id=\"passkey\"")
                .doesNotContain("Send a code to");
    }

    @Test
    void aSessionThatNoLongerSufficesIsToldWhyAndGoesOnFromThere() {
        Browser browser = new Browser(rest.gatehouse);
        assertThat(Browser.location(browser.signIn(ADA, Rest.PASSWORD))).isEqualTo("/");
        assertThat(browser.get("/auth/account").status()).isEqualTo(200);
        demand(SignInPolicy.NONE.withMethods(Set.of("magic-code")));
        String asked = Browser.location(browser.get("/auth/account"));
        assertThat(asked).startsWith("/auth/sign-in?return_to=");
        String why = Browser.location(browser.get(asked));
        assertThat(why).startsWith("/auth/other-method?");
        assertThat(browser.get(why).text()).contains("now asks for another way to sign in", "Send a code to " + ADA);

        demand(SignInPolicy.NONE.withMfa("required"));
        String enroll = Browser.location(browser.get(asked));
        assertThat(enroll).startsWith("/auth/mfa-enroll?");
        Answer shown = browser.get(enroll);
        assertThat(shown.text()).contains("now asks for a second step", "Use another account");
        Matcher secret = Pattern.compile("<p class=\"copy\">([A-Z2-7 ]+)</p>").matcher(shown.text());
        assertThat(secret.find()).isTrue();
        String code = Authenticator.code(secret.group(1).replace(" ", ""), rest.clock.instant());
        Answer in = browser.post("/auth/mfa-enroll", Map.of("flow", Browser.flowOf(enroll), "code", code));
        assertThat(Browser.location(in)).isEqualTo("/auth/account");
        assertThat(browser.get("/auth/account").status()).isEqualTo(200);

        demand(SignInPolicy.NONE.withMethods(Set.of("magic-code")));
        browser.post("/auth/sign-out", Map.of());
        assertThat(Browser.location(browser.get("/auth/sign-in")))
                .as("nobody is signed in")
                .startsWith("/auth/sign-in?flow=");
    }

    @Test
    void wordsThatAreNone() {
        assertThatThrownBy(() -> demand(SignInPolicy.NONE.withMfa("always"))).isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> demand(SignInPolicy.NONE.withMethods(Set.of("fax"))))
                .isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> demand(SignInPolicy.NONE.withMethods(Set.of())))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("methods: No method would let nobody in");
        assertThatThrownBy(() -> demand(SignInPolicy.NONE.withSessions(Duration.ZERO, null)))
                .isInstanceOf(ApiException.class);
        assertThat(rest.gatehouse.organizations().find(acme).orElseThrow().policy())
                .isEqualTo(SignInPolicy.NONE);
        demand(SignInPolicy.NONE.withMethods(Set.of("passkey")));
        assertThat(rest.password(ADA, Rest.PASSWORD).status()).isEqualTo(403);
        demand(SignInPolicy.NONE.withMethods(Set.of("passkey")).withMethods(null));
        assertThat(rest.password(ADA, Rest.PASSWORD).status()).isEqualTo(200);
    }
}
