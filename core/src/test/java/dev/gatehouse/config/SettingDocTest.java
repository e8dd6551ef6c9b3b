package dev.gatehouse.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} is printed from {@link Setting}; what stands above the first setting is written by hand. */
class SettingDocTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");

    @Test
    void everySettingStandsOnThePageAsItIsDeclared() throws IOException {
        String page = Files.readString(PAGE);
        String head = page.substring(0, page.indexOf("\n## ") + 1);
        StringBuilder printed = new StringBuilder(head);
        for (Setting<?> setting : Setting.all()) {
            printed.append("## ")
                    .append(setting.key())
                    .append("\n\n")
                    .append(setting.doc())
                    .append("\n\n");
            if (setting.secret()) {
                printed.append("A secret: never logged.\n\n");
            }
            if (!setting.fallback().isEmpty()) {
                printed.append("Default: `").append(setting.fallback()).append("`\n\n");
            }
        }
        String expected = printed.toString().stripTrailing() + "\n";
        if ("true".equals(System.getenv("REWRITE_DOCS"))) {
            Files.writeString(PAGE, expected);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/configuration.md; print it anew with REWRITE_DOCS=true")
                .isEqualTo(expected);
        assertThat(Setting.all()).hasSizeGreaterThan(20);
    }
}
