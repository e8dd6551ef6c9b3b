package dev.gatehouse.store;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Hands out one and the same connection again and again. Flyway wants two at once, which a pool of exactly one can never
 * give; and Flyway alters settings, which are put back before the connection returns to its pool.
 */
final class SharedConnection implements DataSource, AutoCloseable {
    private final DataSource source;
    private @Nullable Connection connection;
    private boolean foundAutoCommit;
    private int foundTimeout;

    SharedConnection(DataSource source) {
        this.source = source;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection real = connection;
        if (real == null) {
            real = source.getConnection();
            connection = real;
            foundAutoCommit = real.getAutoCommit();
            foundTimeout = real.getNetworkTimeout();
            if (foundTimeout != 0) {
                // a migration may take as long as it takes
                real.setNetworkTimeout(Runnable::run, 0);
            }
        }
        if (!real.getAutoCommit()) {
            real.rollback();
            real.setAutoCommit(true);
        }
        return unclosable(real);
    }

    private static Connection unclosable(Connection real) {
        return (Connection) Proxy.newProxyInstance(
                SharedConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    try {
                        return method.invoke(real, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Override
    public void close() {
        Connection real = connection;
        if (real == null) {
            return;
        }
        try (real) {
            if (!real.getAutoCommit()) {
                real.rollback();
            }
            real.setAutoCommit(foundAutoCommit);
            if (foundTimeout != 0) {
                real.setNetworkTimeout(Runnable::run, foundTimeout);
            }
        } catch (SQLException e) {
            // the pool finds out by itself that it is broken
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
