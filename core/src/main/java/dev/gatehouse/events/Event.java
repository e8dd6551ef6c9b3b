package dev.gatehouse.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Omittable;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened. Kept for as long as the setting {@code event-retention} says.
 *
 * @param id {@code event_…}; grows with publication, so that a reader who remembers the last one misses nothing
 * @param event name, for example {@code user.created}
 * @param data snapshot of the resource at that time, without secrets
 * @param organizationId whose event it is; null if nobody's in particular
 * @param actor who caused it
 * @param previousAttributes what an update changed, with the old values
 * @param createdAt when it happened
 */
public record Event(
        String id,
        String event,
        JsonNode data,
        @Nullable String organizationId,
        Actor actor,
        @Nullable JsonNode previousAttributes,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    public Event {
        // a stored null reads back as a null node
        previousAttributes = previousAttributes == null || previousAttributes.isNull() ? null : previousAttributes;
    }

    /** What finds the events of a name and an organization: rare ones at once, too, among many of either. */
    static String ofOrganization(String organizationId, String event) {
        return organizationId + " " + event;
    }

    /** Declares the resource, kept for so long. */
    static EntityType<Event> declare(Duration kept) {
        return EntityType.of("event", "event", Event.class)
                .lookup("events", Event::event)
                .lookup(
                        "organization_events",
                        e -> e.organizationId == null ? null : ofOrganization(e.organizationId, e.event))
                .expires(e -> e.createdAt().plus(kept))
                .view(
                        View.class,
                        (e, call) -> new View(
                                "event",
                                e.id,
                                e.event,
                                e.data,
                                e.createdAt,
                                new Context(e.actor, e.previousAttributes)));
    }

    record View(
            String object,
            String id,
            String event,
            JsonNode data,
            Instant createdAt,
            @Omittable Context context) {}

    record Context(Actor actor, @Omittable @Nullable JsonNode previousAttributes) {}
}
