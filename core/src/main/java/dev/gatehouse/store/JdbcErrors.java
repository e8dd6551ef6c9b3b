package dev.gatehouse.store;

import dev.gatehouse.spi.Storage;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads SQLState classes, never messages: those differ between drivers and languages. */
final class JdbcErrors {
    /** Lock time-outs and concurrent updates of H2 (50200, 90131, HYT00) and PostgreSQL (55P03). */
    private static final Set<String> CONFLICTS = Set.of("50200", "90131", "HYT00", "55P03");

    private JdbcErrors() {}

    static boolean duplicate(SQLException e) {
        return state(e).startsWith("23");
    }

    static Storage.StorageException translate(SQLException e) {
        String state = state(e);
        return state.startsWith("40") || CONFLICTS.contains(state)
                ? new Storage.TransientConflict("the database gave a transaction up (" + state + ")", e)
                : new Storage.StorageException("the database failed (" + state + ")", e);
    }

    private static String state(SQLException e) {
        // a failed batch carries the cause in the next exception
        for (@Nullable SQLException at = e; at != null; at = at.getNextException()) {
            if (at.getSQLState() != null && at.getNextException() == null) {
                return at.getSQLState();
            }
        }
        return e.getSQLState() == null ? "" : e.getSQLState();
    }
}
