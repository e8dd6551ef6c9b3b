package dev.gatehouse.store;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Commits together what many threads append at once. Whoever comes while a commit is under way waits for its end, and then one
 * of those who waited commits for all of them: the disk is waited for once, no thread is needed, and nobody who is alone waits.
 */
final class GroupCommit {
    /** Entries in one transaction. */
    private static final int MOST = 500;

    private final Consumer<List<JournalEntry>> transaction;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition committed = lock.newCondition();
    private List<Waiting> waiting = new ArrayList<>();
    private boolean committing;

    /** @param transaction appends all of these and commits, or leaves nothing of them */
    GroupCommit(Consumer<List<JournalEntry>> transaction) {
        this.transaction = transaction;
    }

    /** What became of an entry. */
    private enum Fate {
        WAITS,
        STANDS,
        /** The group failed and left nothing, perhaps because of another's entry. */
        ALONE,
        UNKNOWN
    }

    private static final class Waiting {
        private final JournalEntry entry;
        private Fate fate = Fate.WAITS;
        private @Nullable Throwable cause;

        Waiting(JournalEntry entry) {
            this.entry = entry;
        }
    }

    /** As {@link Storage#append}. */
    void append(JournalEntry entry) {
        Waiting mine = new Waiting(entry);
        List<Waiting> group = join(mine);
        if (!group.isEmpty()) {
            commit(group);
        }
        switch (mine.fate) {
            case STANDS -> {
                // durable
            }
            case ALONE -> transaction.accept(List.of(entry));
            default -> throw new Storage.StorageException("the database failed while it committed", mine.cause);
        }
    }

    /** Waits until the entry has met its fate, or until this thread has to commit the group that is returned. */
    private List<Waiting> join(Waiting mine) {
        lock.lock();
        try {
            waiting.add(mine);
            while (committing && mine.fate == Fate.WAITS) {
                committed.awaitUninterruptibly();
            }
            if (mine.fate != Fate.WAITS) {
                return List.of();
            }
            committing = true;
            List<Waiting> group = waiting.size() <= MOST ? waiting : new ArrayList<>(waiting.subList(0, MOST));
            waiting = new ArrayList<>(waiting.subList(group.size(), waiting.size()));
            return group;
        } finally {
            lock.unlock();
        }
    }

    private void commit(List<Waiting> group) {
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
            lock.lock();
            try {
                for (Waiting one : group) {
                    one.cause = cause;
                    one.fate = fate;
                }
                committing = false;
                committed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
