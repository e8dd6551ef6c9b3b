package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.background.DueIds;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A look at a SAML connection that is still to come, due at the moment of its identifier ({@link DueIds}): at its certificates,
 * and at the provider's metadata if it has an address.
 *
 * @param readAt when the metadata is to be read; null without an address
 * @param failures readings that failed since the last one that did not
 * @param told certificate to when its end was told of last
 */
record ConnectionWatch(
        String id,
        String connectionId,
        @Nullable Instant readAt,
        int failures,
        Map<String, Instant> told,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    static final EntityType<ConnectionWatch> TYPE = EntityType.of(
                    "connection_watch", "connection_watch", ConnectionWatch.class)
            .unique(
                    "connection_id",
                    ConnectionWatch::connectionId,
                    w -> ApiException.of(409, "conflict", "The connection is being looked at."));

    private static final Duration DAILY = Duration.ofDays(1);
    private static final Duration FIRST_RETRY = Duration.ofMinutes(15);

    ConnectionWatch {
        told = Map.copyOf(told);
    }

    /**
     * Begins to look at a connection, at once; what was told already is not told again.
     *
     * @param again after what time its metadata is to be read; null without an address
     */
    static void start(Call call, String connectionId, @Nullable Duration again) {
        Map<String, Instant> told = call.findBy(TYPE, "connection_id", connectionId)
                .map(ConnectionWatch::told)
                .orElse(Map.of());
        stop(call, connectionId);
        Instant readAt = again == null ? null : call.now().plus(again);
        ConnectionWatch watch =
                new ConnectionWatch(call.newId(TYPE), connectionId, readAt, 0, told, call.now(), call.now());
        call.create(TYPE, watch.at(call.now()));
    }

    /** Looks no more. */
    static void stop(Call call, String connectionId) {
        call.findBy(TYPE, "connection_id", connectionId).ifPresent(watch -> call.delete(TYPE, watch));
    }

    /** The same, due at another time. */
    ConnectionWatch at(Instant due) {
        return new ConnectionWatch(DueIds.at(id, due), connectionId, readAt, failures, told, createdAt, updatedAt);
    }

    /** Whether the metadata is to be read now. */
    boolean reads(Instant now) {
        return readAt != null && !readAt.isAfter(now);
    }

    /**
     * The next one.
     *
     * @param reading when the metadata is to be read; null without an address
     */
    ConnectionWatch next(@Nullable Instant reading, int failed, Map<String, Instant> nowTold, Instant now) {
        Instant tomorrow = now.plus(DAILY);
        Instant due = reading != null && reading.isBefore(tomorrow) ? reading : tomorrow;
        return new ConnectionWatch(DueIds.at(id, due), connectionId, reading, failed, nowTold, createdAt, now);
    }

    /** When to read again what could not be read: ever later, a day at most. */
    Instant retryAt(Instant now) {
        Duration pause = FIRST_RETRY.multipliedBy(1L << Math.min(failures, 7));
        return now.plus(pause.compareTo(DAILY) < 0 ? pause : DAILY);
    }
}
