package dev.gatehouse.store;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Commits together what many threads append at once. Whoever comes while a commit is under way waits for its end, and the first
 * of those who waited then commits for all of them: the disk is waited for once, and no thread is needed. As threads that have
 * appended tend to append again, it first waits a moment for as many as there were the last time; nobody waits who is alone.
 */
final class GroupCommit {
    /** Entries in one transaction. */
    private static final int MOST = 500;

    private final Consumer<List<JournalEntry>> transaction;
    private final ReentrantLock lock = new ReentrantLock();
    private List<Waiting> waiting = new ArrayList<>();
    private boolean led;
    private @Nullable Thread gathering;
    private int lastSize;
    private long lastNanos;

    /** @param transaction appends all of these and commits, or leaves nothing of them */
    GroupCommit(Consumer<List<JournalEntry>> transaction) {
        this.transaction = transaction;
    }

    /** What becomes of an entry. */
    private enum Fate {
        WAITS,
        /** Its thread commits for all that wait. */
        LEADS,
        STANDS,
        /** The group failed and left nothing, perhaps because of another's entry. */
        ALONE,
        UNKNOWN
    }

    private static final class Waiting {
        private final JournalEntry entry;
        private final Thread thread = Thread.currentThread();
        private @Nullable Throwable cause;
        private volatile Fate fate = Fate.WAITS;

        Waiting(JournalEntry entry) {
            this.entry = entry;
        }

        /** Whatever happens to a transaction, it ends: so does this. */
        void await() {
            boolean interrupted = false;
            while (fate == Fate.WAITS) {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
            if (interrupted) {
                thread.interrupt(); // the caller's to heed
            }
        }

        void meets(Fate its) {
            fate = its;
            LockSupport.unpark(thread);
        }
    }

    /** As {@link Storage#append}. */
    void append(JournalEntry entry) {
        Waiting mine = new Waiting(entry);
        join(mine);
        mine.await();
        if (mine.fate == Fate.LEADS) {
            commit(gather());
        }
        switch (mine.fate) {
            case STANDS -> {
                // durable
            }
            case ALONE -> transaction.accept(List.of(entry));
            default -> throw new Storage.StorageException("the database failed while it committed", mine.cause);
        }
    }

    /** How many wait for the next commit. */
    int waiting() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    private void join(Waiting mine) {
        lock.lock();
        try {
            waiting.add(mine);
            if (!led) {
                led = true;
                mine.fate = Fate.LEADS;
            } else if (waiting.size() == lastSize) {
                LockSupport.unpark(gathering);
            }
        } finally {
            lock.unlock();
        }
    }

    /** All that wait, after those of the last group had half the time that a commit takes to come again. */
    private List<Waiting> gather() {
        long until = System.nanoTime() + lastNanos / 2;
        while (true) {
            long left = until - System.nanoTime();
            lock.lock();
            try {
                if (waiting.size() >= lastSize || left <= 0) {
                    gathering = null;
                    List<Waiting> group = waiting.subList(0, Math.min(MOST, waiting.size()));
                    waiting = new ArrayList<>(waiting.subList(group.size(), waiting.size()));
                    return group;
                }
                gathering = Thread.currentThread();
            } finally {
                lock.unlock();
            }
            LockSupport.parkNanos(this, left);
        }
    }

    private void commit(List<Waiting> group) {
        long begun = System.nanoTime();
        Fate fate = Fate.UNKNOWN;
        Throwable cause = null;
        try {
            transaction.accept(group.stream().map(one -> one.entry).toList());
            fate = Fate.STANDS;
        } catch (Storage.Duplicate | Storage.TransientConflict e) {
            fate = Fate.ALONE;
        } catch (RuntimeException e) {
            cause = e;
        } finally {
            for (Waiting one : group) {
                one.cause = cause;
                one.meets(fate);
            }
            handOver(group.size(), System.nanoTime() - begun);
        }
    }

    /** The next group has another leader. */
    private void handOver(int size, long nanos) {
        lock.lock();
        try {
            lastSize = size;
            lastNanos = nanos;
            led = !waiting.isEmpty();
            if (led) {
                waiting.get(0).meets(Fate.LEADS);
            }
        } finally {
            lock.unlock();
        }
    }
}
