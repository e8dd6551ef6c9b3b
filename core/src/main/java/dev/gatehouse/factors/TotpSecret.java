package dev.gatehouse.factors;

import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;

/**
 * The secret of a factor and what was done with it. Read and written with the factor's row held.
 *
 * @param id {@code totp_secret_…} with the factor's own ULID
 * @param sealed the secret, sealed for this factor
 * @param lastStep last step of time whose code was taken; it and those before are spent (RFC 6238 §5.2)
 * @param tries wrong codes of the day
 */
record TotpSecret(String id, String sealed, long lastStep, Tries tries, Instant createdAt, Instant updatedAt)
        implements Entity {
    static final EntityType<TotpSecret> TYPE = EntityType.of("totp_secret", "totp_secret", TotpSecret.class);

    static String idOf(String factorId) {
        return "totp_secret_" + factorId.substring(factorId.lastIndexOf('_') + 1);
    }

    TotpSecret spent(long step) {
        return new TotpSecret(id, sealed, step, tries, createdAt, updatedAt);
    }

    TotpSecret failed(Instant now) {
        return new TotpSecret(id, sealed, lastStep, tries.oneMore(now), createdAt, updatedAt);
    }

    TotpSecret sealed(String anew) {
        return new TotpSecret(id, anew, lastStep, tries, createdAt, updatedAt);
    }

    @Override
    public String toString() {
        return "TotpSecret[" + id + "]";
    }
}
