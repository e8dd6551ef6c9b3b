package dev.gatehouse.testkit;

import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.store.JdbcStorage.SchemaMode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class H2FileStorageTest extends StorageContract {
    @TempDir
    Path directory;

    @Override
    protected Storage open() {
        Storage storage = JdbcStorage.of(JdbcStorage.h2File(directory), null, null, SchemaMode.CREATE, "gh_");
        storage.prepare(List.of());
        return storage;
    }
}
