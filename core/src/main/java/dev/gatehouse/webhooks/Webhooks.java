package dev.gatehouse.webhooks;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.crypto.RevealSecret;
import dev.gatehouse.crypto.Secret;
import dev.gatehouse.crypto.Ulid;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Area;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.environments.Environments;
import dev.gatehouse.events.Event;
import dev.gatehouse.events.EventNames;
import dev.gatehouse.events.Events;
import dev.gatehouse.net.Destination;
import dev.gatehouse.net.GuardedHttp;
import dev.gatehouse.net.Reach;
import dev.gatehouse.spi.Outbound;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Sends the events of one environment to addresses. Each event is sent to each endpoint at least once: what was published
 * is queued in the same transaction, and is sent until the endpoint takes it or its attempts are used up, also after a
 * crash. Several nodes share the work. Order is not kept; {@code created_at} and the event's identifier tell it.
 */
public final class Webhooks implements Area, AutoCloseable {
    private final Engine engine;
    private final String env;
    private final Shared shared;

    /** What is the same for all environments. */
    private record Shared(
            EntityType<WebhookEndpoint> type,
            EntityType<WebhookDelivery> deliveryType,
            Events events,
            EndpointSecrets secrets,
            EndpointOperations operations,
            Deliveries deliveries,
            Courier courier) {}

    private Webhooks(Engine engine, String env, Shared shared) {
        this.engine = engine;
        this.env = env;
        this.shared = shared;
    }

    /**
     * Puts the area together; it works in an environment once {@link #in} names one.
     *
     * @param hosts calls out in place of our own client; null for that
     * @param executor threads of the host's to send on; null for threads of our own, which exist while something waits
     */
    public static Webhooks of(
            Engine engine,
            Envelope envelope,
            RandomTokens random,
            Config config,
            Environments environments,
            Events events,
            @Nullable Outbound hosts,
            @Nullable Executor executor) {
        Predicate<String> production = environments::isProduction;
        Outbound strict = hosts != null ? hosts : GuardedHttp.of(config.get(Setting.OUTBOUND_ADDRESSES), true);
        Outbound lenient = hosts != null ? hosts : GuardedHttp.of(config.get(Setting.OUTBOUND_ADDRESSES), false);
        EndpointSecrets secrets = new EndpointSecrets(envelope, random);
        EntityType<WebhookEndpoint> type = WebhookEndpoint.declare();
        type.view(WebhookEndpoint.View.class, (e, call) -> view(e, secrets, call))
                .prefetch((page, call) -> call.prefetch(
                        EndpointSecret.TYPE,
                        page.stream().map(e -> EndpointSecret.idOf(e.id())).toList()));
        Duration kept = config.get(Setting.EVENT_RETENTION);
        EntityType<WebhookDelivery> deliveryType = WebhookDelivery.declare(kept);
        List<Duration> retries = config.get(Setting.WEBHOOK_RETRIES);
        Deliveries deliveries = new Deliveries(
                engine, type, deliveryType, kept, call -> RetryPlan.of(retries, environments.isProduction(call)));
        Courier courier = new Courier(
                engine, events, deliveries, secrets, other -> production.test(other) ? strict : lenient, executor);
        EndpointOperations operations = new EndpointOperations(
                type,
                secrets,
                call -> {
                    boolean strictly = environments.isProduction(call);
                    return url ->
                            Destination.of(url, Reach.of(config.get(Setting.OUTBOUND_ADDRESSES), strictly), strictly);
                },
                courier::wakeSurely);
        engine.onEvents(courier::wake);
        events.onPublication((call, some) -> {
            if (deliveries.queue(call, some)) {
                call.afterCommit(() -> courier.wakeSurely(call.env()));
            }
        });
        return new Webhooks(
                engine, "", new Shared(type, deliveryType, events, secrets, operations, deliveries, courier));
    }

    private static WebhookEndpoint.View view(WebhookEndpoint e, EndpointSecrets secrets, Call call) {
        String secret = secrets.current(call, e.id())
                .map(s -> s.text(RevealSecret.access()))
                .orElseThrow(
                        () -> new IllegalStateException(e.id() + ": its secret opens under none of the root keys"));
        return new WebhookEndpoint.View(
                "webhook_endpoint",
                e.id(),
                e.endpointUrl(),
                secret,
                e.status(),
                e.events(),
                e.createdAt(),
                e.updatedAt());
    }

    /** The same in another environment. */
    public Webhooks in(String other) {
        return new Webhooks(engine, other, shared);
    }

    @Override
    public List<EntityType<?>> types() {
        return List.of(shared.type, shared.deliveryType, WebhookHealth.TYPE);
    }

    @Override
    public void routes(Routes r) {
        shared.operations.routes(r);
        new UpkeepOperations(this, shared.type, shared.secrets).routes(r);
    }

    private <T extends @Nullable Object> T run(Function<Call, T> step) {
        return engine.run(env, Actor.SYSTEM, step);
    }

    /**
     * Registers an address.
     *
     * @param url {@code https}; outside of production {@code http}, too
     * @param events names of {@link EventNames#SUBSCRIBABLE}
     * @throws ApiException 422 {@code invalid_url}; 422 about unknown events; 409 {@code duplicate_endpoint}
     */
    public WebhookEndpoint create(String url, Set<String> events) {
        var in = engine.checked(new EndpointOperations.Create(url, List.copyOf(events)));
        return run(call -> shared.operations.create(in, call));
    }

    /**
     * Changes an endpoint. What waits for one that is disabled is sent once it is enabled again.
     *
     * @param url null to leave it
     * @param enabled null to leave it
     * @param events null to leave them
     * @throws ApiException as {@link #create}; 404 if there is no such endpoint
     */
    public WebhookEndpoint update(
            String id, @Nullable String url, @Nullable Boolean enabled, @Nullable Set<String> events) {
        String status = enabled == null ? null : enabled ? WebhookEndpoint.ENABLED : WebhookEndpoint.DISABLED;
        var in =
                engine.checked(new EndpointOperations.Update(url, status, events == null ? null : List.copyOf(events)));
        return run(call -> shared.operations.update(call.need(shared.type, id), in, call));
    }

    /**
     * Deletes an endpoint; what waits for it is not sent.
     *
     * @throws ApiException 404 if there is no such endpoint
     */
    public void delete(String id) {
        run(call -> {
            shared.operations.delete(call.need(shared.type, id), call);
            return true;
        });
    }

    /** Endpoints, oldest first. */
    public List<WebhookEndpoint> list(@Nullable String after, int limit) {
        return run(call -> call.page(shared.type, Map.of(), null, new Call.Window(after, null, false, limit)));
    }

    /** An endpoint; empty if there is none. */
    public Optional<WebhookEndpoint> find(String id) {
        return run(call -> call.find(shared.type, id));
    }

    /**
     * The secret that signs what is sent to an endpoint.
     *
     * @throws ApiException 404 if there is no such endpoint
     */
    public Secret secret(String id) {
        return run(call -> {
            WebhookEndpoint endpoint = call.get(shared.type, id);
            return shared.secrets
                    .current(call, endpoint.id())
                    .orElseThrow(
                            () -> new IllegalStateException(id + ": its secret opens under none of the root keys"));
        });
    }

    /**
     * Gives an endpoint another secret, which signs at once. For 24 hours the one before signs, too, in the header
     * {@link WebhookSignature#PREVIOUS_HEADER}: SDKs read one signature in a header only.
     *
     * @return the new secret
     * @throws ApiException 404 if there is no such endpoint
     */
    public Secret rotateSecret(String id) {
        run(call -> {
            shared.secrets.rotate(call, call.need(shared.type, id).id());
            return true;
        });
        return secret(id);
    }

    /**
     * How an endpoint has been doing.
     *
     * @throws ApiException 404 if there is no such endpoint
     */
    public WebhookHealth health(String id) {
        return run(call -> call.get(
                WebhookHealth.TYPE, WebhookHealth.idOf(call.get(shared.type, id).id())));
    }

    /**
     * When something is sent to an endpoint next, unless it is paused for longer; empty if nothing waits.
     *
     * @throws ApiException 404 if there is no such endpoint
     */
    public Optional<Instant> nextAttempt(String id) {
        return run(
                call -> shared.deliveries.next(call, call.get(shared.type, id).id()));
    }

    /**
     * What was and is sent to an endpoint, latest first, for as long as {@code event-retention}.
     *
     * @param before {@link WebhookDelivery#id()} of the last one seen; null for the latest
     * @throws ApiException 404 if there is no such endpoint
     */
    public List<WebhookDelivery> deliveries(String id, @Nullable String before, int limit) {
        return run(
                call -> shared.deliveries.list(call, call.get(shared.type, id).id(), before, limit));
    }

    /**
     * Sends an event to an endpoint once more.
     *
     * @throws ApiException 404 if there is no such endpoint or event; 422 if webhooks do not carry such events
     */
    public void replay(String id, String eventId) {
        run(call -> {
            WebhookEndpoint endpoint = call.get(shared.type, id);
            Event event = shared.events.find(call, eventId).orElseThrow(() -> ApiException.notFound("Event", eventId));
            if (!EventNames.SUBSCRIBABLE.contains(event.event())) {
                throw ApiException.invalid("event", "unknown_event_type", "Webhooks do not carry this event.");
            }
            shared.deliveries.queue(call, endpoint, event, true);
            return true;
        });
        shared.courier.wakeSurely(env);
    }

    /**
     * Sends an endpoint once more what it is subscribed to and happened since a moment, whether it took it or not.
     *
     * @return how many events
     * @throws ApiException 404 if there is no such endpoint
     */
    public int replaySince(String id, Instant since) {
        WebhookEndpoint endpoint = run(call -> call.get(shared.type, id));
        Events mine = shared.events.in(env);
        Set<String> names = Set.copyOf(endpoint.events());
        // an event is published after it happened, so none of later ones has an earlier identifier
        String floor = "event_" + Ulid.floor(since);
        int queued = shared.deliveries.replay(
                env, endpoint, since, last -> mine.after(names, last == null ? floor : last, Deliveries.page()));
        shared.courier.wakeSurely(env);
        return queued;
    }

    /** Sees to it that what is due is sent, on another thread. Where there is no endpoint it starts no thread. */
    public void deliver() {
        if (!shared.deliveries.enabled(env).isEmpty()) {
            shared.courier.wakeSurely(env);
        }
    }

    /** When the next webhook is due, whatever its endpoint; empty if none waits. */
    public Optional<Instant> next() {
        return engine.run(
                env,
                Actor.SYSTEM,
                call -> shared.deliveries.enabled(call).stream()
                        .flatMap(endpoint -> shared.deliveries.next(call, endpoint.id()).stream())
                        .min(Comparator.naturalOrder()));
    }

    /** Seals secrets under the first root key that were sealed under another. */
    public void reseal() {
        shared.secrets.reseal(engine, env);
    }

    /** Stops sending, within two seconds. What was not sent stays queued. */
    @Override
    public void close() {
        shared.courier.close();
    }
}
