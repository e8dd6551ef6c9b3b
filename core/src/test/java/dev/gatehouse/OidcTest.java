package dev.gatehouse;

import static dev.gatehouse.FakeOidc.header;
import static dev.gatehouse.FakeOidc.unsigned;
import static dev.gatehouse.FakeOidc.with;
import static dev.gatehouse.FakeOidc.without;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.RSAKey;
import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.Answer;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.OidcProvider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sign-ins through OpenID providers: what is accepted, and each thing that is not (ATTACKS, groups JOSE and OIDC). */
class OidcTest {
    private static final String BACK = OidcStage.BACK;

    private final List<OidcStage> stages = new ArrayList<>();

    private OidcStage stage(OidcProvider provider) {
        OidcStage stage = new OidcStage(provider);
        stages.add(stage);
        return stage;
    }

    private OidcStage stage() {
        return stage(OidcProvider.of(FakeOidc.ISSUER, FakeOidc.CLIENT));
    }

    @AfterEach
    void close() {
        stages.forEach(OidcStage::close);
    }

    @Test
    @DisplayName(
            "discovery, PKCE, nonce, exchange, keys: a user with a membership; nothing is read before somebody signs in")
    void signIn() {
        OidcStage stage = stage();
        assertThat(stage.idp.calls).isEmpty();
        Answer away = stage.away();
        assertThat(stage.idp.calls).hasSize(1);
        String location = Browser.location(away);
        assertThat(location).startsWith(FakeOidc.ISSUER + "/authorize?");
        assertThat(Browser.parameter(location, "scope")).isEqualTo("openid email profile");
        assertThat(Browser.parameter(location, "code_challenge_method")).isEqualTo("S256");
        assertThat(Browser.parameter(location, "nonce")).hasSize(43);
        String back = Browser.location(stage.browser.get(stage.callback() + "?" + stage.idp.authorized(location)));
        assertThat(back).startsWith(BACK + "?code=");
        Reply in = stage.rest.exchange(Browser.parameter(back, "code"));
        assertThat(in.text("/authentication_method")).isEqualTo("SSO");
        assertThat(in.text("/user/email")).isEqualTo("ada@acme.com");
        assertThat(in.text("/user/first_name")).isEqualTo("Ada");
        String sent = new String(
                stage.idp.calls.stream()
                        .filter(c -> c.uri().getPath().equals("/token"))
                        .findFirst()
                        .orElseThrow()
                        .headers()
                        .get("Authorization")
                        .getBytes(StandardCharsets.UTF_8),
                StandardCharsets.UTF_8);
        assertThat(sent)
                .isEqualTo("Basic "
                        + Base64.getEncoder()
                                .encodeToString("client-at-idp:the-secret".getBytes(StandardCharsets.UTF_8)));
        assertThat(stage.sso.find(stage.connection.id()).orElseThrow().state()).isEqualTo(Connection.State.ACTIVE);
        assertThat(stage.rest.events("connection.activated")).isEqualTo(1);
        int before = stage.idp.calls.size();
        stage.browser = new Browser(stage.rest.gatehouse);
        assertThat(stage.succeeds()).isTrue();
        assertThat(stage.idp.calls.size() - before)
                .as("the exchange alone: the rest is known")
                .isEqualTo(1);
    }

    @Test
    @DisplayName(
            "O01, O03, O24 an answer counts once, in the browser that asked, for the connection that was asked, while that is on")
    void state() {
        OidcStage stage = stage();
        String query = stage.idp.authorized(Browser.location(stage.away()));
        Browser other = new Browser(stage.rest.gatehouse);
        assertThat(other.get(stage.callback() + "?" + query).status()).isEqualTo(400);
        other.get("/auth/sign-in");
        assertThat(other.get(stage.callback() + "?" + query).status())
                .as("another tag")
                .isEqualTo(400);
        Connection second = stage.sso.create(NewConnection.oidc(
                ConnectionType.GENERIC_OIDC,
                stage.acme,
                "Second",
                OidcProvider.of(FakeOidc.ISSUER, FakeOidc.CLIENT),
                "s"));
        assertThat(stage.browser
                        .get("/auth/sso/oidc/callback/" + second.key() + "?" + query)
                        .status())
                .isEqualTo(400);
        assertThat(Browser.location(stage.browser.get(stage.callback() + "?" + query)))
                .startsWith(BACK + "?code=");
        assertThat(stage.browser.get(stage.callback() + "?" + query).status())
                .as("again")
                .isEqualTo(400);
        assertThat(stage.browser.get(stage.callback() + "?code=the-code").status())
                .as("no state")
                .isEqualTo(400);

        String late = stage.idp.authorized(Browser.location(stage.away()));
        stage.sso.deactivate(stage.connection.id());
        assertThat(Browser.location(stage.browser.get(stage.callback() + "?" + late)))
                .contains("error=connection_unlinked");
        stage.sso.activate(stage.connection.id());
        // somebody else's code with our state: the provider refuses the verifier
        String swapped = stage.idp.authorized(Browser.location(stage.away()));
        stage.idp.authorized("https://idp.example/authorize?code_challenge=" + "x".repeat(43) + "&nonce=n");
        assertThat(Browser.location(stage.browser.get(stage.callback() + "?" + swapped)))
                .contains("error=oauth_failed");
    }

    @Test
    @DisplayName(
            "O05, O06 a description of another issuer, or with addresses that are none, is not used; the last good one stands for a day")
    void discovery() {
        OidcStage stage = stage();
        for (Map.Entry<String, Object> lie : Map.<String, Object>of(
                        "issuer", "https://other.example",
                        "token_endpoint", "http://169.254.169.254/latest",
                        "jwks_uri", "javascript:alert(1)",
                        "authorization_endpoint", "https://u:p@idp.example/")
                .entrySet()) {
            stage.idp.description = said -> with(said, lie.getKey(), lie.getValue());
            assertThat(Browser.location(stage.away())).as(lie.toString()).contains("error=oauth_failed");
            assertThat(stage.attempt().step()).isEqualTo(1);
            stage.clock.pass(Duration.ofSeconds(31));
        }
        stage.idp.description = said -> said;
        assertThat(stage.succeeds()).isTrue();
        stage.idp.description = said -> with(said, "issuer", "https://other.example");
        stage.clock.pass(Duration.ofHours(2));
        assertThat(stage.succeeds()).as("last good").isTrue();
        stage.clock.pass(Duration.ofHours(25));
        assertThat(Browser.location(stage.away())).contains("error=oauth_failed");
    }

    @Test
    @DisplayName(
            "J08, J26 a new key is found at once, an unknown one is looked for at most twice a minute, an old one is nobody's")
    void keys() {
        OidcStage stage = stage();
        assertThat(stage.succeeds()).isTrue();
        stage.clock.pass(Duration.ofMinutes(1));
        RSAKey next = FakeOidc.generated("key-2");
        stage.idp.keySet = Map.of("keys", List.of(next.toPublicJWK().toJSONObject()));
        stage.idp.signing = said -> FakeOidc.signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("key-2").build(), said, next);
        assertThat(stage.succeeds()).as("rotated").isTrue();
        stage.idp.signing = stage.idp::signed;
        int before = stage.idp.callsTo("/keys");
        for (int i = 0; i < 20; i++) {
            assertThat(stage.succeeds()).isFalse();
        }
        assertThat(stage.idp.callsTo("/keys") - before).isLessThanOrEqualTo(1);
    }

    @Test
    @DisplayName("J27 a set of more than a hundred keys is not read")
    void manyKeys() {
        OidcStage stage = stage();
        List<Object> many = new ArrayList<>();
        for (int i = 0; i < 101; i++) {
            many.add(with(stage.idp.key.toPublicJWK().toJSONObject(), "kid", i == 0 ? "key-1" : "other-" + i));
        }
        stage.idp.keySet = Map.of("keys", many.subList(0, 100));
        assertThat(stage.succeeds()).isTrue();
        OidcStage other = stage();
        many.set(0, other.idp.key.toPublicJWK().toJSONObject());
        other.idp.keySet = Map.of("keys", many);
        assertThat(other.succeeds()).isFalse();
        assertThat(other.attempt().step()).isEqualTo(6);
    }

    @Test
    @DisplayName(
            "O04, O15, O20 an answer of another issuer, with a token in it, or with an error is none; texts of the provider's are not shown")
    void answers() {
        OidcStage stage = stage();
        stage.idp.description = said -> with(said, "authorization_response_iss_parameter_supported", true);
        String good = "&iss=" + FakeOidc.ISSUER;
        String query = stage.idp.authorized(Browser.location(stage.away()));
        assertThat(Browser.location(stage.browser.get(stage.callback() + "?" + query + good)))
                .contains("?code=");
        query = stage.idp.authorized(Browser.location(stage.away()));
        assertThat(Browser.location(stage.browser.get(stage.callback() + "?" + query)))
                .contains("oauth_failed");
        assertThat(stage.attempt().step()).isEqualTo(3);
        query = stage.idp.authorized(Browser.location(stage.away()));
        assertThat(Browser.location(stage.browser.get(stage.callback() + "?" + query + "&iss=https://other.example")))
                .contains("oauth_failed");
        query = stage.idp.authorized(Browser.location(stage.away()));
        String state = query.substring(query.indexOf("state="));
        assertThat(Browser.location(stage.browser.get(stage.callback() + "?id_token=a.b.c&access_token=x&" + state)))
                .contains("oauth_failed");
        query = stage.idp.authorized(Browser.location(stage.away()));
        state = query.substring(query.indexOf("state="));
        String denied = Browser.location(stage.browser.get(stage.callback()
                + "?error=access_denied&error_description=%3Cscript%3Ealert(1)%3C/script%3E&" + state));
        assertThat(denied).contains("error=access_denied").doesNotContain("alert");
    }

    @Test
    @DisplayName("a form that comes across sites is asked for once more from here, where the cookie is")
    void formPost() {
        OidcStage stage = stage();
        String query = stage.idp.authorized(Browser.location(stage.away()));
        Browser across = new Browser(stage.rest.gatehouse).with("sec-fetch-site", "cross-site");
        Answer posted = across.send("POST", stage.callback(), query);
        assertThat(posted.status()).isEqualTo(303);
        String again = Browser.location(posted).replaceFirst("^https?://[^/]+", "");
        assertThat(Browser.location(stage.browser.get(again))).startsWith(BACK + "?code=");
    }

    @Test
    @DisplayName("O19 a logout token ends that person's sessions through that connection, once; anything else is 400")
    void backChannelLogout() {
        OidcStage stage = stage();
        String code = Browser.parameter(Browser.location(stage.comeBack()), "code");
        Reply in = stage.rest.exchange(code);
        assertThat(stage.rest.bearer(in.text("/access_token"))).isNotNull();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", FakeOidc.ISSUER);
        claims.put("aud", FakeOidc.CLIENT);
        claims.put("iat", stage.clock.instant().getEpochSecond());
        claims.put("exp", stage.clock.instant().getEpochSecond() + 120);
        claims.put("jti", "logout-1");
        claims.put("sub", "ada-at-idp");
        claims.put("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
        String path = "/auth/sso/oidc/logout/" + stage.connection.key();
        Browser provider = new Browser(stage.rest.gatehouse).with("sec-fetch-site", "cross-site");
        for (String bad : List.of(
                stage.idp.signed(with(claims, "nonce", "n")),
                stage.idp.signed(without(claims, "events")),
                stage.idp.signed(with(claims, "iss", "https://other.example")),
                stage.idp.signed(without(claims, "jti")),
                // J22: a time that no clock has
                stage.idp.signed(with(claims, "exp", Long.MAX_VALUE)),
                FakeOidc.signed(header().build(), claims, FakeOidc.generated("key-1")),
                unsigned("{\"alg\":\"none\"}", claims),
                "")) {
            assertThat(provider.post(path, Map.of("logout_token", bad)).status())
                    .isEqualTo(400);
        }
        stage.idp.signed(with(claims, "sub", "somebody-else"));
        assertThat(provider.post(
                                path,
                                Map.of(
                                        "logout_token",
                                        stage.idp.signed(with(with(claims, "sub", "other"), "jti", "2"))))
                        .status())
                .isEqualTo(200);
        assertThat(stage.rest.bearer(in.text("/access_token"))).as("nobody's").isNotNull();
        String token = stage.idp.signed(claims);
        assertThat(provider.post(path, Map.of("logout_token", token)).status()).isEqualTo(200);
        assertThat(stage.rest.bearer(in.text("/access_token"))).isNull();
        assertThat(provider.post(path, Map.of("logout_token", token)).status())
                .as("replayed")
                .isEqualTo(400);
    }

    @Test
    @DisplayName("O22 private_key_jwt names the issuer alone, and its public half is where the provider finds it")
    void privateKeyJwt() throws Exception {
        OidcProvider base = OidcProvider.of(FakeOidc.ISSUER, FakeOidc.CLIENT);
        OidcStage stage =
                stage(new OidcProvider(base.issuer(), base.clientId(), "private_key_jwt", List.of(), List.of(), false));
        assertThat(stage.succeeds()).isTrue();
        String form = new String(
                stage.idp.calls.stream()
                        .filter(c -> c.uri().getPath().equals("/token"))
                        .findFirst()
                        .orElseThrow()
                        .body(),
                StandardCharsets.UTF_8);
        var assertion = com.nimbusds.jwt.SignedJWT.parse(Browser.parameter("?" + form, "client_assertion"));
        assertThat(assertion.getJWTClaimsSet().getAudience()).containsExactly(FakeOidc.ISSUER);
        assertThat(form).doesNotContain("the-secret");
        String keys = stage.browser
                .get("/auth/sso/oidc/keys/" + stage.connection.key())
                .text();
        var key = com.nimbusds.jose.jwk.JWKSet.parse(keys)
                .getKeyByKeyId(assertion.getHeader().getKeyID());
        assertThat(key.isPrivate()).isFalse();
        assertThat(assertion.verify(new com.nimbusds.jose.crypto.RSASSAVerifier(key.toRSAKey())))
                .isTrue();
    }

    @Test
    @DisplayName("O23 one description for many tenants: a token is its tenant's, and the tenant must be on the list")
    void tenants() {
        String issuer = FakeOidc.ISSUER + "/common";
        for (boolean listed : new boolean[] {true, false}) {
            OidcStage stage = stage(OidcProvider.of(issuer, FakeOidc.CLIENT).withTenants(listed ? "t-1" : "t-2"));
            Map<String, Object> said = new LinkedHashMap<>();
            said.put("issuer", FakeOidc.ISSUER + "/{tenantid}/v2.0");
            said.put("authorization_endpoint", FakeOidc.ISSUER + "/authorize");
            said.put("token_endpoint", FakeOidc.ISSUER + "/token");
            said.put("jwks_uri", FakeOidc.ISSUER + "/keys");
            stage.idp.further.put(issuer, FakeOidc.reply(200, said));
            stage.idp.claims.put("tid", "t-1");
            stage.idp.claims.put("iss", FakeOidc.ISSUER + "/t-1/v2.0");
            assertThat(stage.succeeds()).isEqualTo(listed);
            stage.idp.claims.put("iss", FakeOidc.ISSUER + "/t-3/v2.0");
            assertThat(stage.succeeds()).isFalse();
            assertThat(stage.attempt().step()).isEqualTo(7);
        }
    }

    @Test
    @DisplayName("O12 the same subject of another connection, or in another case, is somebody else")
    void subjects() {
        OidcStage stage = stage();
        assertThat(stage.succeeds()).isTrue();
        stage.idp.claims.put("sub", "ADA-at-idp");
        stage.idp.claims.put("email", "grace@acme.com");
        stage.browser = new Browser(stage.rest.gatehouse);
        assertThat(stage.succeeds()).isTrue();
        assertThat(stage.rest.gatehouse.users().findByEmail("grace@acme.com")).isPresent();
        assertThat(stage.rest.gatehouse.organizations().members(stage.acme)).hasSize(2);
        // S71: the address of somebody who came as another subject is not taken over
        stage.idp.claims.put("sub", "third");
        stage.browser = new Browser(stage.rest.gatehouse);
        assertThat(Browser.location(stage.comeBack())).contains("error=access_denied");
        // an address that changes at the provider leaves the person who it was
        stage.idp.claims.put("sub", "ada-at-idp");
        stage.idp.claims.put("email", "ada.lovelace@acme.com");
        stage.browser = new Browser(stage.rest.gatehouse);
        assertThat(stage.succeeds()).isTrue();
        assertThat(stage.rest.gatehouse.users().findByEmail("ada.lovelace@acme.com"))
                .isEmpty();
    }

    @Test
    @DisplayName("S69, S70, O11 a provider that names an address of another domain proves nobody's account")
    void otherDomains() {
        OidcStage stage = stage();
        String victim = stage.rest.user("root@operator.test");
        stage.idp.claims.put("email", "root@operator.test");
        assertThat(Browser.location(stage.comeBack())).contains("profile_not_allowed_outside_organization");
        assertThat(stage.sso.profilesOf(victim)).isEmpty();
        assertThat(stage.browser.session()).isEmpty();
    }

    private Connection social(OidcStage stage, ConnectionType type) {
        OidcProvider provider = new OidcProvider(
                type == ConnectionType.GITHUB_OAUTH ? null : FakeOidc.ISSUER,
                FakeOidc.CLIENT,
                "client_secret_post",
                List.of(),
                List.of(),
                true);
        return stage.sso.create(new NewConnection(
                type, null, type.title(), null, provider, "the-secret", Map.of(), Map.of(), List.of()));
    }

    /** What comes of a sign-in with a provider that anybody may choose. */
    private static String social(OidcStage stage, Connection connection) {
        stage.browser = new Browser(stage.rest.gatehouse);
        Answer away = stage.away("provider=" + connection.type().wire());
        return Browser.location(stage.browser.get(
                "/auth/sso/oidc/callback/" + connection.key() + "?" + stage.idp.authorized(Browser.location(away))));
    }

    @Test
    @DisplayName("O10, O11, O13 a provider's word is proof of the mailbox where it gives it out, and only as a boolean")
    void vouching() {
        OidcStage stage = stage();
        Connection google = social(stage, ConnectionType.GOOGLE_OAUTH);
        Connection microsoft = social(stage, ConnectionType.MICROSOFT_OAUTH);
        Browser visitor = new Browser(stage.rest.gatehouse);
        Answer firstPage = visitor.get(Browser.location(visitor.get("/auth/sign-in")));
        assertThat(firstPage.text()).contains("Continue with Google").contains("connection=" + google.id());
        stage.idp.claims.put("email", "first@gmail.com");
        int subject = 0;
        for (Object verified : new Object[] {false, "true", "false", 1}) {
            stage.idp.claims.put("sub", "g" + subject++);
            stage.idp.claims.put("email_verified", verified);
            assertThat(social(stage, google)).as(verified.toString()).contains("/auth/verify-email");
        }
        stage.idp.claims.put("email_verified", true);
        stage.idp.claims.put("email", "ada@elsewhere.example");
        stage.idp.claims.put("sub", "g" + subject++);
        assertThat(social(stage, google)).as("a mailbox of others").contains("/auth/verify-email");
        stage.idp.claims.put("email", "grace@gmail.com");
        stage.idp.claims.put("sub", "m");
        assertThat(social(stage, microsoft)).as("any tenant says anything").contains("/auth/verify-email");

        // pre-hijacked: somebody made the account before, and never proved the mailbox
        String made = stage.rest.user("ada@gmail.com");
        Reply hijacker = stage.rest.password("ada@gmail.com", Rest.PASSWORD);
        assertThat(hijacker.status()).isEqualTo(200);
        stage.idp.claims.put("email", "ada@gmail.com");
        stage.idp.claims.put("sub", "g" + subject++);
        String back = social(stage, google);
        assertThat(back).startsWith(BACK + "?code=");
        Reply in = stage.rest.exchange(Browser.parameter(back, "code"));
        assertThat(in.text("/authentication_method")).isEqualTo("GoogleOAuth");
        assertThat(in.text("/user/id")).isEqualTo(made);
        assertThat(stage.rest.password("ada@gmail.com", Rest.PASSWORD).status()).isEqualTo(400);
        assertThat(stage.rest.bearer(hijacker.text("/access_token"))).isNull();
        assertThat(stage.rest
                        .get("/user_management/users/" + made + "/identities")
                        .text("/0/provider"))
                .isEqualTo("GoogleOAuth");
    }

    @Test
    @DisplayName(
            "an OAuth 2.0 provider is asked who it is: GitHub, with its primary mailbox; the application gets its tokens")
    void github() {
        OidcStage stage = stage();
        Connection github = social(stage, ConnectionType.GITHUB_OAUTH);
        stage.idp.further.put(
                "https://github.com/login/oauth/access_token",
                FakeOidc.reply(
                        200, Map.of("access_token", "gho_1", "scope", "read:user,user:email", "token_type", "bearer")));
        stage.idp.further.put(
                "https://api.github.com/user/emails",
                FakeOidc.reply(
                        200,
                        List.of(
                                Map.of("email", "old@example.com", "primary", false, "verified", true),
                                Map.of("email", "ada@example.com", "primary", true, "verified", true))));
        stage.idp.further.put(
                "https://api.github.com/user",
                FakeOidc.reply(200, Map.of("id", 4711, "login", "ada", "name", "Ada L")));
        // longest first, so that the list is not taken for the person
        Answer away = stage.browser.get("/sso/authorize?client_id=" + Rest.CLIENT + "&redirect_uri=" + BACK
                + "&response_type=code&provider=GitHubOAuth&provider_scopes=repo");
        String location = Browser.location(away);
        assertThat(location).startsWith("https://github.com/login/oauth/authorize?");
        assertThat(Browser.parameter(location, "scope")).isEqualTo("read:user user:email repo");
        String back = Browser.location(
                stage.browser.get("/auth/sso/oidc/callback/" + github.key() + "?" + stage.idp.authorized(location)));
        Reply token = stage.rest.call(
                "POST",
                "/sso/token",
                "client_id=" + Rest.CLIENT + "&client_secret=" + Rest.KEY + "&grant_type=authorization_code&code="
                        + Browser.parameter(back, "code"),
                Map.of("content-type", "application/x-www-form-urlencoded"));
        assertThat(token.status()).as(token.json().toString()).isEqualTo(200);
        assertThat(token.text("/profile/email")).isEqualTo("ada@example.com");
        assertThat(token.text("/profile/idp_id")).isEqualTo("4711");
        assertThat(token.json().at("/profile/organization_id").isNull()).isTrue();
        assertThat(token.text("/oauth_tokens/access_token")).isEqualTo("gho_1");
        assertThat(token.text("/oauth_tokens/scopes/1")).isEqualTo("user:email");
        Reply in = stage.rest.exchange(Browser.parameter(social(stage, github), "code"));
        assertThat(in.text("/oauth_tokens/provider")).isEqualTo("GitHubOAuth");
        assertThat(in.text("/oauth_tokens/access_token")).isEqualTo("gho_1");
        Reply refreshed = stage.rest.refresh(in.text("/refresh_token"));
        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(refreshed.json().has("oauth_tokens")).as("told once").isFalse();
        assertThat(stage.rest
                        .gatehouse
                        .users()
                        .findByEmail("ada@example.com")
                        .orElseThrow()
                        .emailVerified())
                .isTrue();
    }
}
