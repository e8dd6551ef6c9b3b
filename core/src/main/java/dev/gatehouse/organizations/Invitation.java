package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.OneOf;
import dev.gatehouse.identity.Email;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An invitation to make an account, or to join an organization (contract/behaviour/04 §4.11): accepted once.
 *
 * @param id {@code invitation_…}
 * @param email whom it was sent to
 * @param state as it was stored; what it is at a moment, {@link #state(Instant)} says
 * @param organizationId what it leads into; null for the application alone
 * @param roleSlug role in the organization; null without one
 * @param inviterUserId who invites; null if nobody was named
 * @param acceptedUserId who accepted; null before
 * @param locale language of its mail; null for the reader's
 * @param digest of the token
 * @param sealed the token, sealed under this id; the holder of an API key may read it
 * @param mailedDigest of what the mailed link carries beyond the token, newest mail only: it proves that its bearer reads
 *     the mailbox, which the token does not, since the inviter may know it (ATTACKS P34); null if none was mailed
 */
public record Invitation(
        String id,
        String email,
        String state,
        @Nullable String organizationId,
        @Nullable String roleSlug,
        @Nullable String inviterUserId,
        @Nullable String acceptedUserId,
        @Nullable String locale,
        String digest,
        String sealed,
        @Nullable String mailedDigest,
        Instant expiresAt,
        @Nullable Instant acceptedAt,
        @Nullable Instant revokedAt,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    static final String PENDING = "pending";
    static final String ACCEPTED = "accepted";
    static final String REVOKED = "revoked";
    static final String EXPIRED = "expired";

    /** Without what its token is recognised by, and without the token that is sealed in it. */
    @Override
    public String toString() {
        return "Invitation[" + id + ", " + email + ", " + state + "]";
    }

    static final String KIND = "invitation";
    /** Characters of a token; what follows them in a mailed link is its proof. */
    static final int TOKEN = 30;

    /** How it is stored; what reaches the wire needs the token opened, and is added by {@link Invitations}. */
    static EntityType<Invitation> declare() {
        return EntityType.of(KIND, KIND, Invitation.class)
                .unique("digest", Invitation::digest, i -> ApiException.of(409, "conflict", "Try again."))
                .unique("open", Invitation::open, Invitation::taken)
                .lookup("organization_id", Invitation::organizationId)
                .lookup("email", Invitation::email, Email::fold);
    }

    static final EntityType<Invitation> TYPE = declare();

    /** One open invitation for an address and a place. */
    private @Nullable String open() {
        return state.equals(PENDING) ? pair(email, organizationId) : null;
    }

    static String pair(String email, @Nullable String organizationId) {
        return Email.fold(email) + " " + (organizationId == null ? "" : organizationId);
    }

    static ApiException taken(Invitation invitation) {
        return invitation.organizationId == null
                ? ApiException.of(400, "email_already_invited", "This email has an open invitation already.")
                : ApiException.of(
                        400,
                        "email_already_invited_to_organization",
                        "This email has an open invitation to the organization already.");
    }

    /** Whether an invitation of an address into an organization can be accepted now. */
    static boolean waits(Call call, String organizationId, String email) {
        return call.findBy(TYPE, "open", pair(email, organizationId))
                .filter(found -> found.state(call.now()).equals("pending"))
                .isPresent();
    }

    static String digestOf(String token) {
        return Digest.of(KIND, token);
    }

    static String digestOfMailed(String proof) {
        return Digest.of(KIND + " mailed", proof);
    }

    /** Its state at a moment. */
    public String state(Instant now) {
        return state.equals(PENDING) && !now.isBefore(expiresAt) ? EXPIRED : state;
    }

    Invitation accepted(String userId, Instant at) {
        return with(ACCEPTED, userId, mailedDigest, expiresAt, at, revokedAt);
    }

    Invitation revoked(Instant at) {
        return with(REVOKED, acceptedUserId, mailedDigest, expiresAt, acceptedAt, at);
    }

    Invitation expired() {
        return with(EXPIRED, acceptedUserId, mailedDigest, expiresAt, acceptedAt, revokedAt);
    }

    Invitation mailed(@Nullable String digestOfProof, Instant until) {
        return with(state, acceptedUserId, digestOfProof, until, acceptedAt, revokedAt);
    }

    private Invitation with(
            String newState,
            @Nullable String userId,
            @Nullable String proof,
            Instant until,
            @Nullable Instant accepted,
            @Nullable Instant revoked) {
        return new Invitation(
                id,
                email,
                newState,
                organizationId,
                roleSlug,
                inviterUserId,
                userId,
                locale,
                digest,
                sealed,
                proof,
                until,
                accepted,
                revoked,
                createdAt,
                updatedAt);
    }

    /** What the wire shows, to holders of an API key. */
    record View(
            String object,
            String id,
            String email,
            @OneOf({PENDING, ACCEPTED, REVOKED, EXPIRED}) String state,
            @Nullable Instant acceptedAt,
            @Nullable Instant revokedAt,
            Instant expiresAt,
            @Nullable String organizationId,
            @Nullable String inviterUserId,
            @Nullable String acceptedUserId,
            @Nullable String roleSlug,
            Instant createdAt,
            Instant updatedAt,
            String token,
            String acceptInvitationUrl) {}

    /** What events tell: not the token. */
    record Told(
            String object,
            String id,
            String email,
            String state,
            @Nullable Instant acceptedAt,
            @Nullable Instant revokedAt,
            Instant expiresAt,
            @Nullable String organizationId,
            @Nullable String inviterUserId,
            @Nullable String acceptedUserId,
            @Nullable String roleSlug,
            Instant createdAt,
            Instant updatedAt) {}

    Told told(Instant now) {
        return new Told(
                KIND,
                id,
                email,
                state(now),
                acceptedAt,
                revokedAt,
                expiresAt,
                organizationId,
                inviterUserId,
                acceptedUserId,
                roleSlug,
                createdAt,
                updatedAt);
    }

    View view(Instant now, String token, String url) {
        return new View(
                KIND,
                id,
                email,
                state(now),
                acceptedAt,
                revokedAt,
                expiresAt,
                organizationId,
                inviterUserId,
                acceptedUserId,
                roleSlug,
                createdAt,
                updatedAt,
                token,
                url);
    }
}
