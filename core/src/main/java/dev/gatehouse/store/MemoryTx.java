package dev.gatehouse.store;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.JournalQuery;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.MemoryTables.Count;
import dev.gatehouse.store.MemoryTables.Counter;
import dev.gatehouse.store.MemoryTables.Lease;
import dev.gatehouse.store.MemoryTables.Space;
import dev.gatehouse.store.MemoryTables.Stored;
import dev.gatehouse.store.MemoryTables.Unique;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One transaction over {@link MemoryTables}: writes at once, and remembers how to undo. */
final class MemoryTx implements Storage.Tx {
    private final MemoryTables tables;
    private final Deque<Runnable> undo = new ArrayDeque<>();

    MemoryTx(MemoryTables tables) {
        this.tables = tables;
    }

    void undo() {
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }

    @Override
    public void insert(Row row, Keys keys) {
        if (rows(row.env(), row.kind()).containsKey(row.id())) {
            throw new Storage.Duplicate(row.kind(), "id");
        }
        store(row, keys, null);
    }

    @Override
    public void insertAll(List<Storage.Insert> rows) {
        rows.forEach(one -> insert(one.row(), one.keys()));
    }

    @Override
    public Optional<Row> get(String env, String kind, String id) {
        return Optional.ofNullable(rows(env, kind).get(id)).map(Stored::row);
    }

    @Override
    public Map<String, Row> getAll(String env, String kind, Collection<String> ids) {
        Map<String, Row> found = new LinkedHashMap<>();
        ids.forEach(id -> get(env, kind, id).ifPresent(row -> found.put(id, row)));
        return found;
    }

    @Override
    public Optional<Row> hold(String env, String kind, String id) {
        return get(env, kind, id);
    }

    @Override
    public Optional<Row> getByKey(String env, String kind, String index, String value) {
        return Optional.ofNullable(tables.unique.get(new Unique(env, kind, index, value)))
                .flatMap(id -> get(env, kind, id));
    }

    @Override
    public Map<String, Row> getAllByKey(String env, String kind, String index, Collection<String> values) {
        Map<String, Row> found = new LinkedHashMap<>();
        values.forEach(value -> getByKey(env, kind, index, value).ifPresent(row -> found.put(value, row)));
        return found;
    }

    @Override
    public Row replace(Row row, Keys keys) {
        Stored before = rows(row.env(), row.kind()).get(row.id());
        if (before == null || before.row().version() != row.version()) {
            throw new Storage.Stale(row.kind(), row.id());
        }
        Row next = row.withVersion(row.version() + 1);
        store(next, keys, before);
        return next;
    }

    @Override
    public boolean delete(String env, String kind, String id) {
        TreeMap<String, Stored> rows = rows(env, kind);
        Stored gone = rows.remove(id);
        if (gone == null) {
            return false;
        }
        undo.push(() -> rows.put(id, gone));
        gone.keys().unique().forEach((index, value) -> put(tables.unique, new Unique(env, kind, index, value), null));
        return true;
    }

    @Override
    public Optional<Row> take(String env, String kind, String id, Instant now) {
        return get(env, kind, id)
                .filter(row -> row.expiresAt() == null || row.expiresAt().isAfter(now))
                .filter(row -> delete(env, kind, id));
    }

    @Override
    public List<Row> find(Query query) {
        List<Row> found = new ArrayList<>();
        for (Stored stored : between(rows(query.env(), query.kind()), query.after(), query.before(), query.descending())
                .values()) {
            if (matches(stored.keys(), query)) {
                found.add(stored.row());
                if (found.size() == query.limit()) {
                    break;
                }
            }
        }
        return found;
    }

    @Override
    public OptionalLong add(String env, String counter, long delta, long max, Instant now, Instant until) {
        Counter key = new Counter(env, counter);
        Instant at = now.truncatedTo(ChronoUnit.MILLIS);
        Instant end = until.truncatedTo(ChronoUnit.MILLIS);
        Count count = tables.counters.get(key);
        boolean fresh = count == null || !count.until().isAfter(at);
        long value = (count == null || fresh ? 0 : count.value()) + delta;
        if (value > max) {
            return OptionalLong.empty();
        }
        put(tables.counters, key, new Count(value, count == null || fresh ? end : count.until()));
        return OptionalLong.of(value);
    }

    @Override
    public int sweep(Instant now, int atMost) {
        List<Row> gone = new ArrayList<>();
        for (TreeMap<String, Stored> rows : tables.rows.values()) {
            for (Stored stored : rows.values()) {
                Instant end = stored.row().expiresAt();
                if (end != null && !end.isAfter(now) && gone.size() < atMost) {
                    gone.add(stored.row());
                }
            }
        }
        gone.forEach(row -> delete(row.env(), row.kind(), row.id()));
        List<Counter> ended = tables.counters.entrySet().stream()
                .filter(entry -> !entry.getValue().until().isAfter(now))
                .limit(atMost - gone.size())
                .map(Map.Entry::getKey)
                .toList();
        ended.forEach(counter -> put(tables.counters, counter, null));
        return gone.size() + ended.size();
    }

    @Override
    public boolean lease(String name, String owner, Instant now, Instant until) {
        Lease lease = tables.leases.get(name);
        if (lease != null
                && !lease.owner().equals(owner)
                && lease.until().isAfter(now.truncatedTo(ChronoUnit.MILLIS))) {
            return false;
        }
        put(tables.leases, name, new Lease(owner, until.truncatedTo(ChronoUnit.MILLIS)));
        return true;
    }

    @Override
    public void append(JournalEntry entry) {
        TreeMap<String, JournalEntry> journal =
                tables.journals.computeIfAbsent(new Space(entry.env(), entry.stream()), s -> new TreeMap<>());
        if (journal.containsKey(entry.id())) {
            throw new Storage.Duplicate("journal", "id");
        }
        put(journal, entry.id(), entry);
    }

    @Override
    public List<JournalEntry> read(JournalQuery query) {
        TreeMap<String, JournalEntry> journal =
                tables.journals.getOrDefault(new Space(query.env(), query.stream()), new TreeMap<>());
        return between(journal, query.after(), query.before(), query.descending()).values().stream()
                .limit(query.limit())
                .toList();
    }

    private TreeMap<String, Stored> rows(String env, String kind) {
        return tables.rows.computeIfAbsent(new Space(env, kind), s -> new TreeMap<>());
    }

    private void store(Row row, Keys keys, @Nullable Stored before) {
        if (before != null) {
            before.keys()
                    .unique()
                    .forEach((index, value) ->
                            put(tables.unique, new Unique(row.env(), row.kind(), index, value), null));
        }
        keys.unique().forEach((index, value) -> {
            Unique key = new Unique(row.env(), row.kind(), index, value);
            if (tables.unique.containsKey(key)) {
                throw new Storage.Duplicate(row.kind(), index);
            }
            put(tables.unique, key, row.id());
        });
        put(rows(row.env(), row.kind()), row.id(), new Stored(row, keys));
    }

    private <K, V> void put(Map<K, V> table, K key, @Nullable V value) {
        V before = value == null ? table.remove(key) : table.put(key, value);
        undo.push(() -> {
            if (before == null) {
                table.remove(key);
            } else {
                table.put(key, before);
            }
        });
    }

    private static <V> NavigableMap<String, V> between(
            TreeMap<String, V> table, @Nullable String after, @Nullable String before, boolean descending) {
        NavigableMap<String, V> part = table;
        if (after != null && before != null && after.compareTo(before) >= 0) {
            return new TreeMap<>();
        }
        part = after == null ? part : part.tailMap(after, false);
        part = before == null ? part : part.headMap(before, false);
        return descending ? part.descendingMap() : part;
    }

    private static boolean matches(Keys keys, Query query) {
        for (var entry : query.where().entrySet()) {
            if (keys.lookup().getOrDefault(entry.getKey(), java.util.Set.of()).stream()
                    .noneMatch(entry.getValue()::contains)) {
                return false;
            }
        }
        String text = query.text();
        return text == null || (keys.text() != null && keys.text().contains(text));
    }
}
