package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Omittable;
import dev.gatehouse.engine.OneOf;
import dev.gatehouse.identity.User;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A user in an organization.
 *
 * @param id {@code om_…}
 * @param status {@code active}, {@code inactive} or {@code pending}
 * @param roles slugs, highest priority first; never empty
 * @param directoryManaged whether a directory keeps it
 */
public record Membership(
        String id,
        String userId,
        String organizationId,
        String status,
        List<String> roles,
        boolean directoryManaged,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    static final String ACTIVE = "active";
    static final String INACTIVE = "inactive";
    static final String PENDING = "pending";

    public Membership {
        roles = List.copyOf(roles);
    }

    /** The resource. */
    public static final EntityType<Membership> TYPE = declare().view(View.class, Membership::view);
    /** As lists of members, and of who may do something, show it. */
    public static final EntityType<Membership> BASE_WITH_USER =
            declare().view(BaseUserView.class, Membership::baseWithUser);

    private static EntityType<Membership> declare() {
        return EntityType.of("organization_membership", "om", Membership.class)
                .unique("pair", m -> m.organizationId + " " + m.userId, m -> exists())
                .lookup("organization_id", Membership::organizationId)
                .lookup("user_id", Membership::userId)
                .lookup("statuses", Membership::status)
                .lookups(
                        "role",
                        m -> m.roles.stream()
                                .map(role -> m.organizationId + " " + role)
                                .toList(),
                        UnaryOperator.identity())
                .prefetch((page, call) -> {
                    call.prefetch(
                            User.TYPE, page.stream().map(Membership::userId).toList());
                    call.prefetch(
                            Organization.TYPE,
                            page.stream().map(Membership::organizationId).toList());
                })
                .events(
                        "organization_membership",
                        (m, call) -> new EventView(
                                "organization_membership",
                                m.id,
                                m.userId,
                                m.organizationId,
                                m.status,
                                m.role(),
                                m.slims(),
                                Map.of(),
                                m.directoryManaged,
                                m.createdAt,
                                m.updatedAt));
    }

    static ApiException exists() {
        return ApiException.of(
                422, "organization_membership_already_exists", "The user is a member of this organization already.");
    }

    /** The membership of a user in an organization, in any state. */
    public static Optional<Membership> find(Call call, String userId, String organizationId) {
        return call.findBy(TYPE, "pair", organizationId + " " + userId);
    }

    /** With another status and other roles. */
    public Membership with(String newStatus, List<String> newRoles) {
        return new Membership(id, userId, organizationId, newStatus, newRoles, directoryManaged, createdAt, updatedAt);
    }

    /** The same membership under an identifier, of this user in this organization. */
    Membership of(String newId, String user, String organization, List<String> granted) {
        return new Membership(newId, user, organization, status, granted, directoryManaged, createdAt, updatedAt);
    }

    private SlimRole role() {
        return new SlimRole(roles.get(0));
    }

    private List<SlimRole> slims() {
        return roles.stream().map(SlimRole::new).toList();
    }

    private View view(Call call) {
        return new View(
                "organization_membership",
                id,
                userId,
                organizationId,
                call.get(Organization.TYPE, organizationId).name(),
                status,
                directoryManaged,
                Map.of(),
                role(),
                slims(),
                User.View.of(call.get(User.TYPE, userId)),
                createdAt,
                updatedAt);
    }

    private BaseUserView baseWithUser(Call call) {
        return new BaseUserView(
                "organization_membership",
                id,
                userId,
                organizationId,
                call.get(Organization.TYPE, organizationId).name(),
                status,
                directoryManaged,
                Map.of(),
                User.View.of(call.get(User.TYPE, userId)),
                createdAt,
                updatedAt);
    }

    record SlimRole(String slug) {}

    record BaseUserView(
            String object,
            String id,
            String userId,
            String organizationId,
            @Omittable String organizationName,
            @OneOf({ACTIVE, INACTIVE, PENDING}) String status,
            boolean directoryManaged,
            @Omittable Map<String, Object> customAttributes,
            User.View user,
            Instant createdAt,
            Instant updatedAt) {}

    record View(
            String object,
            String id,
            String userId,
            String organizationId,
            @Omittable String organizationName,
            @OneOf({ACTIVE, INACTIVE, PENDING}) String status,
            boolean directoryManaged,
            @Omittable Map<String, Object> customAttributes,
            SlimRole role,
            List<SlimRole> roles,
            User.View user,
            Instant createdAt,
            Instant updatedAt) {}

    record EventView(
            String object,
            String id,
            String userId,
            String organizationId,
            String status,
            SlimRole role,
            List<SlimRole> roles,
            Map<String, Object> customAttributes,
            boolean directoryManaged,
            Instant createdAt,
            Instant updatedAt) {}
}
