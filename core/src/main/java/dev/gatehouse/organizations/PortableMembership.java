package dev.gatehouse.organizations;

import dev.gatehouse.engine.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A membership inside of its user's row.
 *
 * @param id {@code om_…}, kept; null for a new one
 * @param organizationId of an organization that is there, from an earlier row of the same file say
 * @param organizationExternalId instead of its id
 * @param status {@code active} if null
 * @param roleSlugs the default role if null
 * @param groupIds groups that are there, from earlier rows of the same file say; null for none
 */
public record PortableMembership(
        @Nullable String id,
        @Nullable String organizationId,
        @Nullable String organizationExternalId,
        @Nullable String status,
        @Nullable List<String> roleSlugs,
        @Nullable List<String> groupIds,
        @Nullable String createdAt,
        @Nullable String updatedAt) {

    static PortableMembership of(Membership m, List<String> groups) {
        return new PortableMembership(
                m.id(),
                m.organizationId(),
                null,
                m.status(),
                m.roles(),
                groups.isEmpty() ? null : groups,
                Json.time(m.createdAt()),
                Json.time(m.updatedAt()));
    }
}
