package dev.gatehouse.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/** One PostgreSQL server for all tests of this JVM; a schema of its own for each test. */
public final class Postgres {
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private Postgres() {}

    private static final class Server {
        static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "200")
                        .setServerConfig("fsync", "off")
                        .setServerConfig("synchronous_commit", "off")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A new, empty schema; skips the test where Maven brings no binaries for this machine. */
    public static String schema() {
        boolean binaries = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
        assumeTrue(binaries, "no PostgreSQL binaries for this machine");
        String schema = "s" + SCHEMAS.incrementAndGet();
        execute("create schema " + schema);
        return schema;
    }

    /** Runs a statement as the owner of the server. */
    static void execute(String text) {
        try (Connection connection = Server.RUNNING.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(text);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** JDBC URL that works in a schema. */
    public static String url(String schema) {
        return Server.RUNNING.getJdbcUrl("postgres", "postgres") + "&currentSchema=" + schema;
    }

    /** A DataSource without a pool that works in a schema. */
    static PGSimpleDataSource source(String schema) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url(schema));
        return source;
    }
}
