package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;

/**
 * The JWT template of an environment.
 *
 * @param content as it was written; compiles
 */
record StoredTemplate(String id, String content, Instant createdAt, Instant updatedAt) implements Entity {
    private static final String KIND = "jwt_template";

    static final EntityType<StoredTemplate> TYPE = EntityType.of(KIND, KIND, StoredTemplate.class)
            // an environment has one
            .unique("one", t -> KIND, t -> ApiException.of(409, "conflict", "Try again."))
            .view(View.class, (t, call) -> new View(KIND, t.content, t.createdAt, t.updatedAt));

    record View(String object, String content, Instant createdAt, Instant updatedAt) {}
}
