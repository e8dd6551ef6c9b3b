package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that roles allow.
 *
 * @param id {@code perm_…}
 * @param slug how code names it, for example {@code invoice:approve}; never changes
 * @param name for people, at most 48 characters
 * @param description at most 150 characters; may be null
 * @param system whether Gatehouse made it; it stays as it is
 * @param resourceTypeSlug what kind of resource it is done to
 */
public record Permission(
        String id,
        String slug,
        String name,
        @Nullable String description,
        boolean system,
        String resourceTypeSlug,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    static final EntityType<Permission> TYPE = EntityType.of("permission", "perm", Permission.class)
            .unique(
                    "slug",
                    Permission::slug,
                    p -> ApiException.of(409, "permission_slug_conflict", "There is a permission '" + p.slug + "'."))
            .events("permission")
            .view(
                    View.class,
                    (p, call) -> new View(
                            "permission",
                            p.id,
                            p.slug,
                            p.name,
                            p.description,
                            p.system,
                            p.resourceTypeSlug,
                            p.createdAt,
                            p.updatedAt));

    record View(
            String object,
            String id,
            String slug,
            String name,
            @Nullable String description,
            boolean system,
            String resourceTypeSlug,
            Instant createdAt,
            Instant updatedAt) {}
}
