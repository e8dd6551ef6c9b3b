package dev.gatehouse.pages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.PageWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What telemetry calls pages. */
class PageNamesTest {
    @Test
    void everyPageThatTheSourcesKnowHasItsName() throws IOException {
        Set<String> pages = new HashSet<>();
        Pattern page = Pattern.compile("\"/((?:[a-z-]+/)*[a-z.-]+)\"");
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/dev/gatehouse/pages"))) {
            for (Path source : sources.filter(s -> s.toString().matches(".*(Pages|Changes)\\.java"))
                    .toList()) {
                Matcher found = page.matcher(Files.readString(source));
                while (found.find()) {
                    pages.add(found.group(1));
                }
            }
        }
        pages.remove("options"); // the end of several names
        assertThat(pages).as("found in the sources").contains("sign-in", "account/email/confirm");
        assertThat(pages)
                .allSatisfy(name -> assertThat(PageNames.of("/" + name)).isEqualTo(name));
        Set<String> expected = new HashSet<>(PageWords.ALL);
        expected.remove("unmatched");
        assertThat(PageNames.all()).isEqualTo(expected);
    }

    @Test
    void whatIsTypedIntoAPathIsInNoName() {
        assertThat(PageNames.of("/sso/saml/acs/AbCdEf")).isEqualTo("sso/saml/acs");
        for (String path : List.of(
                "", "/", "/sign-in/", "/ada@example.com", "/sso/", "/sso//", "/sso/saml", "/sso/x/y/z", "/account/x")) {
            assertThat(PageNames.of(path)).as(path).isEqualTo("unmatched");
        }
    }
}
