package dev.gatehouse.webhooks;

import dev.gatehouse.background.DueIds;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event on its way to one endpoint. Nothing of what the endpoint answered is kept but the status: it could be used to
 * read what lies behind an address (ATTACKS W06).
 *
 * @param id where it stands in the list: begins with the moment of its next attempt, or of its end
 * @param deliveryId the same throughout
 * @param state pending, delivered or failed
 * @param attempts how often it was sent, or was about to be
 * @param lastStatus HTTP status of the last attempt; null if there was no answer
 * @param lastError why there was no answer: {@code address_refused}, {@code tls_failed}, {@code timed_out} or
 *     {@code not_reached}; {@code event_expired} if the event was no longer there; null otherwise
 * @param lastAttempt when that was
 * @param replay whether it was asked for by hand
 */
public record WebhookDelivery(
        String id,
        String deliveryId,
        String endpointId,
        String eventId,
        String event,
        String state,
        int attempts,
        @Nullable Integer lastStatus,
        @Nullable String lastError,
        @Nullable Instant lastAttempt,
        boolean replay,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    static final String PENDING = "pending";
    static final String DELIVERED = "delivered";
    static final String FAILED = "failed";

    /** Declares the resource, kept for so long. */
    static EntityType<WebhookDelivery> declare(Duration kept) {
        return EntityType.of("webhook_delivery", "webhook_delivery", WebhookDelivery.class)
                .lookup("endpoint_id", WebhookDelivery::endpointId)
                // what is still to be sent, by endpoint, so that each has a queue of its own
                .lookup("lane", d -> d.pending() ? d.endpointId : null)
                .expires(d -> d.createdAt().plus(kept));
    }

    boolean pending() {
        return state.equals(PENDING);
    }

    /** When it is sent next, or when a claim of it ends; null once it is over. */
    public @Nullable Instant nextAttempt() {
        return pending() ? due() : null;
    }

    Instant due() {
        return DueIds.due(id);
    }

    /** One that waits to be sent at once. */
    static WebhookDelivery of(String id, String endpointId, String eventId, String event, boolean replay, Instant now) {
        return new WebhookDelivery(
                DueIds.at(id, now), id, endpointId, eventId, event, PENDING, 0, null, null, null, replay, now, now);
    }

    /** About to be sent; due again if nobody says how that went. */
    WebhookDelivery claimed(Instant until, Instant now) {
        return with(until, PENDING, attempts + 1, lastStatus, lastError, now, now);
    }

    /** Waits for another attempt. */
    WebhookDelivery postponed(Instant due, Outcome outcome, Instant now) {
        return with(due, PENDING, attempts, outcome.status(), outcome.error(), lastAttempt, now);
    }

    /** Over. */
    WebhookDelivery ended(Outcome outcome, Instant now) {
        return with(
                now,
                outcome.delivered() ? DELIVERED : FAILED,
                attempts,
                outcome.status(),
                outcome.error(),
                lastAttempt,
                now);
    }

    private WebhookDelivery with(
            Instant due,
            String newState,
            int newAttempts,
            @Nullable Integer status,
            @Nullable String error,
            @Nullable Instant attempt,
            Instant now) {
        return new WebhookDelivery(
                DueIds.at(deliveryId, due),
                deliveryId,
                endpointId,
                eventId,
                event,
                newState,
                newAttempts,
                status,
                error,
                attempt,
                replay,
                createdAt,
                now);
    }
}
