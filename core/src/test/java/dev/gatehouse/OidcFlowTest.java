package dev.gatehouse;

import static dev.gatehouse.FakeOidc.with;
import static dev.gatehouse.FakeOidc.without;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.Answer;
import dev.gatehouse.sso.Attempt;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.OidcProvider;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sign-ins with OpenID providers around their tokens: whose address, whose session, what leaks, who says what. */
class OidcFlowTest {
    private final OidcStage stage = new OidcStage();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    @DisplayName("J25 a provider's tokens are none of ours, and none of them is another")
    void kinds() {
        Map<String, Object> claims = new LinkedHashMap<>();
        String[] idToken = new String[1];
        stage.idp.signing = said -> {
            claims.putAll(said);
            idToken[0] = stage.idp.signed(said);
            return idToken[0];
        };
        String code = Browser.parameter(Browser.location(stage.comeBack()), "code");
        Reply in = stage.rest.exchange(code);
        String ours = in.text("/access_token");
        assertThat(stage.rest.bearer(ours)).isNotNull();
        assertThat(stage.rest.bearer(idToken[0])).isNull();
        assertThat(stage.rest.bearer(in.text("/refresh_token"))).isNull();
        Browser provider = new Browser(stage.rest.gatehouse).with("sec-fetch-site", "cross-site");
        String path = "/auth/sso/oidc/logout/" + stage.connection.key();
        Map<String, Object> event = Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of());
        for (String other :
                List.of(idToken[0], ours, stage.idp.signed(with(with(claims, "jti", "1"), "events", event)))) {
            assertThat(provider.post(path, Map.of("logout_token", other)).status())
                    .isEqualTo(400);
        }
        assertThat(stage.rest.bearer(ours)).isNotNull();
        String logout = stage.idp.signed(with(with(without(claims, "nonce"), "jti", "1"), "events", event));
        assertThat(provider.post(path, Map.of("logout_token", logout)).status()).isEqualTo(200);
        assertThat(stage.rest.bearer(ours)).isNull();
        stage.idp.signing = said -> logout;
        stage.browser = new Browser(stage.rest.gatehouse);
        assertThat(stage.succeeds()).isFalse();
        assertThat(stage.attempt().step()).as("a logout token signs nobody in").isEqualTo(10);
    }

    @Test
    @DisplayName("O09 what an ID token says of a mailbox is not said of the one that the userinfo endpoint names")
    void oneSource() {
        OidcProvider provider =
                new OidcProvider(FakeOidc.ISSUER, FakeOidc.CLIENT, "client_secret_post", List.of(), List.of(), false);
        Connection google = stage.sso.create(new NewConnection(
                ConnectionType.GOOGLE_OAUTH,
                null,
                "Google",
                null,
                provider,
                "the-secret",
                Map.of(),
                Map.of(),
                List.of()));
        stage.idp.claims.put("email_verified", true);
        stage.idp.signing = said -> stage.idp.signed(without(said, "email"));
        stage.idp.userInfo = Map.of("sub", "ada-at-idp", "email", "victim@gmail.com");
        assertThat(chosen(google)).contains("/auth/verify-email");
        stage.idp.userInfo = Map.of("sub", "ada-at-idp", "email", "victim@gmail.com", "email_verified", false);
        assertThat(chosen(google)).contains("/auth/verify-email");
        stage.idp.userInfo = Map.of("sub", "ada-at-idp", "email", "victim@gmail.com", "email_verified", true);
        assertThat(chosen(google)).startsWith(OidcStage.BACK + "?code=");
        // and where the ID token names one, nobody is asked for another
        stage.idp.signing = said -> stage.idp.signed(with(with(said, "sub", "bob"), "email", "bob@gmail.com"));
        stage.idp.userInfo = Map.of("sub", "bob", "email", "root@gmail.com", "email_verified", true);
        assertThat(chosen(google)).startsWith(OidcStage.BACK + "?code=");
        assertThat(stage.rest.gatehouse.users().findByEmail("root@gmail.com")).isEmpty();
    }

    private String chosen(Connection connection) {
        stage.browser = new Browser(stage.rest.gatehouse);
        String location =
                Browser.location(stage.away("provider=" + connection.type().wire()));
        return Browser.location(stage.browser.get(
                "/auth/sso/oidc/callback/" + connection.key() + "?" + stage.idp.authorized(location)));
    }

    @Test
    @DisplayName("O14 an answer links nothing to the session that a browser has: it signs in, where it was asked for")
    void noLinking() {
        Browser victim = stage.browser;
        assertThat(stage.succeeds()).isTrue();
        String ada = stage.rest
                .gatehouse
                .users()
                .findByEmail("ada@acme.com")
                .orElseThrow()
                .id();
        stage.idp.claims.put("sub", "eve-at-idp");
        stage.idp.claims.put("email", "eve@acme.com");
        stage.browser = new Browser(stage.rest.gatehouse);
        String attackers = stage.callback() + "?" + stage.idp.authorized(Browser.location(stage.away()));
        String session = victim.session();
        assertThat(victim.with("sec-fetch-site", "cross-site").get(attackers).status())
                .isEqualTo(400);
        assertThat(victim.session()).isEqualTo(session);
        assertThat(stage.sso.profilesOf(ada)).hasSize(1);
        // even one that the browser asked for is whose it says, and no second way into the account that was open
        stage.browser = victim;
        assertThat(stage.succeeds()).isTrue();
        assertThat(stage.sso.profilesOf(ada)).hasSize(1);
        String eve = stage.rest
                .gatehouse
                .users()
                .findByEmail("eve@acme.com")
                .orElseThrow()
                .id();
        assertThat(stage.sso.profilesOf(eve)).hasSize(1);
    }

    @Test
    @DisplayName("O16 neither code nor secret goes where somebody else could read it")
    void leaks() {
        Answer away = stage.away();
        assertThat(Browser.location(away)).doesNotContain("the-secret");
        Answer back = stage.browser.get(stage.callback() + "?" + stage.idp.authorized(Browser.location(away)));
        assertThat(Browser.location(back)).startsWith(OidcStage.BACK + "?code=").doesNotContain("the-code");
        assertThat(back.header("Referrer-Policy")).contains("no-referrer");
        assertThat(back.header("Cache-Control").orElse("")).contains("no-store");
        assertThat(stage.idp.calls)
                .allSatisfy(call -> assertThat(call.uri().toString())
                        .doesNotContain("the-secret")
                        .doesNotContain("the-code"));
        Answer refused = stage.browser.get(stage.callback() + "?"
                + stage.idp.authorized(Browser.location(stage.away())).replace("the-code", "another-code"));
        Attempt attempt = stage.attempt();
        assertThat(attempt.step()).isEqualTo(4);
        for (String told : List.of(
                attempt.toString(),
                refused.text(),
                Browser.location(refused),
                stage.rest.get("/events?limit=100").json().toString(),
                stage.rest.get("/connections/" + stage.connection.id()).json().toString(),
                stage.sso.find(stage.connection.id()).orElseThrow().toString())) {
            assertThat(told).doesNotContain("another-code", "the-code", "the-secret");
        }
    }

    @Test
    @DisplayName("O21 a caller's own parameters do not take the place of ours")
    void reserved() {
        String good = "/sso/authorize?client_id=" + Rest.CLIENT + "&redirect_uri=" + OidcStage.BACK
                + "&response_type=code&connection=" + stage.connection.id() + "&login_hint=ada@acme.com";
        Map<String, String> own = new LinkedHashMap<>();
        for (String name : List.of(
                "client_id",
                "redirect_uri",
                "response_type",
                "response_mode",
                "scope",
                "state",
                "nonce",
                "code_challenge",
                "code_challenge_method",
                "request",
                "request_uri",
                "login_hint")) {
            own.put(name, "evil");
        }
        own.put("hd", "acme.com");
        StringBuilder query = new StringBuilder(good);
        own.forEach((name, value) -> query.append('&')
                .append(URLEncoder.encode("provider_query_params[" + name + "]", StandardCharsets.UTF_8))
                .append('=')
                .append(value));
        String location = Browser.location(stage.browser.get(query.toString()));
        assertThat(location).doesNotContain("evil");
        assertThat(Browser.parameter(location, "hd")).isEqualTo("acme.com");
        assertThat(Browser.parameter(location, "client_id")).isEqualTo(FakeOidc.CLIENT);
        assertThat(Browser.location(stage.browser.get(stage.callback() + "?" + stage.idp.authorized(location))))
                .startsWith(OidcStage.BACK + "?code=");
    }
}
