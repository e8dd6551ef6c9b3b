package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Page;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.identity.Sessions;
import dev.gatehouse.organizations.Group;
import dev.gatehouse.organizations.GroupMember;
import dev.gatehouse.organizations.Membership;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The operations on what groups may do and where (contract/behaviour/07 §7.7). */
final class GroupAssignmentOperations {
    private static final String PATH = "/authorization/groups/{group_id}/role_assignments";

    private final Sessions sessions;

    GroupAssignmentOperations(Sessions sessions) {
        this.sessions = sessions;
    }

    record Replace(@Required List<AssignmentOperations.Assign> roleAssignments) {}

    record Listed(String object, List<Assignment.GroupView> data, Page.Metadata listMetadata) {}

    private record Of(String groupId, AssignmentOperations.Assign in) {}

    void routes(Routes r) {
        r.list("GET " + PATH, Assignment.GROUP).under("group_id", Group.TYPE, "subject_id");
        r.create(
                        "POST " + PATH,
                        Assignment.GROUP,
                        AssignmentOperations.Assign.class,
                        (in, flow) -> new Of(flow.variable("group_id"), in),
                        (of, call) -> assign(call, of.groupId, of.in.roleSlug(), of.in.resource()))
                .under("group_id", Group.TYPE, "subject_id");
        r.action(
                        "PUT " + PATH,
                        Replace.class,
                        Listed.class,
                        (in, flow) -> flow.run(call -> new Listed(
                                "list",
                                replace(call, flow.variable("group_id"), in).stream()
                                        .map(a -> a.groupView(call))
                                        .toList(),
                                new Page.Metadata(null, null))))
                .permission("group_role_assignment:write");
        r.action("DELETE " + PATH, AssignmentOperations.Assign.class, null, (in, flow) -> {
                    flow.run(call -> remove(call, flow.variable("group_id"), in.roleSlug(), in.resource()));
                    return null;
                })
                .status(204)
                .permission("group_role_assignment:write");
        r.get("GET " + PATH + "/{role_assignment_id}", Assignment.GROUP).found(GroupAssignmentOperations::found);
        r.delete("DELETE " + PATH + "/{role_assignment_id}", Assignment.GROUP, (assignment, call) -> {
                    call.need(Group.TYPE, assignment.subjectId());
                    delete(call, assignment);
                })
                .found(GroupAssignmentOperations::found);
    }

    private static Assignment found(Flow flow, Call call) {
        Group group = call.get(Group.TYPE, flow.variable("group_id"));
        String id = flow.variable("role_assignment_id");
        return call.find(Assignment.GROUP, id)
                .filter(a -> a.subjectId().equals(group.id()))
                .orElseThrow(() -> ApiException.notFound(Assignment.GROUP.title(), id));
    }

    /** Gives a group a role, on its organization if nothing else is named. */
    Assignment assign(Call call, String groupId, String slug, Locator where) {
        Group group = call.need(Group.TYPE, groupId);
        return create(call, group, slug, place(call, group, where));
    }

    private Assignment create(Call call, Group group, String slug, Resource resource) {
        AssignmentOperations.role(call, resource, slug);
        if (!resource.isOrganization()) {
            call.need(Resource.TYPE, resource.id());
        }
        Assignment made = call.create(
                Assignment.GROUP,
                new Assignment(
                        call.newId(Assignment.GROUP),
                        group.id(),
                        group.organizationId(),
                        slug,
                        resource.id(),
                        resource.parentId(),
                        List.of(RoleSource.MANUAL.text()),
                        call.now(),
                        call.now()));
        recheck(call, made);
        return made;
    }

    private static Resource place(Call call, Group group, Locator where) {
        return where.isEmpty()
                ? call.get(Resource.TYPE, Resource.ofOrganization(group.organizationId()))
                : where.find(call, group.organizationId());
    }

    /** Makes these all that a group has; what it has already stays as it is. */
    private List<Assignment> replace(Call call, String groupId, Replace in) {
        Group group = call.need(Group.TYPE, groupId);
        Map<String, Assignment> known = new HashMap<>();
        call.all(Assignment.GROUP, "subject_id", group.id())
                .forEach(a -> known.put(a.resourceId() + " " + a.roleSlug(), a));
        List<Assignment> now = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (AssignmentOperations.Assign one : in.roleAssignments) {
            Resource resource = place(call, group, one.resource());
            String key = resource.id() + " " + one.roleSlug();
            if (!seen.add(key)) {
                continue;
            }
            Assignment kept = known.remove(key);
            now.add(kept == null ? create(call, group, one.roleSlug(), resource) : kept);
        }
        known.values().forEach(gone -> delete(call, gone));
        return now;
    }

    /** @throws ApiException 404 if the group has no such role there */
    boolean remove(Call call, String groupId, String slug, Locator where) {
        Group group = call.need(Group.TYPE, groupId);
        Resource resource = place(call, group, where);
        Assignment assignment = call.findBy(
                        Assignment.GROUP, "grant", Assignment.place(group.id(), resource.id()) + " " + slug)
                .orElseThrow(() -> ApiException.notFound(Assignment.GROUP.title(), slug));
        delete(call, assignment);
        return true;
    }

    private void delete(Call call, Assignment assignment) {
        call.delete(Assignment.GROUP, assignment);
        recheck(call, assignment);
    }

    /** Roles on an organization are in the sessions that this node remembers. */
    private void recheck(Call call, Assignment assignment) {
        if (assignment.parentId() != null) {
            return;
        }
        String after = null;
        List<Membership> page;
        do {
            page = GroupMember.membersOf(call, assignment.subjectId(), new Call.Window(after, null, false, 100));
            for (Membership member : page) {
                sessions.recheck(call, member.userId());
                after = member.id();
            }
        } while (page.size() == 100);
    }
}
