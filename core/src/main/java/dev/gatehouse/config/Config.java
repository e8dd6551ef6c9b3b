package dev.gatehouse.config;

import dev.gatehouse.spi.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values of all settings, read and checked once at start. */
public final class Config {
    private final Map<Setting<?>, Object> values = new HashMap<>();

    private Config() {}

    /**
     * Reads every setting; a later source wins. A value may be a reference: {@code env:NAME} or {@code file:/path}.
     *
     * @throws ConfigException naming the key, the source, and what is expected
     */
    public static Config of(List<Settings> sources) {
        Config config = new Config();
        for (Setting<?> setting : Setting.all()) {
            String text = setting.fallback();
            String from = "the default";
            for (Settings source : sources) {
                Optional<String> value = source.value(setting.key());
                if (value.isPresent()) {
                    text = value.get().trim();
                    from = source.source();
                }
            }
            config.values.put(setting, parse(setting, text, from));
        }
        return config;
    }

    /** The value of a setting. */
    @SuppressWarnings("unchecked") // put by parse() of the same setting
    public <T> T get(Setting<T> setting) {
        Object value = values.get(setting);
        if (value == null) {
            throw new IllegalArgumentException("unknown setting " + setting.key());
        }
        return (T) value;
    }

    private static Object parse(Setting<?> setting, String text, String from) {
        try {
            return setting.parser().apply(resolve(text));
        } catch (IllegalArgumentException | IOException e) {
            String shown = setting.secret() ? "" : " '" + text + "'";
            throw new ConfigException("Setting " + setting.key() + shown + " from " + from + " cannot be used: "
                    + e.getMessage() + ". See docs/configuration.md#" + setting.key() + ".");
        }
    }

    private static String resolve(String text) throws IOException {
        if (text.startsWith("env:")) {
            String value = System.getenv(text.substring(4));
            if (value == null) {
                throw new IllegalArgumentException("environment variable " + text.substring(4) + " is not set");
            }
            return value;
        }
        if (text.startsWith("file:")) {
            Path file = Path.of(text.substring(5));
            if (!Files.isReadable(file)) {
                throw new IllegalArgumentException("file " + file + " cannot be read");
            }
            return Files.readString(file).strip();
        }
        return text;
    }
}
