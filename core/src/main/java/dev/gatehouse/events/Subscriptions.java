package dev.gatehouse.events;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.background.Failures;
import dev.gatehouse.background.Workers;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.EntityType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events over to handlers of the application, in order, one at a time for each subscriber whatever the number of
 * nodes. Where a subscriber stands is stored after each event, so that nothing is lost by a crash and at most the event
 * that was being handled comes again.
 */
final class Subscriptions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);
    /** How long a handler may take before another node may hand the same event over. */
    private static final Duration CLAIM = Duration.ofMinutes(2);
    /** How long to wait for another node that is at work. */
    private static final Duration ANOTHER_LOOK = Duration.ofSeconds(1);

    private static final int BATCH = 100;

    private final Engine engine;
    private final EntityType<Event> type;
    private final Publisher publisher;
    private final String node;
    private final Workers workers;
    private final Map<Key, Handling> handlers = new ConcurrentHashMap<>();
    private final Set<Key> busy = ConcurrentHashMap.newKeySet();

    private record Key(String env, String name) {}

    private record Handling(Set<String> names, EventHandler handler) {}

    /** What to do for a subscriber now; without events, when to look again. */
    private record Turn(List<Event> events, @Nullable Instant next) {}

    Subscriptions(
            Engine engine, EntityType<Event> type, Publisher publisher, String node, @Nullable Executor executor) {
        this.engine = engine;
        this.type = type;
        this.publisher = publisher;
        this.node = node;
        this.workers = new Workers("gatehouse-events", this::look, engine::now, () -> 0, executor);
    }

    /** Begins to hand over events; a subscriber that is new begins with the next one. */
    void add(String env, String name, Set<String> names, EventHandler handler) {
        Key key = new Key(env, name);
        if (handlers.containsKey(key)) {
            throw new IllegalArgumentException("this instance has a subscriber " + name + " already");
        }
        publisher.publish(env);
        try {
            engine.run(env, Actor.SYSTEM, call -> {
                Optional<EventSubscriber> known = call.findBy(EventSubscriber.TYPE, "name", name);
                return known.isPresent() ? known.get() : call.create(EventSubscriber.TYPE, fresh(call, name));
            });
        } catch (ApiException e) {
            // another node made it just now
        }
        handlers.put(key, new Handling(Set.copyOf(names), handler));
        workers.wake(env);
    }

    private EventSubscriber fresh(Call call, String name) {
        return new EventSubscriber(
                call.newId(EventSubscriber.TYPE),
                name,
                publisher.last(call),
                0,
                null,
                null,
                null,
                null,
                null,
                call.now(),
                call.now());
    }

    void remove(String env, String name) {
        handlers.remove(new Key(env, name));
    }

    /** Looks for events on another thread, if anybody here would handle them. Never throws. */
    void wake(String env) {
        if (handlers.keySet().stream().anyMatch(key -> key.env.equals(env))) {
            workers.wake(env);
        }
    }

    private Workers.Look look(String env) {
        publisher.publish(env);
        Instant next = null;
        for (Map.Entry<Key, Handling> one : handlers.entrySet()) {
            Key key = one.getKey();
            if (!key.env.equals(env) || !busy.add(key)) {
                continue;
            }
            Turn turn = new Turn(List.of(), null);
            try {
                turn = engine.run(env, Actor.SYSTEM, call -> turn(call, key.name, one.getValue()));
            } finally {
                if (turn.events.isEmpty()) {
                    busy.remove(key);
                }
            }
            if (!turn.events.isEmpty()) {
                List<Event> events = turn.events;
                return new Workers.Look(() -> handle(key, one.getValue(), events), true, null);
            }
            next = next == null || (turn.next != null && turn.next.isBefore(next)) ? turn.next : next;
        }
        return new Workers.Look(null, false, next);
    }

    /** Claims the subscriber for this node, if it has something to do now. */
    private Turn turn(Call call, String name, Handling handling) {
        Optional<EventSubscriber> found = call.findBy(EventSubscriber.TYPE, "name", name);
        if (found.isEmpty()) {
            return new Turn(List.of(), null);
        }
        EventSubscriber seen = found.get();
        if (seen.nextTry() != null && seen.nextTry().isAfter(call.now())) {
            return new Turn(List.of(), seen.nextTry());
        }
        if (events(call, seen, handling).isEmpty()) {
            return new Turn(List.of(), null);
        }
        EventSubscriber held = call.need(EventSubscriber.TYPE, seen.id());
        boolean elsewhere = held.node() != null && !held.node().equals(node);
        if (elsewhere && held.claimedUntil() != null && held.claimedUntil().isAfter(call.now())) {
            return new Turn(List.of(), call.now().plus(ANOTHER_LOOK));
        }
        List<Event> events = events(call, held, handling);
        if (!events.isEmpty()) {
            call.updateSilently(
                    EventSubscriber.TYPE,
                    held.id(),
                    s -> s.claimed(node, call.now().plus(CLAIM)));
        }
        return new Turn(events, null);
    }

    private List<Event> events(Call call, EventSubscriber subscriber, Handling handling) {
        String after = subscriber.lastEvent().isEmpty() ? null : subscriber.lastEvent();
        return call.page(type, Map.of("events", handling.names), null, new Call.Window(after, null, false, BATCH));
    }

    private void handle(Key key, Handling handling, List<Event> events) {
        try {
            for (Event event : events) {
                if (workers.isClosed() || !handlers.containsKey(key)) {
                    break;
                }
                if (!handOver(key, handling, event)) {
                    return;
                }
            }
            write(key, EventSubscriber::released);
        } catch (RuntimeException e) {
            LOG.warn("where subscriber {} stands could not be stored ({}); it waits", key.name, Failures.of(e));
        } finally {
            busy.remove(key);
        }
    }

    /** Whether the next event may follow. */
    private boolean handOver(Key key, Handling handling, Event event) {
        Throwable failure = null;
        try {
            handling.handler.handle(event);
        } catch (Throwable e) {
            // whatever a host's handler throws, it gets the event again
            failure = e;
        }
        if (Thread.interrupted()) {
            // an interrupt that the handler left behind would close an H2 file
            LOG.warn("subscriber {} left its thread interrupted", key.name);
        }
        if (failure == null) {
            Instant now = engine.now();
            return write(key, s -> s.past(event.id(), now).claimed(node, now.plus(CLAIM)));
        }
        String what = Failures.of(failure);
        Instant now = engine.now();
        write(key, s -> s.failed(event.id(), what, now));
        LOG.warn("subscriber {} failed at {} ({}); it gets it again", key.name, event.id(), what);
        return false;
    }

    /** Stores where the subscriber stands, unless another node has taken over. */
    private boolean write(Key key, java.util.function.UnaryOperator<EventSubscriber> change) {
        return engine.run(key.env, Actor.SYSTEM, call -> {
            Optional<EventSubscriber> held = call.holdBy(EventSubscriber.TYPE, "name", key.name);
            if (held.isEmpty() || !node.equals(held.get().node())) {
                return false;
            }
            call.updateSilently(EventSubscriber.TYPE, held.get().id(), change);
            return true;
        });
    }

    @Override
    public void close() {
        workers.close();
    }
}
