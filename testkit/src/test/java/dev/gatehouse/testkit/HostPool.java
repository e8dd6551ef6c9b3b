package dev.gatehouse.testkit;

import com.zaxxer.hikari.HikariDataSource;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.store.JdbcStorage.SchemaMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A host's pool, and tables in it that are made once and emptied for each test: migrations take their time. */
final class HostPool implements AutoCloseable {
    private static final List<String> TABLES = List.of("record", "unique", "lookup", "counter", "lease", "journal");

    final HikariDataSource source = new HikariDataSource();
    private final String prefix;
    private boolean made;

    HostPool(String url, int size, boolean autoCommit, String prefix) {
        this.prefix = prefix;
        source.setJdbcUrl(url);
        source.setMaximumPoolSize(size);
        source.setAutoCommit(autoCommit);
    }

    /** An empty storage. Closing it leaves the pool open. */
    Storage open() throws SQLException {
        Storage storage = JdbcStorage.of(source, made ? SchemaMode.VALIDATE : SchemaMode.CREATE, prefix);
        storage.prepare(List.of());
        made = true;
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            for (String table : TABLES) {
                statement.execute("delete from " + prefix + table);
            }
            if (!connection.getAutoCommit()) {
                connection.commit();
            }
        }
        return storage;
    }

    @Override
    public void close() {
        source.close();
    }
}
