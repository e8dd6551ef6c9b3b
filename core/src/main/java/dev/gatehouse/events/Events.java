package dev.gatehouse.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Area;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Route;
import dev.gatehouse.engine.Routes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Events of one environment: readers follow them, and handlers in this application get them one by one. */
public final class Events implements Area, AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private final Engine engine;
    private final String env;
    private final EntityType<Event> type;
    private final Publisher publisher;
    private final Subscriptions subscriptions;

    private Events(
            Engine engine, String env, EntityType<Event> type, Publisher publisher, Subscriptions subscriptions) {
        this.engine = engine;
        this.env = env;
        this.type = type;
        this.publisher = publisher;
        this.subscriptions = subscriptions;
    }

    /**
     * Puts the area together; it works in an environment once {@link #in} names one.
     *
     * @param node names this instance among all on the same storage
     * @param executor threads of the host's for handlers; null for threads of our own
     */
    public static Events of(Engine engine, Config config, String node, @Nullable Executor executor) {
        EntityType<Event> type = Event.declare(config.get(Setting.EVENT_RETENTION));
        Publisher publisher = new Publisher(engine, type);
        Subscriptions subscriptions = new Subscriptions(engine, type, publisher, node, executor);
        Events events = new Events(engine, "", type, publisher, subscriptions);
        engine.onEvents(subscriptions::wake);
        publisher.add((call, some) -> call.afterCommit(() -> subscriptions.wake(call.env())));
        return events;
    }

    /** The same in another environment. */
    public Events in(String other) {
        return new Events(engine, other, type, publisher, subscriptions);
    }

    @Override
    public List<EntityType<?>> types() {
        return List.of(type, EventSubscriber.TYPE);
    }

    @Override
    public void routes(Routes r) {
        EventList list = new EventList(type);
        r.list("GET /events", type, "events")
                .with("organization_id", "event_types", "range_start", "range_end")
                .handledBy(flow -> {
                    publisher.publish(flow.caller().env());
                    return list.answer(flow);
                })
                .problems(Route.Problems.FIELD);
    }

    /** Hears of what is published in any environment, from now on. */
    public void onPublication(Publication publication) {
        publisher.add(publication);
    }

    /**
     * Publishes everything that has committed. Readers do it themselves; a background job may, so that the outbox stays
     * short where nobody reads.
     *
     * @return how many were published
     */
    public int publish() {
        return publisher.publish(env);
    }

    /** Sees to it that handlers get what they have not had, on another thread. */
    public void deliver() {
        subscriptions.wake(env);
    }

    /**
     * Events of these names, oldest first.
     *
     * @param after identifier of the last one seen; null from the beginning
     */
    public List<Event> after(Set<String> names, @Nullable String after, int limit) {
        publish();
        return engine.run(
                env,
                Actor.SYSTEM,
                call -> call.page(type, Map.of("events", names), null, new Call.Window(after, null, false, limit)));
    }

    /**
     * Has events handled in this application, in their order and one at a time, also over several nodes. A new name begins
     * with the next event; a name that was used before goes on where it stood, so that nothing is missed while nobody
     * subscribes, up to {@code event-retention}. When the handler throws, it gets the same event again, after a second and
     * then ever later, up to five minutes; no later event comes before. It runs on other threads than the one that made
     * the change, after its commit; where the host gave an executor, a try after a failure needs
     * {@code Gatehouse.maintain()}.
     *
     * @param name of the subscriber, the same on all nodes: 1 to 100 letters, digits, dots, hyphens, underscores
     * @param names of events, see {@link EventNames}
     * @return ends the subscription on this instance when closed; where it stood stays stored
     * @throws IllegalArgumentException if the name cannot be used, an event does not exist, or this instance has a
     *     subscriber of this name
     */
    public Subscription subscribe(String name, Set<String> names, EventHandler handler) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not a name of a subscriber: " + name);
        }
        if (names.isEmpty() || !EventNames.ALL.containsAll(names)) {
            throw new IllegalArgumentException("there are no events of these names: " + names);
        }
        subscriptions.add(env, name, names, handler);
        return () -> subscriptions.remove(env, name);
    }

    /** A handler that gets events. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** Where a subscriber stands; empty if there never was one of this name. */
    public Optional<EventSubscriber> subscriber(String name) {
        return engine.run(env, Actor.SYSTEM, call -> call.findBy(EventSubscriber.TYPE, "name", name));
    }

    /**
     * Goes past an event that a handler fails at again and again.
     *
     * @param eventId the event, so that no other one is skipped
     * @return false if this is not the event that the subscriber fails at
     * @throws ApiException 404 if there is no such event
     */
    public boolean skip(String name, String eventId) {
        boolean skipped = engine.run(env, Actor.SYSTEM, call -> {
            Event event = call.get(type, eventId);
            Optional<EventSubscriber> held = call.holdBy(EventSubscriber.TYPE, "name", name);
            if (held.isEmpty() || !event.id().equals(held.get().failedEvent())) {
                return false;
            }
            call.updateSilently(EventSubscriber.TYPE, held.get().id(), s -> s.past(event.id(), call.now()));
            return true;
        });
        subscriptions.wake(env);
        return skipped;
    }

    /** An event, if it is still kept. */
    public Optional<Event> find(Call call, String id) {
        return call.find(type, id);
    }

    /** An event as {@code GET /events} shows it. */
    public JsonNode shown(Call call, Event event) {
        return engine.json().tree(call.view(type, event));
    }

    @Override
    public void close() {
        subscriptions.close();
    }
}
