package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Area;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.FileKind;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.identity.Sessions;
import dev.gatehouse.organizations.GroupMember;
import dev.gatehouse.organizations.Membership;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Permissions, roles, resources and checks of one environment. Emits the same events as over REST. */
public final class Access implements Area {
    private final Engine engine;
    private final String env;
    private final RoleOperations roles;
    private final AssignmentOperations assignments;
    private final GroupAssignmentOperations groups;
    private final Grants grants;

    private Access(
            Engine engine,
            String env,
            RoleOperations roles,
            AssignmentOperations assignments,
            GroupAssignmentOperations groups,
            Grants grants) {
        this.engine = engine;
        this.env = env;
        this.roles = roles;
        this.assignments = assignments;
        this.groups = groups;
        this.grants = grants;
    }

    /** Puts the area together; it works in an environment once {@link #in} names one. */
    public static Access of(Engine engine, Grants grants, Sessions sessions) {
        return new Access(
                engine,
                "",
                new RoleOperations(grants.usual()),
                new AssignmentOperations(grants, sessions),
                new GroupAssignmentOperations(sessions),
                grants);
    }

    /** The same operations in another environment. */
    public Access in(String other) {
        return new Access(engine, other, roles, assignments, groups, grants);
    }

    @Override
    public List<EntityType<?>> types() {
        return List.of(
                Permission.TYPE,
                Role.ENVIRONMENT,
                Role.ORGANIZATION,
                ResourceType.TYPE,
                Resource.TYPE,
                Assignment.DIRECT,
                Assignment.GROUP);
    }

    @Override
    public void routes(Routes r) {
        PermissionOperations.routes(r);
        roles.routes(r);
        ResourceOperations.routes(r);
        assignments.routes(r);
        groups.routes(r);
    }

    /** Roles and permissions of the environment in files; they come before organizations. */
    public List<FileKind<?, ?>> portableFirst() {
        return List.of(new ResourceTypeRows(), new PermissionRows(), new RoleRows(Role.ENVIRONMENT));
    }

    /** Roles and resources of organizations in files; they come before memberships. */
    public List<FileKind<?, ?>> portableOfOrganizations() {
        return List.of(new RoleRows(Role.ORGANIZATION), new ResourceRows());
    }

    /** What is granted to groups in files; it comes after them and resources. */
    public FileKind<?, ?> portableOfGroups() {
        return new AssignmentRows(Assignment.GROUP);
    }

    /** What is granted to memberships on resources in files; it comes after them. */
    public FileKind<?, ?> portableOfMemberships() {
        return new AssignmentRows(Assignment.DIRECT);
    }

    @Override
    public void begin(Call environment) {
        RoleCatalog.begin(environment);
    }

    /**
     * Adds the resource types of the settings.
     *
     * @throws dev.gatehouse.config.ConfigException if they cannot be read, or do not fit together
     */
    public void configure(Config config) {
        try {
            ResourceTypes.parse(config.get(Setting.RESOURCE_TYPES)).forEach(this::defineResourceType);
        } catch (ApiException | IllegalArgumentException e) {
            throw config.refused(Setting.RESOURCE_TYPES, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Adds a kind of resource, or says anew what it lies in.
     *
     * @param parents slugs of kinds; {@code organization} is the root of all
     * @throws ApiException 422 if a parent is unknown, the kind would lie in itself, or more than five kinds deep
     */
    public ResourceType defineResourceType(String slug, List<String> parents) {
        return run(call -> ResourceTypes.define(call, slug, parents));
    }

    /**
     * Makes a permission on the organization.
     *
     * @throws ApiException 409 {@code permission_slug_conflict}; 422 for a slug or name that is none
     */
    public Permission createPermission(String slug, String name) {
        return createPermission(slug, name, ResourceType.ORGANIZATION);
    }

    /**
     * Makes a permission on a kind of resource.
     *
     * @throws ApiException 409 {@code permission_slug_conflict}; 422 for a slug, name or resource type that is none
     */
    public Permission createPermission(String slug, String name, String resourceType) {
        var input = engine.checked(new PermissionOperations.Create(slug, name, null, resourceType));
        return run(call -> PermissionOperations.create(input, call));
    }

    /** Deletes a permission and takes it from all roles; false if there was none. */
    public boolean deletePermission(String slug) {
        return run(call -> {
            Optional<Permission> found = call.holdBy(Permission.TYPE, "slug", slug);
            found.ifPresent(permission -> PermissionOperations.delete(permission, call));
            return found.isPresent();
        });
    }

    /**
     * Makes a role of the environment that is granted on organizations, below all others.
     *
     * @throws ApiException 409 {@code role_slug_conflict}; 404 for an unknown permission; 422 for a slug or name that is none
     */
    public Role createRole(String slug, String name, Collection<String> permissions) {
        return createRole(slug, name, ResourceType.ORGANIZATION, permissions);
    }

    /** As the other, of a role that is granted on a kind of resource. */
    public Role createRole(String slug, String name, String resourceType, Collection<String> permissions) {
        var input = engine.checked(new RoleOperations.Create(slug, name, null, resourceType));
        List<String> allowed = List.copyOf(permissions);
        return run(call -> {
            Role made = RoleOperations.create(input, call);
            return allowed.isEmpty() ? made : RoleOperations.allow(call, made, allowed);
        });
    }

    /**
     * Makes a role of one organization's own.
     *
     * @param slug gets the prefix {@code org-} if it lacks that; null makes one of the name
     * @throws ApiException 409 {@code organization_role_slug_conflict}; 404 for an unknown organization or permission
     */
    public Role createOrganizationRole(
            String organizationId, @Nullable String slug, String name, Collection<String> permissions) {
        var input = engine.checked(new RoleOperations.CreateOwn(slug, name, null, null));
        List<String> allowed = List.copyOf(permissions);
        return run(call -> {
            Role made = RoleOperations.createOwn(call, organizationId, input);
            return allowed.isEmpty() ? made : RoleOperations.allow(call, made, allowed);
        });
    }

    /**
     * Sets what a role allows. Checks see it at once, tokens from their next refresh on.
     *
     * @param organizationId whose role; null for one of the environment
     * @throws ApiException 404 for an unknown role or permission; 422 for a permission that does not fit its resource type
     */
    public Role setPermissions(@Nullable String organizationId, String slug, Collection<String> permissions) {
        List<String> allowed = List.copyOf(permissions);
        return run(call -> RoleOperations.allow(call, RoleCatalog.get(call, organizationId, slug), allowed));
    }

    /** Roles of the environment, highest priority first. */
    public List<Role> roles() {
        return run(RoleCatalog::environment);
    }

    /** Roles that an organization can grant, highest priority first. */
    public List<Role> roles(String organizationId) {
        return run(call -> RoleCatalog.organization(call, organizationId));
    }

    /**
     * Orders the roles of the environment.
     *
     * @param slugs every one of them, highest priority first
     * @throws ApiException 422 if one is missing or unknown
     */
    public void prioritize(List<String> slugs) {
        run(call -> {
            List<Role> all = RoleCatalog.environment(call);
            Set<String> known = Set.copyOf(all.stream().map(Role::slug).toList());
            if (slugs.size() != known.size() || !known.equals(Set.copyOf(slugs))) {
                throw ApiException.invalid("slugs", "roles_required", "Name every role of the environment once.");
            }
            all.forEach(role -> call.updateSilently(Role.ENVIRONMENT, role.id(), r -> r.at(slugs.indexOf(r.slug()))));
            return true;
        });
    }

    /**
     * Deletes a role that nobody has.
     *
     * @param organizationId whose role; null for one of the environment
     * @throws ApiException 409 {@code role_has_assignments}, {@code role_has_group_role_mappings}; 400 for the default role;
     *     404 if there is none
     */
    public void deleteRole(@Nullable String organizationId, String slug) {
        run(call -> {
            roles.delete(RoleCatalog.get(call, organizationId, slug), call);
            return true;
        });
    }

    /**
     * Makes a resource.
     *
     * @throws ApiException 404 for an unknown organization or parent; 409 {@code
     *     authorization_resource_external_id_conflict}; 422 for a type that is unknown or does not lie in the parent's
     */
    public Resource createResource(NewResource resource) {
        var input = engine.checked(new ResourceOperations.Create(
                resource.externalId(),
                resource.name(),
                resource.description(),
                resource.type(),
                resource.organizationId(),
                resource.parentId(),
                null,
                null));
        return run(call -> ResourceOperations.create(input, call));
    }

    /** The resource with the application's own id. */
    public Optional<Resource> findResource(String organizationId, String type, String externalId) {
        return run(call -> call.findBy(Resource.TYPE, "external", Resource.key(organizationId, type, externalId)));
    }

    /** The resource that an organization is. */
    public String organizationResource(String organizationId) {
        return Resource.ofOrganization(organizationId);
    }

    /**
     * Deletes a resource.
     *
     * @param cascade with all that lies in it and all that is granted there
     * @throws ApiException 404; 409 {@code resource_has_dependents} without {@code cascade}
     */
    public void deleteResource(String resourceId, boolean cascade) {
        run(call -> {
            ResourceOperations.delete(call, call.get(Resource.TYPE, resourceId), cascade);
            return true;
        });
    }

    /**
     * Gives a member a role on a resource by hand; harmless if it has that.
     *
     * @throws ApiException 404 if one of them is unknown; 422 if the role is not granted on this type of resource
     */
    public void assign(String membershipId, String role, String resourceId) {
        run(call ->
                assignments.assign(call, membershipId, role, new Locator(resourceId, null, null), RoleSource.MANUAL));
    }

    /**
     * Takes away what {@link #assign} gave. Who is left without a role on the organization gets the default.
     *
     * @throws ApiException 404 if the member does not have the role there
     */
    public void unassign(String membershipId, String role, String resourceId) {
        run(call ->
                assignments.remove(call, membershipId, role, new Locator(resourceId, null, null), RoleSource.MANUAL));
    }

    /**
     * Makes these the roles on its organization that one source grants to a member; what others grant stays. With no roles,
     * the source withdraws all that it granted.
     *
     * @throws ApiException 404 if one of them is unknown
     */
    public Membership setRoles(String membershipId, RoleSource source, List<String> slugs) {
        return run(call -> assignments.setOf(call, membershipId, source, slugs));
    }

    /**
     * Gives a group a role on a resource.
     *
     * @throws ApiException 404 if one of them is unknown; 409 {@code duplicate_group_role_assignment}
     */
    public void assignGroup(String groupId, String role, String resourceId) {
        run(call -> groups.assign(call, groupId, role, new Locator(resourceId, null, null)));
    }

    /**
     * Takes a role from a group.
     *
     * @throws ApiException 404 if the group does not have the role there
     */
    public void unassignGroup(String groupId, String role, String resourceId) {
        run(call -> groups.remove(call, groupId, role, new Locator(resourceId, null, null)));
    }

    /**
     * Whether a member may do this on its organization.
     *
     * @throws ApiException 404 if the membership or the permission is unknown
     */
    public boolean check(String membershipId, String permission) {
        return run(call -> {
            Membership membership = call.get(Membership.TYPE, membershipId);
            Resource resource = call.get(Resource.TYPE, Resource.ofOrganization(membership.organizationId()));
            return Checks.may(call, membership, permission, resource);
        });
    }

    /**
     * Whether a member may do this to a resource of its organization: by a role on it or on something that it lies in, of
     * its own or of a group. Nothing denies; a membership that is not active may nothing.
     *
     * @throws ApiException 404 if one of the three is unknown
     */
    public boolean check(String membershipId, String permission, String resourceId) {
        return check(membershipId, permission, new Locator(resourceId, null, null));
    }

    /** As the other, with the application's own id of the resource. */
    public boolean check(String membershipId, String permission, String type, String externalId) {
        return check(membershipId, permission, new Locator(null, externalId, type));
    }

    private boolean check(String membershipId, String permission, Locator where) {
        return run(call -> {
            Membership membership = call.get(Membership.TYPE, membershipId);
            return Checks.may(call, membership, permission, where.find(call, membership.organizationId()));
        });
    }

    /**
     * Every role that counts for a member on a resource, and why.
     *
     * @throws ApiException 404 if one of them is unknown
     */
    public List<EffectiveRole> explain(String membershipId, String resourceId) {
        return run(call -> {
            Membership membership = call.get(Membership.TYPE, membershipId);
            Resource resource = new Locator(resourceId, null, null).find(call, membership.organizationId());
            List<String> places =
                    resource.chain(call).stream().map(Resource::id).toList();
            List<EffectiveRole> all = new ArrayList<>();
            Grants.ofMembership(call, membershipId, places)
                    .forEach(a -> all.add(new EffectiveRole(
                            a.roleSlug(),
                            a.resourceId(),
                            a.sources().stream().map(RoleSource::of).toList(),
                            null)));
            Grants.ofGroups(call, GroupMember.groupsOf(call, membershipId), places)
                    .forEach(a -> all.add(new EffectiveRole(a.roleSlug(), a.resourceId(), List.of(), a.subjectId())));
            return all;
        });
    }

    private <T> T run(Function<Call, T> step) {
        return engine.run(env, Actor.SYSTEM, step);
    }
}
