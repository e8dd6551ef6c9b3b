package dev.gatehouse.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Options of a command line: {@code --name value}, {@code --flag}, and what stands alone. */
final class Arguments {
    /** Settings that have an option; all others come from the environment and system properties. */
    private static final Map<String, String> SETTINGS =
            Map.of("--data", "data-directory", "--database-url", "jdbc-url");

    /** The command line is wrong; says how. */
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message);
        }
    }

    private final Map<String, String> values = new HashMap<>();
    private final Set<String> flags;
    private final List<String> alone = new ArrayList<>();

    /**
     * Reads a command line.
     *
     * @throws Wrong if an option is unknown, or has no value
     */
    Arguments(String[] arguments, Set<String> withValue, Set<String> flags) {
        this.flags = flags;
        for (int i = 0; i < arguments.length; i++) {
            String name = arguments[i];
            if (!name.startsWith("--")) {
                alone.add(name);
            } else if (flags.contains(name)) {
                values.put(name, "");
            } else if (withValue.contains(name) || SETTINGS.containsKey(name)) {
                if (++i == arguments.length) {
                    throw new Wrong("expected a value for " + name);
                }
                values.put(name, arguments[i]);
            } else {
                throw new Wrong("there is no option " + name);
            }
        }
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    boolean flag(String name) {
        return flags.contains(name) && values.containsKey(name);
    }

    List<String> alone() {
        return alone;
    }

    /** One of the words that an option takes. */
    <E extends Enum<E>> Optional<E> word(String name, Class<E> type) {
        return value(name).map(text -> {
            for (E constant : type.getEnumConstants()) {
                if (constant.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text)) {
                    return constant;
                }
            }
            throw new Wrong("there is no " + name + " " + text);
        });
    }

    /** Gives the settings among the options to the configuration. */
    void set() {
        SETTINGS.forEach((option, key) -> value(option).ifPresent(v -> System.setProperty("gatehouse." + key, v)));
    }
}
