package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.identity.Sessions;
import dev.gatehouse.identity.User;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operations on memberships. */
final class MembershipOperations {
    private final Joining joining;
    private final Sessions sessions;

    MembershipOperations(Joining joining, Sessions sessions) {
        this.joining = joining;
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
        // held, so that neither can vanish under the membership; always in this order
        User user = call.need(User.TYPE, in.userId);
        Organization organization = call.need(Organization.TYPE, in.organizationId);
        List<String> roles = joining.chosen(call, organization.id(), in.roleSlug, in.roleSlugs);
        Optional<Membership> known = Membership.find(call, user.id(), organization.id());
        if (known.isPresent()) {
            return switch (known.get().status()) {
                case "inactive" -> joining.activate(call, known.get(), roles);
                case "pending" ->
                    throw ApiException.of(
                            400,
                            "cannot_reactivate_pending_organization_membership",
                            "A pending membership becomes active when its invitation is accepted.");
                default -> throw Membership.exists();
            };
        }
        return joining.join(call, user, organization, roles, "active");
    }

    /** Gives a membership another status and other roles, whatever it was; sessions follow. */
    void become(Call call, Membership membership, String status, List<String> roles) {
        if (membership.status().equals(status) && membership.roles().equals(roles)) {
            return;
        }
        if (!status.equals("active")) {
            endSessions(membership, call);
        }
        sessions.recheck(call, membership.userId());
        joining.move(call, membership, status, roles);
    }

    private Membership update(Membership membership, Update in, Call call) {
        if (in.roleSlug == null && in.roleSlugs == null) {
            return membership;
        }
        List<String> roles = joining.chosen(call, membership.organizationId(), in.roleSlug, in.roleSlugs);
        sessions.recheck(call, membership.userId());
        return joining.assign(call, membership, roles);
    }

    private Membership deactivate(Membership membership, Call call) {
        if (membership.status().equals("pending")) {
            throw ApiException.of(
                    400,
                    "cannot_deactivate_pending_organization_membership",
                    "A pending membership cannot be deactivated.");
        }
        endSessions(membership, call);
        if (membership.status().equals("inactive")) {
            return membership;
        }
        List<String> usual = joining.chosen(call, membership.organizationId(), null, null);
        return joining.move(call, membership, "inactive", usual);
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
        joining.leave(call, membership);
    }

    private void endSessions(Membership membership, Call call) {
        // the user held first, so that no sign-in begins a session here meanwhile
        call.need(User.TYPE, membership.userId());
        sessions.endIn(call, membership.userId(), membership.organizationId());
    }
}
