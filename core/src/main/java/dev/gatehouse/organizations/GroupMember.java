package dev.gatehouse.organizations;

import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A membership in a group. Its identifier is made of both, membership first: there is one of a pair by construction, and
 * the members of a group are read in the order of their identifiers.
 */
public record GroupMember(String id, String groupId, String membershipId, Instant createdAt, Instant updatedAt)
        implements Entity {
    static final EntityType<GroupMember> TYPE = EntityType.of("group_member", "group_member", GroupMember.class)
            .lookup("group_id", GroupMember::groupId)
            .lookup("membership_id", GroupMember::membershipId);

    /** More than every identifier that begins as the text before it. */
    private static final String END = "~";

    /** Groups that a membership is in; a hundred at most. */
    public static List<String> groupsOf(Call call, String membershipId) {
        return call.all(TYPE, "membership_id", membershipId).stream()
                .map(GroupMember::groupId)
                .toList();
    }

    /** Members of a group, in the order of their identifiers. */
    public static List<Membership> membersOf(Call call, String groupId, Call.Window window) {
        List<GroupMember> page = call.page(TYPE, Map.of("group_id", Set.of(groupId)), null, window(window));
        call.prefetch(
                Membership.TYPE, page.stream().map(GroupMember::membershipId).toList());
        return page.stream()
                .flatMap(m -> call.find(Membership.TYPE, m.membershipId).stream())
                .toList();
    }

    static String id(String groupId, String membershipId) {
        return place(membershipId) + ulid(groupId);
    }

    private static String place(String membershipId) {
        return "group_member_" + ulid(membershipId);
    }

    private static String ulid(String id) {
        return id.substring(id.lastIndexOf('_') + 1);
    }

    /** The window among members of a group that has these bounds among memberships. */
    private static Call.Window window(Call.Window memberships) {
        return new Call.Window(
                bound(memberships.after(), END),
                bound(memberships.before(), ""),
                memberships.descending(),
                memberships.limit());
    }

    private static @Nullable String bound(@Nullable String membershipId, String end) {
        return membershipId == null ? null : place(membershipId) + end;
    }
}
