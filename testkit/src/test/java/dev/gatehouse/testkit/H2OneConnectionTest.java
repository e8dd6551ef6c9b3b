package dev.gatehouse.testkit;

import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.JdbcStorage;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;

/** The host's pool may have one connection, and no transaction may need a second. */
class H2OneConnectionTest extends StorageContract {
    private static final HostPool POOL = new HostPool(JdbcStorage.h2Memory("one-connection"), 1, false, "gh_");

    @Override
    protected Storage open() throws SQLException {
        return POOL.open();
    }

    @AfterAll
    static void closePool() {
        POOL.close();
    }
}
