package dev.gatehouse.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The migrations of this release. Whether a database has had exactly these is seen from Flyway's history, since to start
 * Flyway for that takes longer than all else that a start does; Flyway itself decides wherever the history says anything else.
 */
final class Migrations {
    /** Every file of {@link #folder}, in order. */
    static final List<String> SCRIPTS = List.of("V001__tables.sql");

    /** Types of rows that tell of no migration. */
    private static final Set<String> MARKS = Set.of("TABLE", "SCHEMA", "BASELINE");

    private final Dialect dialect;

    Migrations(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Where the SQL of a database is, as a resource of this jar. */
    static String folder(Dialect dialect) {
        return "dev/gatehouse/store/sql/" + dialect.vendor();
    }

    /** Whether a history in the current schema tells of these migrations, unchanged, and of no other. */
    boolean areAllOf(Connection connection, String history) throws SQLException {
        List<String> done = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select \"script\", \"checksum\", \"success\", \"type\" from "
                        + quoted(connection.getSchema()) + "." + quoted(history) + " order by \"installed_rank\"")) {
            while (row.next()) {
                if (!MARKS.contains(row.getString(4))) {
                    done.add(row.getString(1) + " " + row.getInt(2) + " " + row.getBoolean(3));
                }
            }
        }
        return done.equals(SCRIPTS.stream()
                .map(script -> script + " " + checksum(script) + " " + true)
                .toList());
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** As Flyway computes it: over the lines, whatever ends them. */
    private int checksum(String script) {
        String path = "/" + folder(dialect) + "/" + script;
        try (InputStream in = Objects.requireNonNull(Migrations.class.getResourceAsStream(path), path)) {
            CRC32 sum = new CRC32();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> sum.update(line.getBytes(StandardCharsets.UTF_8)));
            return (int) sum.getValue();
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }
}
