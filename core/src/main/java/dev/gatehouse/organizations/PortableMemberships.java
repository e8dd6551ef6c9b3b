package dev.gatehouse.organizations;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.FileValue;
import dev.gatehouse.identity.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Memberships in and out of files, each in the row of its user. */
public final class PortableMemberships {
    private static final Set<String> STATUSES = Set.of(Membership.ACTIVE, Membership.INACTIVE, Membership.PENDING);

    private final Engine engine;
    private final MembershipOperations operations;
    private final Joining joining;
    private final GroupOperations groups;

    PortableMemberships(Engine engine, MembershipOperations operations, Joining joining, GroupOperations groups) {
        this.engine = engine;
        this.operations = operations;
        this.joining = joining;
        this.groups = groups;
    }

    /** What a user's row may hold of memberships. */
    record Seats(@Nullable List<PortableMembership> organizationMemberships) {}

    /** A membership that passed every check which needs no database. Identifiers that it has not are empty. */
    public static final class Checked {
        private final Membership draft;
        private final @Nullable String externalId;
        private final @Nullable List<String> roleSlugs;
        private final List<String> groupIds;

        private Checked(
                Membership draft,
                @Nullable String externalId,
                @Nullable List<String> roleSlugs,
                List<String> groupIds) {
            this.draft = draft;
            this.externalId = externalId;
            this.roleSlugs = roleSlugs;
            this.groupIds = groupIds;
        }

        private Optional<Organization> organization(Call call) {
            return externalId == null
                    ? call.find(Organization.TYPE, draft.organizationId())
                    : call.findBy(Organization.TYPE, "external_id", externalId);
        }
    }

    /**
     * Checks the memberships of a user's row, outside of any transaction.
     *
     * @throws ApiException with what is wrong
     */
    public List<Checked> check(ObjectNode user) {
        List<PortableMembership> rows = engine.bound(user, Seats.class).organizationMemberships;
        if (rows == null) {
            return List.of();
        }
        List<Checked> all = rows.stream().map(this::checked).toList();
        Set<List<@Nullable String>> places = new HashSet<>();
        for (Checked one : all) {
            List<@Nullable String> place = new ArrayList<>();
            place.add(one.draft.organizationId());
            place.add(one.externalId);
            if (!places.add(place)) {
                throw wrong("", "organization_membership_already_exists", "An organization is there twice.");
            }
        }
        return all;
    }

    private Checked checked(PortableMembership row) {
        if ((row.organizationId() == null) == (row.organizationExternalId() == null)) {
            throw wrong(
                    ".organization_id",
                    "organization_id_required",
                    "A membership has an organization_id or an organization_external_id.");
        }
        String status = row.status() == null ? "active" : row.status();
        if (!STATUSES.contains(status)) {
            throw wrong(".status", "status_invalid", "A status is active, inactive or pending.");
        }
        Instant now = engine.now();
        Instant created = FileValue.time("organization_memberships.created_at", row.createdAt(), now)
                .orElse(now);
        return new Checked(
                new Membership(
                        FileValue.id(Membership.TYPE, "organization_memberships.id", row.id())
                                .orElse(""),
                        "",
                        Objects.requireNonNullElse(row.organizationId(), ""),
                        status,
                        List.of(),
                        false,
                        created,
                        FileValue.time("organization_memberships.updated_at", row.updatedAt(), now)
                                .orElse(created)),
                row.organizationExternalId(),
                row.roleSlugs(),
                groups(row.groupIds()));
    }

    private static List<String> groups(@Nullable List<String> ids) {
        List<String> all = ids == null ? List.of() : ids.stream().distinct().toList();
        if (all.size() > GroupOperations.MOST_OF_A_MEMBERSHIP) {
            throw wrong(
                    ".group_ids", "group_membership_limit_exceeded", "A membership is in at most a hundred groups.");
        }
        return all;
    }

    private static ApiException wrong(String member, String code, String message) {
        return ApiException.invalid("organization_memberships" + member, code, message);
    }

    /** Reads at once what {@link #conflict} will ask for. */
    public void prefetch(Call call, List<Checked> all) {
        call.prefetch(
                Organization.TYPE,
                all.stream()
                        .filter(one -> one.externalId == null)
                        .map(one -> one.draft.organizationId())
                        .toList());
        call.prefetchBy(
                Organization.TYPE,
                "external_id",
                all.stream().map(one -> one.externalId).filter(Objects::nonNull).toList());
        call.prefetch(
                Membership.TYPE,
                all.stream()
                        .map(one -> one.draft.id())
                        .filter(id -> !id.isEmpty())
                        .toList());
    }

    /** What stands against memberships of a new user: an organization or a role that is not there, an id that is. */
    public Optional<Problem> conflict(Call call, List<Checked> all) {
        Set<String> organizations = new HashSet<>();
        for (Checked one : all) {
            Optional<Organization> organization = one.organization(call);
            if (organization.isEmpty()) {
                return Optional.of(new Problem(
                        "organization_memberships.organization_id",
                        "organization_not_found",
                        "There is no such organization. Its row comes before those of its members."));
            }
            if (!organizations.add(organization.get().id())) {
                return Optional.of(new Problem(
                        "organization_memberships",
                        "organization_membership_already_exists",
                        "An organization is there twice."));
            }
            Optional<Problem> role = unknownRole(call, organization.get(), one);
            if (role.isPresent()) {
                return role;
            }
            Optional<Problem> group = unknownGroup(call, organization.get(), one);
            if (group.isPresent()) {
                return group;
            }
            String id = one.draft.id();
            if (!id.isEmpty()
                    && (call.find(Membership.TYPE, id).isPresent() || call.rehearsed(Membership.TYPE, "id", id))) {
                return Optional.of(new Problem(
                        "organization_memberships.id", "id_already_used", "This id belongs to another membership."));
            }
        }
        return Optional.empty();
    }

    private static Optional<Problem> unknownGroup(Call call, Organization organization, Checked one) {
        boolean known = one.groupIds.stream()
                .allMatch(id -> call.find(Group.TYPE, id)
                        .filter(group -> group.organizationId().equals(organization.id()))
                        .isPresent());
        return known
                ? Optional.empty()
                : Optional.of(new Problem(
                        "organization_memberships.group_ids",
                        "group_not_found",
                        "The organization has no such group. Its row comes before those of its members."));
    }

    private Optional<Problem> unknownRole(Call call, Organization organization, Checked one) {
        try {
            joining.chosen(call, organization.id(), null, one.roleSlugs);
            return Optional.empty();
        } catch (ApiException e) {
            return Optional.of(new Problem("organization_memberships.role_slugs", e.code(), e.text()));
        }
    }

    /** The organizations of memberships without a {@link #conflict}. */
    public List<String> organizations(Call call, List<Checked> all) {
        return all.stream()
                .flatMap(one -> one.organization(call).stream())
                .map(Organization::id)
                .toList();
    }

    /** Makes memberships of a user who was made with their organizations. Each emits its event. */
    public void create(Call call, List<Checked> all, User user) {
        for (Checked one : all) {
            // held, so that it cannot vanish under the membership
            Organization organization = call.need(
                    Organization.TYPE, one.organization(call).orElseThrow().id());
            join(call, one, joining.create(call, draft(call, one, user, organization)));
        }
    }

    private void join(Call call, Checked one, Membership membership) {
        one.groupIds.forEach(id -> groups.add(call, call.need(Group.TYPE, id), membership.id()));
    }

    private Membership draft(Call call, Checked one, User user, Organization organization) {
        String id = one.draft.id().isEmpty() ? call.newId(Membership.TYPE) : one.draft.id();
        return one.draft.of(
                id, user.id(), organization.id(), joining.chosen(call, organization.id(), null, one.roleSlugs));
    }

    /**
     * Gives a user, held by the caller, the memberships of the row; others stay. One that becomes inactive ends the
     * sessions in it.
     *
     * @throws ApiException if an organization is not there, or a membership has another id
     */
    public void update(Call call, List<Checked> all, User user) {
        List<Checked> missing = new ArrayList<>();
        for (Checked one : all) {
            Optional<Membership> known =
                    one.organization(call).flatMap(organization -> Membership.find(call, user.id(), organization.id()));
            if (known.isEmpty()) {
                missing.add(one);
            } else if (!one.draft.id().isEmpty()
                    && !one.draft.id().equals(known.get().id())) {
                throw wrong(".id", "id_differs", "The user's membership in this organization has another id.");
            } else {
                List<String> roles = one.roleSlugs == null
                        ? known.get().roles()
                        : joining.chosen(call, known.get().organizationId(), null, one.roleSlugs);
                unknownGroup(call, call.get(Organization.TYPE, known.get().organizationId()), one)
                        .ifPresent(problem -> {
                            throw ApiException.invalid(List.of(problem));
                        });
                operations.become(call, known.get(), one.draft.status(), roles);
                join(call, one, known.get());
            }
        }
        conflict(call, missing).ifPresent(problem -> {
            throw ApiException.invalid(List.of(problem));
        });
        for (Checked one : missing) {
            Organization organization = call.need(
                    Organization.TYPE, one.organization(call).orElseThrow().id());
            join(call, one, joining.join(call, draft(call, one, user, organization)));
        }
    }

    /** Reads at once the memberships of many users, so that {@link #ofUser} reads nothing. */
    public void prefetchOf(Call call, List<String> userIds) {
        call.prefetchAll(Membership.TYPE, "user_id", userIds, Membership::userId);
        List<String> ids = userIds.stream()
                .flatMap(id -> call.all(Membership.TYPE, "user_id", id).stream())
                .map(Membership::id)
                .toList();
        call.prefetchAll(GroupMember.TYPE, "membership_id", ids, GroupMember::membershipId);
    }

    /** Memberships of a user in any state, oldest first. */
    public List<PortableMembership> ofUser(Call call, String userId) {
        return call.all(Membership.TYPE, "user_id", userId).stream()
                .map(m -> PortableMembership.of(m, GroupMember.groupsOf(call, m.id())))
                .toList();
    }
}
