package dev.gatehouse.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;

/** Reads the bundles of a package as they lie there. */
public final class Bundles {
    private Bundles() {}

    /** The ids of all strings beside this class; every language must have them, and none may shout. */
    public static Set<String> keys(Class<?> beside) throws IOException {
        Set<String> english = read(beside, "messages.properties");
        assertThat(read(beside, "messages_de.properties")).isEqualTo(english);
        return english;
    }

    private static Set<String> read(Class<?> beside, String file) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(file))) {
            properties.load(new java.io.InputStreamReader(in, StandardCharsets.UTF_8));
        }
        properties.forEach((key, value) ->
                assertThat(value.toString()).as(key.toString()).isNotBlank().doesNotContain("!"));
        return properties.stringPropertyNames();
    }
}
