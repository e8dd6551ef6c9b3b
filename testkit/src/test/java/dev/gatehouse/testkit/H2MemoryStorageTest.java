package dev.gatehouse.testkit;

import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.store.JdbcStorage.SchemaMode;
import java.util.List;
import java.util.UUID;

class H2MemoryStorageTest extends StorageContract {
    @Override
    protected Storage open() {
        String url = JdbcStorage.h2Memory("contract-" + UUID.randomUUID());
        Storage storage = JdbcStorage.of(url, null, null, SchemaMode.CREATE, "gh_");
        storage.prepare(List.of());
        return storage;
    }
}
