package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.identity.User;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How somebody becomes a member, and stops being one. */
final class Joining {
    private final RoleBook roles;

    Joining(RoleBook roles) {
        this.roles = roles;
    }

    /** The roles that an input asks for, as {@link RoleBook#chosen}. */
    List<String> chosen(Call call, String organizationId, @Nullable String slug, @Nullable List<String> slugs) {
        return roles.chosen(call, organizationId, slug, slugs);
    }

    /** The role that was promised, or the default if there is none of that name any more. */
    List<String> promised(Call call, String organizationId, @Nullable String slug) {
        try {
            return chosen(call, organizationId, slug, null);
        } catch (ApiException e) {
            return chosen(call, organizationId, null, null);
        }
    }

    /** Gives a membership these roles by hand, as {@link RoleBook#assign}. */
    Membership assign(Call call, Membership membership, List<String> granted) {
        return roles.assign(call, membership, granted);
    }

    /** Makes a membership; both are held by the caller. */
    Membership join(Call call, User user, Organization organization, List<String> granted, String status) {
        return join(
                call,
                new Membership(
                        call.newId(Membership.TYPE),
                        user.id(),
                        organization.id(),
                        status,
                        granted,
                        false,
                        call.now(),
                        call.now()));
    }

    /** As the other, of a membership that is ready, with roles that were {@link #chosen}. */
    Membership join(Call call, Membership ready) {
        Membership membership = create(call, ready);
        call.updateSilently(User.TYPE, membership.userId(), u -> {
            List<String> ids = new ArrayList<>(u.organizationIds());
            ids.add(membership.organizationId());
            return u.in(ids);
        });
        return membership;
    }

    /** As {@link #join}, of a user who was made with the organization. */
    Membership create(Call call, Membership ready) {
        Membership membership = call.create(Membership.TYPE, ready);
        roles.membershipCame(call, membership);
        return membership;
    }

    /** Makes a membership active, with these roles. */
    Membership activate(Call call, Membership membership, List<String> granted) {
        return move(call, membership, "active", granted);
    }

    /** Another status and other roles, told in one event. */
    Membership move(Call call, Membership membership, String status, List<String> granted) {
        Membership moved = call.update(Membership.TYPE, membership.id(), m -> m.with(status, granted));
        return roles.assign(call, moved, granted);
    }

    /** Removes a membership in which nobody can be signed in. */
    void leave(Call call, Membership membership) {
        call.updateSilently(User.TYPE, membership.userId(), u -> {
            List<String> ids = new ArrayList<>(u.organizationIds());
            ids.remove(membership.organizationId());
            return u.in(ids);
        });
        forget(call, membership);
    }

    /** As {@link #leave}, of a user who goes. */
    void forget(Call call, Membership membership) {
        roles.membershipGoes(call, membership);
        GroupOperations.forget(call, membership.id());
        call.delete(Membership.TYPE, membership);
    }
}
