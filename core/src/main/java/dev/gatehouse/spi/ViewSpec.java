package dev.gatehouse.spi;

import java.util.List;

/**
 * A read-only SQL view over the rows of one kind, so that the owner of the database can query his own data. Columns
 * {@code environment_id}, {@code id}, {@code created_at}, {@code updated_at} are always there.
 *
 * @param name without the table prefix, for example {@code user}; the view is then {@code gh_v_user}
 * @param kind kind of the rows
 * @param columns what to take from the body
 */
public record ViewSpec(String name, String kind, List<Column> columns) {

    public ViewSpec {
        columns = List.copyOf(columns);
    }

    /**
     * @param name column name and top-level member of the JSON body, {@code [a-z_]+}
     * @param type how the member is shown
     */
    public record Column(String name, Type type) {}

    /** Column types; anything else than these is shown as JSON text. */
    public enum Type {
        TEXT,
        BOOLEAN,
        NUMBER,
        JSON
    }
}
