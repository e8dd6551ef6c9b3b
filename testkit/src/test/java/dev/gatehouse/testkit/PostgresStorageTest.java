package dev.gatehouse.testkit;

import dev.gatehouse.spi.Storage;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;

/** PostgreSQL through a pool of the host's. */
class PostgresStorageTest extends StorageContract {
    private static final HostPool POOL = new HostPool(Postgres.url(Postgres.schema()), 10, true, "gh_");

    @Override
    protected Storage open() throws SQLException {
        return POOL.open();
    }

    @AfterAll
    static void closePool() {
        POOL.close();
    }
}
