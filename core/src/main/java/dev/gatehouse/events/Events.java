package dev.gatehouse.events;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.crypto.Ulid;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Area;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Outbox;
import dev.gatehouse.engine.Page;
import dev.gatehouse.engine.Route;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what the outbox holds, and lets readers follow it. Ids are given here, under one lock and after the change
 * has committed; the order of ids is the order in which events become visible.
 */
public final class Events implements Area {
    private static final int BATCH = 200;
    private static final int NO_CURSOR = -1;

    private final Engine engine;

    public Events(Engine engine) {
        this.engine = engine;
    }

    /** Where the publishing of an environment stands. */
    private record Cursor(String id, String last, Instant createdAt, Instant updatedAt) implements Entity {
        static final String ONLY = "outbox_cursor_1";
        static final EntityType<Cursor> TYPE = EntityType.of("outbox_cursor", "outbox_cursor", Cursor.class);
    }

    @Override
    public List<EntityType<?>> types() {
        return List.of(Event.TYPE);
    }

    @Override
    public void routes(Routes r) {
        r.list("GET /events", Event.TYPE, "events", "organization_id")
                .with("range_start", "range_end")
                .handledBy(this::list)
                .problems(Route.Problems.FIELD);
    }

    /**
     * Publishes everything that has committed. Readers do it themselves; a background job may, so that the outbox stays
     * short where nobody reads.
     *
     * @return how many were published
     */
    public int publish(String env) {
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
        List<Row> rows = call.tx().find(query);
        for (Row row : rows) {
            Outbox outbox = engine.json().read(row.body(), Outbox.class);
            last = next(call.now(), last);
            call.create(
                    Event.TYPE,
                    new Event(
                            "event_" + last,
                            outbox.event(),
                            outbox.data(),
                            outbox.organizationId(),
                            outbox.actor(),
                            outbox.previousAttributes(),
                            outbox.at(),
                            outbox.at()));
            call.tx().delete(call.env(), Outbox.KIND, row.id());
        }
        String end = last;
        call.updateSilently(Cursor.TYPE, Cursor.ONLY, c -> new Cursor(c.id, end, c.createdAt, call.now()));
        return rows.size();
    }

    /** An id greater than the last one, whatever this node's clock says. */
    private String next(Instant now, String last) {
        String id = engine.ids().ulid(now);
        // another node's clock is ahead: go on from its last id
        return id.compareTo(last) > 0 ? id : engine.ids().ulid(Ulid.time(last).plusMillis(1));
    }

    private Object list(Flow flow) {
        Parameters query = flow.request().query();
        List<String> names = query.list("events");
        if (names.isEmpty()) {
            throw ApiException.invalid("events", "events_required", "Events must name at least one event.");
        }
        Map<String, List<String>> where = new LinkedHashMap<>();
        where.put("events", names);
        query.one("organization_id").ifPresent(id -> where.put("organization_id", List.of(id)));
        Instant start = instant(query, "range_start");
        Instant end = instant(query, "range_end");
        publish(flow.caller().env());
        return flow.run(call -> {
            Page page = Page.of(query, false);
            for (String cursor :
                    List.of(query.one("after").orElse(""), query.one("before").orElse(""))) {
                if (!cursor.isEmpty() && call.find(Event.TYPE, cursor).isEmpty()) {
                    throw ApiException.of(400, "invalid_cursor", "The cursor '" + cursor + "' is unknown or too old.");
                }
            }
            return page.envelope(read(call, page.window(), where, start, end), e -> call.view(Event.TYPE, e));
        });
    }

    /** A page within a range of time; ids are given after the fact, so the range is checked on the events themselves. */
    private static List<Event> read(
            Call call,
            Call.Window window,
            Map<String, List<String>> where,
            @Nullable Instant start,
            @Nullable Instant end) {
        String after = window.after();
        if (start != null) {
            String floor = "event_" + Ulid.floor(start);
            after = after == null || after.compareTo(floor) < 0 ? floor : after;
        }
        String before = window.before();
        List<Event> found = new ArrayList<>();
        while (found.size() < window.limit()) {
            List<Event> some = call.page(
                    Event.TYPE, where, null, new Call.Window(after, before, window.descending(), window.limit()));
            for (Event event : some) {
                boolean inside = (start == null || !event.createdAt().isBefore(start))
                        && (end == null || event.createdAt().isBefore(end));
                if (inside && found.size() < window.limit()) {
                    found.add(event);
                }
                after = window.descending() ? after : event.id();
                before = window.descending() ? event.id() : before;
            }
            if (some.size() < window.limit()) {
                break;
            }
        }
        return found;
    }

    private static @Nullable Instant instant(Parameters query, String name) {
        try {
            return query.one(name)
                    .filter(text -> !text.isEmpty())
                    .map(Instant::parse)
                    .orElse(null);
        } catch (DateTimeParseException e) {
            throw ApiException.invalid(name, name + "_invalid", name + " must be an ISO 8601 time in UTC.");
        }
    }

    /**
     * Events of these names in an environment, oldest first.
     *
     * @param after identifier of the last one seen; null from the beginning
     */
    public List<Event> after(String env, Set<String> names, @Nullable String after, int limit) {
        publish(env);
        return engine.run(
                env,
                Actor.SYSTEM,
                call -> call.page(
                        Event.TYPE, Map.of("events", names), null, new Call.Window(after, null, false, limit)));
    }
}
