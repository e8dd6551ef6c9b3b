package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.Answer;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.sso.Attempt;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.OidcProvider;
import dev.gatehouse.sso.Sso;
import dev.gatehouse.store.MemoryStorage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Sign-ins through OpenID providers: what is accepted, and each thing that is not (ATTACKS, groups JOSE and OIDC). */
class OidcTest {
    private static final String BACK = "https://app.example.com/callback";

    /** A Gatehouse with an organization, its provider, and somebody who was sent there. */
    private static final class Stage implements AutoCloseable {
        final SteerableClock clock = new SteerableClock();
        final FakeOidc idp = new FakeOidc(clock);
        final Rest rest = new Rest(new MemoryStorage(), LocalKeyring.random(), clock, builder -> builder.outbound(idp));
        final Sso sso = rest.gatehouse.sso();
        final String acme;
        final Connection connection;
        Browser browser = new Browser(rest.gatehouse);

        Stage() {
            this(OidcProvider.of(FakeOidc.ISSUER, FakeOidc.CLIENT));
        }

        Stage(OidcProvider provider) {
            acme = rest.made("/organizations", """
                    {"name":"Acme","domain_data":[{"domain":"acme.com","state":"verified"}]}""").text("/id");
            connection =
                    sso.create(NewConnection.oidc(ConnectionType.GENERIC_OIDC, acme, "Acme", provider, "the-secret"));
            rest.made("/user_management/redirect_uris", "{\"uri\":\"" + BACK + "\"}");
        }

        String callback() {
            return "/auth/sso/oidc/callback/" + connection.key();
        }

        Answer away(String selector) {
            return browser.get("/user_management/authorize?client_id=" + Rest.CLIENT + "&redirect_uri=" + BACK
                    + "&response_type=code&state=s&" + selector);
        }

        Answer away() {
            return away("connection_id=" + connection.id());
        }

        /** From the application to the provider and back to us. */
        Answer comeBack() {
            return browser.get(callback() + "?" + idp.authorized(Browser.location(away())));
        }

        /** Whether a sign-in ends with a code for the application. */
        boolean succeeds() {
            return Browser.location(comeBack()).startsWith(BACK + "?code=");
        }

        /** Step of the latest attempt. */
        Attempt attempt() {
            return sso.attempts(connection.id(), null, 1).get(0);
        }

        @Override
        public void close() {
            rest.close();
        }
    }

    private final List<Stage> stages = new ArrayList<>();

    private Stage stage(OidcProvider provider) {
        Stage stage = new Stage(provider);
        stages.add(stage);
        return stage;
    }

    private Stage stage() {
        return stage(OidcProvider.of(FakeOidc.ISSUER, FakeOidc.CLIENT));
    }

    @AfterEach
    void close() {
        stages.forEach(Stage::close);
    }

    @Test
    @DisplayName(
            "discovery, PKCE, nonce, exchange, keys: a user with a membership; nothing is read before somebody signs in")
    void signIn() {
        Stage stage = stage();
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
        Stage stage = stage();
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

    private record Case(String name, int step, Consumer<Stage> mutation) {}

    private static Case claim(String name, int step, String claim, Object value) {
        return new Case(name, step, stage -> stage.idp.claims.put(claim, value));
    }

    private static Case signing(
            String name, int step, java.util.function.BiFunction<Stage, Map<String, Object>, String> how) {
        return new Case(name, step, stage -> stage.idp.signing = said -> how.apply(stage, said));
    }

    private static Case text(String name, java.util.function.UnaryOperator<String> how) {
        return signing(name, 5, (stage, said) -> how.apply(stage.idp.signed(said)));
    }

    private static JWSHeader.Builder header() {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("key-1");
    }

    private static String unsigned(String header, Map<String, Object> said) {
        return Base64URL.encode(header) + "." + Base64URL.encode(FakeOidc.bytes(said)) + ".";
    }

    private static String hmac(Map<String, Object> said, byte[] secret) {
        try {
            byte[] padded = secret.length < 32 ? Arrays.copyOf(secret, 32) : secret;
            JWSObject token = new JWSObject(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("key-1").build(),
                    new Payload(new String(FakeOidc.bytes(said), StandardCharsets.UTF_8)));
            token.sign(new MACSigner(padded));
            return token.serialize();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, Object> with(Map<String, Object> map, String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(map);
        changed.put(name, value);
        return changed;
    }

    private static Map<String, Object> without(Map<String, Object> map, String name) {
        Map<String, Object> changed = new LinkedHashMap<>(map);
        changed.remove(name);
        return changed;
    }

    private static final long NOW =
            java.time.Instant.parse("2026-06-01T10:00:00Z").getEpochSecond();

    private static List<Case> cases() {
        RSAKey stranger = FakeOidc.generated("key-1");
        List<Case> all = new ArrayList<>();
        for (String none : List.of("none", "None", "nOnE", "NONE ")) {
            all.add(signing("J01 alg " + none, 5, (stage, said) -> unsigned("{\"alg\":\"" + none + "\"}", said)));
        }
        all.add(signing(
                "J01 alg none with a signature", 5, (stage, said) -> unsigned("{\"alg\":\"none\"}", said) + "AAAA"));
        all.add(signing(
                "J02 HS256 with the public key's JWK",
                5,
                (stage, said) ->
                        hmac(said, stage.idp.key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8))));
        all.add(signing("J02 HS256 with the public key's DER", 5, (stage, said) -> {
            try {
                return hmac(said, stage.idp.key.toRSAPublicKey().getEncoded());
            } catch (com.nimbusds.jose.JOSEException e) {
                throw new AssertionError(e);
            }
        }));
        all.add(signing(
                "J02 HS256 with the client's secret",
                5,
                (stage, said) -> hmac(said, "the-secret".getBytes(StandardCharsets.UTF_8))));
        all.add(signing("J03 ES256 by name, RSA by key", 6, (stage, said) -> {
            String token = stage.idp.signed(said);
            return Base64URL.encode("{\"alg\":\"ES256\",\"kid\":\"key-1\"}") + token.substring(token.indexOf('.'));
        }));
        all.add(signing(
                "J04 the key in the header",
                6,
                (stage, said) ->
                        FakeOidc.signed(header().jwk(stranger.toPublicJWK()).build(), said, stranger)));
        all.add(signing(
                "J05 the key's address in the header",
                6,
                (stage, said) -> FakeOidc.signed(
                        header().jwkURL(java.net.URI.create("https://evil.example/keys"))
                                .build(),
                        said,
                        stranger)));
        for (String kid : List.of("../../dev/null", "' or 1=1 --", "k".repeat(400), "ключ")) {
            all.add(signing(
                    "J07 kid " + kid.substring(0, 4),
                    6,
                    (stage, said) -> FakeOidc.signed(
                            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build(), said, stage.idp.key)));
        }
        all.add(signing(
                "J07 kid of a million",
                5,
                (stage, said) -> FakeOidc.signed(
                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                .keyID("k".repeat(10_000))
                                .build(),
                        said,
                        stage.idp.key)));
        all.add(signing(
                "J09 crit",
                5,
                (stage, said) -> FakeOidc.signed(
                        header().criticalParams(java.util.Set.of("exp"))
                                .customParam("exp", 1)
                                .build(),
                        said,
                        stage.idp.key)));
        all.add(signing("J18 JSON serialisation", 5, (stage, said) -> "{\"payload\":\"x\",\"signature\":\"y\"}"));
        all.add(signing("J19 many dots", 5, (stage, said) -> ".".repeat(10_000)));
        all.add(signing(
                "J19 a megabyte", 5, (stage, said) -> stage.idp.signed(with(said, "pad", "x".repeat(200_000)))));
        all.add(signing("J20 deep claims", 5, (stage, said) -> {
            Object deep = "x";
            for (int i = 0; i < 100; i++) {
                deep = List.of(deep);
            }
            return stage.idp.signed(with(said, "deep", deep));
        }));
        all.add(signing("J20 half a surrogate pair", 5, (stage, said) -> {
            String claims = new String(FakeOidc.bytes(said), StandardCharsets.UTF_8).replace("Lovelace", "\\ud800");
            return FakeOidc.signed(header().build(), claims, stage.idp.key);
        }));
        all.add(text("J21 padding", token -> token + "="));
        all.add(text("J21 a space", token -> " " + token));
        all.add(text("J21 a line", token -> token + "\n"));
        all.add(text("J28 garbage", token -> "a.b.c"));
        all.add(new Case(
                "J26 another key of the same name",
                6,
                stage -> stage.idp.signing = said -> FakeOidc.signed(header().build(), said, stranger)));
        all.add(new Case(
                "J26 a key for encryption",
                6,
                stage -> stage.idp.keySet =
                        Map.of("keys", List.of(with(stage.idp.key.toPublicJWK().toJSONObject(), "use", "enc")))));
        all.add(new Case(
                "J27 two keys of one name",
                6,
                stage -> stage.idp.keySet = Map.of(
                        "keys",
                        List.of(
                                stage.idp.key.toPublicJWK().toJSONObject(),
                                stranger.toPublicJWK().toJSONObject()))));
        all.add(new Case(
                "J27 private halves in public",
                6,
                stage -> stage.idp.keySet = Map.of("keys", List.of(stage.idp.key.toJSONObject()))));
        all.add(new Case("J22 no exp", 9, stage -> stage.idp.signing = said -> stage.idp.signed(without(said, "exp"))));
        all.add(claim("J22 exp as text", 9, "exp", Long.toString(NOW + 300)));
        all.add(claim("J22 exp as a fraction", 9, "exp", NOW + 300.5));
        all.add(claim("J22 exp negative", 9, "exp", -1));
        all.add(claim("J22 exp beyond a long", 5, "exp", new java.math.BigInteger("99999999999999999999")));
        all.add(claim("J22 exp past", 9, "exp", NOW - 60));
        all.add(claim("J22 nbf in the future", 9, "nbf", NOW + 61));
        all.add(claim("J22 iat in the future", 9, "iat", NOW + 61));
        all.add(claim("J22 issued long ago", 9, "iat", NOW - 601));
        all.add(claim("J30 exp in milliseconds of the past", 9, "iat", NOW * 1000));
        all.add(new Case("J23 no aud", 8, stage -> stage.idp.signing = said -> stage.idp.signed(without(said, "aud"))));
        all.add(claim("J23, O07 aud of another", 8, "aud", "other"));
        all.add(claim("J23 aud that begins like ours", 8, "aud", FakeOidc.CLIENT + "x"));
        all.add(claim("J23 aud in another case", 8, "aud", FakeOidc.CLIENT.toUpperCase(java.util.Locale.ROOT)));
        all.add(claim("O07 several aud without azp", 8, "aud", List.of(FakeOidc.CLIENT, "other")));
        all.add(claim("O07 azp of another", 8, "azp", "other"));
        all.add(claim("J24 iss with a slash", 7, "iss", FakeOidc.ISSUER + "/"));
        all.add(claim("J24 iss of another tenant", 7, "iss", "https://other.example"));
        all.add(new Case("J24 no iss", 7, stage -> stage.idp.signing = said -> stage.idp.signed(without(said, "iss"))));
        all.add(claim("O02 nonce of another", 10, "nonce", "x".repeat(43)));
        all.add(new Case(
                "O02 no nonce", 10, stage -> stage.idp.signing = said -> stage.idp.signed(without(said, "nonce"))));
        all.add(claim("at_hash of another access token", 11, "at_hash", "AAAAAAAAAAAAAAAAAAAAAA"));
        all.add(new Case("no sub", 13, stage -> stage.idp.signing = said -> stage.idp.signed(without(said, "sub"))));
        all.add(new Case("O08 userinfo about somebody else", 12, stage -> {
            stage.idp.signing = said -> stage.idp.signed(without(said, "email"));
            stage.idp.userInfo = Map.of("sub", "eve-at-idp", "email", "ada@acme.com");
        }));
        all.add(new Case(
                "O17 the token endpoint answers an error with 200",
                4,
                stage -> stage.idp.answer = all2 -> Map.of("error", "invalid_grant")));
        all.add(new Case(
                "O17 the token endpoint redirects",
                4,
                stage -> stage.idp.further.put(FakeOidc.ISSUER + "/token", FakeOidc.reply(302, Map.of()))));
        all.add(new Case(
                "O17 the token endpoint answers HTML",
                4,
                stage -> stage.idp.further.put(
                        FakeOidc.ISSUER + "/token",
                        new dev.gatehouse.spi.Outbound.Response(
                                200, Map.of(), "<html>".getBytes(StandardCharsets.UTF_8)))));
        return all;
    }

    @TestFactory
    Stream<DynamicTest> refused() {
        return cases().stream()
                .map(one -> DynamicTest.dynamicTest(one.name, () -> {
                    try (Stage stage = new Stage()) {
                        assertThat(stage.succeeds()).as("unmutated").isTrue();
                        // keys and descriptions are read anew, or the mutation would not be seen
                        stage.clock.pass(Duration.ofMinutes(61));
                        long moved = Duration.ofMinutes(61).toSeconds();
                        one.mutation.accept(stage);
                        for (String time : List.of("exp", "nbf", "iat")) {
                            stage.idp.claims.computeIfPresent(
                                    time,
                                    (name, value) -> value instanceof Long at && at < 2 * NOW ? at + moved : value);
                        }
                        stage.browser = new Browser(stage.rest.gatehouse);
                        Answer back = stage.comeBack();
                        assertThat(Browser.location(back)).startsWith(BACK + "?error=oauth_failed");
                        assertThat(stage.browser.session()).isEmpty();
                        assertThat(stage.attempt().step())
                                .as(stage.attempt().toString())
                                .isEqualTo(one.step);
                    }
                }));
    }

    @Test
    @DisplayName(
            "O05, O06 a description of another issuer, or with addresses that are none, is not used; the last good one stands for a day")
    void discovery() {
        Stage stage = stage();
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
        Stage stage = stage();
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
        Stage stage = stage();
        List<Object> many = new ArrayList<>();
        for (int i = 0; i < 101; i++) {
            many.add(with(stage.idp.key.toPublicJWK().toJSONObject(), "kid", i == 0 ? "key-1" : "other-" + i));
        }
        stage.idp.keySet = Map.of("keys", many.subList(0, 100));
        assertThat(stage.succeeds()).isTrue();
        Stage other = stage();
        many.set(0, other.idp.key.toPublicJWK().toJSONObject());
        other.idp.keySet = Map.of("keys", many);
        assertThat(other.succeeds()).isFalse();
        assertThat(other.attempt().step()).isEqualTo(6);
    }

    @Test
    @DisplayName(
            "O04, O15, O20 an answer of another issuer, with a token in it, or with an error is none; texts of the provider's are not shown")
    void answers() {
        Stage stage = stage();
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
        Stage stage = stage();
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
        Stage stage = stage();
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
        Stage stage =
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
            Stage stage = stage(OidcProvider.of(issuer, FakeOidc.CLIENT).withTenants(listed ? "t-1" : "t-2"));
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
        Stage stage = stage();
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
        Stage stage = stage();
        String victim = stage.rest.user("root@operator.test");
        stage.idp.claims.put("email", "root@operator.test");
        assertThat(Browser.location(stage.comeBack())).contains("profile_not_allowed_outside_organization");
        assertThat(stage.sso.profilesOf(victim)).isEmpty();
        assertThat(stage.browser.session()).isEmpty();
    }

    private Connection social(Stage stage, ConnectionType type) {
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
    private static String social(Stage stage, Connection connection) {
        stage.browser = new Browser(stage.rest.gatehouse);
        Answer away = stage.away("provider=" + connection.type().wire());
        return Browser.location(stage.browser.get(
                "/auth/sso/oidc/callback/" + connection.key() + "?" + stage.idp.authorized(Browser.location(away))));
    }

    @Test
    @DisplayName("O10, O11, O13 a provider's word is proof of the mailbox where it gives it out, and only as a boolean")
    void vouching() {
        Stage stage = stage();
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
        Stage stage = stage();
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
        assertThat(social(stage, github)).startsWith(BACK + "?code=");
        assertThat(stage.rest
                        .gatehouse
                        .users()
                        .findByEmail("ada@example.com")
                        .orElseThrow()
                        .emailVerified())
                .isTrue();
    }
}
