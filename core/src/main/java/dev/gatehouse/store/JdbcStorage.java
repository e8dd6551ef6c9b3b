package dev.gatehouse.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.ViewSpec;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Stores in H2 or PostgreSQL through JDBC, in the host's own database if it likes: four tables that matter, under a
 * prefix. Leaves connections as it found them (autocommit, isolation).
 */
public final class JdbcStorage implements Storage {
    /** Makes H2 leave what it has written as it is; {@link Compaction} gives the space back. */
    private static final String APPEND_ONLY = ";REUSE_SPACE=FALSE";

    private static final Compaction.When COMPACT = new Compaction.When(500, 64L << 20);
    private static final Pattern PREFIX = Pattern.compile("[a-z][a-z0-9_]{0,15}");

    private final DataSource source;
    private final @Nullable HikariDataSource owned;
    private final @Nullable Compaction compaction;
    private final SchemaMode mode;
    private final String prefix;
    private final ThreadLocal<Boolean> open = new ThreadLocal<>();
    private final Turn turn = new Turn();
    private final GroupCommit journal = new GroupCommit((entries, appended) -> this.<Boolean>inTransaction(tx -> {
        tx.appendAll(entries);
        appended.run();
        return true;
    }));
    private volatile @Nullable Sql sql;

    /** What {@link #prepare} does about the tables. */
    public enum SchemaMode {
        /** Migrates them (Flyway, under its own history table) and makes the views, where they are not as this release needs them. */
        CREATE,
        /** Checks that they are there as this release needs them. */
        VALIDATE,
        /** Nothing: the host runs the SQL and vouches for it. */
        OFF
    }

    private JdbcStorage(
            DataSource source,
            @Nullable HikariDataSource owned,
            @Nullable Compaction compaction,
            SchemaMode mode,
            String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("a table prefix is [a-z][a-z0-9_]{0,15}");
        }
        this.source = source;
        this.owned = owned;
        this.compaction = compaction;
        this.mode = mode;
        this.prefix = prefix;
    }

    /** Uses the host's DataSource, which stays the host's to close. */
    public static JdbcStorage of(DataSource source, SchemaMode mode, String prefix) {
        return new JdbcStorage(source, null, null, mode, prefix);
    }

    /**
     * Opens a pool of its own (HikariCP, at most ten connections), closed with this storage.
     *
     * @throws StorageException if the database cannot be reached within some seconds, or has no driver on the class path
     */
    public static JdbcStorage of(
            String url, @Nullable String user, @Nullable String password, SchemaMode mode, String prefix) {
        return of(url, user, password, mode, prefix, COMPACT);
    }

    static JdbcStorage of(
            String url,
            @Nullable String user,
            @Nullable String password,
            SchemaMode mode,
            String prefix,
            Compaction.When compact) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(10);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(3_000);
        config.setInitializationFailTimeout(5_000);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setPoolName("gatehouse");
        if (url.startsWith("jdbc:postgresql:")) {
            // a database that says nothing any more must not keep threads; what the URL says counts more
            config.addDataSourceProperty("connectTimeout", "3");
            config.addDataSourceProperty("socketTimeout", "15");
            // many rows in one statement
            config.addDataSourceProperty("reWriteBatchedInserts", "true");
        }
        HikariDataSource pool;
        try {
            // by name, since DriverManager of a container knows no driver that came with the application
            config.setDriverClassName(url.startsWith("jdbc:postgresql:") ? "org.postgresql.Driver" : "org.h2.Driver");
            pool = new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw new StorageException("the database cannot be opened: " + reason(e), e);
        }
        Compaction compaction = url.contains(APPEND_ONLY) ? new Compaction(pool, compact) : null;
        return new JdbcStorage(pool, pool, compaction, mode, prefix);
    }

    /** What the driver said, in a line; HikariCP's own words may hold the URL and with it a password. */
    private static String reason(RuntimeException failed) {
        for (Throwable at = failed; at != null; at = at.getCause()) {
            if (at instanceof SQLException said) {
                return String.valueOf(said.getMessage()).lines().findFirst().orElse("");
            }
        }
        return "its driver is not on the class path";
    }

    /**
     * JDBC URL of the embedded default: an H2 file whose commits survive the death of the process, since each is written
     * to the operating system before it returns, and nothing that a commit rests on is overwritten (ADR 3). See {@code
     * docs/storage.md} for what a power cut may lose.
     */
    public static String h2File(Path directory) {
        return "jdbc:h2:file:" + directory.toAbsolutePath().resolve("gatehouse")
                + ";WRITE_DELAY=0;LOCK_TIMEOUT=10000;DB_CLOSE_ON_EXIT=FALSE;MAX_COMPACT_TIME=0;TRACE_LEVEL_FILE=0;CACHE_SIZE="
                + cacheKilobytes(Runtime.getRuntime().maxMemory())
                + APPEND_ONLY;
    }

    /** A sixteenth of the heap for pages of the file, which H2 reads and parses again otherwise, from 16 to 128 MB. */
    private static long cacheKilobytes(long heapBytes) {
        return Math.max(16L << 10, Math.min(128L << 10, heapBytes >> 14));
    }

    /** JDBC URL of an H2 database in memory that lives as long as the process. */
    public static String h2Memory(String name) {
        return "jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000";
    }

    @Override
    public <T extends @Nullable Object> T inTransaction(Work<T> work) {
        if (Boolean.TRUE.equals(open.get())) {
            throw new IllegalStateException("a transaction is open on this thread already");
        }
        open.set(true);
        if (compaction != null) {
            compaction.enter();
        }
        try (Connection connection = source.getConnection()) {
            OpenConnection lent = new OpenConnection(connection, owned != null);
            try {
                return run(lent, work);
            } finally {
                lent.restore();
            }
        } catch (SQLException e) {
            throw JdbcErrors.translate(e);
        } finally {
            open.remove();
            if (compaction != null) {
                compaction.leave(turn.taken());
            }
        }
    }

    private <T extends @Nullable Object> T run(OpenConnection lent, Work<T> work) throws SQLException {
        Sql statements = sql(lent.connection());
        Runnable beforeWrite = () -> {
            if (statements.oneWriter) {
                turn.take();
            }
            lent.begin();
        };
        DeadTransaction tx = new DeadTransaction(new JdbcTx(lent.connection(), statements, beforeWrite));
        boolean done = false;
        try {
            T result = work.run(tx);
            if (tx.dead()) {
                throw new StorageException("the transaction failed and was rolled back", null);
            }
            lent.commit();
            done = true;
            return result;
        } finally {
            tx.end();
            if (!done) {
                lent.rollback();
            }
            turn.giveBack();
        }
    }

    private Sql sql(Connection connection) throws SQLException {
        Sql known = sql;
        if (known == null) {
            Dialect dialect = Dialect.of(connection);
            known = new Sql(
                    prefix, dialect, dialect.oneWriter(connection.getMetaData().getURL()));
            sql = known;
        }
        return known;
    }

    @Override
    public void append(JournalEntry entry) {
        if (Boolean.TRUE.equals(open.get())) {
            throw new IllegalStateException("a transaction is open on this thread already");
        }
        journal.append(entry);
    }

    @Override
    public void prepare(List<ViewSpec> views) {
        Schema schema = new Schema(source, prefix);
        switch (mode) {
            case CREATE -> schema.create(views);
            case VALIDATE -> schema.validate();
            case OFF -> {
                // the host vouches
            }
        }
    }

    @Override
    public void close() {
        if (owned != null) {
            owned.close();
        }
    }
}
