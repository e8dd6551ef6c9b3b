package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Call;
import dev.gatehouse.factors.Factor;
import dev.gatehouse.factors.Factors;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What still stands between a proved credential and a session, in one order for every way in (contract/behaviour/02
 * §2.4): a proved address, a way in that the organization allows, a second factor, an organization. The policies hold for
 * sessions that run already, too.
 */
final class Gates {
    /** How long a half sign-in may be continued. */
    static final Duration PENDING = Duration.ofMinutes(10);

    private final Sessions sessions;
    private final Affiliations affiliations;
    private final Profiles profiles;
    private final MailCodes codes;
    private final MailboxProof mailboxes;
    private final RandomTokens random;
    private final boolean verifiedOnly;
    private final Factors factors;
    private final SecondFactorPolicy policy;

    /** @param verifiedOnly whether an address must be proved before the first session */
    Gates(
            Sessions sessions,
            Affiliations affiliations,
            Profiles profiles,
            MailCodes codes,
            Factors factors,
            MailboxProof mailboxes,
            RandomTokens random,
            boolean verifiedOnly,
            SecondFactorPolicy policy) {
        this.sessions = sessions;
        this.affiliations = affiliations;
        this.profiles = profiles;
        this.codes = codes;
        this.factors = factors;
        this.mailboxes = mailboxes;
        this.random = random;
        this.verifiedOnly = verifiedOnly;
        this.policy = policy;
    }

    /**
     * How far a sign-in has come.
     *
     * @param organizationId asked for; null for none in particular
     * @param invited invitation to accept at the end; null for none
     * @param federated what an identity provider said; null if none was asked
     */
    record Progress(
            String clientId,
            Proof proof,
            @Nullable String organizationId,
            Affiliations.@Nullable Invited invited,
            Federated.@Nullable Claim federated) {
        Progress in(String organization) {
            return new Progress(clientId, proof, organization, invited, federated);
        }

        Progress withSecondFactor() {
            return new Progress(clientId, proof.withSecondFactor(), organizationId, invited, federated);
        }

        /** The same once the mailbox was proved. */
        Progress withMailbox() {
            return new Progress(
                    clientId, proof, organizationId, invited, federated == null ? null : federated.withMailbox());
        }

        /** Whether a provider named the address, whose word is no proof of it. */
        boolean claimsMailbox() {
            return federated != null && !federated.proved();
        }

        /** The organization that it leads into; null if that is still open. */
        @Nullable
        String destination() {
            return invited == null || invited.organizationId() == null ? organizationId : invited.organizationId();
        }
    }

    /**
     * A first credential was proved; the next step for its user, who is held by the caller.
     *
     * @throws ApiException 400 {@code invitation_invalid}, {@code invitation_cannot_be_used_for_email} or {@code
     *     organization_membership_not_found}
     */
    Step first(Call call, User user, Proof proof, Destination to, Source source) {
        Affiliations.Invited invited = invited(call, user, to.invitationToken());
        return next(call, user, new Progress(to.clientId(), proof, to.organizationId(), invited, null), source);
    }

    /** As {@link #first}, of a user whom an identity provider named. */
    Step first(Call call, User user, Proof proof, Federated.Claim claim, Destination to, Source source) {
        Affiliations.Invited invited = invited(call, user, to.invitationToken());
        return next(call, user, new Progress(to.clientId(), proof, to.organizationId(), invited, claim), source);
    }

    /** The invitation of a token for a user; null without a token. */
    Affiliations.@Nullable Invited invited(Call call, User user, @Nullable String token) {
        if (token == null) {
            return null;
        }
        Affiliations.Invited invited = affiliations.invited(call, token);
        if (!affiliations.fits(invited, user.email())) {
            throw ApiException.oauth(
                    400,
                    "invitation_cannot_be_used_for_email",
                    "The invitation was sent to another address than the user's.");
        }
        return invited;
    }

    /**
     * Accepts the invitation of a token for a user, who is held by the caller and signed in.
     *
     * @return organization that it led into; null for none
     * @throws ApiException as {@link #first}; 403 {@code email_verification_required} if the address was never proved
     */
    @Nullable
    String join(Call call, User found, String token) {
        Affiliations.Invited invited = Objects.requireNonNull(invited(call, found, token));
        User user = provedByInvitation(call, found, invited);
        if (verifiedOnly && !user.emailVerified()) {
            throw ApiException.of(403, "email_verification_required", "The address must be proved first.");
        }
        affiliations.accept(call, invited.id(), user);
        return invited.organizationId();
    }

    /** The next step for a user who is held by the caller. */
    Step next(Call call, User found, Progress at, Source source) {
        User user = provedByInvitation(call, found, at.invited);
        boolean himself = at.proof.impersonator() == null;
        if (at.claimsMailbox() || (himself && verifiedOnly && !user.emailVerified())) {
            return new Step.VerifyEmail(pending(call, user, at), user, verification(call, user));
        }
        if (at.federated != null) {
            profiles.link(call, at.federated.profileId(), user);
        }
        String destination = at.destination();
        List<Affiliations.Choice> choices = destination == null ? affiliations.active(call, user.id()) : List.of();
        String organization = choices.size() == 1 ? choices.get(0).id() : destination;
        Optional<Step> demanded = himself ? demanded(call, user, at, organization) : Optional.empty();
        if (demanded.isPresent()) {
            return demanded.get();
        }
        if (choices.size() > 1) {
            return new Step.ChooseOrganization(pending(call, user, at), user, choices);
        }
        if (at.invited != null) {
            affiliations.accept(call, at.invited.id(), user);
        }
        if (organization != null && !member(call, user.id(), organization)) {
            throw ApiException.oauth(
                    400, "organization_membership_not_found", "The user is not an active member of that organization.");
        }
        return new Step.Finished(sessions.start(call, user, at.clientId, at.proof, organization, source));
    }

    /** Whoever holds the token that only the mailbox got has read that mailbox. */
    private User provedByInvitation(Call call, User user, Affiliations.@Nullable Invited invited) {
        return invited != null
                        && invited.mailed()
                        && Email.fold(invited.email()).equals(Email.fold(user.email()))
                ? mailboxes.byOwner(call, user)
                : user;
    }

    /** What policies demand before anything else; only members learn what their organization does. */
    private Optional<Step> demanded(Call call, User user, Progress at, @Nullable String organization) {
        boolean inside = organization != null && (at.invited != null || member(call, user.id(), organization));
        SignInPolicy demands = sessions.policy(call, inside ? organization : null);
        if (!demands.allows(at.proof.method().word())) {
            return Optional.of(new Step.OtherMethod(
                    pending(call, user, at),
                    user,
                    Objects.requireNonNullElse(demands.methods(), Set.of()),
                    organization == null ? List.of() : profiles.ofOrganization(call, organization)));
        }
        List<Factor> proved = proved(call, user);
        return switch (policy.decide(demands, at.proof, proved).demand()) {
            case ENROLL -> Optional.of(new Step.EnrollFactor(pending(call, user, at), user));
            case PROVE -> Optional.of(new Step.SecondFactor(pending(call, user, at), user, proved));
            case NONE -> Optional.empty();
        };
    }

    private List<Factor> proved(Call call, User user) {
        return factors.ofUser(call, user.id()).stream().filter(Factor::verified).toList();
    }

    /** Whether a user is an active member. */
    boolean member(Call call, String userId, String organizationId) {
        return affiliations.standing(call, userId, organizationId).isPresent();
    }

    /** Whether a session may go on where it is: what is demanded now may be more than when it began. */
    boolean admits(Call call, Session session) {
        return admits(call, session, session.organizationId());
    }

    /** Whether a session may go on in this organization. */
    boolean admits(Call call, Session session, @Nullable String organizationId) {
        Proof proof = Proof.of(session);
        SignInPolicy demands = sessions.policy(call, organizationId);
        return proof.impersonator() != null
                || (demands.allows(proof.method().word()) && !policy.demandsOfRunning(demands, proof));
    }

    /** The step that a session lacks in an organization; a token continues it. */
    Optional<Step> lacking(Call call, User user, Session session, @Nullable String organizationId) {
        Progress at = new Progress(session.clientId(), Proof.of(session), organizationId, null, null);
        return admits(call, session, organizationId) ? Optional.empty() : demanded(call, user, at, organizationId);
    }

    /** The code that proves the address: a new one, unless a good one was made a moment ago (who retries is no spammer). */
    private String verification(Call call, User user) {
        MailCode last = MailCodes.newest(call, MailCode.Purpose.EMAIL_VERIFICATION, user.id());
        boolean good = last != null
                && last.usable(call.now())
                && last.email().equals(user.email())
                && last.createdAt().plusSeconds(60).isAfter(call.now());
        return good && last != null
                ? last.id()
                : codes.issue(call, MailCode.Purpose.EMAIL_VERIFICATION, user, user.email())
                        .id();
    }

    private String pending(Call call, User user, Progress at) {
        String token = random.base62(43);
        call.create(
                PendingAuthentication.TYPE,
                new PendingAuthentication(
                        call.newId(PendingAuthentication.TYPE),
                        Digest.of("pending_authentication", token),
                        at.clientId,
                        user.id(),
                        at.proof,
                        at.organizationId,
                        at.invited,
                        at.federated,
                        call.now().plus(PENDING),
                        call.now(),
                        call.now()));
        return token;
    }

    /**
     * The sign-in that a token continues.
     *
     * @throws ApiException 400 {@code invalid_pending_authentication_token}
     */
    static PendingAuthentication pending(Call call, String clientId, String token) {
        return call.findBy(PendingAuthentication.TYPE, "digest", Digest.of("pending_authentication", token))
                .filter(p -> p.clientId().equals(clientId) && call.now().isBefore(p.expiresAt()))
                .orElseThrow(Gates::noPending);
    }

    /** Whose sign-in it is, held. */
    static User user(Call call, PendingAuthentication pending) {
        return call.hold(User.TYPE, pending.userId()).orElseThrow(Gates::noPending);
    }

    /** Spends a token; of two that do so at once one is refused. */
    static void take(Call call, PendingAuthentication pending) {
        if (call.take(PendingAuthentication.TYPE, pending.id()).isEmpty()) {
            throw noPending();
        }
    }

    static ApiException noPending() {
        return ApiException.of(
                        400,
                        "invalid_pending_authentication_token",
                        "The pending authentication token is invalid or has expired.")
                .in(ApiException.Dialect.MANAGEMENT);
    }
}
