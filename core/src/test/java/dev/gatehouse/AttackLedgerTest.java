package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every entry of the attack catalogue's finished groups is named by a test or answered in {@code docs/security.md}. */
class AttackLedgerTest {
    /** Sessions, passwords, passkeys, redirects, CSRF, HTTP, bombs, tenants, timing ("E" there), races, webhooks. */
    private static final Pattern ID = Pattern.compile("\\b[CPKRFHXTEQW][0-9]{2}\\b");

    private static final Path ROOT = Path.of("..");

    @Test
    void everyEntryIsTestedOrAnswered() throws IOException {
        Path catalogue = ROOT.resolve("../shared/security/ATTACKS.md");
        assumeTrue(Files.exists(catalogue), "the catalogue is not beside this checkout");
        Set<String> entries = new TreeSet<>();
        for (String line : Files.readAllLines(catalogue)) {
            Matcher row = Pattern.compile("^\\| ([CPKRFHXTEQW][0-9]{2}) \\|").matcher(line);
            if (row.find()) {
                entries.add(row.group(1));
            }
        }
        assertThat(entries).as("entries read").hasSizeGreaterThan(157);
        Set<String> answered = ids(Files.readString(ROOT.resolve("docs/security.md")));
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(file -> file.toString().contains("src/test/java"))
                    .filter(file -> file.toString().endsWith(".java"))
                    .toList()) {
                answered.addAll(ids(Files.readString(file)));
            }
        }
        entries.removeAll(answered);
        assertThat(entries).as("neither tested nor answered").isEmpty();
    }

    private static Set<String> ids(String text) {
        Set<String> found = new TreeSet<>();
        ID.matcher(text).results().forEach(match -> found.add(match.group()));
        return found;
    }
}
