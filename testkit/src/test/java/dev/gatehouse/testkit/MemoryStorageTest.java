package dev.gatehouse.testkit;

import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.MemoryStorage;
import java.util.List;

class MemoryStorageTest extends StorageContract {
    @Override
    protected Storage open() {
        Storage storage = new MemoryStorage();
        storage.prepare(List.of());
        return storage;
    }
}
