package dev.gatehouse.store;

import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.ViewSpec;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in the heap of one process: for tests and trials. Transactions run one after another, so isolation is
 * serializable; nothing survives the process.
 */
public final class MemoryStorage implements Storage {
    private final ReentrantLock lock = new ReentrantLock(true);
    private final MemoryTables tables = new MemoryTables();

    @Override
    public <T extends @Nullable Object> T inTransaction(Work<T> work) {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("a transaction is open on this thread already");
        }
        lock.lock();
        try {
            MemoryTx inner = new MemoryTx(tables);
            DeadTransaction tx = new DeadTransaction(inner);
            boolean done = false;
            try {
                T result = work.run(tx);
                if (tx.dead()) {
                    throw new StorageException("the transaction failed and was rolled back", null);
                }
                done = true;
                return result;
            } finally {
                tx.end();
                if (!done) {
                    inner.undo();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void prepare(List<ViewSpec> views) {
        // nothing to make ready: there is no SQL to query here
    }

    @Override
    public void close() {
        // the heap goes with the process
    }
}
