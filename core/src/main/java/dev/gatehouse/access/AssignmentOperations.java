package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.identity.Sessions;
import dev.gatehouse.organizations.GroupMember;
import dev.gatehouse.organizations.Membership;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The operations on what memberships may do and where (contract/behaviour/07 §7.7). */
final class AssignmentOperations {
    private static final String MEMBER = "/authorization/organization_memberships/{organization_membership_id}";
    private static final String ASSIGNMENTS = MEMBER + "/role_assignments";
    private static final String RESOURCE = "/authorization/resources/{resource_id}";
    private static final String BY_EXTERNAL_ID =
            "/authorization/organizations/{organization_id}/resources/{resource_type_slug}/{external_id}";

    private final Grants grants;
    private final Sessions sessions;

    AssignmentOperations(Grants grants, Sessions sessions) {
        this.grants = grants;
        this.sessions = sessions;
    }

    record Check(
            @Required String permissionSlug,
            @Nullable String resourceId,
            @Nullable String resourceExternalId,
            @Nullable String resourceTypeSlug) {}

    record Checked(boolean authorized) {}

    record Assign(
            @Required String roleSlug,
            @Nullable String resourceId,
            @Nullable String resourceExternalId,
            @Nullable String resourceTypeSlug) {
        Locator resource() {
            return new Locator(resourceId, resourceExternalId, resourceTypeSlug);
        }
    }

    private record Of(String membershipId, Assign in) {}

    void routes(Routes r) {
        r.action(
                        "POST " + MEMBER + "/check",
                        Check.class,
                        Checked.class,
                        (in, flow) -> flow.run(call -> {
                            Membership membership = membership(flow, call);
                            Locator where = new Locator(in.resourceId, in.resourceExternalId, in.resourceTypeSlug);
                            Resource resource = where.find(call, membership.organizationId());
                            return new Checked(Checks.may(call, membership, in.permissionSlug, resource));
                        }))
                .permission("authorization:read");
        r.page("GET " + MEMBER + "/resources", Resource.TYPE, AssignmentOperations::resources)
                .with(
                        "permission_slug",
                        "parent_resource_id",
                        "parent_resource_type_slug",
                        "parent_resource_external_id");
        permissions(r, "/resources/{resource_id}", flow -> new Locator(flow.variable("resource_id"), null, null))
                // where the vendor's Node SDK asks
                .alias("GET " + RESOURCE + "/organization_memberships/{organization_membership_id}/permissions");
        permissions(
                r,
                "/resources/{resource_type_slug}/{external_id}",
                flow -> new Locator(null, flow.variable("external_id"), flow.variable("resource_type_slug")));
        r.page("GET " + ASSIGNMENTS, Assignment.DIRECT, AssignmentOperations::ofMember)
                .with("resource_id", "resource_external_id", "resource_type_slug");
        r.create(
                        "POST " + ASSIGNMENTS,
                        Assignment.DIRECT,
                        Assign.class,
                        (in, flow) -> new Of(flow.variable("organization_membership_id"), in),
                        (of, call) ->
                                assign(call, of.membershipId, of.in.roleSlug, of.in.resource(), RoleSource.MANUAL))
                .found((flow, call) -> membership(flow, call));
        r.action("DELETE " + ASSIGNMENTS, Assign.class, null, (in, flow) -> {
                    String id = flow.variable("organization_membership_id");
                    flow.run(call -> remove(call, id, in.roleSlug, in.resource(), RoleSource.MANUAL));
                    return null;
                })
                .status(204)
                .permission("role_assignment:write");
        r.delete("DELETE " + ASSIGNMENTS + "/{role_assignment_id}", Assignment.DIRECT, (assignment, call) -> {
                    Membership membership = call.need(Membership.TYPE, assignment.subjectId());
                    withdraw(call, membership, call.need(Assignment.DIRECT, assignment.id()), RoleSource.MANUAL);
                })
                .found(AssignmentOperations::assignment);
        onResource(r, RESOURCE, (flow, call) -> call.get(Resource.TYPE, flow.variable("resource_id")));
        onResource(r, BY_EXTERNAL_ID, ResourceOperations::byExternalId);
    }

    private static Routes.Row permissions(Routes r, String path, Function<Flow, Locator> where) {
        return r.page("GET " + MEMBER + path + "/permissions", Permission.TYPE, (flow, call, window) -> {
                    Membership membership = membership(flow, call);
                    Resource resource = where.apply(flow).find(call, membership.organizationId());
                    return window.of(Checks.permissions(call, membership, resource));
                })
                .permission("authorization:read");
    }

    private static void onResource(Routes r, String path, BiFunction<Flow, Call, Resource> subject) {
        r.page("GET " + path + "/organization_memberships", Membership.BASE_WITH_USER, (flow, call, window) -> {
                    Parameters query = flow.request().query();
                    String assignment = query.one("assignment").orElse("direct");
                    if (!assignment.equals("direct") && !assignment.equals("indirect")) {
                        throw ApiException.of(400, "bad_request", "assignment is direct or indirect.");
                    }
                    Resource resource = subject.apply(flow, call);
                    return Checks.members(call, resource, wanted(query), assignment.equals("indirect"), window);
                })
                .with("permission_slug", "assignment")
                .permission("authorization:read");
        r.page(
                        "GET " + path + "/role_assignments",
                        Assignment.DIRECT,
                        (flow, call, window) -> onResource(
                                call,
                                subject.apply(flow, call),
                                flow.request().query().one("role_slug").orElse(null),
                                window))
                .with("role_slug");
    }

    private static String wanted(Parameters query) {
        return query.one("permission_slug")
                .filter(slug -> !slug.isEmpty())
                .orElseThrow(() -> ApiException.invalid(
                        "permission_slug", "permission_slug_string_required", "permission_slug is required."));
    }

    private static Membership membership(Flow flow, Call call) {
        return call.get(Membership.TYPE, flow.variable("organization_membership_id"));
    }

    private static Assignment assignment(Flow flow, Call call) {
        String id = flow.variable("role_assignment_id");
        Membership membership = membership(flow, call);
        return call.find(Assignment.DIRECT, id)
                .filter(a -> a.subjectId().equals(membership.id()))
                .orElseThrow(() -> ApiException.notFound(Assignment.DIRECT.title(), id));
    }

    private static List<Resource> resources(Flow flow, Call call, Call.Window window) {
        Parameters query = flow.request().query();
        Membership membership = membership(flow, call);
        Locator parent = new Locator(
                query.one("parent_resource_id").orElse(null),
                query.one("parent_resource_external_id").orElse(null),
                query.one("parent_resource_type_slug").orElse(null));
        if (parent.isEmpty()) {
            throw ApiException.of(400, "bad_request", "Name the parent by its id, or by its external id and its type.");
        }
        Resource resource = parent.find(call, membership.organizationId());
        return Checks.children(call, membership, wanted(query), resource, window);
    }

    /** Own assignments of a member and those of its groups, in one order. */
    private static List<Assignment> ofMember(Flow flow, Call call, Call.Window window) {
        Parameters query = flow.request().query();
        Membership membership = membership(flow, call);
        Locator where = new Locator(
                query.one("resource_id").orElse(null),
                query.one("resource_external_id").orElse(null),
                query.one("resource_type_slug").orElse(null));
        String resource = where.isEmpty()
                ? null
                : where.find(call, membership.organizationId()).id();
        List<Assignment> all = new ArrayList<>(call.page(
                Assignment.DIRECT,
                resource == null
                        ? Map.of("subject_id", Set.of(membership.id()))
                        : Map.of("place", Set.of(Assignment.place(membership.id(), resource))),
                null,
                window));
        for (String group : GroupMember.groupsOf(call, membership.id())) {
            call.each(Assignment.GROUP, "subject_id", group, a -> {
                if (resource == null || a.resourceId().equals(resource)) {
                    all.add(a.through(membership.id(), Assignment.shown(a.id(), membership.id())));
                }
            });
        }
        return window.of(all);
    }

    /** What is granted on a resource itself: to members, and to the members of groups. */
    private static List<Assignment> onResource(
            Call call, Resource resource, @Nullable String roleSlug, Call.Window window) {
        Map<String, Set<String>> where = roleSlug == null
                ? Map.of("resource_id", Set.of(resource.id()))
                : Map.of(
                        "resource_id",
                        Set.of(resource.id()),
                        "role",
                        Set.of(Assignment.role(resource.organizationId(), roleSlug)));
        List<Assignment> all = new ArrayList<>(call.page(Assignment.DIRECT, where, null, window));
        List<Assignment> groups = call.page(Assignment.GROUP, where, null, new Call.Window(null, null, false, 1_000));
        for (Assignment group : groups) {
            Call.Window members = Assignment.members(group.id(), window);
            GroupMember.membersOf(call, group.subjectId(), members)
                    .forEach(m -> all.add(group.through(m.id(), Assignment.shown(group.id(), m.id()))));
        }
        return window.of(all);
    }

    /** Gives a member a role on a resource. */
    Assignment assign(Call call, String membershipId, String slug, Locator where, RoleSource source) {
        Membership membership = call.need(Membership.TYPE, membershipId);
        Resource resource = where.find(call, membership.organizationId());
        role(call, resource, slug);
        if (resource.isOrganization()) {
            return onOrganization(call, membership, resource, slug, source);
        }
        call.need(Resource.TYPE, resource.id());
        return grants.grant(call, membership, resource, slug, source);
    }

    private Assignment onOrganization(
            Call call, Membership membership, Resource organization, String slug, RoleSource source) {
        if (source.equals(RoleSource.MANUAL) && !grants.several()) {
            grants.assign(call, membership, List.of(slug));
        } else {
            grants.grant(call, membership, organization, slug, source);
            grants.kept(call, membership);
        }
        sessions.recheck(call, membership.userId());
        return call.findBy(
                        Assignment.DIRECT, "grant", Assignment.place(membership.id(), organization.id()) + " " + slug)
                .orElseThrow();
    }

    /** The role, if it can be granted on this resource. */
    static Role role(Call call, Resource resource, String slug) {
        Role role = RoleCatalog.get(call, resource.organizationId(), slug);
        if (!role.resourceTypeSlug().equals(resource.resourceTypeSlug())) {
            throw ApiException.invalid(
                    "role_slug",
                    "invalid_role",
                    "The role '" + slug + "' is granted on a '" + role.resourceTypeSlug() + "', not on a '"
                            + resource.resourceTypeSlug() + "'.");
        }
        return role;
    }

    /** Takes a role away that this source gave. */
    boolean remove(Call call, String membershipId, String slug, Locator where, RoleSource source) {
        Membership membership = call.need(Membership.TYPE, membershipId);
        Resource resource = where.find(call, membership.organizationId());
        Assignment assignment = call.holdBy(
                        Assignment.DIRECT, "grant", Assignment.place(membership.id(), resource.id()) + " " + slug)
                .orElseThrow(() -> ApiException.notFound(Assignment.DIRECT.title(), slug));
        withdraw(call, membership, assignment, source);
        return true;
    }

    private void withdraw(Call call, Membership membership, Assignment assignment, RoleSource source) {
        grants.withdraw(call, assignment, source);
        if (assignment.parentId() == null) {
            grants.kept(call, membership);
            sessions.recheck(call, membership.userId());
        }
    }

    /** Makes these the roles on the organization that one source grants; what others grant stays. */
    Membership setOf(Call call, String membershipId, RoleSource source, List<String> slugs) {
        Membership membership = call.need(Membership.TYPE, membershipId);
        String organization = Resource.ofOrganization(membership.organizationId());
        slugs.forEach(slug -> role(call, call.get(Resource.TYPE, organization), slug));
        sessions.recheck(call, membership.userId());
        return grants.set(call, membership, source, slugs);
    }
}
