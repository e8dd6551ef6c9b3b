package dev.gatehouse.passkeys;

import dev.gatehouse.engine.Json;
import dev.gatehouse.engine.Required;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A passkey in a file, as {@link Passkey} describes it. It works where the user has the same identifier and the relying
 * party is the same domain: an authenticator keeps both.
 *
 * @param id null for a new one
 * @param signCount 0 if null
 * @param transports none if null
 * @param aaguid all zero if null
 * @param createdAt ISO 8601, as the next two
 */
public record PortablePasskey(
        @Nullable String id,
        @Required String credentialId,
        @Required String publicKey,
        @Nullable Long signCount,
        @Nullable List<String> transports,
        @Nullable String aaguid,
        @Required Boolean backupEligible,
        @Required Boolean backedUp,
        @Required String name,
        @Nullable String lastUsedAt,
        @Nullable String createdAt,
        @Nullable String updatedAt) {

    /** A stored passkey; its algorithm is in its key. */
    public static PortablePasskey of(Passkey p) {
        return new PortablePasskey(
                p.id(),
                p.credentialId(),
                p.publicKey(),
                p.signCount(),
                p.transports(),
                p.aaguid(),
                p.backupEligible(),
                p.backedUp(),
                p.name(),
                time(p.lastUsedAt()),
                time(p.createdAt()),
                time(p.updatedAt()));
    }

    private static @Nullable String time(@Nullable Instant at) {
        return at == null ? null : Json.time(at);
    }
}
