package dev.gatehouse.store;

import static dev.gatehouse.store.Statements.bind;
import static dev.gatehouse.store.Statements.times;

import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Adds rows and their keys, one or many. */
final class Inserts {
    private final Statements db;
    private final Sql sql;

    Inserts(Statements db, Sql sql) {
        this.db = db;
        this.sql = sql;
    }

    /** A key as stored. */
    record Entry(String index, String value) {
        static Set<Entry> uniques(Keys keys) {
            Set<Entry> all = new LinkedHashSet<>();
            keys.unique().forEach((index, value) -> all.add(new Entry(index, StoredValue.value(value))));
            return all;
        }

        static Set<Entry> lookups(Keys keys) {
            Set<Entry> all = new LinkedHashSet<>();
            keys.lookup()
                    .forEach((index, values) ->
                            values.forEach(value -> all.add(new Entry(index, StoredValue.value(value)))));
            return all;
        }
    }

    /** A key of a row that is added with others. */
    private record Owned(Row row, Entry entry) {}

    private record Index(String kind, String name) {}

    void one(Row row, Keys keys) {
        db.unique(row.kind(), "id", sql.insert, statement -> bindRow(statement, row, keys));
        Entry.uniques(keys).forEach(entry -> unique(row, entry));
        lookups(row, Entry.lookups(keys));
    }

    /** A batch for each kind, and for each unique index, so that the batch which fails says what is taken. */
    void all(List<Storage.Insert> rows) {
        Map<String, List<Storage.Insert>> byKind = new LinkedHashMap<>();
        Map<Index, List<Owned>> byIndex = new LinkedHashMap<>();
        List<Owned> lookups = new ArrayList<>();
        for (Storage.Insert one : rows) {
            Row row = one.row();
            byKind.computeIfAbsent(row.kind(), k -> new ArrayList<>()).add(one);
            for (Entry entry : Entry.uniques(one.keys())) {
                byIndex.computeIfAbsent(new Index(row.kind(), entry.index), k -> new ArrayList<>())
                        .add(new Owned(row, entry));
            }
            Entry.lookups(one.keys()).forEach(entry -> lookups.add(new Owned(row, entry)));
        }
        byKind.forEach((kind, some) -> db.uniqueBatch(
                kind, "id", sql.insert, some, (statement, one) -> bindRow(statement, one.row(), one.keys())));
        byIndex.forEach(
                (index, some) -> db.uniqueBatch(index.kind, index.name, sql.insertUnique, some, Inserts::bindOwned));
        batch(lookups);
    }

    void unique(Row row, Entry entry) {
        db.unique(row.kind(), entry.index, sql.insertUnique, statement -> bindOwned(statement, new Owned(row, entry)));
    }

    void lookups(Row row, Set<Entry> entries) {
        batch(entries.stream().map(entry -> new Owned(row, entry)).toList());
    }

    private void batch(Collection<Owned> lookups) {
        db.batch(sql.insertLookup, lookups, Inserts::bindOwned);
    }

    private static void bindRow(PreparedStatement statement, Row row, Keys keys) throws SQLException {
        int i = bind(statement, row.env(), row.kind(), row.id());
        statement.setLong(i++, row.version());
        i = times(statement, i, row);
        statement.setString(i++, keys.text());
        statement.setString(i, row.body());
    }

    private static void bindOwned(PreparedStatement statement, Owned key) throws SQLException {
        bind(statement, key.row.env(), key.row.kind(), key.row.id(), key.entry.index, key.entry.value);
    }
}
