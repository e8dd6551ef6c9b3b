package dev.gatehouse.webhooks;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.OneOf;
import java.time.Instant;
import java.util.List;

/**
 * Where events are sent to.
 *
 * @param id {@code we_…}
 * @param endpointUrl address; one endpoint of an environment has it
 * @param status {@code enabled} or {@code disabled}
 * @param events names it is subscribed to
 */
public record WebhookEndpoint(
        String id, String endpointUrl, String status, List<String> events, Instant createdAt, Instant updatedAt)
        implements Entity {
    static final String ENABLED = "enabled";
    static final String DISABLED = "disabled";

    public WebhookEndpoint {
        events = List.copyOf(events);
    }

    /** Declares the resource; its view needs the secret, which lies elsewhere. */
    static EntityType<WebhookEndpoint> declare() {
        return EntityType.of("webhook_endpoint", "we", WebhookEndpoint.class)
                .unique(
                        "endpoint_url",
                        WebhookEndpoint::endpointUrl,
                        e -> ApiException.of(
                                409,
                                "duplicate_endpoint",
                                "A Webhook Endpoint with the same endpoint URL already exists."))
                .lookup("status", WebhookEndpoint::status);
    }

    /** Whether events are sent to it. */
    public boolean enabled() {
        return status.equals(ENABLED);
    }

    record View(
            String object,
            String id,
            String endpointUrl,
            String secret,
            @OneOf({ENABLED, DISABLED}) String status,
            List<String> events,
            Instant createdAt,
            Instant updatedAt) {
        @Override
        public String toString() {
            return "View[" + id + "]";
        }
    }
}
