package dev.gatehouse.identity;

import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;

/**
 * A user's password hash, apart from the user, so that it can reach neither a view nor an event.
 *
 * @param id {@code password_…} with the user's own ULID
 * @param hash PHC string
 */
record Password(String id, String hash, Instant createdAt, Instant updatedAt) implements Entity {
    static final EntityType<Password> TYPE = EntityType.of("password", "password", Password.class);

    static String idOf(String userId) {
        return "password_" + userId.substring(userId.indexOf('_') + 1);
    }

    @Override
    public String toString() {
        return "Password[" + id + "]";
    }
}
