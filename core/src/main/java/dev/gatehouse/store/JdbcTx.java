package dev.gatehouse.store;

import static dev.gatehouse.store.Statements.bind;
import static dev.gatehouse.store.Statements.times;
import static dev.gatehouse.store.StoredValue.storable;
import static dev.gatehouse.store.StoredValue.value;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.JournalQuery;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.Inserts.Entry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/** One transaction on one connection. */
final class JdbcTx implements Storage.Tx {
    private final Statements db;
    private final Sql sql;
    private final Inserts inserts;
    private final Pages pages;

    JdbcTx(Connection connection, Sql sql, Runnable beforeWrite) {
        this.db = new Statements(connection, beforeWrite);
        this.sql = sql;
        this.inserts = new Inserts(db, sql);
        this.pages = new Pages(db, sql, (query, ids) -> getAll(query.env(), query.kind(), ids));
    }

    @Override
    public void insert(Row row, Keys keys) {
        inserts.one(row, keys);
    }

    @Override
    public void insertAll(List<Storage.Insert> rows) {
        inserts.all(rows);
    }

    @Override
    public Optional<Row> get(String env, String kind, String id) {
        return db.one(sql.get, env, kind, id);
    }

    @Override
    public Optional<Row> hold(String env, String kind, String id) {
        return db.hold(sql.hold, env, kind, id);
    }

    @Override
    public Optional<Row> getByKey(String env, String kind, String index, String value) {
        return db.one(sql.getByKey, env, kind, index, value(value));
    }

    @Override
    public Map<String, Row> getAll(String env, String kind, Collection<String> ids) {
        Map<String, Row> found = new LinkedHashMap<>();
        List<String> all = ids.stream().filter(StoredValue::storable).distinct().toList();
        for (int from = 0; from < all.size(); from += 500) {
            List<String> some = all.subList(from, Math.min(all.size(), from + 500));
            List<String> arguments = new ArrayList<>(some);
            arguments.addAll(List.of(env, kind));
            db.rows(sql.getAll(some.size()), statement -> bind(statement, arguments.toArray(String[]::new)))
                    .forEach(row -> found.put(row.id(), row));
        }
        return found;
    }

    @Override
    public Map<String, Row> getAllByKey(String env, String kind, String index, Collection<String> values) {
        Map<String, Row> found = new LinkedHashMap<>();
        Map<String, String> asked = new LinkedHashMap<>();
        values.forEach(value -> asked.put(value(value), value));
        List<String> all = List.copyOf(asked.keySet());
        for (int from = 0; from < all.size(); from += 500) {
            List<String> some = all.subList(from, Math.min(all.size(), from + 500));
            List<String> arguments = new ArrayList<>(some);
            arguments.addAll(List.of(env, kind, index));
            db.query(
                    sql.getAllByKey(some.size()),
                    statement -> bind(statement, arguments.toArray(String[]::new)),
                    result -> {
                        while (result.next()) {
                            found.put(asked.get(result.getString(Sql.AFTER_COLUMNS)), Statements.row(result));
                        }
                        return found;
                    });
        }
        return found;
    }

    @Override
    public Row replace(Row row, Keys keys) {
        int changed = db.update(sql.replace, statement -> {
            int i = times(statement, 1, row);
            statement.setString(i++, keys.text());
            statement.setString(i++, row.body());
            statement.setString(i++, row.env());
            statement.setString(i++, row.kind());
            statement.setString(i++, row.id());
            statement.setLong(i, row.version());
        });
        if (changed != 1) {
            throw new Storage.Stale(row.kind(), row.id());
        }
        // against what is stored, not against what the old body would give: a type may have gained an index since
        Set<Entry> uniques = new LinkedHashSet<>();
        Set<Entry> lookups = new LinkedHashSet<>();
        String[] key = {row.env(), row.kind(), row.id()};
        db.query(sql.keysOf, statement -> Statements.bindFrom(bind(statement, key), statement, key), result -> {
            while (result.next()) {
                (result.getBoolean(1) ? uniques : lookups).add(new Entry(result.getString(2), result.getString(3)));
            }
            return true;
        });
        without(row, sql.deleteUnique, uniques, Entry.uniques(keys)).forEach(entry -> inserts.unique(row, entry));
        inserts.lookups(row, without(row, sql.deleteLookup, lookups, Entry.lookups(keys)));
        return row.withVersion(row.version() + 1);
    }

    /** Deletes the keys that are no longer wanted. Returns those that are new. */
    private Set<Entry> without(Row row, String delete, Set<Entry> stored, Set<Entry> wanted) {
        for (Entry entry : stored) {
            if (!wanted.contains(entry)) {
                db.update(delete, s -> bind(s, row.env(), row.kind(), row.id(), entry.index(), entry.value()));
            }
        }
        Set<Entry> fresh = new LinkedHashSet<>(wanted);
        fresh.removeAll(stored);
        return fresh;
    }

    @Override
    public boolean delete(String env, String kind, String id) {
        if (!storable(id) || db.update(sql.delete, statement -> bind(statement, env, kind, id)) == 0) {
            return false;
        }
        db.update(sql.deleteUniques, statement -> bind(statement, env, kind, id));
        db.update(sql.deleteLookups, statement -> bind(statement, env, kind, id));
        return true;
    }

    @Override
    public Optional<Row> take(String env, String kind, String id, Instant now) {
        return hold(env, kind, id)
                .filter(row -> row.expiresAt() == null || row.expiresAt().isAfter(now))
                .filter(row -> delete(env, kind, id));
    }

    @Override
    public List<Row> find(Query query) {
        return pages.find(query);
    }

    @Override
    public OptionalLong add(String env, String counter, long delta, long max, Instant now, Instant until) {
        String name = value(counter);
        long at = now.toEpochMilli();
        while (true) {
            int changed = db.update(sql.count, statement -> {
                int i = 1;
                statement.setLong(i++, at);
                statement.setLong(i++, delta);
                statement.setLong(i++, delta);
                statement.setLong(i++, at);
                statement.setLong(i++, until.toEpochMilli());
                statement.setString(i++, env);
                statement.setString(i++, name);
                statement.setLong(i++, at);
                statement.setLong(i++, delta);
                statement.setLong(i++, delta);
                statement.setLong(i, max);
            });
            if (changed == 1) {
                return db.query(
                        sql.counted,
                        statement -> bind(statement, env, name),
                        result -> result.next() ? OptionalLong.of(result.getLong(1)) : OptionalLong.empty());
            }
            // refused, or not there yet; under a lock, since others may add between two looks
            Optional<Boolean> refused = db.held(
                    sql.holdCounter,
                    statement -> bind(statement, env, name),
                    result -> result.next()
                            ? Optional.of((result.getLong(2) <= at ? 0 : result.getLong(1)) + delta > max)
                            : Optional.empty());
            if (refused.orElse(delta > max)) {
                return OptionalLong.empty();
            }
            if (refused.isEmpty()
                    && db.insertIfAbsent(sql.newCounter, statement -> {
                        int i = bind(statement, env, name);
                        statement.setLong(i++, delta);
                        statement.setLong(i, until.toEpochMilli());
                    })) {
                return OptionalLong.of(delta);
            }
        }
    }

    @Override
    public int sweep(Instant now, int atMost) {
        List<String[]> rows = expire(sql.expired, 3, sql.sweep, now, atMost);
        db.batch(sql.deleteUniques, rows, Statements::bind);
        db.batch(sql.deleteLookups, rows, Statements::bind);
        int swept = rows.size();
        return swept == atMost
                ? swept
                : swept
                        + expire(sql.expiredCounters, 2, sql.sweepCounter, now, atMost - swept)
                                .size();
    }

    /** Deletes what has expired, unless its life was prolonged since it was found. Returns the keys of what is gone. */
    private List<String[]> expire(String select, int columns, String delete, Instant now, int atMost) {
        List<String[]> found = expired(select, columns, now, atMost);
        int[] deleted = db.batch(
                delete, found, (statement, key) -> statement.setLong(bind(statement, key), now.toEpochMilli()));
        return IntStream.range(0, deleted.length)
                .filter(i -> deleted[i] == 1)
                .mapToObj(found::get)
                .toList();
    }

    private List<String[]> expired(String select, int columns, Instant now, int atMost) {
        return db.query(
                select,
                statement -> {
                    statement.setLong(1, now.toEpochMilli());
                    statement.setInt(2, atMost);
                },
                result -> {
                    List<String[]> all = new ArrayList<>();
                    while (result.next()) {
                        String[] key = new String[columns];
                        for (int i = 0; i < columns; i++) {
                            key[i] = result.getString(i + 1);
                        }
                        all.add(key);
                    }
                    return all;
                });
    }

    @Override
    public boolean lease(String name, String owner, Instant now, Instant until) {
        int renewed = db.update(sql.renewLease, statement -> {
            statement.setString(1, owner);
            statement.setLong(2, until.toEpochMilli());
            statement.setString(3, name);
            statement.setString(4, owner);
            statement.setLong(5, now.toEpochMilli());
        });
        return renewed == 1
                || db.insertIfAbsent(sql.newLease, statement -> {
                    statement.setString(1, owner);
                    statement.setLong(2, until.toEpochMilli());
                    statement.setString(3, name);
                });
    }

    @Override
    public void append(JournalEntry entry) {
        db.unique("journal", "id", sql.append, statement -> bindEntry(statement, entry));
    }

    @Override
    public void appendAll(List<JournalEntry> entries) {
        db.uniqueBatch("journal", "id", sql.append, entries, JdbcTx::bindEntry);
    }

    private static void bindEntry(PreparedStatement statement, JournalEntry entry) throws SQLException {
        int i = bind(statement, entry.env(), entry.stream(), entry.id());
        statement.setLong(i++, entry.at().toEpochMilli());
        statement.setString(i, entry.body());
    }

    @Override
    public List<JournalEntry> read(JournalQuery query) {
        String page = sql.journal
                + (query.after() == null ? "" : " and id > ?")
                + (query.before() == null ? "" : " and id < ?")
                + (query.descending() ? " order by env desc, stream desc, id desc" : " order by env, stream, id")
                + " limit ?";
        return db.query(
                page,
                statement -> {
                    int i = bind(statement, query.env(), query.stream());
                    if (query.after() != null) {
                        statement.setString(i++, query.after());
                    }
                    if (query.before() != null) {
                        statement.setString(i++, query.before());
                    }
                    statement.setInt(i, query.limit());
                },
                result -> {
                    List<JournalEntry> all = new ArrayList<>();
                    while (result.next()) {
                        all.add(new JournalEntry(
                                query.env(),
                                query.stream(),
                                result.getString(1),
                                Instant.ofEpochMilli(result.getLong(2)),
                                result.getString(3)));
                    }
                    return all;
                });
    }
}
