package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.store.JdbcStorage.SchemaMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pools of a host, set up in all ways that hosts set them up. */
class HostPoolTest {
    record Setup(boolean postgres, boolean autoCommit, String isolation, int size) {}

    static Stream<Setup> setups() {
        return Stream.of(true, false)
                .flatMap(postgres -> Stream.of(true, false)
                        .flatMap(auto -> Stream.of("READ_COMMITTED", "SERIALIZABLE", "REPEATABLE_READ")
                                .map(isolation -> new Setup(postgres, auto, "TRANSACTION_" + isolation, 1))));
    }

    private static HikariDataSource pool(Setup setup) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(
                setup.postgres ? Postgres.url(Postgres.schema()) : JdbcStorage.h2Memory("host-" + UUID.randomUUID()));
        pool.setAutoCommit(setup.autoCommit);
        pool.setTransactionIsolation(setup.isolation);
        pool.setMaximumPoolSize(setup.size);
        return pool;
    }

    @ParameterizedTest
    @MethodSource("setups")
    void aConnectionGoesBackAsItCame(Setup setup) throws SQLException {
        try (HikariDataSource pool = pool(setup)) {
            int isolation;
            try (Connection before = pool.getConnection()) {
                isolation = before.getTransactionIsolation();
            }
            Storage storage = JdbcStorage.of(pool, SchemaMode.CREATE, "auth_");
            storage.prepare(List.of());
            storage.<Boolean>inTransaction(tx -> {
                tx.insert(StorageFixture.row("a"), Keys.NONE);
                return true;
            });
            assertThatThrownBy(() -> storage.inTransaction(tx -> {
                        tx.insert(StorageFixture.row("a"), Keys.NONE);
                        return true;
                    }))
                    .isInstanceOf(Storage.Duplicate.class);
            assertThat(storage.<Boolean>inTransaction(tx ->
                            tx.get(StorageFixture.ENV, StorageFixture.KIND, "a").isPresent()))
                    .isTrue();
            storage.close();
            try (Connection after = pool.getConnection()) {
                assertThat(after.getAutoCommit()).isEqualTo(setup.autoCommit);
                assertThat(after.getTransactionIsolation()).isEqualTo(isolation);
            }
        }
    }

    @Test
    void theExceptionOfTheWorkComesOutEvenIfTheConnectionBroke() {
        try (HikariDataSource pool = pool(new Setup(true, true, "TRANSACTION_SERIALIZABLE", 2))) {
            Storage storage = JdbcStorage.of(pool, SchemaMode.CREATE, "gh_");
            storage.prepare(List.of());
            RuntimeException thrown = new ArithmeticException("mine");
            assertThatThrownBy(() -> storage.inTransaction(tx -> {
                        tx.insert(StorageFixture.row("a"), Keys.NONE);
                        Postgres.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                                + " where state = 'idle in transaction'");
                        throw thrown;
                    }))
                    .isSameAs(thrown);
            assertThat(storage.<Boolean>inTransaction(tx ->
                            tx.get(StorageFixture.ENV, StorageFixture.KIND, "a").isPresent()))
                    .isFalse();
        }
    }
}
