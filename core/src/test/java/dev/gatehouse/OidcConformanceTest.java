package dev.gatehouse;

import static dev.gatehouse.FakeOidc.header;
import static dev.gatehouse.FakeOidc.with;
import static dev.gatehouse.FakeOidc.without;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.gatehouse.api.Answer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Modules for relying parties of the OpenID conformance suite that no row of the catalogue has, by their names there. */
class OidcConformanceTest {
    private record Module(String name, int refusedBy, Consumer<OidcStage> provider) {}

    private static Module accepted(String name, Consumer<OidcStage> provider) {
        return new Module(name, 0, provider);
    }

    private static Map<String, Object> keySet(JWK... keys) {
        return Map.of(
                "keys",
                Stream.of(keys).map(key -> key.toPublicJWK().toJSONObject()).toList());
    }

    private static String signed(JWSAlgorithm algorithm, JWSSigner signer, String keyId, Map<String, Object> said) {
        try {
            JWSHeader header = new JWSHeader.Builder(algorithm).keyID(keyId).build();
            JWSObject token =
                    new JWSObject(header, new Payload(new String(FakeOidc.bytes(said), StandardCharsets.UTF_8)));
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static ECKey elliptic(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static JWSSigner signer(JWK key) {
        try {
            return key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner((ECKey) key);
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    private static void nameless(OidcStage stage) {
        stage.idp.signing =
                said -> FakeOidc.signed(new JWSHeader.Builder(JWSAlgorithm.RS256).build(), said, stage.idp.key);
    }

    private static Stream<Module> modules() {
        ECKey curve = elliptic("ec-1");
        ECKey otherCurve = elliptic("ec-1");
        return Stream.of(
                accepted("oidcc-client-test-kid-absent-single-jwks", OidcConformanceTest::nameless),
                accepted("oidcc-client-test-kid-absent-multiple-jwks, of which one fits", stage -> {
                    nameless(stage);
                    stage.idp.keySet = keySet(curve, stage.idp.key);
                }),
                new Module("oidcc-client-test-kid-absent-multiple-jwks", 6, stage -> {
                    nameless(stage);
                    stage.idp.keySet = keySet(FakeOidc.generated("key-2"), stage.idp.key);
                }),
                accepted(
                        "fapi2-security-profile-final-client-test-valid-aud-as-array",
                        stage -> stage.idp.claims.put("aud", List.of(FakeOidc.CLIENT))),
                accepted(
                        "fapi2-security-profile-final-client-test-token-endpoint-response-without-expires_in",
                        stage -> stage.idp.answer = all -> without(all, "expires_in")),
                accepted(
                        "fapi2-security-profile-final-client-test-token-type-case-insensitivity",
                        stage -> stage.idp.answer = all -> with(all, "token_type", "bEARER")),
                accepted("ES256", stage -> {
                    stage.idp.keySet = keySet(stage.idp.key, curve);
                    stage.idp.signing = said -> signed(JWSAlgorithm.ES256, signer(curve), "ec-1", said);
                }),
                new Module("oidcc-client-test-invalid-sig-es256", 6, stage -> {
                    stage.idp.keySet = keySet(stage.idp.key, curve);
                    stage.idp.signing = said -> signed(JWSAlgorithm.ES256, signer(otherCurve), "ec-1", said);
                }),
                accepted(
                        "PS256",
                        stage -> stage.idp.signing =
                                said -> signed(JWSAlgorithm.PS256, signer(stage.idp.key), "key-1", said)),
                new Module("fapi2-security-profile-final-client-test-invalid-alternate-alg", 6, stage -> {
                    stage.idp.keySet = Map.of(
                            "keys", List.of(with(stage.idp.key.toPublicJWK().toJSONObject(), "alg", "PS256")));
                }),
                new Module(
                        "oidcc-client-test-missing-iat",
                        9,
                        stage -> stage.idp.signing = said -> stage.idp.signed(without(said, "iat"))),
                accepted("oidcc-client-test-scope-userinfo-claims", stage -> {
                    stage.idp.signing = said -> stage.idp.signed(without(said, "email"));
                    stage.idp.userInfo = Map.of("sub", "ada-at-idp", "email", "ada@acme.com");
                }));
    }

    @TestFactory
    Stream<DynamicTest> module() {
        return modules()
                .map(one -> DynamicTest.dynamicTest(one.name, () -> {
                    try (OidcStage honest = new OidcStage();
                            OidcStage stage = new OidcStage()) {
                        assertThat(honest.succeeds()).isTrue();
                        one.provider.accept(stage);
                        assertThat(stage.succeeds()).as(one.name).isEqualTo(one.refusedBy == 0);
                        assertThat(stage.attempt().step()).isEqualTo(one.refusedBy);
                    }
                }));
    }

    @Test
    @DisplayName("oidcc-client-test-form-post-error")
    void formPostError() {
        try (OidcStage stage = new OidcStage()) {
            assertThat(stage.succeeds()).isTrue();
            String state = Browser.parameter(Browser.location(stage.away()), "state");
            Answer posted = new Browser(stage.rest.gatehouse)
                    .with("sec-fetch-site", "cross-site")
                    .post(stage.callback(), Map.of("error", "access_denied", "state", state));
            String again = Browser.location(posted).replaceFirst("^https?://[^/]+", "");
            assertThat(Browser.location(stage.browser.get(again))).contains("error=access_denied");
            assertThat(stage.attempt().step()).isEqualTo(2);
        }
    }

    @Test
    @DisplayName("oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg, -wrong-aud, -wrong-event")
    void logoutTokens() {
        try (OidcStage stage = new OidcStage()) {
            assertThat(stage.succeeds()).isTrue();
            Map<String, Object> claims = new LinkedHashMap<>();
            long now = stage.clock.instant().getEpochSecond();
            claims.put("iss", FakeOidc.ISSUER);
            claims.put("aud", FakeOidc.CLIENT);
            claims.put("iat", now);
            claims.put("exp", now + 120);
            claims.put("jti", "1");
            claims.put("sub", "ada-at-idp");
            claims.put("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
            for (String bad : List.of(
                    FakeOidc.signed(header().build(), with(claims, "aud", "other"), stage.idp.key),
                    stage.idp.signed(with(claims, "events", Map.of("http://schemas.openid.net/event/other", Map.of()))),
                    stage.idp.signed(with(claims, "events", List.of())),
                    signed(JWSAlgorithm.ES256, signer(elliptic("key-1")), "key-1", claims))) {
                assertThat(logout(stage, bad)).isEqualTo(400);
            }
            assertThat(logout(stage, stage.idp.signed(claims))).isEqualTo(200);
        }
    }

    private static int logout(OidcStage stage, String token) {
        return new Browser(stage.rest.gatehouse)
                .with("sec-fetch-site", "cross-site")
                .post("/auth/sso/oidc/logout/" + stage.connection.key(), Map.of("logout_token", token))
                .status();
    }
}
