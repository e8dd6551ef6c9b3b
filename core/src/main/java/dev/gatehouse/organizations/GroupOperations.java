package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Field;
import dev.gatehouse.engine.Filled;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.engine.Routes.Nothing;
import dev.gatehouse.identity.Sessions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations on groups (contract/behaviour/07 §7.4). */
final class GroupOperations {
    /** Bounds what a check reads. */
    static final int MOST_OF_A_MEMBERSHIP = 100;

    private final RoleBook roles;
    private final Sessions sessions;

    GroupOperations(RoleBook roles, Sessions sessions) {
        this.roles = roles;
        this.sessions = sessions;
    }

    record Create(
            @Required @Limit(256) String name,
            @Limit(150) @Nullable String description) {}

    record InOrganization(Create in, String organizationId) {
        private InOrganization(Create in, Flow flow) {
            this(in, flow.variable("organizationId"));
        }
    }

    record Update(
            @Filled @Limit(256) @Nullable String name,
            @Limit(150) Field<String> description) {}

    record Add(@Required String organizationMembershipId) {}

    record MemberEvent(String groupId, String organizationMembershipId) {}

    void routes(Routes r) {
        String path = "/organizations/{organizationId}/groups";
        String one = path + "/{groupId}";
        String members = one + "/organization-memberships";
        under(r.create("POST " + path, Group.TYPE, Create.class, InOrganization::new, this::create));
        under(r.list("GET " + path, Group.TYPE));
        under(r.get("GET " + one, Group.TYPE));
        under(r.update("PATCH " + one, Group.TYPE, Update.class, this::update));
        under(r.delete("DELETE " + one, Group.TYPE, this::delete));
        under(r.edge("POST " + members, Group.TYPE, "groupId", Add.class, (group, in, flow, call) -> {
            add(call, group, in.organizationMembershipId);
            return group;
        }));
        under(r.edge("DELETE " + members + "/{omId}", Group.TYPE, "groupId", Nothing.class, (group, in, flow, call) -> {
                    remove(call, group, flow.variable("omId"));
                    return group;
                })
                .status(204));
        r.page("GET " + members, Membership.BASE_WITH_USER, (flow, call, window) -> {
            Group group = of(call, flow.variable("organizationId"), flow.variable("groupId"));
            return GroupMember.membersOf(call, group.id(), window);
        });
        r.page(
                "GET /user_management/organization_memberships/{omId}/groups",
                Group.TYPE,
                (flow, call, window) -> window.of(ofMembership(
                        call, call.get(Membership.TYPE, flow.variable("omId")).id())));
    }

    private static Routes.Row under(Routes.Row row) {
        return row.under("organizationId", Organization.TYPE, "organization_id");
    }

    /** A group of this organization; 404 otherwise. */
    static Group of(Call call, String organizationId, String groupId) {
        call.get(Organization.TYPE, organizationId);
        return call.find(Group.TYPE, groupId)
                .filter(group -> group.organizationId().equals(organizationId))
                .orElseThrow(() -> ApiException.notFound(Group.TYPE.title(), groupId));
    }

    Group create(InOrganization where, Call call) {
        Create in = where.in;
        Organization organization = call.need(Organization.TYPE, where.organizationId);
        return call.create(
                Group.TYPE,
                new Group(call.newId(Group.TYPE), organization.id(), in.name, in.description, call.now(), call.now()));
    }

    Group update(Group group, Update in, Call call) {
        return call.update(
                Group.TYPE,
                group.id(),
                g -> new Group(
                        g.id(),
                        g.organizationId(),
                        in.name == null ? g.name() : in.name,
                        in.description.or(g.description()),
                        g.createdAt(),
                        g.updatedAt()));
    }

    /** Removes a group with what was granted to it; its members are told of by the one {@code group.deleted}. */
    void delete(Group group, Call call) {
        roles.groupGoes(call, group);
        call.each(GroupMember.TYPE, "group_id", group.id(), member -> {
            recheck(call, member.membershipId());
            call.delete(GroupMember.TYPE, member);
        });
        call.delete(Group.TYPE, group);
    }

    /** Adds a member; harmless if it is one. The group is held by the caller. */
    void add(Call call, Group group, String membershipId) {
        Membership membership = member(call, group, membershipId);
        String id = GroupMember.id(group.id(), membership.id());
        if (call.find(GroupMember.TYPE, id).isPresent()) {
            return;
        }
        if (GroupMember.groupsOf(call, membership.id()).size() >= MOST_OF_A_MEMBERSHIP) {
            throw ApiException.of(
                    400,
                    "group_membership_limit_exceeded",
                    "A membership is in at most " + MOST_OF_A_MEMBERSHIP + " groups.");
        }
        call.create(GroupMember.TYPE, new GroupMember(id, group.id(), membership.id(), call.now(), call.now()));
        call.emit("group.member_added", new MemberEvent(group.id(), membership.id()));
        sessions.recheck(call, membership.userId());
    }

    /** Removes a member; harmless if it is none. The group is held by the caller. */
    void remove(Call call, Group group, String membershipId) {
        Membership membership = member(call, group, membershipId);
        call.find(GroupMember.TYPE, GroupMember.id(group.id(), membership.id())).ifPresent(found -> {
            call.delete(GroupMember.TYPE, found);
            call.emit("group.member_removed", new MemberEvent(group.id(), membership.id()));
            sessions.recheck(call, membership.userId());
        });
    }

    /** Takes a membership that goes out of its groups. */
    static void forget(Call call, String membershipId) {
        call.all(GroupMember.TYPE, "membership_id", membershipId)
                .forEach(member -> call.delete(GroupMember.TYPE, member));
    }

    private static Membership member(Call call, Group group, String membershipId) {
        return call.hold(Membership.TYPE, membershipId)
                .filter(m -> m.organizationId().equals(group.organizationId()))
                .orElseThrow(() -> ApiException.notFound(Membership.TYPE.title(), membershipId));
    }

    private void recheck(Call call, String membershipId) {
        call.find(Membership.TYPE, membershipId).ifPresent(m -> sessions.recheck(call, m.userId()));
    }

    static List<Group> ofMembership(Call call, String membershipId) {
        List<String> ids = GroupMember.groupsOf(call, membershipId);
        call.prefetch(Group.TYPE, ids);
        return ids.stream().flatMap(id -> call.find(Group.TYPE, id).stream()).toList();
    }
}
