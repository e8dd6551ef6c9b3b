package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;

/**
 * A message of a provider that counts once, remembered until it would be refused for its age (ATTACKS S59 to S61, O19): in
 * the database, so that it holds on every node and after a restart.
 *
 * @param message digest of its connection and identifier
 */
record UsedMessage(String id, String message, Instant expiresAt, Instant createdAt, Instant updatedAt)
        implements Entity {
    private static final String USED = "message_used";

    static final EntityType<UsedMessage> TYPE = EntityType.of("used_message", "used_message", UsedMessage.class)
            .unique("message", UsedMessage::message, m -> used())
            .expires(UsedMessage::expiresAt);

    /**
     * Uses a message; of any number that come at once one counts.
     *
     * @param until from when on it is refused for its age
     * @throws ApiException {@link #again} if it was used before, or is by somebody else at the same moment
     */
    static void use(Call call, Connection connection, String messageId, Instant until) {
        String message = Digest.of("provider message", connection.id() + " " + messageId);
        if (call.findBy(TYPE, "message", message).isPresent()) {
            throw used();
        }
        call.create(TYPE, new UsedMessage(call.newId(TYPE), message, until, call.now(), call.now()));
    }

    private static ApiException used() {
        return ApiException.of(409, USED, "It was used before.");
    }

    /** Whether a transaction ended because its message was used in another. */
    static boolean again(ApiException e) {
        return e.code().equals(USED);
    }
}
