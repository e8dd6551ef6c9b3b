package dev.gatehouse.store;

import dev.gatehouse.spi.ViewSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/**
 * What differs between databases. MySQL and MariaDB may join: no key is wider than InnoDB's 3072 bytes in utf8mb4, no
 * statement uses RETURNING, and {@code insert ignore} would be their {@link #insertIfAbsent}; they need {@code _bin}
 * collations.
 */
enum Dialect {
    H2("h2") {
        @Override
        String insertIfAbsent(String insert) {
            return insert; // a duplicate fails the statement only, and the caller looks again
        }

        @Override
        String time(String millis) {
            return "dateadd('millisecond', " + millis + ", timestamp with time zone '1970-01-01 00:00:00+00')";
        }

        @Override
        String member(ViewSpec.Column column) {
            String json = "nullif(cast((body format json).\"" + column.name() + "\" as varchar), 'null')";
            return switch (column.type()) {
                case TEXT ->
                    "replace(replace(regexp_replace(" + json
                            + ", '^\"(.*)\"$', '$1', 'n'), '\\\"', '\"'), '\\\\', '\\')";
                case BOOLEAN -> "cast(" + json + " as boolean)";
                case NUMBER -> "cast(" + json + " as numeric)";
                case JSON -> json;
            };
        }

        @Override
        String view(String name, String select) {
            return "create or replace view " + name + " as " + select;
        }
    },
    POSTGRESQL("postgresql") {
        @Override
        String insertIfAbsent(String insert) {
            return insert + " on conflict do nothing";
        }

        @Override
        String time(String millis) {
            return "to_timestamp(" + millis + " / 1000.0)";
        }

        @Override
        String member(ViewSpec.Column column) {
            String text = "((body::jsonb) ->> '" + column.name() + "')";
            return switch (column.type()) {
                case TEXT, JSON -> text;
                case BOOLEAN -> text + "::boolean";
                case NUMBER -> text + "::numeric";
            };
        }

        @Override
        String view(String name, String select) {
            // "offset 0" makes the view not updatable: a simple one would accept inserts
            return "create or replace view " + name + " as " + select + " offset 0";
        }
    };

    private final String vendor;

    Dialect(String vendor) {
        this.vendor = vendor;
    }

    /** Folder of its migrations. */
    String vendor() {
        return vendor;
    }

    /** An insert that may do nothing if the key is there. */
    abstract String insertIfAbsent(String insert);

    /** A timestamp with time zone from a column of milliseconds. */
    abstract String time(String millis);

    /** A member of the JSON body as a column. */
    abstract String member(ViewSpec.Column column);

    /** Statement that makes a read-only view. */
    abstract String view(String name, String select);

    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
        return switch (product) {
            case "h2" -> H2;
            case "postgresql" -> POSTGRESQL;
            default -> throw new SQLException("Gatehouse stores in H2 and PostgreSQL; this is " + product);
        };
    }
}
