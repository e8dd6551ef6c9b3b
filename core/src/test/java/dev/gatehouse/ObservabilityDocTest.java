package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engine.Reasons;
import dev.gatehouse.spi.Telemetry.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/observability.md} are printed from the signals and the vocabulary. */
class ObservabilityDocTest {
    private static final Path PAGE = Path.of("../docs/observability.md");
    private static final String TABLE = "| Metric | Kind | Tags | Says |\n| --- | --- | --- | --- |\n";
    private static final String REASONS = "## Reasons\n";

    private static String row(Signal signal) {
        String tags = signal.tags().stream().map(tag -> "`" + tag + "`").collect(Collectors.joining(", "));
        return "| `%s` | %s | %s | %s |\n".formatted(signal.wire(), signal.kind(), tags, signal.text());
    }

    @Test
    void everySignalAndEveryReasonStandsOnThePage() throws IOException {
        String page = Files.readString(PAGE);
        int table = page.indexOf(TABLE) + TABLE.length();
        int rest = page.indexOf("\n\n", table);
        String expected = page.substring(0, table)
                + Arrays.stream(Signal.values())
                        .map(ObservabilityDocTest::row)
                        .collect(Collectors.joining())
                        .stripTrailing()
                + page.substring(rest, page.indexOf(REASONS))
                + REASONS
                + "\nThe error codes of the REST API, of the pages, the filter and deliveries; a word for the status where there is no"
                + " code.\n`other` is for a code without a word here, which is a bug.\n\n"
                + Reasons.words().stream().map(word -> "`" + word + "`").collect(Collectors.joining(",\n"))
                + "\n";
        if ("true".equals(System.getenv("REWRITE_DOCS"))) {
            Files.writeString(PAGE, expected);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/observability.md; print it anew with REWRITE_DOCS=true")
                .isEqualTo(expected);
    }

    @Test
    void everyTagIsExplained() throws IOException {
        String page = Files.readString(PAGE);
        Set<String> explained = Pattern.compile("(?m)^\\| `([a-z_]+)` \\|")
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        assertThat(explained)
                .isEqualTo(Arrays.stream(Signal.values())
                        .flatMap(signal -> signal.tags().stream())
                        .collect(Collectors.toSet()));
    }
}
