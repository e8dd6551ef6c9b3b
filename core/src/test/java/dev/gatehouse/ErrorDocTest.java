package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/errors.md} is printed from what the sources refuse with; what stands above the table is written by hand. A
 * text that names something is printed with {@code …} in its place.
 */
class ErrorDocTest {
    private static final Path PAGE = Path.of("../docs/errors.md");
    private static final List<Path> SOURCES =
            List.of(Path.of("src/main/java"), Path.of("../servlet-filter/src/main/java"));
    private static final String TEXT = "\"((?:[^\"\\\\]|\\\\.)*)\"";
    private static final Pattern REFUSAL =
            Pattern.compile("(?:ApiException\\s*\\.(?:of|oauth)\\(|refuse\\([^;]*?http,\\s*answer,)"
                    + "\\s*(\\d{3}),\\s*\"([A-Za-z_]+)\",\\s*((?:" + TEXT + "|(?:[^;()\"]|\\(\\))*?)(?:\\s*\\+\\s*(?:"
                    + TEXT
                    + "|(?:[^;()\"+]|\\(\\))+))*)");

    /** Statuses and texts of a code. */
    private record Entry(SortedSet<String> statuses, SortedSet<String> texts) {}

    private static Map<String, Entry> refusals() throws IOException {
        Map<String, Entry> all = new TreeMap<>();
        for (Path root : SOURCES) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".java"))
                        .sorted()
                        .toList()) {
                    REFUSAL.matcher(Files.readString(file)).results().forEach(found -> {
                        Entry entry = all.computeIfAbsent(
                                found.group(2), code -> new Entry(new TreeSet<>(), new TreeSet<>()));
                        entry.statuses.add(found.group(1));
                        String text = text(found.group(3));
                        if (!text.isEmpty()) {
                            entry.texts.add(text);
                        }
                    });
                }
            }
        }
        return all;
    }

    /** A Java expression as a reader meets its value. */
    private static String text(String expression) {
        StringBuilder text = new StringBuilder();
        for (MatchResult part : Pattern.compile(TEXT + "|[^\\s+\"][^+\"]*")
                .matcher(expression)
                .results()
                .toList()) {
            text.append(part.group(1) == null ? "…" : part.group(1));
        }
        String value = text.toString().strip();
        return value.equals("…") ? "" : value.replace("|", "\\|");
    }

    @Test
    void everyCodeStandsOnThePage() throws IOException {
        String page = Files.readString(PAGE);
        StringBuilder printed = new StringBuilder(page.substring(0, page.indexOf("\n| code") + 1));
        printed.append("| code | status | says |\n|---|---|---|\n");
        refusals()
                .forEach((code, entry) -> printed.append("| `")
                        .append(code)
                        .append("` | ")
                        .append(String.join(", ", entry.statuses))
                        .append(" | ")
                        .append(String.join(" · ", entry.texts))
                        .append(" |\n"));
        if ("true".equals(System.getenv("REWRITE_DOCS"))) {
            Files.writeString(PAGE, printed.toString());
        }
        assertThat(Files.readString(PAGE))
                .as("docs/errors.md; print it anew with REWRITE_DOCS=true")
                .isEqualTo(printed.toString());
        assertThat(refusals()).hasSizeGreaterThan(100).containsKeys("invalid_credentials", "not_signed_in");
    }
}
