package dev.gatehouse.store;

import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.ViewSpec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and checks the tables, apart from whatever else lives in the database. */
final class Schema {
    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);
    private static final Map<String, String> TABLES = new LinkedHashMap<>();

    static {
        TABLES.put("record", "env, kind, id, version, created_at, updated_at, expires_at, text, body");
        TABLES.put("unique", "env, kind, idx, val, id");
        TABLES.put("lookup", "env, kind, idx, val, id");
        TABLES.put("counter", "env, name, val, expires_at");
        TABLES.put("lease", "name, owner, expires_at");
        TABLES.put("journal", "env, stream, id, at, body");
    }

    private static final String HISTORY = "schema_history";
    private static final int ATTEMPTS = 5;

    private final DataSource source;
    private final String prefix;

    Schema(DataSource source, String prefix) {
        this.source = source;
        this.prefix = prefix;
    }

    /** Migrates what is not as this release needs it, and makes the views that are not. */
    void create(List<ViewSpec> views) {
        Dialect dialect;
        Map<String, String> there;
        boolean migrated;
        try (Connection connection = source.getConnection()) {
            dialect = Dialect.of(connection);
            there = there(connection, dialect);
            String history = prefix + HISTORY;
            migrated = there.containsKey(history) && migrated(connection, dialect, history);
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw new Storage.StorageException("the database cannot be reached", e);
        }
        if (!migrated) {
            migrate(dialect);
            // a migration may have dropped views
            there = Map.of();
        }
        views(dialect, there, views);
    }

    private static boolean migrated(Connection connection, Dialect dialect, String history) {
        try {
            return new Migrations(dialect).areAllOf(connection, history);
        } catch (SQLException e) {
            // no history as this release writes it: Flyway decides
            return false;
        }
    }

    /** Comments of the tables and views under the prefix, by name in lower case; empty for one that has none. */
    private Map<String, String> there(Connection connection, Dialect dialect) throws SQLException {
        Map<String, String> there = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(dialect.tables(prefix))) {
            while (found.next()) {
                there.put(found.getString(1), Objects.requireNonNullElse(found.getString(2), ""));
            }
        }
        return there;
    }

    /** Nodes that start together can trip over each other while the history table is made; the next attempt finds it. */
    private void migrate(Dialect dialect) {
        for (int attempt = 1; ; attempt++) {
            try {
                flyway(dialect);
                return;
            } catch (FlywayException e) {
                if (attempt == ATTEMPTS) {
                    throw new Storage.StorageException("the tables could not be made or migrated", e);
                }
                LockSupport.parkNanos(attempt * 100_000_000L);
            }
        }
    }

    private void flyway(Dialect dialect) {
        // H2 has no lock that would survive the commits of its own data definitions, but lives in one process
        synchronized (TABLES) {
            try (SharedConnection shared = new SharedConnection(source)) {
                flyway(dialect, shared).migrate();
            }
        }
    }

    private Flyway flyway(Dialect dialect, DataSource connections) {
        FluentConfiguration configuration = Flyway.configure(Schema.class.getClassLoader())
                .dataSource(connections)
                .locations("classpath:" + Migrations.folder(dialect))
                .table(prefix + HISTORY)
                .placeholders(Map.of("prefix", prefix))
                // the host's own tables may be there already; ours still begin at V001
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .cleanDisabled(true)
                // without a provider of SLF4J it would write by java.util.logging instead
                .loggers("slf4j");
        if (dialect == Dialect.POSTGRESQL) {
            // a lock of the session survives the commits in between, also when all is done on one connection
            configuration
                    .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                    .setTransactionalLock(false);
        }
        return configuration.load();
    }

    void validate() {
        TABLES.forEach((table, columns) -> {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement
                        .executeQuery("select " + columns + " from " + prefix + table + " where 1 = 0")
                        .close();
            } catch (SQLException e) {
                throw new Storage.StorageException(
                        "table " + prefix + table + " is missing or not as this release needs it: run the SQL in"
                                + " dev/gatehouse/store/sql/ of the jar, or start once with schema=create",
                        e);
            }
        });
    }

    /** Views are a convenience for the database's owner: one that cannot be made is logged and stops nobody. */
    private void views(Dialect dialect, Map<String, String> there, List<ViewSpec> views) {
        for (ViewSpec view : views) {
            StringBuilder select = new StringBuilder("select s.env as environment_id, s.id as id, ")
                    .append(dialect.time("s.created_at"))
                    .append(" as created_at, ")
                    .append(dialect.time("s.updated_at"))
                    .append(" as updated_at");
            view.columns()
                    .forEach(column -> select.append(", ")
                            .append(dialect.member("s.doc", column))
                            .append(" as ")
                            .append(dialect.quoted(column.name())));
            String from = "select r.env, r.id, r.created_at, r.updated_at, " + dialect.document("r.body")
                    + " as doc from " + prefix + "record r where r.kind = '" + view.kind() + "'";
            String name = prefix + "v_" + view.name();
            // the comment tells which statement made the view, so that only what changed is made again
            String plain = dialect.view(name, "", select.toString(), from);
            String comment = "Read-only, made by Gatehouse (" + Integer.toHexString(plain.hashCode()) + ")";
            if (comment.equals(there.get(name))) {
                continue;
            }
            try {
                create(dialect.view(name, comment, select.toString(), from), name);
            } catch (SQLException e) {
                LOG.warn("view {} could not be made: {}", name, e.getMessage());
            }
        }
    }

    private void create(String statement, String name) throws SQLException {
        try {
            execute(statement);
        } catch (SQLException e) {
            // its columns changed; views of the owner that build on it must be dropped by the owner
            execute("drop view if exists " + name);
            execute(statement);
        }
    }

    private void execute(String text) throws SQLException {
        try (Connection connection = source.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            try (Statement statement = connection.createStatement()) {
                statement.execute(text);
                if (!autoCommit) {
                    connection.commit();
                }
            } catch (SQLException e) {
                if (!autoCommit) {
                    connection.rollback();
                }
                throw e;
            }
        }
    }
}
