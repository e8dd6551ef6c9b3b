package dev.gatehouse.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class IronSealTest {
    private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");
    private final JsonNode vector = vector();
    private final String password = vector.get("password").textValue();
    private final String plain = vector.get("plaintext").textValue();
    private final String cookie = vector.get("cookie_value_node").textValue();
    private final IronSeal seal = new IronSeal(password, new RandomTokens());

    private static JsonNode vector() {
        try (var in = IronSealTest.class.getResourceAsStream("/iron-vector.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void itWritesTheKnownCookie() {
        byte[] encSalt = HexFormat.of().parseHex(vector.get("enc_salt_hex").textValue());
        byte[] macSalt = HexFormat.of().parseHex(vector.get("hmac_salt_hex").textValue());
        byte[] iv = Base64.getUrlDecoder().decode(vector.get("iv_b64url").textValue());
        assertThat(seal.seal(plain, encSalt, macSalt, iv)).isEqualTo(cookie);
    }

    @Test
    void itReadsTheKnownCookieWithAndWithoutVersion() {
        assertThat(seal.unseal(cookie, NOW)).contains(plain);
        assertThat(seal.unseal(vector.get("sealed_without_version").textValue(), NOW))
                .contains(plain);
    }

    @Test
    void itReadsWhatItWrites() {
        String json = "{\"name\":\"\u00fc\ud83d\ude00\"}";
        assertThat(seal.unseal(seal.seal(json), NOW)).contains(json);
        assertThat(seal.seal(json)).isNotEqualTo(seal.seal(json));
    }

    @Test
    void theOldLayoutIsUnwrappedOnlyUnderAnotherVersion() {
        String old = seal.seal("{\"persistent\":{\"a\":1}}");
        assertThat(seal.unseal(old, NOW)).contains("{\"persistent\":{\"a\":1}}");
        assertThat(seal.unseal(old.replace("~2", "~1"), NOW)).contains("{\"a\":1}");
        assertThat(seal.unseal(seal.seal("{\"b\":2}").replace("~2", "~1"), NOW)).contains("{\"b\":2}");
    }

    @Test
    void everyChangedCharacterIsRefused() {
        assertThat(seal.unseal(cookie, NOW)).isPresent();
        for (int i = 0; i < cookie.indexOf('~'); i++) {
            for (char c : "A0f_-*.=+ ".toCharArray()) {
                if (cookie.charAt(i) != c) {
                    assertThat(seal.unseal(cookie.substring(0, i) + c + cookie.substring(i + 1), NOW))
                            .as("%d %c", i, c)
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void otherEndingsAndSpellingsAreRefused() {
        assertThat(seal.unseal(cookie, NOW)).isPresent();
        for (String wrong : new String[] {
            "",
            "~",
            "~2",
            "Fe26.2",
            "Fe26.2********~2",
            cookie + "~2",
            cookie + " ",
            cookie + "x",
            cookie + "0000",
            cookie.replace("~2", "~"),
            cookie.replace("~2", "~x"),
            cookie.replace("~2", "~-2"),
            cookie.replace("~2", "=~2"),
            cookie.replace("Fe26.2", "Fe26.1"),
            cookie.replace("*1*", "*2*")
        }) {
            assertThat(seal.unseal(wrong, NOW)).as(wrong).isEmpty();
        }
        // the last character of the MAC has unused bits
        assertThat(seal.unseal(cookie.replace("wc~2", "wd~2"), NOW)).isEmpty();
    }

    @Test
    void anotherPasswordIsRefusedAndAShortOneIsNotTaken() {
        assertThat(new IronSeal(password, new RandomTokens()).unseal(cookie, NOW))
                .isPresent();
        assertThat(new IronSeal(password + "x", new RandomTokens()).unseal(cookie, NOW))
                .isEmpty();
        assertThatThrownBy(() -> new IronSeal("x".repeat(31), new RandomTokens()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anEndIsKeptToTheMillisecondPlusAMinute() throws Exception {
        String ending = withEnd(NOW.toEpochMilli());
        assertThat(seal.unseal(ending, NOW.plusMillis(59_999))).contains(plain);
        assertThat(seal.unseal(ending, NOW.plusMillis(60_000))).isEmpty();
    }

    private String withEnd(long end) throws Exception {
        String[] parts = cookie.substring(0, cookie.indexOf('~')).split("\\*", -1);
        String signed = String.join("*", parts[0], parts[1], parts[2], parts[3], parts[4], Long.toString(end));
        byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1")
                .generateSecret(
                        new PBEKeySpec(password.toCharArray(), parts[6].getBytes(StandardCharsets.US_ASCII), 1, 256))
                .getEncoded();
        assertThat(HexFormat.of().formatHex(key))
                .isEqualTo(vector.get("derived_mac_key_hex").textValue());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return signed + "*" + parts[6] + "*"
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)))
                + "~2";
    }

    @Test
    void garbageNeitherOpensNorThrows() {
        Random random = new Random(11);
        for (int i = 0; i < 5_000; i++) {
            char[] text =
                    cookie.substring(0, random.nextInt(cookie.length() + 1)).toCharArray();
            for (int n = 1 + random.nextInt(4); n > 0 && text.length > 0; n--) {
                text[random.nextInt(text.length)] = (char) random.nextInt(random.nextBoolean() ? 128 : 0x10000);
            }
            String changed = new String(text);
            assertThat(seal.unseal(changed, NOW).isPresent())
                    .isEqualTo(cookie.startsWith(changed) && cookie.indexOf('~') == changed.length());
        }
    }
}
