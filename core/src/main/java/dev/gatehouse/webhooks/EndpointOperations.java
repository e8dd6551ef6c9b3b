package dev.gatehouse.webhooks;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.OneOf;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.events.EventNames;
import dev.gatehouse.net.Destination;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The operations on endpoints: contract/behaviour/08 §8.5. */
final class EndpointOperations {
    private final EntityType<WebhookEndpoint> type;
    private final EndpointSecrets secrets;
    private final Function<Call, Function<String, Destination>> addresses;
    private final Consumer<String> changed;

    record Create(@Required String endpointUrl, @Required List<String> events) {}

    record Update(
            @Nullable String endpointUrl,

            @OneOf({WebhookEndpoint.ENABLED, WebhookEndpoint.DISABLED}) @Nullable
            String status,

            @Nullable List<String> events) {}

    /**
     * @param addresses reads an address in the environment of a step, or throws {@link IllegalArgumentException}
     * @param changed hears of environments whose endpoints have changed
     */
    EndpointOperations(
            EntityType<WebhookEndpoint> type,
            EndpointSecrets secrets,
            Function<Call, Function<String, Destination>> addresses,
            Consumer<String> changed) {
        this.type = type;
        this.secrets = secrets;
        this.addresses = addresses;
        this.changed = changed;
    }

    void routes(Routes r) {
        r.list("GET /webhook_endpoints", type);
        r.create("POST /webhook_endpoints", type, Create.class, this::create);
        r.update("PATCH /webhook_endpoints/{id}", type, Update.class, this::update);
        r.delete("DELETE /webhook_endpoints/{id}", type, this::delete);
    }

    WebhookEndpoint create(Create in, Call call) {
        String id = call.newId(type);
        WebhookEndpoint made = call.create(
                type,
                new WebhookEndpoint(
                        id,
                        address(call, in.endpointUrl),
                        WebhookEndpoint.ENABLED,
                        names(in.events),
                        call.now(),
                        call.now()));
        secrets.create(call, id);
        call.create(WebhookHealth.TYPE, WebhookHealth.fresh(id, call.now()));
        call.afterCommit(() -> changed.accept(call.env()));
        return made;
    }

    WebhookEndpoint update(WebhookEndpoint endpoint, Update in, Call call) {
        String url = in.endpointUrl == null ? endpoint.endpointUrl() : address(call, in.endpointUrl);
        String status = in.status == null ? endpoint.status() : in.status;
        if (!List.of(WebhookEndpoint.ENABLED, WebhookEndpoint.DISABLED).contains(status)) {
            throw ApiException.invalid("status", "invalid_status", "Status must be one of enabled, disabled.");
        }
        List<String> names = in.events == null ? endpoint.events() : names(in.events);
        boolean mended = !url.equals(endpoint.endpointUrl()) || (in.status != null && !endpoint.enabled());
        if (mended) {
            // what made it fail may be over
            call.hold(WebhookHealth.TYPE, WebhookHealth.idOf(endpoint.id()))
                    .ifPresent(
                            health -> call.updateSilently(WebhookHealth.TYPE, health.id(), h -> h.resumed(call.now())));
        }
        call.afterCommit(() -> changed.accept(call.env()));
        return call.update(
                type,
                endpoint.id(),
                e -> new WebhookEndpoint(e.id(), url, status, names, e.createdAt(), e.updatedAt()));
    }

    void delete(WebhookEndpoint endpoint, Call call) {
        secrets.delete(call, endpoint.id());
        call.hold(WebhookHealth.TYPE, WebhookHealth.idOf(endpoint.id()))
                .ifPresent(health -> call.delete(WebhookHealth.TYPE, health));
        call.delete(type, endpoint);
    }

    private String address(Call call, String url) {
        try {
            return addresses.apply(call).apply(url).toString();
        } catch (IllegalArgumentException e) {
            throw ApiException.of(422, "invalid_url", "The endpoint URL " + e.getMessage() + ".");
        }
    }

    private static List<String> names(List<String> events) {
        if (events.isEmpty()) {
            throw ApiException.invalid("events", "events_required", "Events must name at least one event.");
        }
        for (String name : events) {
            if (!EventNames.SUBSCRIBABLE.contains(name)) {
                throw ApiException.invalid("events", "unknown_event_type", "Invalid enum value.");
            }
        }
        return List.copyOf(new LinkedHashSet<>(events));
    }
}
