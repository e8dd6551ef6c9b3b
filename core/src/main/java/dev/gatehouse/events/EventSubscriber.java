package dev.gatehouse.events;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a subscriber has come, over all nodes and restarts.
 *
 * @param name the subscriber's, unique in its environment
 * @param lastEvent identifier of the event that was handled or skipped last; empty if there was none
 * @param failures how often the handler has failed at the event that comes next
 * @param failedEvent identifier of that event; null while all is well
 * @param lastFailure classes of what it threw the last time; null while all is well
 * @param nextTry when it gets that event again; null while all is well
 * @param node the instance that hands events over now; null if none does
 * @param claimedUntil when another instance may go on even if that one has not said that it is done
 */
public record EventSubscriber(
        String id,
        String name,
        String lastEvent,
        int failures,
        @Nullable String failedEvent,
        @Nullable String lastFailure,
        @Nullable Instant nextTry,
        @Nullable String node,
        @Nullable Instant claimedUntil,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    static final EntityType<EventSubscriber> TYPE = EntityType.of(
                    "event_subscriber", "event_subscriber", EventSubscriber.class)
            .unique(
                    "name",
                    EventSubscriber::name,
                    s -> ApiException.of(409, "subscriber_exists", "There is such a subscriber."));

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    EventSubscriber claimed(String by, Instant until) {
        return new EventSubscriber(
                id, name, lastEvent, failures, failedEvent, lastFailure, nextTry, by, until, createdAt, updatedAt);
    }

    EventSubscriber released() {
        return new EventSubscriber(
                id, name, lastEvent, failures, failedEvent, lastFailure, nextTry, null, null, createdAt, updatedAt);
    }

    /** Past this event. */
    EventSubscriber past(String event, Instant now) {
        return new EventSubscriber(id, name, event, 0, null, null, null, node, claimedUntil, createdAt, now);
    }

    EventSubscriber failed(String event, String failure, Instant now) {
        Duration pause = SHORTEST_PAUSE.multipliedBy(1L << Math.min(failures, 20));
        Instant next = now.plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
        return new EventSubscriber(id, name, lastEvent, failures + 1, event, failure, next, null, null, createdAt, now);
    }
}
