package dev.gatehouse.testkit;

import dev.gatehouse.spi.Storage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every back end of {@link Storage} must hold, as tests. A back end proves itself with a subclass that opens it:
 *
 * <pre>{@code
 * class MyStorageTest extends StorageContract {
 *     protected Storage open() {
 *         Storage storage = new MyStorage(...);
 *         storage.prepare(List.of());
 *         return storage;
 *     }
 * }
 * }</pre>
 */
public abstract class StorageContract
        implements TransactionContract,
                RollbackContract,
                RowContract,
                ExpiryContract,
                TenantContract,
                TimeContract,
                KeyContract,
                PageContract,
                CounterContract,
                LeaseContract,
                JournalContract,
                RaceContract,
                CounterRaceContract,
                OutboxContract {
    private @Nullable Storage storage;

    /**
     * Opens an empty storage, already prepared. Called before each test; what it returns is closed after the test.
     *
     * @throws Exception if it cannot be opened, which fails the test
     */
    protected abstract Storage open() throws Exception;

    @BeforeEach
    final void openStorage() throws Exception {
        storage = open();
    }

    @AfterEach
    final void closeStorage() {
        if (storage != null) {
            storage.close();
        }
    }

    @Override
    public final Storage storage() {
        return Objects.requireNonNull(storage, "the test has not begun");
    }
}
