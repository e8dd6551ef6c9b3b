package dev.gatehouse.organizations;

import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Members of an organization who are handled together: what is granted to the group is granted to each.
 *
 * @param id {@code group_…}
 * @param name at most 256 characters; need not be unique
 * @param description at most 150 characters; may be null
 */
public record Group(
        String id,
        String organizationId,
        String name,
        @Nullable String description,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {

    /** The resource. */
    public static final EntityType<Group> TYPE = EntityType.of("group", "group", Group.class)
            .lookup("organization_id", Group::organizationId)
            .events("group")
            .view(
                    View.class,
                    (g, call) ->
                            new View("group", g.id, g.organizationId, g.name, g.description, g.createdAt, g.updatedAt));

    record View(
            String object,
            String id,
            String organizationId,
            String name,
            @Nullable String description,
            Instant createdAt,
            Instant updatedAt) {}
}
