package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A sign-in that has proved its first credential and still needs a step: ten minutes, taken when the step succeeds.
 *
 * @param digest of the {@code pending_authentication_token}
 * @param clientId it can be finished by this client only
 * @param userId who proved a credential
 * @param proof what was proved so far
 * @param organizationId what the sign-in was asked for; null if nothing in particular
 * @param invited invitation to accept at its end; null for none
 * @param federated what an identity provider said; null if none was asked
 */
record PendingAuthentication(
        String id,
        String digest,
        String clientId,
        String userId,
        Proof proof,
        @Nullable String organizationId,
        Affiliations.@Nullable Invited invited,
        Federated.@Nullable Claim federated,
        Instant expiresAt,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    static final EntityType<PendingAuthentication> TYPE = EntityType.of(
                    "pending_authentication", "pending_authentication", PendingAuthentication.class)
            .unique("digest", PendingAuthentication::digest, c -> ApiException.of(409, "conflict", "Try again."))
            .lookup("user_id", PendingAuthentication::userId)
            .expires(PendingAuthentication::expiresAt);

    /** Where the sign-in stands. */
    Gates.Progress progress() {
        return new Gates.Progress(clientId, proof, organizationId, invited, federated);
    }

    /** Without what a secret is recognised by. */
    @Override
    public String toString() {
        return "PendingAuthentication[" + id + "]";
    }
}
