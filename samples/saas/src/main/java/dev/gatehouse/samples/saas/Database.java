package dev.gatehouse.samples.saas;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.gatehouse.store.JdbcStorage;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One database and one pool, for Waybill's own tables and for Gatehouse's, whose names begin with {@code gh_}. */
final class Database implements AutoCloseable {
    private static final String[] TABLES = {
        """
        create table if not exists waybill_shipment (
            id varchar(40) primary key,
            organization_id varchar(64) not null,
            goods varchar(200) not null,
            destination varchar(200) not null,
            delivered boolean not null,
            added_by varchar(300) not null,
            created_at timestamp with time zone not null)""",
        "create index if not exists waybill_shipment_of on waybill_shipment (organization_id, created_at)",
        """
        create table if not exists waybill_activity (
            event_id varchar(64) primary key,
            organization_id varchar(64) not null,
            happened_at timestamp with time zone not null,
            text varchar(500) not null)""",
        "create index if not exists waybill_activity_of on waybill_activity (organization_id, happened_at)"
    };

    private final @Nullable EmbeddedPostgres server;
    private final HikariDataSource pool;

    private Database(@Nullable EmbeddedPostgres server, HikariDataSource pool) {
        this.server = server;
        this.pool = pool;
    }

    /** An H2 file, unless the options say otherwise; Waybill's tables are there then. */
    static Database open(Options options) throws IOException, SQLException {
        EmbeddedPostgres server = options.postgres() ? postgres(options.data()) : null;
        String url = server != null
                ? server.getJdbcUrl("postgres", "postgres")
                : options.databaseUrl() != null ? options.databaseUrl() : JdbcStorage.h2File(options.data());
        try {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(url);
            config.setMaximumPoolSize(10);
            Database database = new Database(server, new HikariDataSource(config));
            database.makeTables();
            return database;
        } catch (SQLException | RuntimeException e) {
            if (server != null) {
                server.close();
            }
            throw e;
        }
    }

    /** A server of our own on a free port, whose data stays in the data directory. */
    private static EmbeddedPostgres postgres(Path data) throws IOException {
        Path directory = data.toAbsolutePath().resolve("postgres");
        return EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .start();
    }

    private void makeTables() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                statement.execute(table);
            }
        }
    }

    DataSource pool() {
        return pool;
    }

    @Override
    public void close() throws IOException {
        pool.close();
        if (server != null) {
            server.close();
        }
    }
}
