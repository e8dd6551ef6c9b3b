package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Omittable;
import dev.gatehouse.engine.OneOf;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What its holders may do.
 *
 * @param id {@code role_…}
 * @param organizationId whose own role it is; null for a role of the whole environment
 * @param slug how code names it; begins with {@code org-} if and only if it is an organization's; never changes
 * @param name for people, at most 48 characters
 * @param description at most 150 characters; may be null
 * @param resourceTypeSlug on what kind of resource it is granted
 * @param permissions slugs
 * @param priority the less, the higher; roles of the environment come before those of an organization
 */
public record Role(
        String id,
        @Nullable String organizationId,
        String slug,
        String name,
        @Nullable String description,
        String resourceTypeSlug,
        List<String> permissions,
        int priority,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    private static final String OF_ENVIRONMENT = "EnvironmentRole";
    private static final String OF_ORGANIZATION = "OrganizationRole";

    public Role {
        permissions = List.copyOf(permissions);
    }

    /** Highest priority first. */
    static final Comparator<Role> ORDER = Comparator.comparing((Role role) -> role.organizationId != null)
            .thenComparing(Role::priority)
            .thenComparing(Role::slug);

    /** Roles of an environment. */
    static final EntityType<Role> ENVIRONMENT = declare("role")
            .unique(
                    "slug",
                    Role::slug,
                    r -> ApiException.of(409, "role_slug_conflict", "There is a role '" + r.slug + "'."))
            .events(
                    "role",
                    (r, call) ->
                            new EventView("role", r.slug, r.resourceTypeSlug, r.permissions, r.createdAt, r.updatedAt));

    /** Roles of organizations. */
    static final EntityType<Role> ORGANIZATION = declare("organization_role")
            .unique("pair", r -> r.organizationId + " " + r.slug, r -> conflict(r.slug))
            .lookup("organization_id", Role::organizationId)
            .events(
                    "organization_role",
                    (r, call) -> new OrganizationEventView(
                            "organization_role",
                            r.organizationId,
                            r.slug,
                            r.name,
                            r.description,
                            r.resourceTypeSlug,
                            r.permissions,
                            r.createdAt,
                            r.updatedAt));

    private static EntityType<Role> declare(String kind) {
        return EntityType.of(kind, "role", Role.class)
                .lookups("permissions", Role::permissions, UnaryOperator.identity())
                .view(View.class, (r, call) -> r.view());
    }

    static ApiException conflict(String slug) {
        return ApiException.of(
                409, "organization_role_slug_conflict", "The organization has a role '" + slug + "' already.");
    }

    /** The same role under an identifier. */
    Role of(String newId) {
        return new Role(
                newId,
                organizationId,
                slug,
                name,
                description,
                resourceTypeSlug,
                permissions,
                priority,
                createdAt,
                updatedAt);
    }

    /** How this one is stored. */
    EntityType<Role> type() {
        return organizationId == null ? ENVIRONMENT : ORGANIZATION;
    }

    Role named(String newName, @Nullable String newDescription) {
        return new Role(
                id,
                organizationId,
                slug,
                newName,
                newDescription,
                resourceTypeSlug,
                permissions,
                priority,
                createdAt,
                updatedAt);
    }

    Role allowing(List<String> slugs) {
        return new Role(
                id,
                organizationId,
                slug,
                name,
                description,
                resourceTypeSlug,
                slugs.stream().distinct().sorted().toList(),
                priority,
                createdAt,
                updatedAt);
    }

    Role at(int place) {
        return new Role(
                id,
                organizationId,
                slug,
                name,
                description,
                resourceTypeSlug,
                permissions,
                place,
                createdAt,
                updatedAt);
    }

    View view() {
        return new View(
                slug,
                "role",
                id,
                name,
                description,
                organizationId == null ? OF_ENVIRONMENT : OF_ORGANIZATION,
                resourceTypeSlug,
                permissions,
                createdAt,
                updatedAt);
    }

    record View(
            String slug,
            String object,
            String id,
            String name,
            @Nullable String description,
            @OneOf({OF_ENVIRONMENT, OF_ORGANIZATION}) String type,
            String resourceTypeSlug,
            List<String> permissions,
            Instant createdAt,
            Instant updatedAt) {}

    record EventView(
            String object,
            String slug,
            String resourceTypeSlug,
            @Omittable List<String> permissions,
            Instant createdAt,
            Instant updatedAt) {}

    record OrganizationEventView(
            String object,
            @Nullable String organizationId,
            String slug,
            String name,
            @Nullable String description,
            String resourceTypeSlug,
            List<String> permissions,
            Instant createdAt,
            Instant updatedAt) {}
}
