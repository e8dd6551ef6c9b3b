package dev.gatehouse.environments;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;

/**
 * One tenant of the library: staging, production, a branch. Every key, client id, setting and record belongs to one, and
 * nothing crosses.
 *
 * @param id {@code environment_…}
 * @param name what the configuration calls it
 * @param production whether it demands HTTPS and makes live keys
 */
public record Environment(String id, String name, boolean production, Instant createdAt, Instant updatedAt)
        implements Entity {
    static final EntityType<Environment> TYPE = EntityType.of("environment", "environment", Environment.class)
            .unique("name", Environment::name, e -> ApiException.of(409, "environment_exists", "That name is taken."))
            .lookup("all", e -> "");
}
