package dev.gatehouse.crypto;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SealedCookieTest {
    private static final String LONG = "0123456789abcdef".repeat(600);

    @Test
    void aShortValueIsOnePlainCookie() {
        assertThat(SealedCookie.write("s", "k1.abc")).containsExactly(entry("s", "k1.abc"));
        assertThat(SealedCookie.read("s", SealedCookie.write("s", "k1.abc"))).contains("k1.abc");
    }

    @Test
    void everyLengthComesBackAndNoCookieIsTooLarge() {
        for (int length = 1; length < 30_000; length += 613) {
            String value = "x".repeat(length);
            List<Map.Entry<String, String>> cookies = SealedCookie.write("session", value);
            assertThat(cookies)
                    .allMatch(c -> c.getKey().length() + 1 + c.getValue().length() <= 3_800);
            assertThat(SealedCookie.read("session", cookies)).contains(value);
        }
    }

    @Test
    void moreThanEightCookiesAreRefused() {
        assertThatThrownBy(() -> SealedCookie.write("s", "x".repeat(8 * 3_800)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSetWithAMissingChunkIsNoCookie() {
        List<Map.Entry<String, String>> all = SealedCookie.write("s", LONG);
        assertThat(SealedCookie.read("s", all)).contains(LONG);
        assertThat(all).hasSize(3);
        for (int i = 0; i < all.size(); i++) {
            List<Map.Entry<String, String>> fewer = new ArrayList<>(all);
            fewer.remove(i);
            assertThat(SealedCookie.read("s", fewer)).isEmpty();
        }
    }

    @Test
    void aNameThatOccursTwiceIsNoCookie() {
        List<Map.Entry<String, String>> all = SealedCookie.write("s", LONG);
        assertThat(SealedCookie.read("s", all)).isPresent();
        for (Map.Entry<String, String> twice : all) {
            for (String value : List.of(twice.getValue(), "other")) {
                List<Map.Entry<String, String>> more = new ArrayList<>(all);
                more.add(0, entry(twice.getKey(), value));
                assertThat(SealedCookie.read("s", more)).isEmpty();
            }
        }
    }

    @Test
    void absurdIndicesAndStrangersAreIgnored() {
        List<Map.Entry<String, String>> cookies = new ArrayList<>(SealedCookie.write("s", LONG));
        for (String stranger : List.of("s.99999999", "s.99999999", "s.-1", "s.01", "s.", "S", "sx", "s.1.1", "s.8")) {
            cookies.add(entry(stranger, "x"));
        }
        assertThat(SealedCookie.read("s", cookies)).contains(LONG);
    }

    @Test
    void aForgedCountIsNoCookie() {
        for (String first : List.of("0!x", "1!x", "9!x", "!!x", "a!x", "-!x", "\u0662!x", "")) {
            assertThat(SealedCookie.read("s", List.of(entry("s", first), entry("s.1", "y"))))
                    .as(first)
                    .isEmpty();
        }
        assertThat(SealedCookie.read("s", List.of(entry("s", "2!x"), entry("s.1", "y"))))
                .contains("xy");
        assertThat(SealedCookie.read("s", List.of(entry("t", "x")))).isEmpty();
    }

    @Test
    void aValueThatACookieCannotCarryIsRefused() {
        for (String wrong : List.of("", "a b", "a;b", "a,b", "a\"b", "a\\b", "a\nb", "\u00e9", "2!x")) {
            assertThatThrownBy(() -> SealedCookie.write("s", wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(SealedCookie.write("s", "Fe26.2*1*ab~2")).hasSize(1);
    }

    @Test
    void allNamesThatMayBeStaleAreKnown() {
        assertThat(SealedCookie.names("s")).containsExactly("s", "s.1", "s.2", "s.3", "s.4", "s.5", "s.6", "s.7");
    }
}
