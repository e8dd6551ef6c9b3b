package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.OneOf;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A role that a membership or a group has on a resource.
 *
 * @param id {@code role_assignment_…} of a membership, {@code gra_…} of a group
 * @param subjectId the membership or group
 * @param parentId what the resource lies in; null for an organization
 * @param sources who granted it, {@link RoleSource} as text; it goes with the last of them
 */
record Assignment(
        String id,
        String subjectId,
        String organizationId,
        String roleSlug,
        String resourceId,
        @Nullable String parentId,
        List<String> sources,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    private static final String DIRECTLY = "direct";
    private static final String BY_GROUP = "group";

    Assignment {
        sources = List.copyOf(sources);
    }

    /** Of memberships. */
    static final EntityType<Assignment> DIRECT =
            declare("role_assignment", "role_assignment").view(View.class, Assignment::view);

    /** Of groups. */
    static final EntityType<Assignment> GROUP =
            declare("group_role_assignment", "gra").view(GroupView.class, Assignment::groupView);

    private static EntityType<Assignment> declare(String kind, String prefix) {
        return EntityType.of(kind, prefix, Assignment.class)
                .unique(
                        "grant",
                        a -> a.subjectId + " " + a.resourceId + " " + a.roleSlug,
                        a -> ApiException.of(
                                409, "duplicate_" + kind, "The role '" + a.roleSlug + "' is granted there already."))
                .lookup("subject_id", Assignment::subjectId)
                .lookup("place", a -> place(a.subjectId, a.resourceId))
                .lookup("under", a -> a.parentId == null ? null : place(a.subjectId, a.parentId))
                .lookup("resource_id", Assignment::resourceId)
                .lookup("role", a -> role(a.organizationId, a.roleSlug))
                .prefetch((page, call) -> call.prefetch(
                        Resource.TYPE, page.stream().map(Assignment::resourceId).toList()));
    }

    static String place(String subjectId, String resourceId) {
        return subjectId + " " + resourceId;
    }

    /** What finds the assignments of a role: of one organization if it is its own, or of all. */
    static String role(@Nullable String organizationId, String slug) {
        return slug.startsWith(Slugs.OF_ORGANIZATION) ? organizationId + " " + slug : slug;
    }

    Assignment with(List<String> others) {
        return new Assignment(
                id, subjectId, organizationId, roleSlug, resourceId, parentId, others, createdAt, updatedAt);
    }

    Assignment under(@Nullable String otherParent) {
        return new Assignment(
                id, subjectId, organizationId, roleSlug, resourceId, otherParent, sources, createdAt, updatedAt);
    }

    /** As a member has it by a group: shown with an identifier of its own, and not stored. */
    Assignment through(String membershipId, String shownId) {
        return new Assignment(
                shownId,
                membershipId,
                organizationId,
                roleSlug,
                resourceId,
                parentId,
                List.of(id),
                createdAt,
                updatedAt);
    }

    /**
     * The identifier that a member's part in an assignment of its group is shown under. It sorts by the assignment, then by
     * the membership.
     */
    static String shown(String groupAssignmentId, String membershipId) {
        return "role_assignment_" + ulid(groupAssignmentId) + ulid(membershipId);
    }

    /** The window among the members of a group that has these bounds among what is shown of its assignment. */
    static Call.Window members(String groupAssignmentId, Call.Window shown) {
        String prefix = "role_assignment_" + ulid(groupAssignmentId);
        return new Call.Window(
                bound(prefix, shown.after(), false),
                bound(prefix, shown.before(), true),
                shown.descending(),
                shown.limit());
    }

    private static @Nullable String bound(String prefix, @Nullable String shown, boolean upper) {
        if (shown == null) {
            return null;
        }
        if (shown.startsWith(prefix) && shown.length() > prefix.length()) {
            return "om_" + shown.substring(prefix.length());
        }
        boolean all = upper == (shown.compareTo(prefix) > 0);
        return all ? null : upper ? "om_" : "om_~";
    }

    private static String ulid(String id) {
        return id.substring(id.lastIndexOf('_') + 1);
    }

    private Place shown(Call call) {
        Resource resource = call.get(Resource.TYPE, resourceId);
        return new Place(resource.id(), resource.externalId(), resource.resourceTypeSlug());
    }

    private View view(Call call) {
        String first = sources.isEmpty() ? "" : sources.get(0);
        boolean group = first.startsWith("gra_");
        return new View(
                "role_assignment",
                id,
                subjectId,
                new Slim(roleSlug),
                shown(call),
                new Source(group ? BY_GROUP : DIRECTLY, group ? first : null),
                createdAt,
                updatedAt);
    }

    GroupView groupView(Call call) {
        return new GroupView(
                "group_role_assignment", id, subjectId, new Slim(roleSlug), shown(call), createdAt, updatedAt);
    }

    record Slim(String slug) {}

    record Place(String id, String externalId, String resourceTypeSlug) {}

    record Source(
            @OneOf({DIRECTLY, BY_GROUP}) String type,
            @Nullable String groupRoleAssignmentId) {}

    record View(
            String object,
            String id,
            String organizationMembershipId,
            Slim role,
            Place resource,
            Source source,
            Instant createdAt,
            Instant updatedAt) {}

    record GroupView(
            String object,
            String id,
            String groupId,
            Slim role,
            Place resource,
            Instant createdAt,
            Instant updatedAt) {}
}
