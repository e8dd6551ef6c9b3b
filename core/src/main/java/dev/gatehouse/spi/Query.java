package dev.gatehouse.spi;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A page of rows of one kind in identifier order.
 *
 * @param env environment
 * @param kind kind
 * @param where all of these lookups must match; each matches if the row has any of the values; an empty set of values
 *     matches nothing. Unique keys are not lookups
 * @param text substring that the row's {@link Keys#text()} must contain, lower case, taken literally; null for any
 * @param after only identifiers greater than this; null for no bound
 * @param before only identifiers less than this; null for no bound
 * @param descending greatest identifier first
 * @param limit at most this many, at least 1
 */
public record Query(
        String env,
        String kind,
        Map<String, Set<String>> where,
        @Nullable String text,
        @Nullable String after,
        @Nullable String before,
        boolean descending,
        int limit) {

    public Query {
        where = Map.copyOf(where);
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1");
        }
    }

    /** The first {@code limit} rows with this lookup, oldest first. */
    public static Query by(String env, String kind, String index, String value, int limit) {
        return new Query(env, kind, Map.of(index, Set.of(value)), null, null, null, false, limit);
    }
}
