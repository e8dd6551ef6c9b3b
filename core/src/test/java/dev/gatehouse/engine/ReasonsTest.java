package dev.gatehouse.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The vocabulary of reasons is what the sources refuse with: no more, no less. */
class ReasonsTest {
    private static final String CODE = "\"([a-z][a-z0-9_]*)\"";

    private static Set<String> found(String pattern) throws IOException {
        Set<String> all = new TreeSet<>();
        Pattern code = Pattern.compile(pattern);
        for (String module : new String[] {"../core", "../servlet-filter"}) {
            try (Stream<Path> sources = Files.walk(Path.of(module, "src/main/java"))) {
                for (Path source : sources.filter(s -> s.toString().endsWith(".java") && !s.endsWith("Reasons.java"))
                        .toList()) {
                    Matcher matcher = code.matcher(Files.readString(source));
                    while (matcher.find()) {
                        all.add(matcher.group(1));
                    }
                }
            }
        }
        return all;
    }

    @Test
    void everyCodeOfARefusalIsAWord() throws IOException {
        Set<String> codes = found("ApiException\\s*\\.(?:of|oauth)\\(\\s*\\d{3},\\s*" + CODE);
        codes.addAll(found("new Refusal\\(\\s*" + CODE));
        codes.addAll(found("Refusals\\.refuse\\([^\"]*" + CODE));
        codes.addAll(found("frame\\.error\\([^\"]*" + CODE));
        assertThat(codes).as("found in the sources").contains("invalid_credentials", "role_required", "other_site");
        codes.remove("duplicate_"); // with a word behind it
        assertThat(Reasons.words()).containsAll(codes);
    }

    @Test
    void everyProblemThatPagesTellOfIsAWord() throws IOException {
        Set<String> problems = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("src/main/resources/dev/gatehouse/pages/messages.properties"))) {
            if (line.startsWith("error.")) {
                problems.add(line.substring("error.".length(), line.indexOf('=')));
            }
        }
        assertThat(problems).contains("ended", "too_many");
        assertThat(Reasons.words()).containsAll(problems);
    }

    @Test
    void noWordIsOfNoUse() throws IOException {
        Set<String> literals = found(CODE);
        try (Stream<String> lines =
                Files.lines(Path.of("src/main/resources/dev/gatehouse/pages/messages.properties"))) {
            lines.filter(line -> line.startsWith("error."))
                    .forEach(line -> literals.add(line.substring("error.".length(), line.indexOf('='))));
        }
        Set<String> computed = Set.of("answered_1xx", "answered_3xx", "answered_4xx", "answered_5xx");
        assertThat(Reasons.words())
                .allMatch(word -> literals.contains(word)
                        || computed.contains(word)
                        || word.equals(Reasons.of("", 422))
                        || word.equals(Reasons.of("", 410))
                        || word.equals(Reasons.of("", 429))
                        || word.equals(Reasons.OTHER)
                        || word.startsWith("duplicate_"));
    }

    @Test
    void whatIsNoWordIsToldAsOther() {
        assertThat(Reasons.of("invalid_credentials")).isEqualTo("invalid_credentials");
        assertThat(Reasons.of("ada@example.com")).isEqualTo("other");
        assertThat(Reasons.of("user_01ABC", 400)).isEqualTo("other");
        assertThat(Reasons.of("", 404)).isEqualTo("not_found");
    }
}
