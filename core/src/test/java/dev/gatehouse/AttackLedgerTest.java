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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every entry of the attack catalogue's finished groups is named by a test or answered in {@code docs/security.md}. */
class AttackLedgerTest {
    /**
     * Sessions, passwords, passkeys, redirects, CSRF, HTTP, bombs, tenants, timing ("E" there), races, webhooks, SAML, JOSE,
     * OpenID Connect.
     */
    private static final String GROUPS = "[CPKRFHXTEQWSJO][0-9]{2}";

    private static final Pattern ID = Pattern.compile("\\b" + GROUPS + "\\b");
    private static final Pattern ANSWER = Pattern.compile("(?m)^- \\*\\*(" + GROUPS + ")\\*\\* ");
    private static final Path ROOT = Path.of("..");

    @Test
    void everyEntryIsTestedOrAnswered() throws IOException {
        Path catalogue = ROOT.resolve("../shared/security/ATTACKS.md");
        assumeTrue(Files.exists(catalogue), "the catalogue is not beside this checkout");
        Set<String> entries = new TreeSet<>();
        for (String line : Files.readAllLines(catalogue)) {
            Matcher row = Pattern.compile("^\\| (" + GROUPS + ") \\|").matcher(line);
            if (row.find()) {
                entries.add(row.group(1));
            }
        }
        assertThat(entries).as("entries read").hasSizeGreaterThan(330);
        // an answer is a line of its own; that a sentence names a test is none
        Set<String> answered = new TreeSet<>();
        ANSWER.matcher(Files.readString(ROOT.resolve("docs/security.md")))
                .results()
                .forEach(line -> answered.add(line.group(1)));
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(file -> file.toString().contains("src/test/java"))
                    .filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("AttackLedgerTest.java"))
                    .toList()) {
                answered.addAll(ids(Files.readString(file)));
            }
        }
        entries.removeAll(answered);
        assertThat(entries).as("neither tested nor answered").isEmpty();
    }

    @Test
    @DisplayName("names of algorithms, hashes and identifiers are no entries")
    void otherWords() {
        assertThat(ids("S59 (S60), S61-S64 J01: \"O24\"")).containsExactly("J01", "O24", "S59", "S60", "S61", "S64");
        assertThat(ids("S256 ES256 PS384 SHA256 SHA-256 RS256 OS01X xS59 S5 S590 _S59 \"AAS59==\" H2 X509 C14N J2000"))
                .isEmpty();
    }

    private static Set<String> ids(String text) {
        Set<String> found = new TreeSet<>();
        ID.matcher(text).results().forEach(match -> found.add(match.group()));
        return found;
    }
}
