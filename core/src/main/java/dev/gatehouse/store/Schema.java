package dev.gatehouse.store;

import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.ViewSpec;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private static final int ATTEMPTS = 5;

    private final DataSource source;
    private final String prefix;

    Schema(DataSource source, String prefix) {
        this.source = source;
        this.prefix = prefix;
    }

    /** Nodes that start together can trip over each other while the history table is made; the next attempt finds it. */
    void migrate() {
        Dialect dialect = dialect();
        for (int attempt = 1; ; attempt++) {
            try {
                migrate(dialect);
                return;
            } catch (FlywayException e) {
                if (attempt == ATTEMPTS) {
                    throw new Storage.StorageException("the tables could not be made or migrated", e);
                }
                LockSupport.parkNanos(attempt * 100_000_000L);
            }
        }
    }

    private void migrate(Dialect dialect) {
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
                .locations("classpath:dev/gatehouse/store/sql/" + dialect.vendor())
                .table(prefix + "schema_history")
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
    void views(List<ViewSpec> views) {
        Dialect dialect = dialect();
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
            try {
                create(dialect.view(name, select.toString(), from), name);
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

    private Dialect dialect() {
        try (Connection connection = source.getConnection()) {
            return Dialect.of(connection);
        } catch (SQLException e) {
            throw new Storage.StorageException("the database cannot be reached", e);
        }
    }
}
