package dev.gatehouse.environments;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;

/**
 * Something sealed under the root keys, so that a start with other ones is noticed before anything is made with them.
 *
 * @param sealed opens under the root keys that everything else here was sealed under
 */
record RootKeyCheck(String id, String sealed, Instant createdAt, Instant updatedAt) implements Entity {
    static final EntityType<RootKeyCheck> TYPE = EntityType.of("root_key_check", "check", RootKeyCheck.class)
            .unique("only", check -> "one", check -> ApiException.of(409, "root_key_check_exists", "There is one."));

    /** Without the sealed text. */
    @Override
    public String toString() {
        return "RootKeyCheck[" + id + "]";
    }
}
