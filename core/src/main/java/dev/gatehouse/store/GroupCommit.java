package dev.gatehouse.store;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Commits together what many threads append at once. Whoever comes while a commit is under way waits for its end, and the first
 * of those who waited then commits for all of them: the disk is waited for once, and no thread is needed. As threads that have
 * appended tend to append again, it first waits a moment for as many as there were the last time; whoever stays alone does not wait.
 */
final class GroupCommit {
    /** Entries in one transaction. */
    private static final int MOST = 500;
    /** A database that stood still for a while is nothing to go by. */
    private static final long MOST_NANOS = 2_000_000;

    private final Transaction transaction;
    private final ReentrantLock lock = new ReentrantLock();
    private List<Waiting> waiting = new ArrayList<>();
    private boolean led;
    private @Nullable Thread gathering;
    private int lastSize;
    private long lastNanos;

    /** Appends entries and commits, or leaves nothing of them. */
    @FunctionalInterface
    interface Transaction {
        /** @param appended is to be run before the commit: what fails until then has certainly left nothing */
        void run(List<JournalEntry> entries, Runnable appended);
    }

    GroupCommit(Transaction transaction) {
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
            // an interrupt of this thread is no affair of the others
            boolean interrupted = Thread.interrupted();
            try {
                lead(mine);
            } finally {
                if (interrupted) {
                    mine.thread.interrupt();
                }
            }
        }
        switch (mine.fate) {
            case STANDS -> {
                // durable
            }
            case ALONE -> transaction.run(List.of(entry), () -> {});
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
        long until = System.nanoTime() + Math.min(MOST_NANOS, lastNanos / 2);
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

    /** Commits for a group, and hands over to the next leader whatever happens: nobody else would ever be one. */
    private void lead(Waiting mine) {
        try {
            List<Waiting> group = gather();
            long begun = System.nanoTime();
            if (commit(group) == Fate.STANDS) {
                remember(group.size(), System.nanoTime() - begun);
            }
        } finally {
            handOver(mine);
        }
    }

    private Fate commit(List<Waiting> group) {
        Fate fate = Fate.ALONE;
        Throwable cause = null;
        AtomicBoolean appended = new AtomicBoolean();
        try {
            transaction.run(group.stream().map(one -> one.entry).toList(), () -> appended.set(true));
            fate = Fate.STANDS;
        } catch (RuntimeException e) {
            boolean gone = !appended.get() || e instanceof Storage.TransientConflict;
            fate = gone ? Fate.ALONE : Fate.UNKNOWN;
            cause = e;
        } catch (Error e) {
            fate = appended.get() ? Fate.UNKNOWN : Fate.ALONE;
            throw e;
        } finally {
            for (Waiting one : group) {
                one.cause = cause;
                one.meets(fate);
            }
        }
        return fate;
    }

    private void remember(int size, long nanos) {
        lock.lock();
        try {
            lastSize = size;
            lastNanos = nanos;
        } finally {
            lock.unlock();
        }
    }

    private void handOver(Waiting mine) {
        lock.lock();
        try {
            waiting.remove(mine); // there only if it could not even gather
            led = !waiting.isEmpty();
            if (led) {
                waiting.get(0).meets(Fate.LEADS);
            }
        } finally {
            lock.unlock();
        }
    }
}
