package dev.gatehouse.engine;

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

/** A transaction around another one. Passes everything on. */
public class ForwardingTx implements Storage.Tx {
    /** The other one. */
    protected final Storage.Tx tx;

    protected ForwardingTx(Storage.Tx tx) {
        this.tx = tx;
    }

    @Override
    public void insert(Row row, Keys keys) {
        tx.insert(row, keys);
    }

    @Override
    public void insertAll(List<Storage.Insert> rows) {
        tx.insertAll(rows);
    }

    @Override
    public Optional<Row> get(String env, String kind, String id) {
        return tx.get(env, kind, id);
    }

    @Override
    public Map<String, Row> getAll(String env, String kind, Collection<String> ids) {
        return tx.getAll(env, kind, ids);
    }

    @Override
    public Optional<Row> hold(String env, String kind, String id) {
        return tx.hold(env, kind, id);
    }

    @Override
    public Optional<Row> getByKey(String env, String kind, String index, String value) {
        return tx.getByKey(env, kind, index, value);
    }

    @Override
    public Map<String, Row> getAllByKey(String env, String kind, String index, Collection<String> values) {
        return tx.getAllByKey(env, kind, index, values);
    }

    @Override
    public Row replace(Row row, Keys keys) {
        return tx.replace(row, keys);
    }

    @Override
    public boolean delete(String env, String kind, String id) {
        return tx.delete(env, kind, id);
    }

    @Override
    public Optional<Row> take(String env, String kind, String id, Instant now) {
        return tx.take(env, kind, id, now);
    }

    @Override
    public List<Row> find(Query query) {
        return tx.find(query);
    }

    @Override
    public OptionalLong add(String env, String counter, long delta, long max, Instant now, Instant until) {
        return tx.add(env, counter, delta, max, now, until);
    }

    @Override
    public int sweep(Instant now, int atMost) {
        return tx.sweep(now, atMost);
    }

    @Override
    public boolean lease(String name, String owner, Instant now, Instant until) {
        return tx.lease(name, owner, now, until);
    }

    @Override
    public void append(JournalEntry entry) {
        tx.append(entry);
    }

    @Override
    public void appendAll(List<JournalEntry> entries) {
        tx.appendAll(entries);
    }

    @Override
    public List<JournalEntry> read(JournalQuery query) {
        return tx.read(query);
    }
}
