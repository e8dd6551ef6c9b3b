package dev.gatehouse.environments;

import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;

/**
 * An application's public name in an environment, {@code client_…}; tokens and their keys are made per client.
 *
 * @param environmentId its environment
 */
record Client(String id, String environmentId, Instant createdAt, Instant updatedAt) implements Entity {
    static final EntityType<Client> TYPE =
            EntityType.of("client", "client", Client.class).lookup("environment_id", Client::environmentId);
}
