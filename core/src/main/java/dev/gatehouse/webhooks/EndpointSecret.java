package dev.gatehouse.webhooks;

import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The secret of an endpoint, sealed, in a row of its own.
 *
 * @param previous the one before a rotation; null if there is none
 * @param previousUntil until when that one signs, too
 */
record EndpointSecret(
        String id,
        String sealed,
        @Nullable String previous,
        @Nullable Instant previousUntil,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    static final EntityType<EndpointSecret> TYPE =
            EntityType.of("webhook_secret", "webhook_secret", EndpointSecret.class);

    static String idOf(String endpointId) {
        return "webhook_secret_" + endpointId.substring(endpointId.lastIndexOf('_') + 1);
    }

    @Override
    public String toString() {
        return "EndpointSecret[" + id + "]";
    }
}
