package dev.gatehouse.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A role that a member has, and why.
 *
 * @param role its slug
 * @param resourceId where
 * @param sources who granted it to the member itself; empty if a group has it
 * @param groupId the group that has it; null if it is the member's own
 */
public record EffectiveRole(
        String role,
        String resourceId,
        List<RoleSource> sources,
        @Nullable String groupId) {
    public EffectiveRole {
        sources = List.copyOf(sources);
    }
}
