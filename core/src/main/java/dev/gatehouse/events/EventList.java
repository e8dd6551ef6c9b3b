package dev.gatehouse.events;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.crypto.Ulid;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Page;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code GET /events}: contract/behaviour/08 §8.4. */
final class EventList {
    private static final Duration LONGEST_RANGE = Duration.ofDays(30);

    private final EntityType<Event> type;

    EventList(EntityType<Event> type) {
        this.type = type;
    }

    /** When an event may have happened; both ends may be open. */
    private record Range(@Nullable Instant start, @Nullable Instant end) {
        boolean contains(Event event) {
            return (start == null || !event.createdAt().isBefore(start))
                    && (end == null || event.createdAt().isBefore(end));
        }
    }

    Object answer(Flow flow) {
        Parameters query = flow.request().query();
        List<String> names = query.list("events");
        if (names.isEmpty()) {
            names = query.list("event_types");
        }
        if (names.isEmpty()) {
            throw ApiException.invalid("events", "required", "Events must name at least one event.");
        }
        Map<String, List<String>> where =
                where(names, query.one("organization_id").orElse(""));
        Page asked = Page.of(query, false);
        // a moment in place of a cursor, as some guides write it
        Optional<Instant> since = query.one("after").flatMap(EventList::moment);
        Page page = since.isPresent() ? asked.withoutAfter() : asked;
        Range range = range(query, since);
        return flow.run(call -> {
            check(call, page.after());
            check(call, page.before());
            return page.envelope(read(call, page.window(), where, range), e -> call.view(type, e));
        });
    }

    private static Map<String, List<String>> where(List<String> names, String organizationId) {
        return organizationId.isEmpty()
                ? Map.of("events", names)
                : Map.of(
                        "organization_events",
                        names.stream()
                                .map(name -> Event.ofOrganization(organizationId, name))
                                .toList());
    }

    private static Range range(Parameters query, Optional<Instant> since) {
        Instant start = instant(query, "range_start");
        Instant end = instant(query, "range_end");
        if (start != null && query.one("after").filter(text -> !text.isEmpty()).isPresent()) {
            throw ApiException.invalid(
                    "range_start", "range_start_with_after", "Give range_start or after, but not both.");
        }
        Instant from = since.map(moment -> moment.plusMillis(1)).orElse(start);
        if (from != null && end != null && end.isBefore(from)) {
            throw ApiException.invalid("range_end", "range_end_invalid", "range_end must not be before the start.");
        }
        if (from != null && end != null && Duration.between(from, end).compareTo(LONGEST_RANGE) > 0) {
            throw ApiException.invalid("range_end", "range_too_long", "A range spans 30 days at most.");
        }
        return new Range(from, end);
    }

    private void check(Call call, @Nullable String cursor) {
        if (cursor != null && call.find(type, cursor).isEmpty()) {
            throw ApiException.of(400, "invalid_cursor", "The cursor '" + cursor + "' is unknown or too old.");
        }
    }

    /** A page within a range of time; ids are given after the fact, so the range is checked on the events themselves. */
    private List<Event> read(Call call, Call.Window window, Map<String, List<String>> where, Range range) {
        String after = window.after();
        if (range.start != null) {
            String floor = "event_" + Ulid.floor(range.start);
            after = after == null || after.compareTo(floor) < 0 ? floor : after;
        }
        String before = window.before();
        List<Event> found = new ArrayList<>();
        while (found.size() < window.limit()) {
            List<Event> some =
                    call.page(type, where, null, new Call.Window(after, before, window.descending(), window.limit()));
            for (Event event : some) {
                if (range.contains(event) && found.size() < window.limit()) {
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
        Optional<String> text = query.one(name).filter(value -> !value.isEmpty());
        if (text.isEmpty()) {
            return null;
        }
        return moment(text.get())
                .orElseThrow(() ->
                        ApiException.invalid(name, name + "_invalid", name + " must be an ISO 8601 time in UTC."));
    }

    private static Optional<Instant> moment(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
