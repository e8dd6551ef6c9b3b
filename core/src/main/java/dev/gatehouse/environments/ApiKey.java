package dev.gatehouse.environments;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;
import java.util.List;

/**
 * A key for the management API. The key itself is shown once, when it is made; only its digest is stored.
 *
 * @param id {@code key_…}
 * @param environmentId what it opens
 * @param name what people call it
 * @param digest of the key text
 * @param hint last four characters, to recognise it
 * @param permissions {@code *}, or words like {@code user:write}
 */
public record ApiKey(
        String id,
        String environmentId,
        String name,
        String digest,
        String hint,
        List<String> permissions,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    /** Without the digest. */
    @Override
    public String toString() {
        return "ApiKey[" + id + ", " + name + ", …" + hint + "]";
    }

    static final EntityType<ApiKey> TYPE = EntityType.of("management_key", "key", ApiKey.class)
            .unique("digest", ApiKey::digest, k -> ApiException.of(409, "conflict", "That key exists already."))
            .lookup("environment_id", ApiKey::environmentId);
}
