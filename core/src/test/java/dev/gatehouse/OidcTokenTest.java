package dev.gatehouse;

import static dev.gatehouse.FakeOidc.header;
import static dev.gatehouse.FakeOidc.unsigned;
import static dev.gatehouse.FakeOidc.with;
import static dev.gatehouse.FakeOidc.without;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.api.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** ID tokens, one wrong thing at a time (ATTACKS, group JOSE, and what of OIDC is in a token): none signs anybody in. */
class OidcTokenTest {
    private record Case(String name, int step, Consumer<OidcStage> mutation) {}

    private static Case claim(String name, int step, String claim, Object value) {
        return new Case(name, step, stage -> stage.idp.claims.put(claim, value));
    }

    private static Case signing(
            String name, int step, java.util.function.BiFunction<OidcStage, Map<String, Object>, String> how) {
        return new Case(name, step, stage -> stage.idp.signing = said -> how.apply(stage, said));
    }

    private static Case text(String name, java.util.function.UnaryOperator<String> how) {
        return signing(name, 5, (stage, said) -> how.apply(stage.idp.signed(said)));
    }

    private static String hmac(Map<String, Object> said, byte[] secret) {
        try {
            byte[] padded = secret.length < 32 ? Arrays.copyOf(secret, 32) : secret;
            JWSObject token = new JWSObject(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("key-1").build(),
                    new Payload(new String(FakeOidc.bytes(said), StandardCharsets.UTF_8)));
            token.sign(new MACSigner(padded));
            return token.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** A token in one that is encrypted for whoever has the provider's key. */
    private static String encrypted(OidcStage stage, JWEAlgorithm algorithm, String token) {
        try {
            JWEHeader header = new JWEHeader.Builder(algorithm, EncryptionMethod.A128GCM)
                    .contentType("JWT")
                    .build();
            JWEObject sealed = new JWEObject(header, new Payload(token));
            sealed.encrypt(new RSAEncrypter(stage.idp.key.toRSAPublicKey()));
            return sealed.serialize();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
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
            } catch (JOSEException e) {
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
        all.add(signing(
                "J06 a chain of the attacker's in the header",
                6,
                (stage, said) -> FakeOidc.signed(
                        header().x509CertChain(List.of(Base64.encode(new byte[] {1, 2, 3})))
                                .build(),
                        said,
                        stranger)));
        all.add(signing(
                "J10 a payload that is not encoded",
                5,
                (stage, said) -> FakeOidc.signed(
                        "{\"alg\":\"RS256\",\"kid\":\"key-1\",\"b64\":false,\"crit\":[\"b64\"]}",
                        said,
                        stage.idp.key)));
        all.add(signing(
                "J11 an unsigned token in one that is encrypted",
                5,
                (stage, said) -> encrypted(stage, JWEAlgorithm.RSA_OAEP_256, unsigned("{\"alg\":\"none\"}", said))));
        all.add(signing(
                "J11 a signed one in one that is encrypted",
                5,
                (stage, said) -> encrypted(stage, JWEAlgorithm.RSA_OAEP_256, stage.idp.signed(said))));
        for (String header : List.of(
                "{\"alg\":\"dir\",\"enc\":\"A128GCM\"}",
                "{\"alg\":\"RSA1_5\",\"enc\":\"A128CBC-HS256\"}",
                "{\"alg\":\"PBES2-HS256+A128KW\",\"p2c\":2147483647,\"p2s\":\"AAAA\",\"enc\":\"A128GCM\"}",
                "{\"alg\":\"ECDH-ES\",\"epk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}"
                        + ",\"enc\":\"A128GCM\"}")) {
            all.add(signing(
                    "J12, J13, J15 JWE " + header,
                    5,
                    (stage, said) -> Base64URL.encode(header) + ".AAAA.AAAA.AAAA.AAAA"));
            // the same in three parts, so that the form does not tell
            all.add(signing("J12, J13, J15 JWS " + header, 5, (stage, said) -> Base64URL.encode(header) + ".e30.AAAA"));
        }
        all.add(signing(
                "J14 compressed",
                5,
                (stage, said) ->
                        FakeOidc.signed("{\"alg\":\"RS256\",\"kid\":\"key-1\",\"zip\":\"DEF\"}", said, stage.idp.key)));
        all.add(claim("J25 a logout token", 10, "nonce", List.of("x")));
        all.add(signing(
                "J25 a client assertion",
                7,
                (stage, said) -> stage.idp.signed(with(
                        with(with(said, "iss", FakeOidc.CLIENT), "sub", FakeOidc.CLIENT), "aud", FakeOidc.ISSUER))));
        all.add(signing(
                "J25 an access token of ours",
                6,
                (stage, said) -> stage.rest.signIn("bob@example.com").text("/access_token")));
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
        all.add(claim("J22 exp beyond every clock", 9, "exp", Long.MAX_VALUE));
        all.add(claim("J30 iat in milliseconds", 9, "iat", NOW * 1000));
        all.add(claim("J30 exp in milliseconds", 9, "exp", NOW * 1000));
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
                    try (OidcStage stage = new OidcStage()) {
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
                        stage.rest.user("bob@example.com");
                        Answer back = stage.comeBack();
                        assertThat(Browser.location(back)).startsWith(OidcStage.BACK + "?error=oauth_failed");
                        assertThat(stage.browser.session()).isEmpty();
                        // J29: nothing of the key, of the signature or of the claims comes back
                        assertThat(Browser.location(back))
                                .doesNotContain(
                                        stage.idp.key.getModulus().toString().substring(0, 20), "key-1", "ada-at-idp");
                        assertThat(stage.attempt().step())
                                .as(stage.attempt().toString())
                                .isEqualTo(one.step);
                    }
                }));
    }
}
