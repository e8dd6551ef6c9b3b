package dev.gatehouse.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.api.Request;
import dev.gatehouse.ui.Bundles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TextsTest {
    private static final String FIREFOX =
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0";
    private static final String EDGE =
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0";
    private static final String IPHONE =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1";

    private static Texts of(String acceptLanguage) {
        return Texts.of(new Request(
                "GET", "/", "", Map.of("accept-language", List.of(acceptLanguage)), new byte[0], "127.0.0.1", true));
    }

    @Test
    void everyLanguageHasEveryStringAndEveryStringIsUsed() throws IOException {
        Set<String> english = Bundles.keys(Texts.class);
        Set<String> asked = new HashSet<>();
        try (Stream<Path> templates = Files.list(Path.of("src/main/jte"))) {
            for (Path template : templates.filter(Files::isRegularFile).toList()) {
                Pattern.compile("v\\.t\\(\"([a-z_.]+)\"")
                        .matcher(Files.readString(template))
                        .results()
                        .forEach(match -> asked.add(match.group(1)));
            }
        }
        assertThat(english).containsAll(asked);
        asked.addAll(Set.of("device", "device_at", "unknown_device"));
        assertThat(english.stream().filter(key -> !key.startsWith("error.")))
                .as("strings that nothing shows")
                .allMatch(asked::contains);
    }

    @Test
    void theBrowsersLanguageIsSpokenWhereItIsKnown() {
        assertThat(of("de-AT,de;q=0.9,en;q=0.8").language()).isEqualTo("de");
        assertThat(of("fr,en;q=0.5").language()).isEqualTo("en");
        assertThat(of("%%%").language()).isEqualTo("en");
        assertThat(of("x".repeat(10_000)).language()).isEqualTo("en");
    }

    @Test
    void aDeviceIsNamedInAPersonsWords() {
        assertThat(of("en").device(FIREFOX)).isEqualTo("Firefox on Windows");
        assertThat(of("de").device(EDGE)).isEqualTo("Edge auf macOS");
        assertThat(of("en").device(IPHONE)).isEqualTo("Safari on iPhone");
        assertThat(of("en").device("curl/8.5")).isEqualTo("curl");
        assertThat(of("en").device("nothing known")).isEqualTo("Unknown device");
        assertThat(of("en").device(null)).isEqualTo("Unknown device");
    }
}
