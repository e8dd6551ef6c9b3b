package dev.gatehouse.flags;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A feature that some see and others do not.
 *
 * @param id {@code flag_…}
 * @param slug how code names it; never changes
 * @param name for people
 * @param description may be null
 * @param owner who answers for it; may be null
 * @param tags for finding it
 * @param enabled whether anybody sees it at all
 * @param defaultValue whether those see it whom no target and no roll-out names
 * @param rollout of how many in a hundred it is on, and of which kind; null for none
 */
public record Flag(
        String id,
        String slug,
        String name,
        @Nullable String description,
        @Nullable Owner owner,
        List<String> tags,
        boolean enabled,
        boolean defaultValue,
        @Nullable Rollout rollout,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {

    public Flag {
        tags = List.copyOf(tags);
    }

    static final EntityType<Flag> TYPE = EntityType.of("feature_flag", "flag", Flag.class)
            .unique(
                    "slug",
                    Flag::slug,
                    f -> ApiException.of(409, "feature_flag_slug_conflict", "There is a flag '" + f.slug + "'."))
            .lookup("enabled", f -> String.valueOf(f.enabled))
            .view(View.class, (f, call) -> f.view());

    /**
     * Who answers for a flag.
     *
     * @param email address
     * @param firstName may be null
     * @param lastName may be null
     */
    public record Owner(
            String email,
            @Nullable String firstName,
            @Nullable String lastName) {}

    Flag with(boolean on, @Nullable Rollout other, Instant changedAt) {
        return new Flag(id, slug, name, description, owner, tags, on, defaultValue, other, createdAt, changedAt);
    }

    View view() {
        return new View(
                "feature_flag", id, slug, name, description, owner, tags, enabled, defaultValue, createdAt, updatedAt);
    }

    EventView told(String environmentId) {
        return new EventView(
                "feature_flag",
                id,
                environmentId,
                slug,
                name,
                description,
                owner,
                tags,
                enabled,
                defaultValue,
                createdAt,
                updatedAt);
    }

    record View(
            String object,
            String id,
            String slug,
            String name,
            @Nullable String description,
            @Nullable Owner owner,
            List<String> tags,
            boolean enabled,
            boolean defaultValue,
            Instant createdAt,
            Instant updatedAt) {}

    record EventView(
            String object,
            String id,
            String environmentId,
            String slug,
            String name,
            @Nullable String description,
            @Nullable Owner owner,
            List<String> tags,
            boolean enabled,
            boolean defaultValue,
            Instant createdAt,
            Instant updatedAt) {}
}
