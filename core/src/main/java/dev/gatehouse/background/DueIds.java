package dev.gatehouse.background;

import dev.gatehouse.crypto.Ulid;
import java.time.Instant;

/**
 * Identifiers that begin with the moment at which a row is due, so that what is due comes first. A worker that claims a
 * row replaces it by one due at the end of the claim: of any number of workers one gets it, and what a dead one has left
 * is due again by itself.
 */
public final class DueIds {
    private static final int TIME = 10;
    private static final int ULID = 26;

    private DueIds() {}

    /** When the row of this identifier is due. */
    public static Instant due(String id) {
        return Ulid.time(id.substring(id.length() - ULID));
    }

    /** The same identifier, due at another time. */
    public static String at(String id, Instant due) {
        int begins = id.length() - ULID;
        return id.substring(0, begins) + Ulid.floor(due).substring(0, TIME) + id.substring(begins + TIME);
    }
}
