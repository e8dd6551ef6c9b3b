package dev.gatehouse.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an H2 file that is only appended to from growing without end (ADR 3). Once most of it is dead, H2 writes what lives
 * to a second file and renames that, and every transaction waits meanwhile: a tenth of a second for some megabytes.
 */
final class Compaction {
    private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);

    private final HikariDataSource pool;
    private final When when;
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock(true);
    private final AtomicLong next;

    /**
     * When a file is looked at, and what is left as it is.
     *
     * @param turns so many transactions write between two looks
     * @param bytes size up to which a file is left as it is
     */
    record When(long turns, long bytes) {}

    Compaction(HikariDataSource pool, When when) {
        this.pool = pool;
        this.when = when;
        this.next = new AtomicLong(when.turns);
    }

    /** A transaction begins; waits while the file is copied. */
    void enter() {
        gate.readLock().lock();
    }

    /**
     * A transaction has ended, and may be the one that finds the file too large.
     *
     * @param turns how many transactions have written since the start
     */
    void leave(long turns) {
        gate.readLock().unlock();
        long look = next.get();
        if (turns < look || !next.compareAndSet(look, turns + when.turns)) {
            return;
        }
        gate.writeLock().lock();
        try {
            copyIfDue();
        } catch (SQLException e) {
            // the file is as it was, and larger than it need be
            LOG.warn("the database file could not be compacted; is there room for a copy? {}", e.getMessage());
        } finally {
            gate.writeLock().unlock();
        }
    }

    private void copyIfDue() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            if (due(connection)) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("shutdown defrag");
                }
                pool.getHikariPoolMXBean().softEvictConnections();
            }
        }
    }

    /** Whether three quarters of a large file are dead. */
    private boolean due(Connection connection) throws SQLException {
        Map<String, Long> info = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "select setting_name, setting_value from information_schema.settings where setting_name in"
                                + " ('info.FILE_SIZE', 'info.FILL_RATE', 'info.CHUNKS_FILL_RATE')")) {
            while (result.next()) {
                info.put(result.getString(1), Long.parseLong(result.getString(2)));
            }
        }
        long size = info.getOrDefault("info.FILE_SIZE", 0L);
        long alive = info.getOrDefault("info.FILL_RATE", 100L) * info.getOrDefault("info.CHUNKS_FILL_RATE", 100L);
        return size > when.bytes && alive < 2_500;
    }
}
