package dev.gatehouse.spi;

import org.jspecify.annotations.Nullable;

/**
 * A page of a journal in identifier order.
 *
 * @param env environment
 * @param stream which journal
 * @param after only identifiers greater than this; null for no bound
 * @param before only identifiers less than this; null for no bound
 * @param descending newest first
 * @param limit at most this many, at least 1
 */
public record JournalQuery(
        String env,
        String stream,
        @Nullable String after,
        @Nullable String before,
        boolean descending,
        int limit) {}
