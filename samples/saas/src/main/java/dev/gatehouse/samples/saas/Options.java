package dev.gatehouse.samples.saas;

import dev.gatehouse.samples.common.SampleServer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@code bin/saas} was called with.
 *
 * @param port on 127.0.0.1
 * @param data directory of databases and keys
 * @param databaseUrl PostgreSQL of the caller's; null for none
 * @param postgres whether to start a PostgreSQL
 * @param keycloak whether to start a Keycloak
 */
record Options(int port, Path data, @Nullable String databaseUrl, boolean postgres, boolean keycloak) {
    static final String USAGE =
            "usage: saas [--port 8080] [--data data/saas] [--database-url jdbc:postgresql:… | --postgres] [--keycloak]";

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException with what was expected
     */
    static Options of(String[] arguments) {
        Options options = new Options(8080, Path.of("data", "saas"), null, false, false);
        for (int i = 0; i < arguments.length; i++) {
            options = switch (arguments[i]) {
                case "--postgres" ->
                    new Options(options.port, options.data, options.databaseUrl, true, options.keycloak);
                case "--keycloak" ->
                    new Options(options.port, options.data, options.databaseUrl, options.postgres, true);
                default -> options.with(arguments[i], i + 1 < arguments.length ? arguments[++i] : null);
            };
        }
        if (options.postgres && options.databaseUrl != null) {
            throw new IllegalArgumentException("expected one of --postgres and --database-url");
        }
        return options;
    }

    private Options with(String option, @Nullable String value) {
        return switch (option) {
            case "--port" -> new Options(port(given(option, value)), data, databaseUrl, postgres, keycloak);
            case "--data" -> new Options(port, Path.of(given(option, value)), databaseUrl, postgres, keycloak);
            case "--database-url" -> new Options(port, data, given(option, value), postgres, keycloak);
            default -> throw new IllegalArgumentException("expected one of these options, not " + option);
        };
    }

    private static String given(String option, @Nullable String value) {
        if (value == null) {
            throw new IllegalArgumentException("expected a value for " + option);
        }
        return value;
    }

    private static int port(String value) {
        int port = SampleServer.port(value);
        if (port == 0) {
            throw new IllegalArgumentException("expected a number from 1 to 65535 for --port, not " + value);
        }
        return port;
    }
}
