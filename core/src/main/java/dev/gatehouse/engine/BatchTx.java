package dev.gatehouse.engine;

import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A transaction of many inserts: they wait and go to the storage together, when something must see them or at the end.
 * What was read is remembered, also that there is nothing, so that looking before each insert reads nothing.
 */
final class BatchTx extends ForwardingTx {
    private final List<Storage.Insert> waiting = new ArrayList<>();
    /** Rows as this transaction last saw them; empty for one that is not there. */
    private final Map<Id, Optional<Row>> rows = new HashMap<>();

    private final Map<Key, Optional<Row>> owners = new HashMap<>();
    /** Rows that are locked, or seen by nobody else yet. */
    private final Map<Id, Boolean> held = new HashMap<>();

    BatchTx(Storage.Tx tx) {
        super(tx);
    }

    private record Id(String env, String kind, String id) {
        static Id of(Row row) {
            return new Id(row.env(), row.kind(), row.id());
        }
    }

    private record Key(String env, String kind, String index, String value) {}

    /**
     * Adds what waits.
     *
     * @throws Storage.Duplicate for any of it
     */
    void flush() {
        if (!waiting.isEmpty()) {
            List<Storage.Insert> all = List.copyOf(waiting);
            waiting.clear();
            super.insertAll(all);
        }
    }

    private void know(Row row, Keys keys) {
        rows.put(Id.of(row), Optional.of(row));
        held.put(Id.of(row), true);
        keys.unique()
                .forEach((index, value) -> owners.put(new Key(row.env(), row.kind(), index, value), Optional.of(row)));
    }

    private void forget(Id id) {
        rows.remove(id);
        held.remove(id);
        owners.values().removeIf(row -> row.isPresent() && Id.of(row.get()).equals(id));
    }

    @Override
    public void insert(Row row, Keys keys) {
        Optional<Row> there = rows.get(Id.of(row));
        if (there != null && there.isPresent()) {
            throw new Storage.Duplicate(row.kind(), "id");
        }
        keys.unique().forEach((index, value) -> {
            Optional<Row> owner = owners.get(new Key(row.env(), row.kind(), index, value));
            if (owner != null && owner.isPresent()) {
                throw new Storage.Duplicate(row.kind(), index);
            }
        });
        waiting.add(new Storage.Insert(row, keys));
        know(row, keys);
    }

    @Override
    public void insertAll(List<Storage.Insert> all) {
        all.forEach(one -> insert(one.row(), one.keys()));
    }

    @Override
    public Optional<Row> get(String env, String kind, String id) {
        return rows.computeIfAbsent(new Id(env, kind, id), at -> super.get(env, kind, id));
    }

    @Override
    public Map<String, Row> getAll(String env, String kind, Collection<String> ids) {
        List<String> unknown = ids.stream()
                .filter(id -> !rows.containsKey(new Id(env, kind, id)))
                .toList();
        Map<String, Row> read = unknown.isEmpty() ? Map.of() : super.getAll(env, kind, unknown);
        unknown.forEach(id -> rows.put(new Id(env, kind, id), Optional.ofNullable(read.get(id))));
        Map<String, Row> found = new LinkedHashMap<>();
        ids.forEach(id -> get(env, kind, id).ifPresent(row -> found.put(id, row)));
        return found;
    }

    @Override
    public Optional<Row> hold(String env, String kind, String id) {
        Id at = new Id(env, kind, id);
        Optional<Row> known = rows.get(at);
        if (known != null && held.containsKey(at)) {
            return known;
        }
        Optional<Row> row = super.hold(env, kind, id);
        rows.put(at, row);
        row.ifPresent(r -> held.put(at, true));
        return row;
    }

    @Override
    public Optional<Row> getByKey(String env, String kind, String index, String value) {
        return owners.computeIfAbsent(new Key(env, kind, index, value), at -> super.getByKey(env, kind, index, value));
    }

    @Override
    public Map<String, Row> getAllByKey(String env, String kind, String index, Collection<String> values) {
        List<String> unknown = values.stream()
                .filter(value -> !owners.containsKey(new Key(env, kind, index, value)))
                .toList();
        Map<String, Row> read = unknown.isEmpty() ? Map.of() : super.getAllByKey(env, kind, index, unknown);
        unknown.forEach(value -> owners.put(new Key(env, kind, index, value), Optional.ofNullable(read.get(value))));
        Map<String, Row> found = new LinkedHashMap<>();
        values.forEach(value -> getByKey(env, kind, index, value).ifPresent(row -> found.put(value, row)));
        return found;
    }

    @Override
    public Row replace(Row row, Keys keys) {
        flush();
        Row next = super.replace(row, keys);
        forget(Id.of(row));
        know(next, keys);
        return next;
    }

    @Override
    public boolean delete(String env, String kind, String id) {
        flush();
        forget(new Id(env, kind, id));
        return super.delete(env, kind, id);
    }

    @Override
    public Optional<Row> take(String env, String kind, String id, Instant now) {
        flush();
        forget(new Id(env, kind, id));
        return super.take(env, kind, id, now);
    }

    @Override
    public List<Row> find(Query query) {
        flush();
        return super.find(query);
    }

    @Override
    public int sweep(Instant now, int atMost) {
        flush();
        return super.sweep(now, atMost);
    }
}
