package dev.gatehouse.webhooks;

import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint has been doing.
 *
 * @param lastSuccess when it took an event last; null if it never has
 * @param lastFailure when an attempt failed last; null if none has
 * @param lastStatus HTTP status of that failure; null if there was no answer
 * @param lastError why there was none, as {@link WebhookDelivery#lastError()}
 * @param consecutiveFailures attempts that failed since the last success
 * @param pausedUntil nothing is sent to it until then, since too many attempts failed; null if it is not paused
 */
public record WebhookHealth(
        String id,
        @Nullable Instant lastSuccess,
        @Nullable Instant lastFailure,
        @Nullable Integer lastStatus,
        @Nullable String lastError,
        int consecutiveFailures,
        @Nullable Instant pausedUntil,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    static final EntityType<WebhookHealth> TYPE =
            EntityType.of("webhook_health", "webhook_health", WebhookHealth.class);

    static String idOf(String endpointId) {
        return "webhook_health_" + endpointId.substring(endpointId.lastIndexOf('_') + 1);
    }

    static WebhookHealth fresh(String endpointId, Instant now) {
        return new WebhookHealth(idOf(endpointId), null, null, null, null, 0, null, now, now);
    }

    WebhookHealth succeeded(Instant now) {
        return new WebhookHealth(id, now, lastFailure, lastStatus, lastError, 0, null, createdAt, now);
    }

    /** To be tried at once, as if nothing had failed. */
    WebhookHealth resumed(Instant now) {
        return new WebhookHealth(id, lastSuccess, lastFailure, lastStatus, lastError, 0, null, createdAt, now);
    }

    WebhookHealth failed(Outcome outcome, RetryPlan plan, Instant now) {
        int failures = consecutiveFailures + 1;
        Duration pause = plan.pauseOfEndpoint(failures);
        return new WebhookHealth(
                id,
                lastSuccess,
                now,
                outcome.status(),
                outcome.error(),
                failures,
                pause.isZero() ? null : now.plus(pause),
                createdAt,
                now);
    }
}
