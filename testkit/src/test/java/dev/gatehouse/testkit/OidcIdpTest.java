package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.identity.User;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.OidcProvider;
import dev.gatehouse.sso.Profile;
import dev.gatehouse.testkit.OidcIdp.Misbehaviour;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published OpenID provider, as an application's tests use it: with a whole Gatehouse. */
class OidcIdpTest {
    @Test
    @DisplayName("who the test says is signed in, with what the test says of the person")
    void honest() throws Exception {
        try (OidcStage stage = new OidcStage()) {
            stage.idp.user("0815", Map.of("email", "ada@acme.com", "given_name", "Ada", "groups", List.of("ops")));
            assertThat(stage.signsIn()).isTrue();
            User ada = stage.gatehouse.users().findByEmail("ada@acme.com").orElseThrow();
            assertThat(ada.firstName()).isEqualTo("Ada");
            Profile profile = stage.gatehouse.sso().profilesOf(ada.id()).get(0);
            assertThat(profile.idpId()).isEqualTo("0815");
            assertThat(profile.groups()).containsExactly("ops");
            assertThat(stage.idp.lastRequest())
                    .containsEntry("scope", "openid email profile")
                    .containsEntry("redirect_uri", stage.addresses().redirectUri());

            stage.idp.thinTokens().user("0816", Map.of("email", "eve@acme.com", "given_name", "Eve"));
            assertThat(stage.signsIn()).as("by the userinfo endpoint").isTrue();
            assertThat(stage.gatehouse
                            .users()
                            .findByEmail("eve@acme.com")
                            .orElseThrow()
                            .firstName())
                    .isEqualTo("Eve");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "WRONG_DISCOVERY_ISSUER, oauth_failed, 1",
        "DENIED, access_denied, 2",
        "WRONG_ISS_PARAMETER, oauth_failed, 3",
        "NO_ISS_PARAMETER, oauth_failed, 3",
        "CODE_REFUSED, oauth_failed, 4",
        "SLOW, oauth_failed, 4",
        "HUGE, oauth_failed, 4",
        "REDIRECTING, oauth_failed, 4",
        "ALG_NONE, oauth_failed, 5",
        "HMAC_WITH_PUBLIC_KEY, oauth_failed, 5",
        "WRONG_KEY, oauth_failed, 6",
        "WRONG_ISSUER, oauth_failed, 7",
        "WRONG_AUDIENCE, oauth_failed, 8",
        "WRONG_PARTY, oauth_failed, 8",
        "EXPIRED, oauth_failed, 9",
        "NOT_YET_VALID, oauth_failed, 9",
        "WRONG_NONCE, oauth_failed, 10",
        "NO_NONCE, oauth_failed, 10",
        "WRONG_AT_HASH, oauth_failed, 11",
        "OTHER_SUBJECT, oauth_failed, 12",
        "USERINFO_DOWN, oauth_failed, 12",
        "NO_SUBJECT, oauth_failed, 13",
        "NO_EMAIL, server_error, 0"
    })
    @DisplayName("each misbehaviour is refused with its step, between two honest sign-ins")
    void misbehaves(Misbehaviour how, String outcome, int step) throws Exception {
        try (OidcStage stage = new OidcStage()) {
            assertThat(stage.signsIn()).isTrue();
            // what was read of a provider before stands for a day
            stage.clock.pass(Duration.ofHours(25));
            stage.idp.misbehave(how);
            // without a description nobody can be sent away
            String end = how == Misbehaviour.WRONG_DISCOVERY_ISSUER
                    ? stage.leave(new PageBrowser(stage.gatehouse))
                    : stage.signIn();
            assertThat(end).contains("error=" + outcome);
            assertThat(stage.outcome()).isEqualTo(outcome + " " + step);
            stage.idp.honest();
            stage.clock.pass(Duration.ofMinutes(1));
            assertThat(stage.signsIn()).isTrue();
            assertThat(stage.outcome()).isEqualTo("succeeded 0");
        }
    }

    @Test
    @DisplayName("every misbehaviour has its row, but the one that is no refusal")
    void everyMisbehaviourHasItsRow() throws Exception {
        CsvSource rows = OidcIdpTest.class
                .getDeclaredMethod("misbehaves", Misbehaviour.class, String.class, int.class)
                .getAnnotation(CsvSource.class);
        assertThat(rows.value()).hasSize(Misbehaviour.values().length - 1);
    }

    @Test
    @DisplayName("an address that a social provider does not vouch for is proved by mail")
    void unverified() throws Exception {
        try (OidcStage stage = new OidcStage(ConnectionType.GITLAB_OAUTH, OidcProvider.social(""))) {
            stage.idp.user("ada", Map.of("email", "ada@example.com"));
            assertThat(stage.signsIn()).isTrue();
            assertThat(stage.mails).isEmpty();
            stage.idp.user("eve", Map.of("email", "eve@example.com")).misbehave(Misbehaviour.UNVERIFIED_EMAIL);
            assertThat(stage.signsIn()).isFalse();
            assertThat(stage.mails).containsExactly("eve@example.com");
        }
    }

    @Test
    @DisplayName("what no misbehaviour has a name for is changed by hand")
    void hooks() throws Exception {
        try (OidcStage stage = new OidcStage()) {
            assertThat(stage.signsIn()).isTrue();
            stage.idp.claims(claims -> claims.put("aud", List.of("a", "b")));
            assertThat(stage.signsIn()).isFalse();
            assertThat(stage.outcome()).endsWith(" 8");
            stage.idp.honest().header(header -> header.put("crit", List.of("exp")));
            assertThat(stage.signsIn()).isFalse();
            assertThat(stage.outcome()).endsWith(" 5");
            stage.idp.honest().wire(token -> token + "=");
            assertThat(stage.signsIn()).isFalse();
            assertThat(stage.outcome()).endsWith(" 5");
            stage.idp.honest().tokenAnswer(answer -> answer.remove("access_token"));
            assertThat(stage.signsIn()).isFalse();
            assertThat(stage.outcome()).endsWith(" 4");
            stage.idp.honest().thinTokens().userInfo(claims -> claims.remove("sub"));
            assertThat(stage.signsIn()).isFalse();
            assertThat(stage.outcome()).endsWith(" 12");
            stage.clock.pass(Duration.ofHours(25));
            stage.idp.honest().discovery(members -> members.remove("token_endpoint"));
            assertThat(stage.leave(new PageBrowser(stage.gatehouse))).contains("error=oauth_failed");
            assertThat(stage.outcome()).endsWith(" 1");
            // what is older than a day stands no longer, at the second look as at the first
            assertThat(stage.leave(new PageBrowser(stage.gatehouse))).contains("error=oauth_failed");
            stage.clock.pass(Duration.ofMinutes(1));
            stage.idp.honest();
            assertThat(stage.signsIn()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_secret_basic", "client_secret_post", "private_key_jwt"})
    @DisplayName("the application proves itself by a secret or by its own keys, and is refused with others")
    void clients(String how) throws Exception {
        OidcProvider like = new OidcProvider(null, null, how, List.of(), List.of(), false);
        try (OidcStage stage = new OidcStage(like)) {
            boolean byKeys = how.equals("private_key_jwt");
            if (byKeys) {
                stage.idp.clientKeys(String.valueOf(stage.addresses().jwksUri()));
            }
            assertThat(stage.signsIn()).isTrue();
            if (byKeys) {
                // keys of somebody else
                stage.idp.clientKeys(stage.idp.issuer() + "/keys");
            } else {
                stage.idp.client(stage.idp.clientId(), "another secret");
            }
            assertThat(stage.signsIn()).isFalse();
            assertThat(stage.outcome()).isEqualTo("oauth_failed 4");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "PS256", "ES256"})
    @DisplayName("a new key is found, thirty seconds after the last look, and the old one goes")
    void rotation(String algorithm) throws Exception {
        try (OidcStage stage = new OidcStage()) {
            assertThat(stage.signsIn()).isTrue();
            stage.idp.rotateKeys(algorithm);
            assertThat(stage.signsIn()).as("no second look yet").isFalse();
            assertThat(stage.outcome()).isEqualTo("oauth_failed 6");
            stage.clock.pass(Duration.ofSeconds(31));
            assertThat(stage.signsIn()).isTrue();
            stage.idp.forgetOldKeys();
            stage.clock.pass(Duration.ofHours(2));
            assertThat(stage.signsIn()).isTrue();
        }
    }

    @Test
    @DisplayName("a logout token ends the session; one that is not right, or comes again, ends none")
    void backChannelLogout() throws Exception {
        try (OidcStage stage = new OidcStage()) {
            assertThat(stage.signsIn()).isTrue();
            String ada = stage.gatehouse
                    .users()
                    .findByEmail("ada@acme.com")
                    .orElseThrow()
                    .id();
            String address = String.valueOf(stage.addresses().backchannelLogoutUri());
            for (Misbehaviour how : List.of(
                    Misbehaviour.WRONG_KEY,
                    Misbehaviour.WRONG_ISSUER,
                    Misbehaviour.WRONG_AUDIENCE,
                    Misbehaviour.EXPIRED,
                    Misbehaviour.ALG_NONE)) {
                stage.idp.misbehave(how);
                assertThat(stage.idp.logout(address)).as(how.name()).isEqualTo(400);
            }
            stage.idp.honest();
            assertThat(stage.gatehouse.users().sessions(ada)).hasSize(1);
            assertThat(stage.idp.logout(address)).isEqualTo(200);
            assertThat(stage.gatehouse.users().sessions(ada)).isEmpty();

            assertThat(stage.signsIn()).isTrue();
            String token = stage.idp.logoutToken("ada", null);
            stage.idp.wire(made -> token);
            assertThat(stage.idp.logout(address)).isEqualTo(200);
            assertThat(stage.gatehouse.users().sessions(ada)).isEmpty();
            assertThat(stage.signsIn()).isFalse();
            assertThat(stage.idp.logout(address)).as("the same token again").isEqualTo(400);
        }
    }

    @Test
    @DisplayName("it answers requests of the application alone, a code once, and signs people out")
    void itsOwnRules() throws Exception {
        try (OidcStage stage = new OidcStage()) {
            PageBrowser browser = new PageBrowser(stage.gatehouse);
            String asked = stage.leave(browser);
            String back = stage.idp.signIn(asked);
            assertThat(back).startsWith(stage.addresses().redirectUri() + "?code=");
            for (String wrong : List.of(
                    asked.replace("client_id=", "client_id=x"),
                    asked.replace("response_type=code", "response_type=token"),
                    asked.replace("S256", "plain"),
                    asked.replace("openid", "email"))) {
                assertThatThrownBy(() -> stage.idp.signIn(wrong)).isInstanceOf(IllegalArgumentException.class);
                assertThat(get(wrong).statusCode()).isEqualTo(400);
            }
            assertThat(get(asked + "&response_mode=form_post").body())
                    .contains("action=\"" + stage.addresses().redirectUri() + "\"", "name=\"code\"");
            assertThat(PageBrowser.location(browser.get(back))).contains("?code=");
            assertThat(get(stage.idp.endSessionUrl()).body()).isEqualTo("signed out");
            HttpResponse<String> out = get(stage.idp.endSessionUrl() + "?post_logout_redirect_uri=https%3A%2F%2Fa");
            assertThat(out.headers().firstValue("Location")).contains("https://a");
        }
    }

    private static HttpResponse<String> get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
