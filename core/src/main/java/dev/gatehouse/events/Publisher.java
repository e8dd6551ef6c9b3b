package dev.gatehouse.events;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Ulid;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Outbox;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Publishes what the outbox holds. Ids are given here, under one lock and after the change has committed; the order of ids
 * is the order in which events become visible.
 */
final class Publisher {
    private static final int BATCH = 200;
    private static final int NO_CURSOR = -1;

    private final Engine engine;
    private final EntityType<Event> type;
    private final List<Publication> publications = new CopyOnWriteArrayList<>();

    Publisher(Engine engine, EntityType<Event> type) {
        this.engine = engine;
        this.type = type;
    }

    /** Where the publishing of an environment stands. */
    private record Cursor(String id, String last, Instant createdAt, Instant updatedAt) implements Entity {
        static final String ONLY = "outbox_cursor_1";
        static final EntityType<Cursor> TYPE = EntityType.of("outbox_cursor", "outbox_cursor", Cursor.class);
    }

    void add(Publication publication) {
        publications.add(publication);
    }

    /** Publishes everything that has committed; how many events. */
    int publish(String env) {
        int published = 0;
        while (true) {
            int batch = engine.run(env, Actor.SYSTEM, this::publishBatch);
            if (batch == NO_CURSOR) {
                makeCursor(env);
                continue;
            }
            published += batch;
            if (batch < BATCH) {
                return published;
            }
        }
    }

    /** Identifier of the event that was published last; empty if none was. */
    String last(Call call) {
        return call.find(Cursor.TYPE, Cursor.ONLY)
                .map(cursor -> cursor.last.isEmpty() ? "" : "event_" + cursor.last)
                .orElse("");
    }

    private void makeCursor(String env) {
        try {
            engine.run(
                    env,
                    Actor.SYSTEM,
                    call -> call.create(Cursor.TYPE, new Cursor(Cursor.ONLY, "", call.now(), call.now())));
        } catch (ApiException e) {
            // another node made it just now
        }
    }

    private int publishBatch(Call call) {
        Query query = new Query(call.env(), Outbox.KIND, Map.of(), null, null, null, false, BATCH);
        // most readers find nothing to do, and then take no lock
        if (call.tx().find(query).isEmpty()) {
            return 0;
        }
        Optional<Cursor> cursor = call.hold(Cursor.TYPE, Cursor.ONLY);
        if (cursor.isEmpty()) {
            return NO_CURSOR;
        }
        String last = cursor.get().last;
        List<Event> events = new ArrayList<>();
        for (Row row : call.tx().find(query)) {
            Outbox outbox = engine.json().read(row.body(), Outbox.class);
            last = next(call.now(), last);
            events.add(call.create(
                    type,
                    new Event(
                            "event_" + last,
                            outbox.event(),
                            outbox.data(),
                            outbox.organizationId(),
                            outbox.actor(),
                            outbox.previousAttributes(),
                            outbox.at(),
                            outbox.at())));
            call.tx().delete(call.env(), Outbox.KIND, row.id());
        }
        String end = last;
        call.updateSilently(Cursor.TYPE, Cursor.ONLY, c -> new Cursor(c.id, end, c.createdAt, call.now()));
        publications.forEach(publication -> publication.published(call, events));
        return events.size();
    }

    /** An id greater than the last one, whatever this node's clock says. */
    private String next(Instant now, String last) {
        String id = engine.ids().ulid(now);
        // another node's clock is ahead: go on from its last id
        return id.compareTo(last) > 0 ? id : engine.ids().ulid(Ulid.time(last).plusMillis(1));
    }
}
