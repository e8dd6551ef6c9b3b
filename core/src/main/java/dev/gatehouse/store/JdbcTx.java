package dev.gatehouse.store;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.JournalQuery;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** One transaction on one connection. */
final class JdbcTx implements Storage.Tx {
    private static final int WIDEST_VALUE = 200;

    private final Connection connection;
    private final Sql sql;

    JdbcTx(Connection connection, Sql sql) {
        this.connection = connection;
        this.sql = sql;
    }

    private record Entry(String index, String value) {}

    @Override
    public void insert(Row row, Keys keys) {
        unique(row.kind(), "id", sql.insert, statement -> {
            int i = bind(statement, row.env(), row.kind(), row.id());
            statement.setLong(i++, row.version());
            i = times(statement, i, row);
            statement.setString(i++, keys.text());
            statement.setString(i, row.body());
        });
        for (Entry entry : uniques(keys)) {
            insertUnique(row, entry);
        }
        insertLookups(row, lookups(keys));
    }

    @Override
    public Optional<Row> get(String env, String kind, String id) {
        return one(sql.get, env, kind, id);
    }

    @Override
    public Optional<Row> hold(String env, String kind, String id) {
        return one(sql.hold, env, kind, id);
    }

    @Override
    public Optional<Row> getByKey(String env, String kind, String index, String value) {
        return one(sql.getByKey, env, kind, index, value(value));
    }

    @Override
    public Map<String, Row> getAll(String env, String kind, Collection<String> ids) {
        Map<String, Row> found = new LinkedHashMap<>();
        List<String> all = List.copyOf(ids);
        for (int from = 0; from < all.size(); from += 500) {
            List<String> some = all.subList(from, Math.min(all.size(), from + 500));
            List<String> arguments = new ArrayList<>(List.of(env, kind));
            arguments.addAll(some);
            rows(sql.getAll(some.size()), statement -> bind(statement, arguments.toArray(String[]::new)))
                    .forEach(row -> found.put(row.id(), row));
        }
        return found;
    }

    @Override
    public Row replace(Row row, Keys keys) {
        int changed = update(sql.replace, statement -> {
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
        move(row, sql.uniqueOf, sql.deleteUnique, uniques(keys), fresh -> fresh.forEach(e -> insertUnique(row, e)));
        move(row, sql.lookupOf, sql.deleteLookup, lookups(keys), fresh -> insertLookups(row, fresh));
        return row.withVersion(row.version() + 1);
    }

    private void move(
            Row row, String select, String delete, Set<Entry> wanted, java.util.function.Consumer<Set<Entry>> insert) {
        Set<Entry> stored = new LinkedHashSet<>();
        query(select, statement -> bind(statement, row.env(), row.kind(), row.id()), result -> {
            while (result.next()) {
                stored.add(new Entry(result.getString(1), result.getString(2)));
            }
            return stored;
        });
        for (Entry entry : stored) {
            if (!wanted.contains(entry)) {
                update(delete, s -> bind(s, row.env(), row.kind(), row.id(), entry.index, entry.value));
            }
        }
        Set<Entry> fresh = new LinkedHashSet<>(wanted);
        fresh.removeAll(stored);
        insert.accept(fresh);
    }

    @Override
    public boolean delete(String env, String kind, String id) {
        if (update(sql.delete, statement -> bind(statement, env, kind, id)) == 0) {
            return false;
        }
        update(sql.deleteUniques, statement -> bind(statement, env, kind, id));
        update(sql.deleteLookups, statement -> bind(statement, env, kind, id));
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
        if (query.where().values().stream().anyMatch(Set::isEmpty)) {
            return List.of();
        }
        return rows(sql.find(query), statement -> {
            int i = bind(statement, query.env(), query.kind());
            String driver = Sql.driver(query);
            if (!driver.isEmpty()) {
                statement.setString(i++, driver);
                statement.setString(
                        i++,
                        value(query.where()
                                .getOrDefault(driver, Set.of(""))
                                .iterator()
                                .next()));
            }
            for (Map.Entry<String, Set<String>> lookup : query.where().entrySet()) {
                if (!lookup.getKey().equals(driver)) {
                    statement.setString(i++, lookup.getKey());
                    for (String value : lookup.getValue()) {
                        statement.setString(i++, value(value));
                    }
                }
            }
            if (query.text() != null) {
                String literal = query.text().replaceAll("[!%_]", "!$0");
                statement.setString(i++, "%" + literal + "%");
            }
            if (query.after() != null) {
                statement.setString(i++, query.after());
            }
            if (query.before() != null) {
                statement.setString(i++, query.before());
            }
            statement.setInt(i, query.limit());
        });
    }

    @Override
    public OptionalLong add(String env, String counter, long delta, long max, Instant now, Instant until) {
        String name = value(counter);
        long at = now.toEpochMilli();
        while (true) {
            int changed = update(sql.count, statement -> {
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
            OptionalLong value = query(
                    sql.counted,
                    statement -> bind(statement, env, name),
                    result -> result.next() ? OptionalLong.of(result.getLong(1)) : OptionalLong.empty());
            if (changed == 1) {
                return value;
            }
            if (value.isPresent() || delta > max) {
                return OptionalLong.empty();
            }
            boolean made = insertIfAbsent(sql.newCounter, statement -> {
                int i = bind(statement, env, name);
                statement.setLong(i++, delta);
                statement.setLong(i, until.toEpochMilli());
            });
            if (made) {
                return OptionalLong.of(delta);
            }
        }
    }

    @Override
    public int sweep(Instant now, int atMost) {
        List<String[]> gone = query(
                sql.expired,
                statement -> {
                    statement.setLong(1, now.toEpochMilli());
                    statement.setInt(2, atMost);
                },
                result -> {
                    List<String[]> all = new ArrayList<>();
                    while (result.next()) {
                        all.add(new String[] {result.getString(1), result.getString(2), result.getString(3)});
                    }
                    return all;
                });
        int swept = 0;
        for (String[] row : gone) {
            swept += delete(row[0], row[1], row[2]) ? 1 : 0;
        }
        if (swept < atMost) {
            swept += update(sql.sweepCounters, statement -> statement.setLong(1, now.toEpochMilli()));
        }
        return swept;
    }

    @Override
    public boolean lease(String name, String owner, Instant now, Instant until) {
        int renewed = update(sql.renewLease, statement -> {
            statement.setString(1, owner);
            statement.setLong(2, until.toEpochMilli());
            statement.setString(3, name);
            statement.setString(4, owner);
            statement.setLong(5, now.toEpochMilli());
        });
        return renewed == 1
                || insertIfAbsent(sql.newLease, statement -> {
                    statement.setString(1, owner);
                    statement.setLong(2, until.toEpochMilli());
                    statement.setString(3, name);
                });
    }

    @Override
    public void append(JournalEntry entry) {
        unique("journal", "id", sql.append, statement -> {
            int i = bind(statement, entry.env(), entry.stream(), entry.id());
            statement.setLong(i++, entry.at().toEpochMilli());
            statement.setString(i, entry.body());
        });
    }

    @Override
    public List<JournalEntry> read(JournalQuery query) {
        String page = sql.journal
                + (query.after() == null ? "" : " and id > ?")
                + (query.before() == null ? "" : " and id < ?")
                + " order by id" + (query.descending() ? " desc" : "") + " limit ?";
        return query(
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

    private void insertUnique(Row row, Entry entry) {
        unique(
                row.kind(),
                entry.index,
                sql.insertUnique,
                statement -> bind(statement, row.env(), row.kind(), row.id(), entry.index, entry.value));
    }

    private void insertLookups(Row row, Set<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql.insertLookup)) {
            for (Entry entry : entries) {
                bind(statement, row.env(), row.kind(), row.id(), entry.index, entry.value);
                statement.addBatch();
            }
            statement.executeBatch();
        } catch (SQLException e) {
            throw JdbcErrors.translate(e);
        }
    }

    private static Set<Entry> uniques(Keys keys) {
        Set<Entry> all = new LinkedHashSet<>();
        keys.unique().forEach((index, value) -> all.add(new Entry(index, value(value))));
        return all;
    }

    private static Set<Entry> lookups(Keys keys) {
        Set<Entry> all = new LinkedHashSet<>();
        keys.lookup().forEach((index, values) -> values.forEach(value -> all.add(new Entry(index, value(value)))));
        return all;
    }

    /** A key as stored: itself, or its digest if it is too long for an index; a digest cannot be spelt by a value. */
    private static String value(String text) {
        if (text.length() <= WIDEST_VALUE && !text.startsWith("sha256:")) {
            return text;
        }
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(
                                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @FunctionalInterface
    private interface Bind {
        void to(PreparedStatement statement) throws SQLException;
    }

    @FunctionalInterface
    private interface Read<T> {
        T from(ResultSet result) throws SQLException;
    }

    private static int bind(PreparedStatement statement, String... values) throws SQLException {
        int i = 1;
        for (String value : values) {
            statement.setString(i++, value);
        }
        return i;
    }

    private static int times(PreparedStatement statement, int from, Row row) throws SQLException {
        int i = from;
        statement.setLong(i++, row.createdAt().toEpochMilli());
        statement.setLong(i++, row.updatedAt().toEpochMilli());
        Instant expires = row.expiresAt();
        if (expires == null) {
            statement.setNull(i++, java.sql.Types.BIGINT);
        } else {
            statement.setLong(i++, expires.toEpochMilli());
        }
        return i;
    }

    private Optional<Row> one(String text, String... values) {
        List<Row> found = rows(text, statement -> bind(statement, values));
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
    }

    private List<Row> rows(String text, Bind bind) {
        return query(text, bind, result -> {
            List<Row> rows = new ArrayList<>();
            while (result.next()) {
                long expires = result.getLong(7);
                Instant expiresAt = result.wasNull() ? null : Instant.ofEpochMilli(expires);
                rows.add(new Row(
                        result.getString(1),
                        result.getString(2),
                        result.getString(3),
                        result.getLong(4),
                        Instant.ofEpochMilli(result.getLong(5)),
                        Instant.ofEpochMilli(result.getLong(6)),
                        expiresAt,
                        result.getString(8)));
            }
            return rows;
        });
    }

    private <T> T query(String text, Bind bind, Read<T> read) {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            bind.to(statement);
            try (ResultSet result = statement.executeQuery()) {
                return read.from(result);
            }
        } catch (SQLException e) {
            throw JdbcErrors.translate(e);
        }
    }

    private int update(String text, Bind bind) {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            bind.to(statement);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw JdbcErrors.translate(e);
        }
    }

    private void unique(String kind, String index, String text, Bind bind) {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            bind.to(statement);
            statement.executeUpdate();
        } catch (SQLException e) {
            if (JdbcErrors.duplicate(e)) {
                throw new Storage.Duplicate(kind, index);
            }
            throw JdbcErrors.translate(e);
        }
    }

    private boolean insertIfAbsent(String text, Bind bind) {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            bind.to(statement);
            return statement.executeUpdate() == 1;
        } catch (SQLException e) {
            if (JdbcErrors.duplicate(e)) {
                return false;
            }
            throw JdbcErrors.translate(e);
        }
    }
}
