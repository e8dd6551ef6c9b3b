package dev.gatehouse.passkeys;

import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A passkey: a discoverable WebAuthn credential that verifies its user. Nothing of it is secret.
 *
 * @param id {@code passkey_…}
 * @param userId whose it is
 * @param credentialId the authenticator's own name for it, 1 to 1023 bytes as base64url; unique in its environment
 * @param publicKey COSE_Key (RFC 9052 §7) as base64url
 * @param algorithm COSE algorithm of that key: -7, -8 or -257
 * @param signCount what the authenticator counted last; stays 0 where it counts nothing, as with every synced passkey
 * @param transports how browsers may reach the authenticator, as they told at enrolment
 * @param aaguid model of the authenticator, as a UUID; all zero if it does not say. Unproved, so good for a name only
 * @param backupEligible whether it can be synced to other devices; fixed when it is made
 * @param backedUp whether it was, at its last use
 * @param name what its owner calls it, 1 to 100 characters
 * @param lastUsedAt last sign-in with it; null before the first
 */
public record Passkey(
        String id,
        String userId,
        String credentialId,
        String publicKey,
        long algorithm,
        long signCount,
        List<String> transports,
        String aaguid,
        boolean backupEligible,
        boolean backedUp,
        String name,
        @Nullable Instant lastUsedAt,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {

    public Passkey {
        transports = List.copyOf(transports);
    }

    /** The resource. */
    public static final EntityType<Passkey> TYPE = EntityType.of("passkey", "passkey", Passkey.class)
            .unique("credential_id", Passkey::credentialId, p -> Refusals.registered())
            .lookup("user_id", Passkey::userId);

    /** The same passkey under an identifier, as this user's. */
    Passkey of(String newId, String owner) {
        return new Passkey(
                newId,
                owner,
                credentialId,
                publicKey,
                algorithm,
                signCount,
                transports,
                aaguid,
                backupEligible,
                backedUp,
                name,
                lastUsedAt,
                createdAt,
                updatedAt);
    }

    Passkey named(String other) {
        return new Passkey(
                id,
                userId,
                credentialId,
                publicKey,
                algorithm,
                signCount,
                transports,
                aaguid,
                backupEligible,
                backedUp,
                other,
                lastUsedAt,
                createdAt,
                updatedAt);
    }

    Passkey used(Instant at, long counted, boolean synced) {
        return new Passkey(
                id,
                userId,
                credentialId,
                publicKey,
                algorithm,
                counted,
                transports,
                aaguid,
                backupEligible,
                synced,
                name,
                at,
                createdAt,
                updatedAt);
    }
}
