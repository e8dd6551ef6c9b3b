package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Field;
import dev.gatehouse.engine.Filled;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations on permissions (contract/behaviour/07 §7.6). */
final class PermissionOperations {
    private PermissionOperations() {}

    record Create(
            @Required @Limit(48) String slug,
            @Required @Limit(48) String name,
            @Limit(150) @Nullable String description,
            @Limit(48) @Nullable String resourceTypeSlug) {}

    record Update(
            @Filled @Limit(48) @Nullable String name,
            @Limit(150) Field<String> description) {}

    static void routes(Routes r) {
        String path = "/authorization/permissions";
        r.list("GET " + path, Permission.TYPE);
        r.create("POST " + path, Permission.TYPE, Create.class, PermissionOperations::create);
        r.get("GET " + path + "/{slug}", Permission.TYPE);
        r.update("PATCH " + path + "/{slug}", Permission.TYPE, Update.class, PermissionOperations::update);
        r.delete("DELETE " + path + "/{slug}", Permission.TYPE, PermissionOperations::delete);
    }

    static Permission create(Create in, Call call) {
        String type = in.resourceTypeSlug == null ? ResourceType.ORGANIZATION : in.resourceTypeSlug;
        return call.create(
                Permission.TYPE,
                new Permission(
                        call.newId(Permission.TYPE),
                        Slugs.permission(in.slug),
                        in.name,
                        in.description,
                        false,
                        ResourceType.known(call, type),
                        call.now(),
                        call.now()));
    }

    static Permission update(Permission permission, Update in, Call call) {
        own(permission);
        return call.update(
                Permission.TYPE,
                permission.id(),
                p -> new Permission(
                        p.id(),
                        p.slug(),
                        in.name == null ? p.name() : in.name,
                        in.description.or(p.description()),
                        p.system(),
                        p.resourceTypeSlug(),
                        p.createdAt(),
                        p.updatedAt()));
    }

    /** Deletes a permission, and takes it from the roles that have it. */
    static void delete(Permission permission, Call call) {
        own(permission);
        for (EntityType<Role> type : List.of(Role.ENVIRONMENT, Role.ORGANIZATION)) {
            for (Role role : call.all(type, "permissions", permission.slug())) {
                call.update(
                        type,
                        role.id(),
                        r -> r.allowing(r.permissions().stream()
                                .filter(slug -> !slug.equals(permission.slug()))
                                .toList()));
            }
        }
        call.delete(Permission.TYPE, permission);
    }

    private static void own(Permission permission) {
        if (permission.system()) {
            throw ApiException.of(403, "system_permission", "A system permission stays as it is.");
        }
    }

    /** @throws ApiException 404 if there is no such permission; 422 if a role of this resource type cannot have it */
    static void check(Call call, String roleType, String slug) {
        Permission permission = call.findBy(Permission.TYPE, "slug", slug)
                .orElseThrow(() -> ApiException.notFound(Permission.TYPE.title(), slug));
        if (!ResourceType.covers(call, roleType, permission.resourceTypeSlug())) {
            throw ApiException.invalid(
                    "permissions",
                    "invalid_resource_type",
                    "A role on the type '" + roleType + "' cannot have '" + slug + "', which is done to a '"
                            + permission.resourceTypeSlug() + "'.");
        }
    }
}
