package dev.gatehouse.store;

import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs statements on one connection and speaks the exceptions of {@link Storage}. */
final class Statements {
    private final Connection connection;
    private final Runnable beforeWrite;

    /** @param beforeWrite runs before each statement that changes or locks something */
    Statements(Connection connection, Runnable beforeWrite) {
        this.connection = connection;
        this.beforeWrite = beforeWrite;
    }

    @FunctionalInterface
    interface Bind {
        void to(PreparedStatement statement) throws SQLException;
    }

    @FunctionalInterface
    interface Read<T> {
        T from(ResultSet result) throws SQLException;
    }

    static int bind(PreparedStatement statement, String... values) throws SQLException {
        return bindFrom(1, statement, values);
    }

    static int bindFrom(int first, PreparedStatement statement, String... values) throws SQLException {
        int i = first;
        for (String value : values) {
            statement.setString(i++, value);
        }
        return i;
    }

    static int times(PreparedStatement statement, int from, Row row) throws SQLException {
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

    /** A row that is locked until the transaction ends. */
    Optional<Row> hold(String text, String... values) {
        beforeWrite.run();
        return one(text, values);
    }

    Optional<Row> one(String text, String... values) {
        if (!Stream.of(values).allMatch(StoredValue::storable)) {
            return Optional.empty(); // nothing can have it, and the database would stumble over it
        }
        List<Row> found = rows(text, statement -> bind(statement, values));
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
    }

    List<Row> rows(String text, Bind bind) {
        return query(text, bind, result -> {
            List<Row> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(row(result));
            }
            return rows;
        });
    }

    /** The row of {@link Sql#COLUMNS}. */
    static Row row(ResultSet result) throws SQLException {
        long expires = result.getLong(7);
        Instant expiresAt = result.wasNull() ? null : Instant.ofEpochMilli(expires);
        return new Row(
                result.getString(1),
                result.getString(2),
                result.getString(3),
                result.getLong(4),
                Instant.ofEpochMilli(result.getLong(5)),
                Instant.ofEpochMilli(result.getLong(6)),
                expiresAt,
                result.getString(8));
    }

    /** A query that locks what it finds. */
    <T> T held(String text, Bind bind, Read<T> read) {
        beforeWrite.run();
        return query(text, bind, read);
    }

    <T> T query(String text, Bind bind, Read<T> read) {
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            bind.to(statement);
            try (ResultSet result = statement.executeQuery()) {
                return read.from(result);
            }
        } catch (SQLException e) {
            throw JdbcErrors.translate(e);
        }
    }

    int update(String text, Bind bind) {
        beforeWrite.run();
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            bind.to(statement);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw JdbcErrors.translate(e);
        }
    }

    void unique(String kind, String index, String text, Bind bind) {
        beforeWrite.run();
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

    boolean insertIfAbsent(String text, Bind bind) {
        beforeWrite.run();
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

    /** A value bound for one statement of a batch. */
    @FunctionalInterface
    interface Batch<T> {
        void to(PreparedStatement statement, T value) throws SQLException;
    }

    /** How many rows each statement changed. */
    <T> int[] batch(String text, Collection<T> values, Batch<T> bind) {
        try {
            return run(text, values, bind);
        } catch (SQLException e) {
            throw JdbcErrors.translate(e);
        }
    }

    /** A batch of which each statement adds a key of this index. */
    <T> void uniqueBatch(String kind, String index, String text, Collection<T> values, Batch<T> bind) {
        try {
            run(text, values, bind);
        } catch (SQLException e) {
            if (JdbcErrors.duplicate(e)) {
                throw new Storage.Duplicate(kind, index);
            }
            throw JdbcErrors.translate(e);
        }
    }

    private <T> int[] run(String text, Collection<T> values, Batch<T> bind) throws SQLException {
        if (values.isEmpty()) {
            return new int[0];
        }
        beforeWrite.run();
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            for (T value : values) {
                bind.to(statement, value);
                statement.addBatch();
            }
            return statement.executeBatch();
        }
    }
}
