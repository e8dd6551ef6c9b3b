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
        boolean oneWriter(String url) {
            return !url.startsWith("jdbc:h2:mem:"); // nothing outlives the process there
        }

        @Override
        String insertIfAbsent(String insert) {
            return insert; // a duplicate fails the statement only, and the caller looks again
        }

        @Override
        String join(String table, String alias, String condition) {
            return " join " + table + " " + alias + " on " + condition;
        }

        @Override
        String time(String millis) {
            return "dateadd('millisecond', " + millis + ", timestamp with time zone '1970-01-01 00:00:00+00')";
        }

        @Override
        String document(String body) {
            return "(" + body + " format json)";
        }

        /**
         * H2 has no JSON_VALUE; its JSON text uses only escapes that Java's string literals have too. As short as can be,
         * since H2 reads every view again, twice, whenever it opens a file.
         */
        @Override
        String member(String document, ViewSpec.Column column) {
            String json = "cast((" + document + ").\"" + column.name() + "\" as varchar)";
            return switch (column.type()) {
                case TEXT ->
                    "stringdecode(regexp_replace(regexp_replace(nullif(" + json + ", 'null'), '^\"', ''), '\"$', ''))";
                case BOOLEAN -> "case " + json + " when 'true' then true when 'false' then false end";
                case NUMBER ->
                    "case when regexp_like(" + json + ", '^-?[0-9]') then cast(" + json + " as decfloat) end";
                case JSON -> "nullif(" + json + ", 'null')";
            };
        }

        @Override
        String view(String name, String comment, String select, String from) {
            return "create or replace view " + name + " comment '" + comment + "' as " + select + " from (" + from
                    + ") s";
        }

        @Override
        String tables(String prefix) {
            return "select lower(table_name), remarks from information_schema.tables where table_schema = current_schema"
                    + " and lower(left(table_name, " + prefix.length() + ")) = '" + prefix + "'";
        }

        @Override
        String quoted(String name) {
            return '"' + name.toUpperCase(Locale.ROOT) + '"';
        }
    },
    POSTGRESQL("postgresql") {
        @Override
        String insertIfAbsent(String insert) {
            return insert + " on conflict do nothing";
        }

        /** Without the offset it may begin with all rows of a kind of which its statistics do not know yet how many there are. */
        @Override
        String join(String table, String alias, String condition) {
            return " join lateral (select * from " + table + " " + alias + " where " + condition + " offset 0) " + alias
                    + " on true";
        }

        @Override
        String time(String millis) {
            return "to_timestamp(" + millis + " / 1000.0)";
        }

        /** jsonb cannot hold an escaped U+0000, and one such row would make the whole view fail. */
        @Override
        String document(String body) {
            return "cast(case when position('\\u0000' in " + body + ") = 0 then " + body + " else regexp_replace("
                    + body + ", '(?<!\\\\)((?:\\\\\\\\)*)\\\\u0000', '\\1\\\\ufffd', 'g') end as jsonb)";
        }

        @Override
        String member(String document, ViewSpec.Column column) {
            String json = "(" + document + " -> '" + column.name() + "')";
            String text = "(" + document + " ->> '" + column.name() + "')";
            return switch (column.type()) {
                case TEXT -> text;
                case BOOLEAN -> "case when jsonb_typeof" + json + " = 'boolean' then cast(" + text + " as boolean) end";
                case NUMBER -> "case when jsonb_typeof" + json + " = 'number' then cast(" + text + " as numeric) end";
                case JSON -> "case when jsonb_typeof" + json + " <> 'null' then cast(" + json + " as text) end";
            };
        }

        /** A plain view over one table could be written through; one with a WITH clause cannot. */
        @Override
        String view(String name, String comment, String select, String from) {
            return "create or replace view " + name + " as with s as (" + from + ") " + select
                    + " from s; comment on view " + name + " is '" + comment + "'";
        }

        @Override
        String tables(String prefix) {
            return "select relname, obj_description(c.oid, 'pg_class') from pg_class c join pg_namespace n"
                    + " on n.oid = relnamespace where nspname = current_schema and relkind in ('r', 'v') and left(relname, "
                    + prefix.length() + ") = '" + prefix + "'";
        }

        @Override
        String quoted(String name) {
            return '"' + name + '"';
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

    /** Whether transactions must change the database at this URL one after another, as {@link Turn} says. */
    boolean oneWriter(String url) {
        return false;
    }

    /** An insert that may do nothing if the key is there. */
    abstract String insertIfAbsent(String insert);

    /** Joins the rows of a table that meet a condition to each row of what was named before, which is read first. */
    abstract String join(String table, String alias, String condition);

    /** A timestamp with time zone from a column of milliseconds. */
    abstract String time(String millis);

    /** JSON text as a JSON value. */
    abstract String document(String body);

    /** A member of a JSON value as a column, null if it is missing or of another type. */
    abstract String member(String document, ViewSpec.Column column);

    /** Statement that makes a read-only view with a comment; {@code select} calls its source {@code s}. */
    abstract String view(String name, String comment, String select, String from);

    /** Query for the tables and views of the current schema under a prefix: name in lower case, and comment. */
    abstract String tables(String prefix);

    /** A name that may be a word of the language, in the case that it would have without quotes. */
    abstract String quoted(String name);

    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
        return switch (product) {
            case "h2" -> H2;
            case "postgresql" -> POSTGRESQL;
            default -> throw new SQLException("Gatehouse stores in H2 and PostgreSQL; this is " + product);
        };
    }
}
