package dev.gatehouse.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TotpTest {
    private static final String RFC_SECRET = "12345678901234567890";
    private static final Totp TOTP = Totp.of(RFC_SECRET.getBytes(US_ASCII));

    private static Instant at(long seconds) {
        return Instant.ofEpochSecond(seconds);
    }

    private static String code(long step) {
        return Totp.hotp("HmacSHA1", RFC_SECRET.getBytes(US_ASCII), step, 6);
    }

    /** RFC 4226, appendix D. */
    @Test
    void everyValueOfRfc4226() {
        List<String> codes = List.of(
                "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489");
        for (int counter = 0; counter < codes.size(); counter++) {
            assertThat(code(counter)).as("%d", counter).isEqualTo(codes.get(counter));
        }
    }

    /** RFC 6238, appendix B, with the seeds of erratum 2866. */
    @Test
    void everyValueOfRfc6238() {
        Map<String, String> seeds = Map.of(
                "HmacSHA1", RFC_SECRET,
                "HmacSHA256", "12345678901234567890123456789012",
                "HmacSHA512", "1234567890123456789012345678901234567890123456789012345678901234");
        String table = """
                59 HmacSHA1 94287082
                59 HmacSHA256 46119246
                59 HmacSHA512 90693936
                1111111109 HmacSHA1 07081804
                1111111109 HmacSHA256 68084774
                1111111109 HmacSHA512 25091201
                1111111111 HmacSHA1 14050471
                1111111111 HmacSHA256 67062674
                1111111111 HmacSHA512 99943326
                1234567890 HmacSHA1 89005924
                1234567890 HmacSHA256 91819424
                1234567890 HmacSHA512 93441116
                2000000000 HmacSHA1 69279037
                2000000000 HmacSHA256 90698825
                2000000000 HmacSHA512 38618901
                20000000000 HmacSHA1 65353130
                20000000000 HmacSHA256 77737706
                20000000000 HmacSHA512 47863826
                """;
        table.lines().forEach(line -> {
            String[] row = line.split(" ", -1);
            byte[] seed = seeds.get(row[1]).getBytes(US_ASCII);
            assertThat(Totp.hotp(row[1], seed, Long.parseLong(row[0]) / 30, 8))
                    .as(line)
                    .isEqualTo(row[2]);
            if (row[1].equals("HmacSHA1")) {
                assertThat(Totp.of(seed).steps(row[2].substring(2), at(Long.parseLong(row[0]))))
                        .as("the six digits that apps show")
                        .containsExactly(Long.parseLong(row[0]) / 30);
            }
        });
    }

    @Test
    @DisplayName("P26 a code is good in its own step and the ones beside it, to the second")
    void window() {
        long step = 57_000_000;
        String code = code(step);
        assertThat(TOTP.steps(code, at(step * 30 - 31))).isEmpty();
        assertThat(TOTP.steps(code, at(step * 30 - 30))).containsExactly(step);
        assertThat(TOTP.steps(code, at(step * 30))).containsExactly(step);
        assertThat(TOTP.steps(code, at(step * 30 + 59))).containsExactly(step);
        assertThat(TOTP.steps(code, at(step * 30 + 60))).isEmpty();
    }

    @Test
    @DisplayName("P26 the catalogue's own examples of the window")
    void windowOfTheCorpus() throws IOException {
        int tried = 0;
        for (JsonNode row :
                Corpus.json("security/corpora/otp/hotp-totp-vectors.json").get("windowBehaviour")) {
            boolean taken = !TOTP.steps(
                            row.get("code6sha1").asText(),
                            at(row.get("serverTime").asLong()))
                    .isEmpty();
            assertThat(taken)
                    .as(row.toString())
                    .isEqualTo(row.get("acceptWithWindow1").asBoolean());
            tried++;
        }
        assertThat(tried).isGreaterThan(8);
    }

    @Test
    @DisplayName("P25 only six ASCII digits are a code")
    void spellings() {
        String code = code(57_000_000);
        Instant now = at(57_000_000L * 30);
        assertThat(TOTP.steps(code, now)).isNotEmpty();
        String arabic = code.chars()
                .mapToObj(c -> String.valueOf((char) (c - '0' + 0x660)))
                .reduce("", String::concat);
        String wide = code.chars()
                .mapToObj(c -> String.valueOf((char) (c - '0' + 0xff10)))
                .reduce("", String::concat);
        assertThat(arabic.chars()).allMatch(Character::isDigit);
        for (String other : List.of(
                "",
                " " + code,
                code + " ",
                code + "\n",
                code.substring(0, 3) + " " + code.substring(3),
                "0" + code,
                "+" + code.substring(1),
                "-" + code.substring(1),
                code + "0",
                code.substring(1),
                code.replaceFirst("^0+", "") + "x",
                arabic,
                wide)) {
            assertThat(TOTP.steps(other, now)).as(other).isEmpty();
        }
    }

    @Test
    @DisplayName("P27 a new secret is 160 random bits, and a given one at least 128")
    void secrets() {
        RandomTokens random = new RandomTokens();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            String text = Totp.fresh(random).base32().text(RevealSecret.access());
            assertThat(text).matches("[A-Z2-7]{32}");
            assertThat(seen.add(text)).isTrue();
        }
        assertThat(Totp.of(new byte[16])).isNotNull();
        assertThat(Totp.of(new byte[64])).isNotNull();
        assertThatThrownBy(() -> Totp.of(new byte[15])).hasMessageContaining("16 to 64 bytes, not 15");
        assertThatThrownBy(() -> Totp.of(new byte[65])).hasMessageContaining("16 to 64 bytes, not 65");
    }

    @Test
    void aGivenSecretIsReadAsAppsWriteIt() {
        String text = TOTP.base32().text(RevealSecret.access());
        assertThat(text).isEqualTo("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for (String same : List.of(text, text.toLowerCase(java.util.Locale.ROOT))) {
            assertThat(Totp.parse(same).secret().sameAs(TOTP.secret())).isTrue();
        }
        for (String bad : List.of("", "GEZDGNBVGY3TQOJQ", text + "!", text.replace('G', '1'), "hunter2-is-no-secret")) {
            assertThatThrownBy(() -> Totp.parse(bad))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .message()
                    .doesNotContain("GEZ", "hunter2");
        }
    }

    @Test
    void theUriEncodesWhatItIsGiven() {
        assertThat(TOTP.uri("Acme", "ada@example.com").text(RevealSecret.access()))
                .isEqualTo("otpauth://totp/Acme:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme");
        assertThat(TOTP.uri("A&B = 100% Ümläut?", "x/y#z&secret=EVIL+1").text(RevealSecret.access()))
                .isEqualTo("otpauth://totp/A%26B%20%3D%20100%25%20%C3%9Cml%C3%A4ut%3F:x%2Fy%23z%26secret%3DEVIL%2B1"
                        + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=A%26B%20%3D%20100%25%20%C3%9Cml%C3%A4ut%3F");
    }

    @Test
    @DisplayName("L02 nothing that holds a secret prints it")
    void nothingPrints() {
        assertThat(TOTP + " " + TOTP.secret() + " " + TOTP.base32() + " " + TOTP.uri("Acme", "ada"))
                .doesNotContain("GEZD", RFC_SECRET);
    }

    /** RFC 4648, section 10. */
    @Test
    void everyValueOfRfc4648() {
        Map<String, String> vectors = Map.of(
                "", "",
                "f", "MY======",
                "fo", "MZXQ====",
                "foo", "MZXW6===",
                "foob", "MZXW6YQ=",
                "fooba", "MZXW6YTB",
                "foobar", "MZXW6YTBOI======");
        vectors.forEach((plain, text) -> {
            String bare = text.replace("=", "");
            assertThat(Base32.encode(plain.getBytes(US_ASCII))).isEqualTo(bare);
            for (String spelling : List.of(text, bare, bare.toLowerCase(java.util.Locale.ROOT))) {
                assertThat(new String(Base32.decode(spelling), US_ASCII))
                        .as(spelling)
                        .isEqualTo(plain);
            }
        });
    }

    @Test
    void base32IsReadStrictly() {
        assertThat(Base32.decode("MZXW6YTBOI======")).hasSize(6);
        for (String bad : List.of(
                "M",
                "MZX",
                "MZXW6Y",
                "MZ",
                "MZXR",
                "MZXW6YTBOJ",
                "MZXW6YTBOI=====",
                "MZXW6YTBOI=",
                "MY======MY======",
                "MZ=Q====",
                "========",
                "=======",
                "MZXW6YT8",
                "MZXW6YT1",
                "MZXW 6YTB",
                "MZXW6YTB\n",
                "MZXW6YT\u0131",
                "MZXW6YT\u017f",
                "MZXW6YT\u212a",
                "MZXW6YT\uff21")) {
            assertThatThrownBy(() -> Base32.decode(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void base32RoundTrips() {
        Random random = new Random(7);
        for (int length = 0; length < 100; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            assertThat(Base32.decode(Base32.encode(bytes))).isEqualTo(bytes);
        }
    }
}
