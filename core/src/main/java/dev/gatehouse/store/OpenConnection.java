package dev.gatehouse.store;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A connection lent for one transaction, which begins with its first change or lock. What only reads needs none: at READ
 * COMMITTED each statement sees what was committed before it, in a transaction or not, and PostgreSQL is spared a round trip.
 */
final class OpenConnection {
    private final Connection connection;
    private final boolean autoCommit;
    private final boolean readCommitted;
    private boolean begun;
    private int isolation = Connection.TRANSACTION_READ_COMMITTED;

    /** @param readCommitted whether the isolation is known, which costs a round trip to ask */
    OpenConnection(Connection connection, boolean readCommitted) throws SQLException {
        this.connection = connection;
        this.readCommitted = readCommitted;
        this.autoCommit = connection.getAutoCommit();
        if (!autoCommit) {
            connection.setAutoCommit(true);
        }
    }

    Connection connection() {
        return connection;
    }

    /** Begins the transaction unless it has begun. */
    void begin() {
        if (begun) {
            return;
        }
        try {
            if (!readCommitted) {
                isolation = connection.getTransactionIsolation();
            }
            if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            }
            connection.setAutoCommit(false);
            begun = true;
        } catch (SQLException e) {
            throw JdbcErrors.translate(e);
        }
    }

    void commit() throws SQLException {
        if (begun) {
            connection.commit();
        }
    }

    void rollback() {
        if (!begun) {
            return;
        }
        try {
            connection.rollback();
        } catch (SQLException e) {
            // a broken connection has rolled back by itself, and the first failure is what the caller must see
        }
    }

    /** Makes the connection what it was when it came. */
    void restore() {
        try {
            if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                connection.setTransactionIsolation(isolation);
            }
            if (connection.getAutoCommit() != autoCommit) {
                connection.setAutoCommit(autoCommit);
            }
        } catch (SQLException e) {
            // the connection broke: its pool discards it, and what the transaction came to stands already
        }
    }
}
