package dev.gatehouse.organizations;

import dev.gatehouse.engine.Call;
import dev.gatehouse.identity.Affiliations;
import dev.gatehouse.identity.SignInPolicy;
import dev.gatehouse.identity.User;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells identity what memberships say. */
public final class MembershipAffiliations implements Affiliations {
    private final RoleBook roles;
    private final Joining joining;
    private final Acceptance acceptance;

    public MembershipAffiliations(RoleBook roles) {
        this.roles = roles;
        this.joining = new Joining(roles);
        this.acceptance = new Acceptance(joining);
    }

    @Override
    public List<Choice> active(Call call, String userId) {
        List<Membership> active = call.all(Membership.TYPE, "user_id", userId).stream()
                .filter(m -> m.status().equals("active"))
                .toList();
        call.prefetch(
                Organization.TYPE,
                active.stream().map(Membership::organizationId).toList());
        return active.stream()
                .flatMap(m -> call.find(Organization.TYPE, m.organizationId()).stream())
                .map(o -> new Choice(o.id(), o.name()))
                .toList();
    }

    @Override
    public Optional<Standing> standing(Call call, String userId, String organizationId) {
        return Membership.find(call, userId, organizationId)
                .filter(m -> m.status().equals("active"))
                .map(m -> roles.standing(call, m));
    }

    @Override
    public SignInPolicy policy(Call call, String organizationId) {
        return call.find(Organization.TYPE, organizationId)
                .map(Organization::policy)
                .orElse(SignInPolicy.NONE);
    }

    @Override
    public Invited invited(Call call, String token) {
        return Acceptance.invited(call, token);
    }

    @Override
    public boolean fits(Invited invited, String email) {
        return Acceptance.fits(invited, email);
    }

    @Override
    public void accept(Call call, String invitationId, User user) {
        acceptance.accept(call, invitationId, user);
    }

    @Override
    public Map<String, Object> described(Call call, String userId, String organizationId) {
        return Membership.find(call, userId, organizationId)
                .map(membership -> Map.of(
                        "organization",
                        call.view(Organization.TYPE, call.get(Organization.TYPE, organizationId)),
                        "organization_membership",
                        call.view(Membership.TYPE, membership)))
                .orElse(Map.of());
    }

    @Override
    public void forget(Call call, String userId) {
        for (Membership membership : call.all(Membership.TYPE, "user_id", userId)) {
            joining.forget(call, membership);
        }
    }
}
