package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;

/**
 * Leave to set another password, by a link to the mailbox: fifteen minutes, once, and only the newest one of a person
 * (ATTACKS P14, P22).
 *
 * @param digest of the token
 * @param sealed the token, sealed under this id; the holder of an API key may read it, to send the link himself
 * @param email mailbox that the link went to
 */
record PasswordReset(
        String id,
        String userId,
        String email,
        String digest,
        String sealed,
        Instant expiresAt,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    static final EntityType<PasswordReset> TYPE = EntityType.of("password_reset", "password_reset", PasswordReset.class)
            .unique("digest", PasswordReset::digest, r -> ApiException.of(409, "conflict", "Try again."))
            .lookup("user_id", PasswordReset::userId)
            .expires(PasswordReset::expiresAt);

    /** Voids every link of a person. */
    static void forget(Call call, String userId) {
        call.all(TYPE, "user_id", userId).forEach(reset -> call.delete(TYPE, reset));
    }

    /** Without what a secret is recognised by. */
    @Override
    public String toString() {
        return "PasswordReset[" + id + "]";
    }
}
