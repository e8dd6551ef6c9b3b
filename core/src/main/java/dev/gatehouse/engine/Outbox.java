package dev.gatehouse.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event as it lies in the outbox: written in the transaction of the change it tells of, published later under one
 * lock, where it gets its public id. Ids given before commit would become visible out of order, and a reader that
 * remembers the last one would lose events.
 *
 * @param event name, for example {@code user.created}
 * @param data snapshot at the time of the change, without secrets
 * @param organizationId whose event it is, for the filter; null if nobody's in particular
 * @param actor who caused it
 * @param previousAttributes what an update changed, with the old values; null otherwise
 * @param at when
 */
public record Outbox(
        String event,
        JsonNode data,
        @Nullable String organizationId,
        Actor actor,
        @Nullable JsonNode previousAttributes,
        Instant at) {
    /** Kind of the rows. */
    public static final String KIND = "outbox";
}
