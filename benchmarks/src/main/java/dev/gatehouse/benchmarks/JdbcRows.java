package dev.gatehouse.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** By hand, on tables made for it: what the database itself costs through JDBC. */
final class JdbcRows implements Rows {
    private static final String COLUMNS = "id, version, created_at, updated_at, expires_at, email, organization, body";
    private final long now = Instant.now().toEpochMilli();

    private final HikariDataSource source;

    JdbcRows(String url) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setAutoCommit(false);
        source = new HikariDataSource(config);
        this.<Boolean>in(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("""
                        create table bench_user (id varchar(80) primary key, version bigint not null, created_at bigint not null,
                          updated_at bigint not null, expires_at bigint, email varchar(255) not null unique,
                          organization varchar(80) not null, body varchar not null)""");
                statement.execute("create index bench_user_organization on bench_user (organization, id)");
                statement.execute("create index bench_user_expires on bench_user (expires_at)");
                statement.execute(
                        "create table bench_counter (name varchar(255) primary key, val bigint not null, expires_at bigint not null)");
                statement.execute(
                        "create table bench_lease (name varchar(80) primary key, owner varchar(80) not null, expires_at bigint not null)");
                statement.execute("insert into bench_counter values ('c', 0, " + Long.MAX_VALUE + ")");
                statement.execute("insert into bench_lease values ('l', 'me', 0)");
                statement.execute("""
                        create table bench_journal (stream varchar(80) not null, id varchar(80) not null, at bigint not null,
                          body varchar not null, primary key (stream, id))""");
                return true;
            }
        });
    }

    private interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    private interface Bind {
        void to(PreparedStatement statement) throws SQLException;
    }

    private <T> T in(Work<T> work) throws SQLException {
        try (Connection connection = source.getConnection()) {
            T result = work.run(connection);
            connection.commit();
            return result;
        }
    }

    private int update(String sql, Bind bind) throws SQLException {
        return in(connection -> update(connection, sql, bind));
    }

    private static int update(Connection connection, String sql, Bind bind) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind.to(statement);
            return statement.executeUpdate();
        }
    }

    /** How many rows there are, each read as far as the application needs it. */
    private static int select(Connection connection, String where, Bind bind) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select " + COLUMNS + " from bench_user where " + where)) {
            bind.to(statement);
            try (ResultSet result = statement.executeQuery()) {
                int rows = 0;
                while (result.next()) {
                    for (int column = 1; column <= 8; column++) {
                        if (column >= 2 && column <= 5) {
                            result.getLong(column);
                        } else {
                            result.getString(column);
                        }
                    }
                    rows++;
                }
                return rows;
            }
        }
    }

    private int select(String where, Bind bind) throws SQLException {
        return in(connection -> select(connection, where, bind));
    }

    private void insert(int from, int to, @Nullable Long expiresAt) throws SQLException {
        in(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("insert into bench_user (" + COLUMNS + ") values (?,?,?,?,?,?,?,?)")) {
                for (int n = from; n < to; n++) {
                    statement.setString(1, Rows.id(n));
                    statement.setLong(2, 1);
                    statement.setLong(3, now);
                    statement.setLong(4, now);
                    statement.setObject(5, expiresAt);
                    statement.setString(6, Rows.email(n));
                    statement.setString(7, Rows.organization(n));
                    statement.setString(8, BODY);
                    if (to - from > 1) {
                        statement.addBatch();
                    } else {
                        statement.executeUpdate();
                    }
                }
                if (to - from > 1) {
                    statement.executeBatch();
                }
                return true;
            }
        });
    }

    @Override
    public void insert(int n) throws SQLException {
        insert(n, n + 1, null);
    }

    @Override
    public void insertAll(int from, int to) throws SQLException {
        insert(from, to, null);
    }

    @Override
    public void insertExpired(int from, int to) throws SQLException {
        insert(from, to, now - 1);
    }

    @Override
    public boolean get(int n) throws SQLException {
        return select("id = ?", statement -> statement.setString(1, Rows.id(n))) == 1;
    }

    @Override
    public int getAll(List<Integer> numbers) throws SQLException {
        return select("id in (" + marks(numbers) + ")", statement -> {
            for (int i = 0; i < numbers.size(); i++) {
                statement.setString(i + 1, Rows.id(numbers.get(i)));
            }
        });
    }

    private static String marks(List<?> numbers) {
        return String.join(",", Collections.nCopies(numbers.size(), "?"));
    }

    @Override
    public boolean hold(int n) throws SQLException {
        return select("id = ? for update", statement -> statement.setString(1, Rows.id(n))) == 1;
    }

    @Override
    public boolean getByKey(int n) throws SQLException {
        return select("email = ?", statement -> statement.setString(1, Rows.email(n))) == 1;
    }

    @Override
    public int getAllByKey(List<Integer> numbers) throws SQLException {
        return select("email in (" + marks(numbers) + ")", statement -> {
            for (int i = 0; i < numbers.size(); i++) {
                statement.setString(i + 1, Rows.email(numbers.get(i)));
            }
        });
    }

    @Override
    public void replace(int n) throws SQLException {
        in(connection -> {
            long version;
            try (PreparedStatement statement =
                    connection.prepareStatement("select " + COLUMNS + " from bench_user where id = ?")) {
                statement.setString(1, Rows.id(n));
                try (ResultSet result = statement.executeQuery()) {
                    result.next();
                    version = result.getLong(2);
                    result.getString(8);
                }
            }
            return update(
                    connection,
                    "update bench_user set version = version + 1, updated_at = ?, email = ?, organization = ?, body = ?"
                            + " where id = ? and version = ?",
                    statement -> {
                        statement.setLong(1, now);
                        statement.setString(2, Rows.email(n));
                        statement.setString(3, Rows.organization(n));
                        statement.setString(4, BODY);
                        statement.setString(5, Rows.id(n));
                        statement.setLong(6, version);
                    });
        });
    }

    @Override
    public boolean delete(int n) throws SQLException {
        return update("delete from bench_user where id = ?", statement -> statement.setString(1, Rows.id(n))) == 1;
    }

    @Override
    public boolean take(int n) throws SQLException {
        return in(connection ->
                select(connection, "id = ? for update", statement -> statement.setString(1, Rows.id(n))) == 1
                        && update(
                                        connection,
                                        "delete from bench_user where id = ?",
                                        statement -> statement.setString(1, Rows.id(n)))
                                == 1);
    }

    @Override
    public int page(int n) throws SQLException {
        return select("id > ? order by id limit 100", statement -> statement.setString(1, Rows.id(n)));
    }

    @Override
    public int pageOf(int n) throws SQLException {
        return select(
                "organization = ? order by organization, id limit 20",
                statement -> statement.setString(1, Rows.organization(n)));
    }

    @Override
    public boolean count(String counter) throws SQLException {
        return in(connection -> {
            update(connection, "update bench_counter set val = val + 1 where name = 'c'", statement -> {});
            try (PreparedStatement statement =
                            connection.prepareStatement("select val from bench_counter where name = 'c'");
                    ResultSet result = statement.executeQuery()) {
                return result.next();
            }
        });
    }

    @Override
    public boolean lease(String name) throws SQLException {
        return update(
                        "update bench_lease set expires_at = ? where name = 'l' and owner = 'me'",
                        statement -> statement.setLong(1, now))
                == 1;
    }

    @Override
    public int sweep(int most) throws SQLException {
        return in(connection -> {
            List<String> expired = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(
                    "select id from bench_user where expires_at <= ? order by expires_at limit ?")) {
                statement.setLong(1, now);
                statement.setInt(2, most);
                try (ResultSet result = statement.executeQuery()) {
                    while (result.next()) {
                        expired.add(result.getString(1));
                    }
                }
            }
            return update(connection, "delete from bench_user where id in (" + marks(expired) + ")", statement -> {
                for (int i = 0; i < expired.size(); i++) {
                    statement.setString(i + 1, expired.get(i));
                }
            });
        });
    }

    @Override
    public void append(int n) throws SQLException {
        update("insert into bench_journal values ('org_1', ?, ?, ?)", statement -> {
            statement.setString(1, Rows.id(n));
            statement.setLong(2, now);
            statement.setString(3, BODY);
        });
    }

    @Override
    public int read() throws SQLException {
        return in(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(
                            "select id, at, body from bench_journal where stream = 'org_1' order by stream desc, id desc limit 100");
                    ResultSet result = statement.executeQuery()) {
                int rows = 0;
                while (result.next()) {
                    result.getString(1);
                    result.getLong(2);
                    result.getString(3);
                    rows++;
                }
                return rows;
            }
        });
    }

    @Override
    public void close() {
        source.close();
    }
}
