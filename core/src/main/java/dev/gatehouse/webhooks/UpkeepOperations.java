package dev.gatehouse.webhooks;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.engine.Routes.Nothing;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** What the contract has no operation for: other secrets, how an endpoint is doing, and sending again. */
final class UpkeepOperations {
    private static final String ONE = "/webhook_endpoints/{id}";

    private final Webhooks webhooks;
    private final EntityType<WebhookEndpoint> type;
    private final EndpointSecrets secrets;

    UpkeepOperations(Webhooks webhooks, EntityType<WebhookEndpoint> type, EndpointSecrets secrets) {
        this.webhooks = webhooks;
        this.type = type;
        this.secrets = secrets;
    }

    record Replay(@Nullable String eventId, @Nullable String since) {}

    /** How many events are sent again. */
    record Replayed(@Required int events) {}

    /** {@link WebhookHealth} on the wire. */
    record Health(
            String object,
            String webhookEndpointId,
            @Nullable Instant lastSuccessAt,
            @Nullable Instant lastFailureAt,
            @Nullable Integer lastStatus,
            @Nullable String lastError,
            int consecutiveFailures,
            @Nullable Instant pausedUntil,
            @Nullable Instant nextAttemptAt) {}

    void routes(Routes r) {
        r.transition("POST " + ONE + "/rotate_secret", type, (endpoint, call) -> {
            secrets.rotate(call, endpoint.id());
            return endpoint;
        });
        r.action("GET " + ONE + "/health", Nothing.class, Health.class, (in, flow) -> health(flow))
                .permission("webhook_endpoint:read");
        r.action("POST " + ONE + "/replay", Replay.class, Replayed.class, (in, flow) -> replay(in, flow))
                .permission("webhook_endpoint:write");
    }

    private Health health(Flow flow) {
        String id = flow.variable("id");
        Webhooks here = webhooks.in(flow.caller().env());
        WebhookHealth health = here.health(id);
        return new Health(
                "webhook_endpoint_health",
                id,
                health.lastSuccess(),
                health.lastFailure(),
                health.lastStatus(),
                health.lastError(),
                health.consecutiveFailures(),
                health.pausedUntil(),
                here.nextAttempt(id).orElse(null));
    }

    private Replayed replay(Replay in, Flow flow) {
        Webhooks here = webhooks.in(flow.caller().env());
        String id = flow.variable("id");
        if (here.find(id).isEmpty()) {
            throw ApiException.notFound(type.title(), id);
        }
        if ((in.eventId == null) == (in.since == null)) {
            throw ApiException.invalid("event_id", "event_id_or_since", "Give event_id or since, one of them.");
        }
        if (in.eventId != null) {
            here.replay(id, in.eventId);
            return new Replayed(1);
        }
        return new Replayed(here.replaySince(id, moment(String.valueOf(in.since))));
    }

    private static Instant moment(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw ApiException.invalid("since", "since_invalid", "Since must be an ISO 8601 time in UTC.");
        }
    }
}
