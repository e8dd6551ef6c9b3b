package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Field;
import dev.gatehouse.engine.Filled;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.engine.Routes.Nothing;
import dev.gatehouse.organizations.Organization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The operations on roles of the environment and of organizations (contract/behaviour/07 §7.5). */
final class RoleOperations {
    private static final String ENVIRONMENT = "/authorization/roles";
    private static final String ORGANIZATION = "/authorization/organizations/{organizationId}/roles";

    private final String usual;

    /** @param usual the default role's slug */
    RoleOperations(String usual) {
        this.usual = usual;
    }

    record Create(
            @Required @Limit(48) String slug,
            @Required @Limit(48) String name,
            @Limit(150) @Nullable String description,
            @Limit(48) @Nullable String resourceTypeSlug) {}

    record CreateOwn(
            @Limit(48) @Nullable String slug,
            @Required @Limit(48) String name,
            @Limit(150) @Nullable String description,
            @Limit(48) @Nullable String resourceTypeSlug) {}

    record Update(
            @Filled @Limit(48) @Nullable String name,
            @Limit(150) Field<String> description) {}

    record Allowed(@Required List<String> permissions) {}

    record One(@Required String slug) {}

    record Listed(String object, List<Role.View> data) {}

    private record In(String organizationId, CreateOwn role) {}

    void routes(Routes r) {
        r.action(
                        "GET " + ENVIRONMENT,
                        Nothing.class,
                        Listed.class,
                        (in, flow) -> flow.run(call -> listed(RoleCatalog.environment(call))))
                .permission("role:read");
        r.create("POST " + ENVIRONMENT, Role.ENVIRONMENT, Create.class, RoleOperations::create);
        r.get("GET " + ENVIRONMENT + "/{slug}", Role.ENVIRONMENT);
        changes(r, ENVIRONMENT, Role.ENVIRONMENT, (flow, call) -> RoleCatalog.get(call, null, flow.variable("slug")));

        BiFunction<Flow, Call, Role> own =
                (flow, call) -> own(call, flow.variable("organizationId"), flow.variable("slug"));
        r.action(
                        "GET " + ORGANIZATION,
                        Nothing.class,
                        Listed.class,
                        (in, flow) -> flow.run(call -> {
                            Organization organization = call.get(Organization.TYPE, flow.variable("organizationId"));
                            return listed(RoleCatalog.organization(call, organization.id()));
                        }))
                .permission("role:read");
        r.create(
                        "POST " + ORGANIZATION,
                        Role.ORGANIZATION,
                        CreateOwn.class,
                        (in, flow) -> new In(flow.variable("organizationId"), in),
                        (in, call) -> createOwn(call, in.organizationId, in.role))
                .found(own)
                .permission("role:write");
        r.get("GET " + ORGANIZATION + "/{slug}", Role.ENVIRONMENT).found((flow, call) -> {
            Organization organization = call.get(Organization.TYPE, flow.variable("organizationId"));
            return RoleCatalog.get(call, organization.id(), flow.variable("slug"));
        });
        changes(r, ORGANIZATION, Role.ORGANIZATION, own);
        r.delete("DELETE " + ORGANIZATION + "/{slug}", Role.ORGANIZATION, this::delete)
                .found(own)
                .permission("role:write");
        r.update(
                        "DELETE " + ORGANIZATION + "/{slug}/permissions/{permissionSlug}",
                        Role.ORGANIZATION,
                        Nothing.class,
                        (in, flow) -> flow.variable("permissionSlug"),
                        (role, slug, call) -> disallow(call, role, slug))
                .found(own)
                .permission("role:write");
    }

    private static void changes(Routes r, String path, EntityType<Role> type, BiFunction<Flow, Call, Role> subject) {
        r.update("PATCH " + path + "/{slug}", type, Update.class, RoleOperations::update)
                .found(subject)
                .permission("role:write");
        r.update(
                        "PUT " + path + "/{slug}/permissions",
                        type,
                        Allowed.class,
                        (role, in, call) -> allow(call, role, in.permissions))
                .found(subject)
                .permission("role:write");
        r.update("POST " + path + "/{slug}/permissions", type, One.class, (role, in, call) -> {
                    List<String> all = new ArrayList<>(role.permissions());
                    all.add(in.slug);
                    return allow(call, role, all);
                })
                .found(subject)
                .permission("role:write");
    }

    private static Listed listed(List<Role> roles) {
        return new Listed("list", roles.stream().map(Role::view).toList());
    }

    /** A role of the organization's own; those of the environment are not its to change. */
    static Role own(Call call, String organizationId, String slug) {
        call.get(Organization.TYPE, organizationId);
        return call.findBy(Role.ORGANIZATION, "pair", organizationId + " " + slug)
                .orElseThrow(() -> ApiException.notFound(Role.ORGANIZATION.title(), slug));
    }

    static Role create(Create in, Call call) {
        return store(
                call,
                null,
                Slugs.role(in.slug),
                new CreateOwn(in.slug, in.name, in.description, in.resourceTypeSlug),
                RoleCatalog.last(RoleCatalog.environment(call)));
    }

    static Role createOwn(Call call, String organizationId, CreateOwn in) {
        Organization organization = call.need(Organization.TYPE, organizationId);
        String slug = in.slug == null ? Slugs.ofName(in.name) : Slugs.ofOrganization(in.slug);
        int priority = RoleCatalog.last(RoleCatalog.own(call, organization.id()));
        return store(call, organization.id(), slug, in, priority);
    }

    private static Role store(Call call, @Nullable String organizationId, String slug, CreateOwn in, int priority) {
        String type = in.resourceTypeSlug == null ? ResourceType.ORGANIZATION : in.resourceTypeSlug;
        EntityType<Role> stored = organizationId == null ? Role.ENVIRONMENT : Role.ORGANIZATION;
        return call.create(
                stored,
                new Role(
                        call.newId(stored),
                        organizationId,
                        slug,
                        in.name,
                        in.description,
                        ResourceType.known(call, type),
                        List.of(),
                        priority,
                        call.now(),
                        call.now()));
    }

    static Role update(Role role, Update in, Call call) {
        return call.update(
                role.type(),
                role.id(),
                r -> r.named(in.name == null ? r.name() : in.name, in.description.or(r.description())));
    }

    /** Sets what a role allows; tokens say so from their next refresh on. */
    static Role allow(Call call, Role role, List<String> permissions) {
        permissions.stream()
                .filter(slug -> !role.permissions().contains(slug))
                .forEach(slug -> PermissionOperations.check(call, role.resourceTypeSlug(), slug));
        return call.update(role.type(), role.id(), r -> r.allowing(permissions));
    }

    /** @throws ApiException 404 if there is no such permission */
    static Role disallow(Call call, Role role, String permission) {
        if (call.findBy(Permission.TYPE, "slug", permission).isEmpty()) {
            throw ApiException.notFound(Permission.TYPE.title(), permission);
        }
        return call.update(
                role.type(),
                role.id(),
                r -> r.allowing(r.permissions().stream()
                        .filter(slug -> !slug.equals(permission))
                        .toList()));
    }

    /**
     * Deletes a role that nobody has.
     *
     * @throws ApiException 409 {@code role_has_assignments} or {@code role_has_group_role_mappings}; 400 for the default role
     */
    void delete(Role role, Call call) {
        if (role.slug().equals(usual)) {
            throw ApiException.of(400, "bad_request", "The default role cannot be deleted.");
        }
        String key = Assignment.role(role.organizationId(), role.slug());
        if (some(call, Assignment.DIRECT, key)) {
            throw ApiException.of(409, "role_has_assignments", "The role '" + role.slug() + "' is assigned.");
        }
        if (some(call, Assignment.GROUP, key)) {
            throw ApiException.of(
                    409, "role_has_group_role_mappings", "The role '" + role.slug() + "' is assigned to groups.");
        }
        call.delete(role.type(), role);
    }

    private static boolean some(Call call, EntityType<Assignment> type, String key) {
        return !call.page(type, Map.of("role", Set.of(key)), null, new Call.Window(null, null, false, 1))
                .isEmpty();
    }
}
