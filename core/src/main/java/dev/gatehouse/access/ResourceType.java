package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A kind of resource that the application has, for example {@code project}. The kind {@code organization} is the root of
 * all and is always there.
 *
 * @param slug how code names it
 * @param parents kinds that such a resource may lie in; never empty
 */
public record ResourceType(String id, String slug, List<String> parents, Instant createdAt, Instant updatedAt)
        implements Entity {
    /** The root of all. */
    public static final String ORGANIZATION = "organization";

    /** Most kinds on a way from the root to a resource (contract/behaviour/07 §7.7). */
    static final int DEEPEST = 5;

    public ResourceType {
        parents = List.copyOf(parents);
    }

    static final EntityType<ResourceType> TYPE = EntityType.of(
                    "authorization_resource_type", "authz_resource_type", ResourceType.class)
            .unique(
                    "slug",
                    ResourceType::slug,
                    t -> ApiException.of(409, "resource_type_conflict", "There is a resource type '" + t.slug + "'."));

    ResourceType in(List<String> others) {
        return new ResourceType(id, slug, others, createdAt, updatedAt);
    }

    /** @throws ApiException 422 {@code invalid_resource_type} if there is none of this name */
    static String known(Call call, String slug) {
        if (!slug.equals(ORGANIZATION) && call.findBy(TYPE, "slug", slug).isEmpty()) {
            throw ApiException.invalid(
                    "resource_type_slug", "invalid_resource_type", "There is no resource type '" + slug + "'.");
        }
        return slug;
    }

    /** A kind, and all that its resources can lie in, however deep. */
    static Set<String> withAncestors(Call call, String slug) {
        Set<String> all = new LinkedHashSet<>(Set.of(slug));
        Deque<String> open = new ArrayDeque<>(all);
        while (!open.isEmpty()) {
            call.findBy(TYPE, "slug", open.remove())
                    .ifPresent(type -> type.parents.stream().filter(all::add).forEach(open::add));
        }
        return all;
    }

    /** Whether something that is done to the one kind can be granted on the other: the same, or above it. */
    static boolean covers(Call call, String granted, String done) {
        return granted.equals(done)
                || granted.equals(ORGANIZATION)
                || withAncestors(call, done).contains(granted);
    }
}
