package dev.gatehouse.organizations;

import dev.gatehouse.engine.Call;
import dev.gatehouse.identity.Affiliations;
import java.util.List;
import java.util.Optional;

/** Tells identity what memberships say. */
public final class MembershipAffiliations implements Affiliations {
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
        return call.findBy(Membership.TYPE, "pair", organizationId + " " + userId)
                .filter(m -> m.status().equals("active"))
                .map(m -> new Standing(m.roles(), Roles.permissions(m.roles())));
    }

    @Override
    public void forget(Call call, String userId) {
        for (Membership membership : call.all(Membership.TYPE, "user_id", userId)) {
            call.delete(Membership.TYPE, membership);
        }
    }
}
