package dev.gatehouse.config;

import dev.gatehouse.spi.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The values of all settings, read and checked once at start. */
public final class Config {
    private final Map<String, Value> values = new HashMap<>();

    /**
     * A value and where it came from.
     *
     * @param shown the text for errors; empty for a secret
     */
    private record Value(Object value, String shown, String from) {}

    private Config() {}

    /**
     * Reads every setting; a later source wins. A value may be a reference: {@code env:NAME} or {@code file:/path}.
     *
     * @throws ConfigException naming the key, the source, and what is expected; also for a key that a source sets and no
     *     setting has, since a misspelt rule would protect nothing
     */
    public static Config of(List<Settings> sources) {
        Config config = new Config();
        Set<String> known = Setting.all().stream().map(Setting::key).collect(Collectors.toSet());
        for (Settings source : sources) {
            for (String key : source.keys()) {
                if (!known.contains(key)) {
                    throw new ConfigException("There is no setting " + key + ", which " + source.source()
                            + " sets. All settings are in docs/configuration.md.");
                }
            }
        }
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
            config.values.put(setting.key(), parse(setting, text, from));
        }
        return config;
    }

    /** The value of a setting. */
    @SuppressWarnings("unchecked") // put by parse() of the same setting
    public <T> T get(Setting<T> setting) {
        return (T) read(setting).value;
    }

    private Value read(Setting<?> setting) {
        Value value = values.get(setting.key());
        if (value == null) {
            throw new IllegalArgumentException("unknown setting " + setting.key());
        }
        return value;
    }

    /** A setting and its source, as errors name them; a secret without its value. */
    public String named(Setting<?> setting) {
        return named(setting, read(setting));
    }

    private static String named(Setting<?> setting, Value value) {
        return "Setting " + setting.key() + value.shown + " from " + value.from;
    }

    /** What is thrown for a value that fits its setting, but not what else is set or stored. */
    public ConfigException refused(Setting<?> setting, String why) {
        return refused(setting, read(setting), why);
    }

    private static ConfigException refused(Setting<?> setting, Value value, String why) {
        return new ConfigException(named(setting, value) + " cannot be used: " + why + ". See docs/configuration.md#"
                + setting.key() + ".");
    }

    private static Value parse(Setting<?> setting, String text, String from) {
        String shown = setting.secret() ? "" : " '" + text + "'";
        try {
            return new Value(setting.parser().apply(resolved(text)), shown, from);
        } catch (IllegalArgumentException e) {
            throw refused(setting, new Value("", shown, from), String.valueOf(e.getMessage()));
        }
    }

    /**
     * What a value stands for: {@code env:NAME} and {@code file:PATH} are that variable's and that file's content.
     *
     * @throws IllegalArgumentException if there is no such variable or file
     */
    public static String resolved(String text) {
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
            try {
                return Files.readString(file).strip();
            } catch (IOException e) {
                throw new IllegalArgumentException("file " + file + " cannot be read", e);
            }
        }
        return text;
    }
}
