package dev.gatehouse.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.engine.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtTest {
    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");
    private static final long SECOND = NOW.getEpochSecond();
    private static final String KID = "sso_oidc_key_pair_01KAVKB3MQ8CPP9883DA010F6Y";
    private static final SigningKey KEY = SigningKey.generate(KID, NOW);
    private static final SigningKey OTHER = SigningKey.generate("other", NOW);
    private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"" + KID + "\"}";
    private static final String CLAIMS =
            "{\"iss\":\"https://a.test\",\"sub\":\"user_1\",\"iat\":" + SECOND + ",\"exp\":" + (SECOND + 300) + "}";

    private final Jwt jwt = new Jwt(new Json());

    private boolean accepts(String token) {
        return accepts(token, NOW);
    }

    private boolean accepts(String token, Instant now) {
        return jwt.verify(token, id -> id.equals(KID) ? KEY : null, "https://a.test", now)
                .isPresent();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String signed(String header, String claims) {
        return signed(header, claims, KEY);
    }

    private static String signed(String header, String claims, SigningKey key) {
        try {
            String input = base64(header) + "." + base64(claims);
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.privateKey());
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSignedTokenIsAcceptedWithItsClaimsInOrder() throws Exception {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", "https://a.test");
        claims.put("sub", "user_1");
        claims.put("roles", List.of("admin", "member"));
        claims.put("iat", SECOND);
        claims.put("exp", SECOND + 300);
        String token = jwt.sign(KEY, claims);
        assertThat(jwt.verify(token, id -> KEY, "https://a.test", NOW)
                        .orElseThrow()
                        .toString())
                .isEqualTo("{\"iss\":\"https://a.test\",\"sub\":\"user_1\",\"roles\":[\"admin\",\"member\"],\"iat\":"
                        + SECOND + ",\"exp\":" + (SECOND + 300) + "}");
    }

    @Test
    void anotherLibraryVerifiesItWithThePublishedKey() throws Exception {
        String published = new ObjectMapper().writeValueAsString(KEY.published());
        SignedJWT token = SignedJWT.parse(jwt.sign(KEY, Map.of("sub", "user_1")));
        assertThat(token.verify(new RSASSAVerifier(RSAKey.parse(published).toRSAPublicKey())))
                .isTrue();
        assertThat(token.getHeader().getKeyID()).isEqualTo(KID);
    }

    @Test
    void thePublishedKeyHasExactlyTheMembersOfTheContract() throws Exception {
        Map<String, Object> jwk = KEY.published();
        assertThat(jwk.keySet()).containsExactlyInAnyOrder("alg", "kty", "use", "kid", "n", "e", "x5c", "x5t#S256");
        assertThat(jwk)
                .containsEntry("alg", "RS256")
                .containsEntry("use", "sig")
                .containsEntry("kid", KID);
        String encoded = ((List<?>) jwk.get("x5c")).get(0).toString();
        byte[] der = Base64.getDecoder().decode(encoded);
        X509Certificate certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getPublicKey()).isEqualTo(KEY.publicKey());
        assertThat(KEY.publicKey().getModulus().bitLength()).isEqualTo(2048);
        assertThat(jwk.get("x5t#S256"))
                .isEqualTo(Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(der)));
    }

    @Test
    void aKeyComesBackFromItsSecretFormAndIsNotPrinted() {
        SigningKey read = SigningKey.read(KEY.secret());
        assertThat(accepts(signed(HEADER, CLAIMS, read))).isTrue();
        assertThat(read.published()).isEqualTo(KEY.published());
        assertThat(read.privateKey()).as("four times faster").isInstanceOf(RSAPrivateCrtKey.class);
        assertThat(KEY.toString()).isEqualTo("SigningKey[" + KID + "]");
    }

    /** ATTACKS J01 to J10, J14, J25. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"none\",\"kid\":\"K\"}",
                "{\"alg\":\"None\",\"kid\":\"K\"}",
                "{\"alg\":\"rs256\",\"kid\":\"K\"}",
                "{\"alg\":\"RS512\",\"kid\":\"K\"}",
                "{\"alg\":\"PS256\",\"kid\":\"K\"}",
                "{\"alg\":\"HS256\",\"kid\":\"K\"}",
                "{\"alg\":[\"RS256\"],\"kid\":\"K\"}",
                "{\"kid\":\"K\"}",
                "{\"alg\":\"RS256\"}",
                "{\"alg\":\"RS256\",\"kid\":null}",
                "{\"alg\":\"RS256\",\"kid\":[\"K\"]}",
                "{\"alg\":\"RS256\",\"kid\":\"other\"}",
                "{\"alg\":\"RS256\",\"kid\":\"../../dev/null\"}",
                "{\"alg\":\"RS256\",\"kid\":\"K\",\"crit\":[]}",
                "{\"alg\":\"RS256\",\"kid\":\"K\",\"crit\":[\"b64\"],\"b64\":false}",
                "{\"alg\":\"RS256\",\"kid\":\"K\",\"b64\":true}",
                "{\"alg\":\"RS256\",\"kid\":\"K\",\"zip\":\"DEF\"}",
                "{\"alg\":\"RS256\",\"kid\":\"K\",\"jku\":\"https://evil.test\"}",
                "{\"alg\":\"RS256\",\"kid\":\"K\",\"jwk\":{}}",
                "{\"alg\":\"RS256\",\"kid\":\"K\",\"x5c\":[]}",
                "{\"alg\":\"RS256\",\"kid\":\"K\",\"cty\":\"JWT\"}",
                "{\"alg\":\"RS256\",\"kid\":\"K\",\"typ\":\"at+jwt\"}",
                "{\"alg\":\"RS256\",\"kid\":\"K\",\"typ\":\"logout+jwt\"}",
                "{\"alg\":\"RS256\",\"alg\":\"RS256\",\"kid\":\"K\"}",
                "{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"K\"}",
                "[]",
                "null",
                "\"RS256\"",
                "{}",
                "{\"alg\":\"RS256\",\"kid\":\"K\"} ,",
                "{'alg':'RS256','kid':'K'}"
            })
    void everyOtherHeaderIsRefusedThoughTheSignatureIsRight(String header) {
        assertThat(accepts(signed(HEADER, CLAIMS))).isTrue();
        assertThat(accepts(signed("{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"" + KID + "\"}", CLAIMS)))
                .isTrue();
        assertThat(accepts(signed(header.replace("\"K\"", "\"" + KID + "\""), CLAIMS)))
                .isFalse();
    }

    /** ATTACKS J20, J22, J24. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"iat\":I,\"exp\":E}",
                "{\"iss\":\"https://a.test/\",\"iat\":I,\"exp\":E}",
                "{\"iss\":\"https://A.test\",\"iat\":I,\"exp\":E}",
                "{\"iss\":[\"https://a.test\"],\"iat\":I,\"exp\":E}",
                "{\"iss\":\"https://a.test\",\"iat\":I}",
                "{\"iss\":\"https://a.test\",\"exp\":E}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":null}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":\"E\"}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":E.0}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":E.5}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":1e400}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":1e11}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":-E}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":0}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":E000}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":99999999999999999999}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":18446744073709551616}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":NaN}",
                "{\"iss\":\"https://a.test\",\"iat\":-1,\"exp\":E}",
                "{\"iss\":\"https://a.test\",\"iat\":0,\"exp\":E}",
                "{\"iss\":\"https://a.test\",\"iat\":E,\"exp\":E}",
                "{\"iss\":\"https://a.test\",\"iat\":99999999999999999999,\"exp\":E}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":E,\"nbf\":E}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":E,\"nbf\":\"I\"}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":E,\"nbf\":null}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":E,\"nbf\":99999999999999999999}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":E,\"exp\":E}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":E,\"sub\":\"a\",\"sub\":\"b\"}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":E,\"sub\":\"\\ud800\"}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":E,\"a\":[{\"\\udc00\":1}]}",
                "{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":E} x",
                "[{\"iss\":\"https://a.test\",\"iat\":I,\"exp\":E}]",
                "null",
                "{",
                ""
            })
    void everyOtherPayloadIsRefusedThoughTheSignatureIsRight(String claims) {
        assertThat(accepts(signed(HEADER, CLAIMS))).isTrue();
        assertThat(accepts(signed(HEADER, CLAIMS.replace("}", ",\"nbf\":" + SECOND + "}"))))
                .isTrue();
        assertThat(accepts(signed(
                        HEADER,
                        claims.replaceAll("\\bI\\b", "" + SECOND).replaceAll("\\bE(?=\\b|000)", "" + (SECOND + 300)))))
                .isFalse();
    }

    /** ATTACKS J19, J20. */
    @Test
    void deepAndHugePayloadsAreRefusedQuickly() {
        assertThat(accepts(signed(HEADER, CLAIMS))).isTrue();
        String deep = "[".repeat(2_000) + "]".repeat(2_000);
        assertThat(accepts(signed(HEADER, CLAIMS.replace("}", ",\"a\":" + deep + "}"))))
                .isFalse();
        assertThat(accepts(signed(HEADER, CLAIMS.replace("}", ",\"a\":\"" + "x".repeat(6_000) + "\"}"))))
                .as("over 8 kB")
                .isFalse();
        assertThat(accepts(".".repeat(1_000_000))).isFalse();
        assertThat(accepts("A".repeat(8_190))).isFalse();
    }

    @Test
    void invalidUtf8InThePayloadIsRefused() throws Exception {
        // overlong slash, and a surrogate in UTF-8
        for (byte[] bad :
                new byte[][] {{(byte) 0xc0, (byte) 0xaf}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, {(byte) 0xff}}) {
            byte[] claims = CLAIMS.replace("user_1", "@").getBytes(StandardCharsets.US_ASCII);
            String text = new String(claims, StandardCharsets.ISO_8859_1)
                    .replace("@", new String(bad, StandardCharsets.ISO_8859_1));
            String input = base64(HEADER) + "."
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(KEY.privateKey());
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            assertThat(accepts(input + "."
                            + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign())))
                    .isFalse();
        }
    }

    /** ATTACKS J30. */
    @Test
    void expiryIsExactAndAMinuteOfSkewIsAllowedForTheStart() {
        String token = signed(HEADER, CLAIMS);
        assertThat(accepts(token, NOW.plusSeconds(300).minusMillis(1))).isTrue();
        assertThat(accepts(token, NOW.plusSeconds(300))).isFalse();
        assertThat(accepts(token, NOW.minusSeconds(60))).isTrue();
        assertThat(accepts(token, NOW.minusSeconds(61))).isFalse();
    }

    /** ATTACKS J01, J24, J26. */
    @Test
    void aTokenOfAnotherKeyIssuerOrNoSignatureIsRefused() {
        assertThat(accepts(signed(HEADER, CLAIMS))).isTrue();
        assertThat(accepts(signed(HEADER, CLAIMS, OTHER))).isFalse();
        assertThat(jwt.verify(signed(HEADER, CLAIMS), id -> KEY, "https://b.test", NOW))
                .isEmpty();
        assertThat(jwt.verify(signed(HEADER, CLAIMS), id -> null, "https://a.test", NOW))
                .isEmpty();
        String token = signed(HEADER, CLAIMS);
        String input = token.substring(0, token.lastIndexOf('.'));
        for (String signature : List.of("", "A", "AA", "AAAA", "A".repeat(342))) {
            assertThat(accepts(input + "." + signature)).isFalse();
        }
        assertThat(accepts(input)).isFalse();
    }

    /** ATTACKS J02. */
    @Test
    void thePublicKeyIsNoHmacSecret() throws Exception {
        assertThat(accepts(signed(HEADER, CLAIMS))).isTrue();
        byte[] der = KEY.publicKey().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END PUBLIC KEY-----";
        String jwk = new ObjectMapper().writeValueAsString(KEY.published());
        for (byte[] secret : new byte[][] {der, pem.getBytes(), (pem + "\n").getBytes(), jwk.getBytes()}) {
            for (String alg : List.of("HS256", "RS256")) {
                String input = base64(HEADER.replace("RS256", alg)) + "." + base64(CLAIMS);
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret, "HmacSHA256"));
                assertThat(accepts(input + "."
                                + Base64.getUrlEncoder()
                                        .withoutPadding()
                                        .encodeToString(mac.doFinal(input.getBytes()))))
                        .isFalse();
            }
        }
    }

    /** ATTACKS J21. */
    @Test
    void oneTokenHasOneSpelling() {
        String token = signed(HEADER, CLAIMS);
        assertThat(accepts(token)).isTrue();
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        char last = token.charAt(token.length() - 1);
        String twin = token.substring(0, token.length() - 1) + alphabet.charAt(alphabet.indexOf(last) + 1);
        assertThat(Base64.getUrlDecoder().decode(twin.substring(twin.lastIndexOf('.') + 1)))
                .as("the platform's decoder takes both")
                .isEqualTo(Base64.getUrlDecoder().decode(token.substring(token.lastIndexOf('.') + 1)));
        for (String other : List.of(
                twin,
                token + "=",
                token + "==",
                token + "\n",
                " " + token,
                token + " ",
                token + "!",
                token + ".",
                "." + token,
                token.replaceFirst("\\.", ".."),
                token.replace('_', '/'),
                token.replace('-', '+'),
                "Bearer " + token,
                token + "." + token)) {
            if (!other.equals(token)) {
                assertThat(accepts(other)).as(other).isFalse();
            }
        }
    }

    /** ATTACKS J07. */
    @Test
    void aKeyNameOfAnotherFormNeverReachesTheLookup() {
        AtomicInteger asked = new AtomicInteger();
        jwt.verify(
                signed(HEADER, CLAIMS),
                id -> {
                    asked.incrementAndGet();
                    return null;
                },
                "https://a.test",
                NOW);
        assertThat(asked).hasValue(1);
        for (String kid : List.of("", "' OR 1=1 --", "../x", "a\\u0000b", "\\u212a", "k".repeat(129))) {
            jwt.verify(
                    signed("{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}", CLAIMS),
                    id -> {
                        throw new AssertionError("asked for " + id);
                    },
                    "https://a.test",
                    NOW);
        }
    }

    /** ATTACKS J28. */
    @Test
    void twentyThousandMutationsAreNeitherAcceptedNorThrow() {
        String token = signed(HEADER, CLAIMS);
        assertThat(accepts(token)).isTrue();
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(token);
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                int at = random.nextInt(text.length());
                char c = random.nextInt(4) == 0
                        ? (char) random.nextInt(0x10000)
                        : alphabet.charAt(random.nextInt(alphabet.length()));
                switch (random.nextInt(5)) {
                    case 0 -> text.insert(at, c);
                    case 1 -> text.deleteCharAt(at);
                    case 2 -> text.delete(at, Math.min(text.length() - 1, at + random.nextInt(40)));
                    case 3 -> text.insert(at, text.substring(0, random.nextInt(text.length())));
                    default -> text.setCharAt(at, c);
                }
            }
            String mutated = text.toString();
            assertThat(accepts(mutated)).isEqualTo(mutated.equals(token));
        }
    }
}
