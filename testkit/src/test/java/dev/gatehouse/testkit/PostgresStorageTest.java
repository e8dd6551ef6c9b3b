package dev.gatehouse.testkit;

import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.store.JdbcStorage.SchemaMode;
import java.util.List;

class PostgresStorageTest extends StorageContract {
    @Override
    protected Storage open() {
        String url = Postgres.url(Postgres.schema());
        Storage storage = JdbcStorage.of(url, "postgres", null, SchemaMode.CREATE, "gh_");
        storage.prepare(List.of());
        return storage;
    }
}
