package dev.gatehouse.testkit;

import dev.gatehouse.spi.Storage;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;

/** The host's pool may have one connection, and no transaction may need a second. */
class PostgresOneConnectionTest extends StorageContract {
    private static final HostPool POOL = new HostPool(Postgres.url(Postgres.schema()), 1, true, "gh_");

    @Override
    protected Storage open() throws SQLException {
        return POOL.open();
    }

    @AfterAll
    static void closePool() {
        POOL.close();
    }
}
