package dev.gatehouse.store;

import dev.gatehouse.spi.Storage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Makes transactions on an H2 file change it one after another: a turn lasts from a transaction's first change or lock to
 * its end. H2 saves at each commit what <em>all</em> transactions have done so far, table after table, and a process killed
 * right then leaves a neighbour half done (ADR 3). Reads need no turn.
 */
final class Turn {
    /** As long as H2 waits for a row, its {@code LOCK_TIMEOUT}. */
    private static final long PATIENCE_SECONDS = 10;

    private final ReentrantLock lock = new ReentrantLock(true);
    private final AtomicLong taken = new AtomicLong();

    void take() {
        if (lock.isHeldByCurrentThread()) {
            return;
        }
        try {
            if (lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                taken.incrementAndGet();
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new Storage.TransientConflict("another transaction has been writing for too long", null);
    }

    void giveBack() {
        if (lock.isHeldByCurrentThread()) {
            lock.unlock();
        }
    }

    /** How many there have been. */
    long taken() {
        return taken.get();
    }
}
