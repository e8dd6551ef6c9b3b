package dev.gatehouse.factors;

import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;

/**
 * A user's recovery codes that are left.
 *
 * @param id {@code recovery_codes_…} with the user's own ULID
 * @param salt random, of this sheet
 * @param sealed salted digests of the codes, sealed: fifty bits are too few for a digest that lies open
 * @param left how many
 * @param tries wrong codes of the day; a new sheet does not begin a new count
 */
record RecoveryCodes(String id, String salt, String sealed, int left, Tries tries, Instant createdAt, Instant updatedAt)
        implements Entity {
    static final EntityType<RecoveryCodes> TYPE =
            EntityType.of("recovery_codes", "recovery_codes", RecoveryCodes.class);

    static String idOf(String userId) {
        return "recovery_codes_" + userId.substring(userId.lastIndexOf('_') + 1);
    }

    RecoveryCodes failed(Instant now) {
        return new RecoveryCodes(id, salt, sealed, left, tries.oneMore(now), createdAt, updatedAt);
    }

    RecoveryCodes with(String otherSalt, String otherSealed, int nowLeft) {
        return new RecoveryCodes(id, otherSalt, otherSealed, nowLeft, tries, createdAt, updatedAt);
    }

    @Override
    public String toString() {
        return "RecoveryCodes[" + id + "]";
    }
}
