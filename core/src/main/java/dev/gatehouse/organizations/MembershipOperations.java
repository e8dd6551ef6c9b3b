package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.identity.Sessions;
import dev.gatehouse.identity.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operations on memberships. */
final class MembershipOperations {
    private final Sessions sessions;

    MembershipOperations(Sessions sessions) {
        this.sessions = sessions;
    }

    record Create(
            @Required String userId,
            @Required String organizationId,
            @Nullable String roleSlug,
            @Nullable List<String> roleSlugs) {}

    record Update(@Nullable String roleSlug, @Nullable List<String> roleSlugs) {}

    void routes(Routes r) {
        String path = "/user_management/organization_memberships";
        r.list("GET " + path, Membership.TYPE, "organization_id", "user_id", "statuses")
                .otherwise("statuses", "active")
                .guard(where -> {
                    if (!where.containsKey("user_id") && !where.containsKey("organization_id")) {
                        throw ApiException.of(
                                400,
                                "missing_user_id_or_organization_id",
                                "Either user_id or organization_id is required.");
                    }
                })
                .alias("GET /organization_memberships");
        r.create("POST " + path, Membership.TYPE, Create.class, this::create).alias("POST /organization_memberships");
        r.get("GET " + path + "/{id}", Membership.TYPE).alias("GET /organization_memberships/{id}");
        r.update("PUT " + path + "/{id}", Membership.TYPE, Update.class, this::update);
        r.delete("DELETE " + path + "/{id}", Membership.TYPE, this::delete).status(200);
        r.transition("PUT " + path + "/{id}/deactivate", Membership.TYPE, this::deactivate);
        r.transition("PUT " + path + "/{id}/reactivate", Membership.TYPE, this::reactivate);
    }

    Membership create(Create in, Call call) {
        List<String> roles = Roles.chosen(in.roleSlug, in.roleSlugs);
        // held, so that neither can vanish under the membership; always in this order
        User user = call.need(User.TYPE, in.userId);
        Organization organization = call.need(Organization.TYPE, in.organizationId);
        Optional<Membership> known = find(call, user.id(), organization.id());
        if (known.isPresent()) {
            return switch (known.get().status()) {
                case "inactive" -> call.update(Membership.TYPE, known.get().id(), m -> m.with("active", roles));
                case "pending" ->
                    throw ApiException.of(
                            400,
                            "cannot_reactivate_pending_organization_membership",
                            "A pending membership becomes active when its invitation is accepted.");
                default -> throw Membership.exists();
            };
        }
        return join(call, user, organization, roles, "active");
    }

    /** The membership of a user in an organization, in any state. */
    static Optional<Membership> find(Call call, String userId, String organizationId) {
        return call.findBy(Membership.TYPE, "pair", organizationId + " " + userId);
    }

    /** Makes a membership; both are held by the caller. */
    static Membership join(Call call, User user, Organization organization, List<String> roles, String status) {
        Membership membership = call.create(
                Membership.TYPE,
                new Membership(
                        call.newId(Membership.TYPE),
                        user.id(),
                        organization.id(),
                        status,
                        roles,
                        false,
                        call.now(),
                        call.now()));
        call.updateSilently(User.TYPE, user.id(), u -> {
            List<String> ids = new ArrayList<>(u.organizationIds());
            ids.add(organization.id());
            return u.in(ids);
        });
        return membership;
    }

    private Membership update(Membership membership, Update in, Call call) {
        if (in.roleSlug == null && in.roleSlugs == null) {
            return membership;
        }
        List<String> roles = Roles.chosen(in.roleSlug, in.roleSlugs);
        sessions.recheck(call, membership.userId());
        return call.update(Membership.TYPE, membership.id(), m -> m.with(m.status(), roles));
    }

    private Membership deactivate(Membership membership, Call call) {
        if (membership.status().equals("pending")) {
            throw ApiException.of(
                    400,
                    "cannot_deactivate_pending_organization_membership",
                    "A pending membership cannot be deactivated.");
        }
        endSessions(membership, call);
        return call.update(
                Membership.TYPE,
                membership.id(),
                m -> m.status().equals("inactive") ? m : m.with("inactive", List.of(Roles.DEFAULT)));
    }

    private Membership reactivate(Membership membership, Call call) {
        if (membership.status().equals("pending")) {
            throw ApiException.of(
                    400,
                    "cannot_reactivate_pending_organization_membership",
                    "A pending membership cannot be reactivated.");
        }
        return call.update(Membership.TYPE, membership.id(), m -> m.with("active", m.roles()));
    }

    void delete(Membership membership, Call call) {
        endSessions(membership, call);
        if (membership.status().equals("pending")) {
            // an invitation that was accepted afterwards would bring it back
            Acceptance.withdraw(call, call.get(User.TYPE, membership.userId()).email(), membership.organizationId());
        }
        leave(call, membership);
    }

    /** Removes a membership in which nobody can be signed in. */
    static void leave(Call call, Membership membership) {
        call.updateSilently(User.TYPE, membership.userId(), u -> {
            List<String> ids = new ArrayList<>(u.organizationIds());
            ids.remove(membership.organizationId());
            return u.in(ids);
        });
        call.delete(Membership.TYPE, membership);
    }

    private void endSessions(Membership membership, Call call) {
        // the user held first, so that no sign-in begins a session here meanwhile
        call.need(User.TYPE, membership.userId());
        sessions.endIn(call, membership.userId(), membership.organizationId());
    }
}
