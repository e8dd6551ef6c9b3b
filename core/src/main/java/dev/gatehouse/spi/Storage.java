package dev.gatehouse.spi;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The narrow waist: all that Gatehouse asks of a database. It knows rows, keys, counters and leases, and never hears of
 * users or organizations, so a new resource costs no storage code.
 *
 * <p>A back end is right when it passes {@code dev.gatehouse.testkit.StorageContract}. Its rules:
 *
 * <ul>
 *   <li>Every call names an environment first. A row, key or counter of one environment MUST NOT be visible in, blocked
 *       by, or changed through another.
 *   <li>Isolation MUST be READ COMMITTED or stronger: a statement sees everything committed before it began and the
 *       transaction's own writes, and nothing else.
 *   <li>When {@link #inTransaction} returns, the transaction MUST be durable as far as the back end promises
 *       durability; when it throws, nothing of it MUST remain.
 *   <li>A transaction in which any {@link Tx} method threw is dead: it MUST roll back even if the caller swallowed the
 *       exception. Further calls in it MUST throw {@link IllegalStateException}.
 *   <li>Instants are stored with millisecond precision in UTC; the zone of the JVM or the database MUST NOT matter.
 *   <li>Identifiers, index names and values compare by code point: case, accents and trailing spaces are significant.
 *   <li>An implementation is safe for use by many threads; a {@link Tx} belongs to the thread that got it.
 * </ul>
 */
public interface Storage extends AutoCloseable {

    /**
     * Runs {@code work} in one transaction and commits it.
     *
     * <p>If {@code work} throws, the transaction MUST roll back and the same exception MUST be rethrown. A nested call on
     * the same thread MUST throw {@link IllegalStateException} (it would wait for itself on a pool of one connection).
     *
     * @throws TransientConflict if the database gave this transaction up for another one (deadlock, serialization
     *     failure, lock time-out); nothing remains and the caller may run the work again
     * @throws StorageException if the database cannot be reached or fails
     */
    <T extends @Nullable Object> T inTransaction(Work<T> work);

    /**
     * Appends to a journal in a transaction of its own. A back end MAY commit what many threads append at once in one
     * transaction; each of them still hears of its own entry alone, and only when that is as durable as any transaction.
     *
     * @throws Duplicate if the identifier is taken in this stream
     */
    default void append(JournalEntry entry) {
        this.<Boolean>inTransaction(tx -> {
            tx.append(entry);
            return true;
        });
    }

    /**
     * Makes the schema ready, as the back end's own configuration says (create, validate only, or off), and replaces the
     * read-only views named here. Called once before first use; MUST be harmless when called again or by several nodes
     * at once.
     */
    void prepare(List<ViewSpec> views);

    @Override
    void close();

    /** What runs inside a transaction. It may be run again after a {@link TransientConflict}, so it has no effects of its own. */
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {
        T run(Tx tx);
    }

    /** A row to be added, with what finds it. */
    record Insert(Row row, Keys keys) {}

    /** One open transaction. */
    interface Tx {

        /**
         * Adds a row and its keys.
         *
         * @throws Duplicate if the identifier ({@code index} is {@code "id"}) or a unique key is taken, also by a
         *     transaction that commits while this one waits
         */
        void insert(Row row, Keys keys);

        /**
         * Adds many rows of any kinds and environments at once: as {@link #insert} for each, in fewer statements.
         *
         * @throws Duplicate if an identifier or a unique key is taken, by a row that is there or by another of these
         */
        void insertAll(List<Insert> rows);

        /** The row, or empty. An expired row MUST be returned until it is swept: callers decide what expiry means. */
        Optional<Row> get(String env, String kind, String id);

        /** The rows that exist among {@code ids}, by identifier; a missing one is simply absent. */
        Map<String, Row> getAll(String env, String kind, Collection<String> ids);

        /**
         * As {@link #get}, and no other transaction can hold, replace, delete or take the row until this one ends. What a
         * child does to its parent, so that a parent cannot vanish under it; what an update does first.
         */
        Optional<Row> hold(String env, String kind, String id);

        /** The row that owns this unique key, or empty. */
        Optional<Row> getByKey(String env, String kind, String index, String value);

        /** The rows that own a unique key among {@code values}, by that value; a missing one is simply absent. */
        Map<String, Row> getAllByKey(String env, String kind, String index, Collection<String> values);

        /**
         * Compare-and-swap: replaces the stored row whose version is {@code row.version()} and returns it with the next
         * version. Afterwards its keys MUST be exactly {@code keys}: what is no longer named no longer finds it.
         *
         * @throws Stale if the row is gone or has another version
         * @throws Duplicate if a unique key is taken
         */
        Row replace(Row row, Keys keys);

        /** Deletes the row and all its keys; false if there was none. */
        boolean delete(String env, String kind, String id);

        /**
         * Deletes the row and returns it, to exactly one of any number of concurrent callers; empty for the others, and
         * for everybody once {@code expiresAt <= now}. The one way to spend a single-use secret.
         */
        Optional<Row> take(String env, String kind, String id, Instant now);

        /** One page, see {@link Query}. */
        List<Row> find(Query query);

        /**
         * Adds to a counter if the result stays at or below {@code max}; exact under any concurrency.
         *
         * <p>A counter whose {@code until} is at or before {@code now} starts again from zero with the given
         * {@code until}; otherwise its end stays as it was set first.
         *
         * @return the value after adding, or empty if it would exceed {@code max} (then nothing changed)
         */
        OptionalLong add(String env, String counter, long delta, long max, Instant now, Instant until);

        /** Deletes at most {@code atMost} rows and counters with {@code expiresAt <= now}, in any environment; how many. */
        int sweep(Instant now, int atMost);

        /**
         * Takes or renews a named lease. True if {@code owner} holds it until {@code until}: it was free, had ended at
         * {@code now}, or was already the owner's. At most one owner at a time.
         */
        boolean lease(String name, String owner, Instant now, Instant until);

        /**
         * Appends to an append-only journal (audit logs). Entries are never changed.
         *
         * @throws Duplicate if the identifier is taken in this stream
         */
        void append(JournalEntry entry);

        /** As {@link #append} for each, in fewer statements. */
        default void appendAll(List<JournalEntry> entries) {
            entries.forEach(this::append);
        }

        /** One page of a journal in identifier order, see {@link JournalQuery}. */
        List<JournalEntry> read(JournalQuery query);
    }

    /** The storage failed: unreachable, full, broken. The transaction did not happen, or its outcome is unknown. */
    class StorageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public StorageException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Given up for another transaction; run the work again. */
    final class TransientConflict extends StorageException {
        private static final long serialVersionUID = 1L;

        public TransientConflict(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** A unique key is taken. */
    final class Duplicate extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String index;

        public Duplicate(String kind, String index) {
            super("duplicate " + kind + "." + index);
            this.index = index;
        }

        /** The index whose value is taken; {@code "id"} for the identifier itself. */
        public String index() {
            return index;
        }
    }

    /** The row changed or vanished since it was read. */
    final class Stale extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Stale(String kind, String id) {
            super("stale " + kind + " " + id);
        }
    }
}
