package dev.gatehouse.store;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.JournalQuery;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Kills a transaction at its first exception, so that code which swallows a duplicate fails on every back end as it does
 * on PostgreSQL. Also ends it: a {@code Tx} that escaped its work answers nothing.
 */
final class DeadTransaction implements Storage.Tx {
    private final Storage.Tx tx;
    private boolean dead;

    DeadTransaction(Storage.Tx tx) {
        this.tx = tx;
    }

    boolean dead() {
        return dead;
    }

    void end() {
        dead = true;
    }

    private <T> T guarded(Supplier<T> work) {
        if (dead) {
            throw new IllegalStateException("this transaction has failed or ended");
        }
        boolean done = false;
        try {
            T result = work.get();
            done = true;
            return result;
        } finally {
            dead = !done;
        }
    }

    @Override
    public void insert(Row row, Keys keys) {
        guarded(() -> {
            tx.insert(row, keys);
            return true;
        });
    }

    @Override
    public void insertAll(List<Storage.Insert> rows) {
        guarded(() -> {
            tx.insertAll(rows);
            return true;
        });
    }

    @Override
    public Optional<Row> get(String env, String kind, String id) {
        return guarded(() -> tx.get(env, kind, id));
    }

    @Override
    public Map<String, Row> getAll(String env, String kind, Collection<String> ids) {
        return guarded(() -> tx.getAll(env, kind, ids));
    }

    @Override
    public Optional<Row> hold(String env, String kind, String id) {
        return guarded(() -> tx.hold(env, kind, id));
    }

    @Override
    public Optional<Row> getByKey(String env, String kind, String index, String value) {
        return guarded(() -> tx.getByKey(env, kind, index, value));
    }

    @Override
    public Map<String, Row> getAllByKey(String env, String kind, String index, Collection<String> values) {
        return guarded(() -> tx.getAllByKey(env, kind, index, values));
    }

    @Override
    public Row replace(Row row, Keys keys) {
        return guarded(() -> tx.replace(row, keys));
    }

    @Override
    public boolean delete(String env, String kind, String id) {
        return guarded(() -> tx.delete(env, kind, id));
    }

    @Override
    public Optional<Row> take(String env, String kind, String id, Instant now) {
        return guarded(() -> tx.take(env, kind, id, now));
    }

    @Override
    public List<Row> find(Query query) {
        return guarded(() -> tx.find(query));
    }

    @Override
    public OptionalLong add(String env, String counter, long delta, long max, Instant now, Instant until) {
        return guarded(() -> tx.add(env, counter, delta, max, now, until));
    }

    @Override
    public int sweep(Instant now, int atMost) {
        return guarded(() -> tx.sweep(now, atMost));
    }

    @Override
    public boolean lease(String name, String owner, Instant now, Instant until) {
        return guarded(() -> tx.lease(name, owner, now, until));
    }

    @Override
    public void append(JournalEntry entry) {
        guarded(() -> {
            tx.append(entry);
            return true;
        });
    }

    @Override
    public void appendAll(List<JournalEntry> entries) {
        guarded(() -> {
            tx.appendAll(entries);
            return true;
        });
    }

    @Override
    public List<JournalEntry> read(JournalQuery query) {
        return guarded(() -> tx.read(query));
    }
}
