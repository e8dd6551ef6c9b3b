package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.identity.User;
import java.util.List;
import java.util.Optional;

/** Membership that comes with a sign-in, for areas that prove people for an organization. */
public final class Admission {
    private final Joining joining;

    public Admission(RoleBook roles) {
        joining = new Joining(roles);
    }

    /**
     * A membership that somebody was let in to.
     *
     * @param fresh whether it was made just now, with the default role
     */
    public record Admitted(Membership membership, boolean fresh) {}

    /**
     * Makes a user a member, unless the user is one.
     *
     * @param user held by the caller
     * @throws ApiException 403 {@code access_denied} if the membership was deactivated: only a person may undo that
     */
    public Admitted admit(Call call, User user, String organizationId) {
        Optional<Membership> known = Membership.find(call, user.id(), organizationId);
        if (known.isEmpty()) {
            Organization organization = call.need(Organization.TYPE, organizationId);
            List<String> usual = joining.promised(call, organizationId, null);
            return new Admitted(joining.join(call, user, organization, usual, "active"), true);
        }
        Membership membership = known.get();
        return switch (membership.status()) {
            case "active" -> new Admitted(membership, false);
            case "pending" -> new Admitted(joining.activate(call, membership, membership.roles()), false);
            default ->
                throw ApiException.oauth(
                        403, "access_denied", "The user's membership of the organization is inactive.");
        };
    }

    /** Whether somebody with this address is a member already, or is invited. */
    public boolean expects(Call call, String organizationId, String email) {
        boolean member = call.findBy(User.TYPE, "email", email)
                .flatMap(user -> Membership.find(call, user.id(), organizationId))
                .filter(membership -> !membership.status().equals("inactive"))
                .isPresent();
        return member || Invitation.waits(call, organizationId, email);
    }
}
