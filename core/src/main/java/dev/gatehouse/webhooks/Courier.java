package dev.gatehouse.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.background.Failures;
import dev.gatehouse.background.Workers;
import dev.gatehouse.crypto.Secret;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.events.Events;
import dev.gatehouse.net.GuardedHttp;
import dev.gatehouse.spi.Outbound;
import dev.gatehouse.spi.Telemetry.Signal;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due, on the threads of {@link Workers}. An endpoint has two attempts under way on a node at most, and one
 * that is slow does not count among those at work, so that none holds up the others.
 */
final class Courier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long SLOW_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int MOST_PER_ENDPOINT = 2;
    private static final int MOST_PER_TURN = 20;
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Engine engine;
    private final Events events;
    private final Deliveries deliveries;
    private final EndpointSecrets secrets;
    private final Function<String, Outbound> outbound;
    private final Workers workers;
    private final Map<String, Integer> lanes = new ConcurrentHashMap<>();
    private final Set<Attempt> attempts = ConcurrentHashMap.newKeySet();
    /** Environments without an endpoint, and until when that is taken for granted. */
    private final Map<String, Instant> idle = new ConcurrentHashMap<>();

    /** One attempt under way. */
    private record Attempt(String deliveryId, long began) {}

    /** What is sent, and how it is signed. */
    private record Letter(String body, Secret secret, Optional<Secret> previous) {}

    /** @param outbound of environments */
    Courier(
            Engine engine,
            Events events,
            Deliveries deliveries,
            EndpointSecrets secrets,
            Function<String, Outbound> outbound,
            @Nullable Executor executor) {
        this.engine = engine;
        this.events = events;
        this.deliveries = deliveries;
        this.secrets = secrets;
        this.outbound = outbound;
        this.workers = new Workers("gatehouse-webhooks", this::look, engine::now, this::slow, executor);
    }

    /** Sees to it that somebody looks into the queues of this environment, if it may have endpoints. Never throws. */
    void wake(String env) {
        Instant until = idle.get(env);
        if (until == null || !until.isAfter(engine.now())) {
            workers.wake(env);
        }
    }

    /** As the other, where there is an endpoint now. */
    void wakeSurely(String env) {
        idle.remove(env);
        workers.wake(env);
    }

    private long slow() {
        long now = System.nanoTime();
        return attempts.stream().filter(one -> now - one.began > SLOW_NANOS).count();
    }

    private Workers.Look look(String env) {
        List<WebhookEndpoint> enabled = new ArrayList<>(deliveries.enabled(env));
        if (enabled.isEmpty()) {
            idle.put(env, engine.now().plus(IDLE));
            return Workers.Look.NOTHING;
        }
        events.in(env).publish();
        // so that one with much to do does not always come first
        Collections.shuffle(enabled);
        Instant next = null;
        for (WebhookEndpoint endpoint : enabled) {
            if (!enter(endpoint.id())) {
                // who is there looks again
                continue;
            }
            Deliveries.Turn turn = Deliveries.Turn.NOTHING;
            try {
                turn = deliveries.claim(env, endpoint.id());
            } finally {
                if (turn.claimed() == null) {
                    leave(endpoint.id());
                }
            }
            WebhookDelivery claimed = turn.claimed();
            if (claimed != null) {
                return new Workers.Look(() -> turnOf(env, endpoint, claimed), true, null);
            }
            next = next == null || (turn.next() != null && turn.next().isBefore(next)) ? turn.next() : next;
        }
        return new Workers.Look(null, false, next);
    }

    private boolean enter(String endpointId) {
        boolean[] entered = new boolean[1];
        lanes.compute(endpointId, (id, count) -> {
            int now = count == null ? 0 : count;
            entered[0] = now < MOST_PER_ENDPOINT;
            return entered[0] ? Integer.valueOf(now + 1) : count;
        });
        return entered[0];
    }

    private void leave(String endpointId) {
        lanes.computeIfPresent(endpointId, (id, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    }

    /** Sends to one endpoint what is due, up to a number, so that the others have their turn. */
    private void turnOf(String env, WebhookEndpoint endpoint, WebhookDelivery first) {
        try {
            WebhookDelivery next = first;
            for (int sent = 0; next != null; sent++) {
                send(env, endpoint, next);
                next = sent + 1 == MOST_PER_TURN || workers.isClosed()
                        ? null
                        : deliveries.claim(env, endpoint.id()).claimed();
            }
        } catch (RuntimeException e) {
            if (!workers.isClosed()) {
                LOG.warn("a webhook to {} is tried again ({})", endpoint.id(), Failures.of(e));
            }
        } finally {
            leave(endpoint.id());
        }
    }

    private void send(String env, WebhookEndpoint endpoint, WebhookDelivery delivery) {
        Optional<Letter> letter = letter(env, endpoint, delivery);
        if (letter.isEmpty()) {
            deliveries.ended(env, delivery, Outcome.failed("event_expired"), false);
            engine.signals().count(Signal.WEBHOOKS, "given_up", "event_expired");
            return;
        }
        Attempt attempt = new Attempt(delivery.deliveryId(), System.nanoTime());
        attempts.add(attempt);
        Outcome outcome;
        try {
            outcome = post(env, endpoint, letter.get());
        } finally {
            attempts.remove(attempt);
        }
        Optional<Instant> next = deliveries.ended(env, delivery, outcome, true);
        engine.signals()
                .count(
                        Signal.WEBHOOKS,
                        outcome.delivered() ? "sent" : next.isPresent() ? "retried" : "given_up",
                        outcome.reason());
        if (!outcome.delivered()) {
            LOG.atWarn()
                    .addKeyValue("delivery", delivery.deliveryId())
                    .addKeyValue("endpoint", endpoint.id())
                    .addKeyValue("reason", outcome.reason())
                    .log(
                            "webhook {} to {} failed ({}); {}",
                            delivery.deliveryId(),
                            endpoint.id(),
                            outcome.error() == null ? outcome.status() : outcome.error(),
                            next.map(at -> "next attempt at " + at).orElse("that was the last attempt"));
        }
    }

    /** What to send; empty if the event is kept no longer, or the endpoint was deleted meanwhile. */
    private Optional<Letter> letter(String env, WebhookEndpoint endpoint, WebhookDelivery delivery) {
        return engine.run(env, Actor.SYSTEM, call -> {
            Optional<JsonNode> event = events.find(call, delivery.eventId()).map(found -> events.shown(call, found));
            if (event.isEmpty()
                    || call.find(EndpointSecret.TYPE, EndpointSecret.idOf(endpoint.id()))
                            .isEmpty()) {
                return Optional.empty();
            }
            Secret secret = secrets.current(call, endpoint.id())
                    .orElseThrow(() -> new IllegalStateException("its secret opens under none of the root keys"));
            return Optional.of(new Letter(Stringify.of(event.get()), secret, secrets.previous(call, endpoint.id())));
        });
    }

    private Outcome post(String env, WebhookEndpoint endpoint, Letter letter) {
        byte[] body = letter.body.getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("User-Agent", "Gatehouse-Webhooks");
        Instant time = engine.now();
        headers.put(WebhookSignature.HEADER, WebhookSignature.of(letter.secret, time, body));
        letter.previous.ifPresent(
                old -> headers.put(WebhookSignature.PREVIOUS_HEADER, WebhookSignature.of(old, time, body)));
        try {
            return Outcome.answered(outbound.apply(env)
                    .call(new Outbound.Request("POST", URI.create(endpoint.endpointUrl()), headers, body, TIMEOUT, 0))
                    .status());
        } catch (GuardedHttp.Forbidden e) {
            return Outcome.failed("address_refused");
        } catch (SocketTimeoutException e) {
            return Outcome.failed("timed_out");
        } catch (SSLException e) {
            return Outcome.failed("tls_failed");
        } catch (IOException e) {
            return Outcome.failed("not_reached");
        }
    }

    @Override
    public void close() {
        workers.close();
    }
}
