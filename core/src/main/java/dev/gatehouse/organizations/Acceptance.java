package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.engine.Call;
import dev.gatehouse.identity.Affiliations.Invited;
import dev.gatehouse.identity.Email;
import dev.gatehouse.identity.User;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Accepting invitations. */
final class Acceptance {
    private final Joining joining;

    Acceptance(Joining joining) {
        this.joining = joining;
    }

    /**
     * The invitation of a token, plain or as it was mailed.
     *
     * @throws ApiException 400 {@code invitation_invalid}, whose message says why
     */
    static Invited invited(Call call, String token) {
        Invitation invitation = find(call, token).orElseThrow(() -> invalid("is unknown"));
        open(call, invitation);
        Organization organization = invitation.organizationId() == null
                ? null
                : call.find(Organization.TYPE, invitation.organizationId()).orElseThrow(() -> invalid("was withdrawn"));
        String inviter = invitation.inviterUserId() == null
                ? null
                : call.find(User.TYPE, invitation.inviterUserId())
                        .map(User::displayName)
                        .orElse(null);
        return new Invited(
                invitation.id(),
                invitation.email(),
                organization == null ? null : organization.id(),
                organization == null ? null : organization.name(),
                inviter,
                mailed(invitation, token));
    }

    /** The invitation of a token, in any state. */
    static Optional<Invitation> find(Call call, String token) {
        return token.length() < Invitation.TOKEN
                ? Optional.empty()
                : call.findBy(Invitation.TYPE, "digest", Invitation.digestOf(token.substring(0, Invitation.TOKEN)));
    }

    private static boolean mailed(Invitation invitation, String token) {
        return invitation.mailedDigest() != null
                && Digest.equal(
                        invitation.mailedDigest(), Invitation.digestOfMailed(token.substring(Invitation.TOKEN)));
    }

    private static void open(Call call, Invitation invitation) {
        switch (invitation.state(call.now())) {
            case "accepted" -> throw invalid("was accepted already");
            case "revoked" -> throw invalid("was withdrawn");
            case "expired" -> throw invalid("has expired");
            default -> {
                // pending
            }
        }
    }

    private static ApiException invalid(String why) {
        return ApiException.oauth(400, "invitation_invalid", "The invitation " + why + ".");
    }

    /**
     * Whether an address may accept: without an organization any, into an organization the one that was invited or
     * another of the same company.
     */
    static boolean fits(Invited invited, String email) {
        String wanted = Email.fold(invited.email());
        String given = Email.fold(email);
        String domain = domain(given);
        return invited.organizationId() == null
                || wanted.equals(given)
                || (domain.equals(domain(wanted)) && !Mailboxes.offeredToAnybody(domain));
    }

    private static String domain(String email) {
        return email.substring(email.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    }

    /**
     * Accepts, once.
     *
     * @param user held by the caller
     * @throws ApiException 400 {@code invitation_invalid}
     */
    Invitation accept(Call call, String invitationId, User user) {
        String organizationId = call.find(Invitation.TYPE, invitationId)
                .map(Invitation::organizationId)
                .orElse(null);
        // user, organization, invitation: held in this order everywhere
        Organization organization = organizationId == null
                ? null
                : call.hold(Organization.TYPE, organizationId).orElse(null);
        Invitation invitation = call.hold(Invitation.TYPE, invitationId).orElseThrow(() -> invalid("is unknown"));
        open(call, invitation);
        if (invitation.organizationId() != null) {
            if (organization == null) {
                throw invalid("was withdrawn");
            }
            join(call, user, organization, invitation);
        }
        Invitation accepted = call.update(Invitation.TYPE, invitationId, i -> i.accepted(user.id(), call.now()));
        call.emit("invitation.accepted", accepted.told(call.now()));
        return accepted;
    }

    private void join(Call call, User user, Organization organization, Invitation invitation) {
        List<String> roles = joining.promised(call, organization.id(), invitation.roleSlug());
        Membership known = Membership.find(call, user.id(), organization.id()).orElse(null);
        if (known == null) {
            joining.join(call, user, organization, roles, "active");
        } else if (!known.status().equals("active")) {
            joining.activate(call, known, roles);
        }
    }

    /** Withdraws what is open for an address in an organization, when its membership goes. */
    static void withdraw(Call call, String email, String organizationId) {
        call.holdBy(Invitation.TYPE, "open", Invitation.pair(email, organizationId))
                .ifPresent(invitation -> revoke(call, invitation));
    }

    static Invitation revoke(Call call, Invitation invitation) {
        Invitation revoked = call.update(Invitation.TYPE, invitation.id(), i -> i.revoked(call.now()));
        call.emit("invitation.revoked", revoked.told(call.now()));
        return revoked;
    }
}
