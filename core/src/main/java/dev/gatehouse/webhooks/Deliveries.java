package dev.gatehouse.webhooks;

import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.events.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The deliveries in the storage: a queue for each endpoint, and the record of what became of them. */
final class Deliveries {
    /** A claim is over after this time; longer than any attempt takes, resolving the name included. */
    static final Duration LEASE = Duration.ofMinutes(2);

    private static final int PAGE = 100;
    private static final int CANDIDATES = 8;

    private final Engine engine;
    private final EntityType<WebhookEndpoint> endpoints;
    private final EntityType<WebhookDelivery> type;
    private final Duration kept;
    private final Function<Call, RetryPlan> plans;

    /**
     * @param kept how long deliveries are
     * @param plans of the environment that a step runs in
     */
    Deliveries(
            Engine engine,
            EntityType<WebhookEndpoint> endpoints,
            EntityType<WebhookDelivery> type,
            Duration kept,
            Function<Call, RetryPlan> plans) {
        this.engine = engine;
        this.endpoints = endpoints;
        this.type = type;
        this.kept = kept;
        this.plans = plans;
    }

    /** What an endpoint has to do now: a delivery that was claimed, or when there will be one. */
    record Turn(@Nullable WebhookDelivery claimed, @Nullable Instant next) {
        static final Turn NOTHING = new Turn(null, null);
    }

    /** Queues events for every endpoint that wants them, in the transaction that publishes them; whether there was one. */
    boolean queue(Call call, List<Event> events) {
        boolean queued = false;
        for (WebhookEndpoint endpoint : enabled(call)) {
            Set<String> wanted = new HashSet<>(endpoint.events());
            for (Event event : events) {
                if (wanted.contains(event.event())) {
                    queue(call, endpoint, event, false);
                    queued = true;
                }
            }
        }
        return queued;
    }

    void queue(Call call, WebhookEndpoint endpoint, Event event, boolean replay) {
        call.create(
                type,
                WebhookDelivery.of(call.newId(type), endpoint.id(), event.id(), event.event(), replay, call.now()));
    }

    List<WebhookEndpoint> enabled(Call call) {
        return call.all(endpoints, "status", WebhookEndpoint.ENABLED);
    }

    List<WebhookEndpoint> enabled(String env) {
        return engine.run(env, Actor.SYSTEM, call -> enabled(call));
    }

    /** Claims the delivery that is due for longest at an endpoint: of any number of workers and nodes one gets it. */
    Turn claim(String env, String endpointId) {
        return engine.run(env, Actor.SYSTEM, call -> {
            Optional<WebhookHealth> health = call.find(WebhookHealth.TYPE, WebhookHealth.idOf(endpointId));
            if (health.isEmpty()) {
                return Turn.NOTHING;
            }
            List<WebhookDelivery> first = waiting(call, endpointId, CANDIDATES);
            if (first.isEmpty()) {
                return Turn.NOTHING;
            }
            Instant paused = health.get().pausedUntil();
            Instant due = first.get(0).due();
            if (paused != null && paused.isAfter(call.now())) {
                return new Turn(null, paused.isAfter(due) ? paused : due);
            }
            if (due.isAfter(call.now())) {
                return new Turn(null, due);
            }
            return new Turn(claimFirst(call, first, health.get()), call.now());
        });
    }

    private @Nullable WebhookDelivery claimFirst(Call call, List<WebhookDelivery> some, WebhookHealth health) {
        Instant oldest = call.now().minus(plans.apply(call).span());
        for (WebhookDelivery one : some) {
            if (one.due().isAfter(call.now())) {
                return null;
            }
            Optional<WebhookDelivery> taken = call.take(type, one.id());
            if (taken.isEmpty()) {
                if (!one.createdAt().plus(kept).isAfter(call.now())) {
                    // nobody can take it any more, and it would be looked at again and again until it is swept
                    call.delete(type, one);
                }
                continue;
            }
            if (health.consecutiveFailures() > 0 && one.createdAt().isBefore(oldest)) {
                // the endpoint was paused for all the time in which this one could have had its attempts
                call.create(type, taken.get().ended(new Outcome(one.lastStatus(), one.lastError()), call.now()));
                continue;
            }
            return call.create(type, taken.get().claimed(call.now().plus(LEASE), call.now()));
        }
        return null;
    }

    private List<WebhookDelivery> waiting(Call call, String endpointId, int most) {
        return call.page(type, Map.of("lane", List.of(endpointId)), null, new Call.Window(null, null, false, most));
    }

    /** Stores how an attempt went; when the next one is, or empty if that was the last. */
    Optional<Instant> ended(String env, WebhookDelivery claimed, Outcome outcome, boolean countsForHealth) {
        return engine.run(env, Actor.SYSTEM, call -> {
            RetryPlan plan = plans.apply(call);
            if (countsForHealth) {
                health(call, claimed.endpointId(), outcome, plan);
            }
            Optional<Instant> next = outcome.delivered() || !countsForHealth
                    ? Optional.empty()
                    : plan.after(claimed.attempts()).map(call.now()::plus);
            // empty if the claim was over and somebody else has it now: then that one says how it ends
            call.take(type, claimed.id())
                    .ifPresent(taken -> call.create(
                            type,
                            next.isPresent()
                                    ? taken.postponed(next.get(), outcome, call.now())
                                    : taken.ended(outcome, call.now())));
            return next;
        });
    }

    private static void health(Call call, String endpointId, Outcome outcome, RetryPlan plan) {
        Optional<WebhookHealth> held = call.hold(WebhookHealth.TYPE, WebhookHealth.idOf(endpointId));
        held.ifPresent(health -> call.updateSilently(
                WebhookHealth.TYPE,
                health.id(),
                h -> outcome.delivered() ? h.succeeded(call.now()) : h.failed(outcome, plan, call.now())));
    }

    /** When something is sent to an endpoint next; empty if nothing waits. */
    Optional<Instant> next(Call call, String endpointId) {
        return waiting(call, endpointId, 1).stream().map(WebhookDelivery::due).findFirst();
    }

    /** What was and is sent to an endpoint, latest first. */
    List<WebhookDelivery> list(Call call, String endpointId, @Nullable String before, int limit) {
        return call.page(
                type, Map.of("endpoint_id", List.of(endpointId)), null, new Call.Window(null, before, true, limit));
    }

    /** Queues once more what an endpoint has been subscribed to since a moment; how many events. */
    int replay(String env, WebhookEndpoint endpoint, Instant since, Function<@Nullable String, List<Event>> after) {
        int queued = 0;
        String last = null;
        List<Event> page;
        do {
            page = after.apply(last);
            List<Event> some = new ArrayList<>(page);
            some.removeIf(event -> event.createdAt().isBefore(since));
            engine.run(env, Actor.SYSTEM, call -> {
                some.forEach(event -> queue(call, endpoint, event, true));
                return true;
            });
            queued += some.size();
            last = page.isEmpty() ? last : page.get(page.size() - 1).id();
        } while (page.size() == PAGE);
        return queued;
    }

    /** Size of the pages that {@link #replay} asks for. */
    static int page() {
        return PAGE;
    }
}
