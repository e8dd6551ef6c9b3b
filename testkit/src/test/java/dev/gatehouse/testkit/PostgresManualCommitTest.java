package dev.gatehouse.testkit;

import dev.gatehouse.spi.Storage;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;

/** The host's pool may hand out connections without autocommit, and the tables may have another prefix. */
class PostgresManualCommitTest extends StorageContract {
    private static final HostPool POOL = new HostPool(Postgres.url(Postgres.schema()), 4, false, "a_long_prefix_1_");

    @Override
    protected Storage open() throws SQLException {
        return POOL.open();
    }

    @AfterAll
    static void closePool() {
        POOL.close();
    }
}
