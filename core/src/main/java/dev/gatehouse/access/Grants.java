package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Signals;
import dev.gatehouse.identity.Affiliations;
import dev.gatehouse.identity.Lookups;
import dev.gatehouse.organizations.Group;
import dev.gatehouse.organizations.GroupMember;
import dev.gatehouse.organizations.Membership;
import dev.gatehouse.organizations.Organization;
import dev.gatehouse.organizations.RoleBook;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who has which role where. The roles of a membership on its organization are kept in the membership, too, so that a token
 * needs no more than that.
 */
public final class Grants implements RoleBook {
    private final String usual;
    private final boolean several;
    private final KeyCache keys;

    public Grants(Config config, Clock clock, Signals signals) {
        keys = new KeyCache(clock, config.get(Setting.REVOCATION_BOUND), new Lookups(signals, "api_key"));
        usual = config.get(Setting.DEFAULT_ROLE);
        several = config.get(Setting.MULTIPLE_ROLES);
    }

    /** The default role's slug. */
    String usual() {
        return usual;
    }

    /** Keys of customers that were seen a moment ago. */
    KeyCache keys() {
        return keys;
    }

    /** Whether a membership may have several roles. */
    public boolean several() {
        return several;
    }

    @Override
    public List<String> chosen(Call call, String organizationId, @Nullable String slug, @Nullable List<String> slugs) {
        if (slug != null && slugs != null) {
            throw ApiException.invalid(
                    "role_slugs", "role_slug_and_role_slugs", "Give role_slug or role_slugs, not both.");
        }
        Collection<String> wanted = slugs != null ? new LinkedHashSet<>(slugs) : List.of(slug == null ? usual : slug);
        if (wanted.isEmpty()) {
            throw ApiException.invalid("role_slugs", "role_slugs_required", "A membership has at least one role.");
        }
        if (wanted.size() > 1 && !several) {
            throw ApiException.of(422, "multiple_roles_not_enabled", "A membership has exactly one role.");
        }
        return wanted.stream()
                .map(one -> onOrganization(call, organizationId, one))
                .sorted(Role.ORDER)
                .map(Role::slug)
                .toList();
    }

    private static Role onOrganization(Call call, String organizationId, String slug) {
        Role role = RoleCatalog.find(call, organizationId, slug)
                .orElseThrow(() -> ApiException.of(422, "invalid_role", "There is no role '" + slug + "'."));
        if (!role.resourceTypeSlug().equals(ResourceType.ORGANIZATION)) {
            throw ApiException.of(
                    422,
                    "sub_resource_scoped_role_not_allowed",
                    "The role '" + slug + "' is granted on a '" + role.resourceTypeSlug()
                            + "', not on an organization.");
        }
        return role;
    }

    @Override
    public Affiliations.Standing standing(Call call, Membership membership) {
        Set<String> slugs = new LinkedHashSet<>(membership.roles());
        List<String> groups = GroupMember.groupsOf(call, membership.id());
        ofGroups(call, groups, List.of(Resource.ofOrganization(membership.organizationId())))
                .forEach(assignment -> slugs.add(assignment.roleSlug()));
        List<Role> roles = sorted(call, membership.organizationId(), slugs);
        Set<String> permissions = new TreeSet<>();
        roles.forEach(role -> permissions.addAll(role.permissions()));
        return new Affiliations.Standing(roles.stream().map(Role::slug).toList(), List.copyOf(permissions));
    }

    private static List<Role> sorted(Call call, String organizationId, Collection<String> slugs) {
        return slugs.stream()
                .flatMap(slug -> RoleCatalog.find(call, organizationId, slug).stream())
                .sorted(Role.ORDER)
                .toList();
    }

    /** What groups have on any of these resources. */
    static List<Assignment> ofGroups(Call call, List<String> groups, Collection<String> resources) {
        return groups.isEmpty() ? List.of() : at(call, Assignment.GROUP, groups, resources);
    }

    /** What a membership itself has on any of these resources. */
    static List<Assignment> ofMembership(Call call, String membershipId, Collection<String> resources) {
        return at(call, Assignment.DIRECT, List.of(membershipId), resources);
    }

    private static List<Assignment> at(
            Call call, EntityType<Assignment> type, List<String> subjects, Collection<String> resources) {
        List<String> places = new ArrayList<>();
        subjects.forEach(subject -> resources.forEach(resource -> places.add(Assignment.place(subject, resource))));
        return call.all(type, Map.of("place", places));
    }

    @Override
    public Membership assign(Call call, Membership membership, List<String> roles) {
        return set(call, membership, RoleSource.MANUAL, roles);
    }

    /**
     * Makes these the roles on the organization that one source grants; what others grant stays.
     *
     * @param membership held by the caller
     * @return the membership with the roles that it has then
     */
    public Membership set(Call call, Membership membership, RoleSource source, List<String> roles) {
        setOf(call, membership, source, roles);
        return kept(call, membership);
    }

    private void setOf(Call call, Membership membership, RoleSource source, List<String> roles) {
        Set<String> missing = new LinkedHashSet<>(roles);
        for (Assignment assignment : onOrganization(call, membership)) {
            if (!roles.contains(assignment.roleSlug())) {
                withdraw(call, assignment, source);
            } else if (assignment.sources().contains(source.text())) {
                missing.remove(assignment.roleSlug());
            }
        }
        Resource organization = call.get(Resource.TYPE, Resource.ofOrganization(membership.organizationId()));
        missing.forEach(slug -> grant(call, membership, organization, slug, source));
    }

    static List<Assignment> onOrganization(Call call, Membership membership) {
        return ofMembership(call, membership.id(), List.of(Resource.ofOrganization(membership.organizationId())));
    }

    /** Grants a role on a resource; harmless if this source did. The membership is held by the caller. */
    Assignment grant(Call call, Membership membership, Resource resource, String slug, RoleSource source) {
        Assignment known = call.findBy(
                        Assignment.DIRECT, "grant", Assignment.place(membership.id(), resource.id()) + " " + slug)
                .orElse(null);
        if (known != null) {
            Set<String> sources = new LinkedHashSet<>(known.sources());
            sources.add(source.text());
            return call.update(Assignment.DIRECT, known.id(), a -> a.with(List.copyOf(sources)));
        }
        return create(call, membership, resource.id(), resource.parentId(), slug, source);
    }

    private static Assignment create(
            Call call,
            Membership membership,
            String resourceId,
            @Nullable String parentId,
            String slug,
            RoleSource source) {
        return call.create(
                Assignment.DIRECT,
                new Assignment(
                        call.newId(Assignment.DIRECT),
                        membership.id(),
                        membership.organizationId(),
                        slug,
                        resourceId,
                        parentId,
                        List.of(source.text()),
                        call.now(),
                        call.now()));
    }

    /** Takes away what one source granted. */
    void withdraw(Call call, Assignment assignment, RoleSource source) {
        List<String> left = assignment.sources().stream()
                .filter(text -> !text.equals(source.text()))
                .toList();
        if (left.isEmpty()) {
            call.delete(Assignment.DIRECT, assignment);
        } else {
            call.update(Assignment.DIRECT, assignment.id(), a -> a.with(left));
        }
    }

    /** Brings the roles in a membership in step with what was granted; who has none gets the default. */
    Membership kept(Call call, Membership membership) {
        Map<String, Assignment> granted = new LinkedHashMap<>();
        Map<String, Assignment> stopgap = new LinkedHashMap<>();
        onOrganization(call, membership)
                .forEach(a -> (a.sources().equals(List.of(RoleSource.DEFAULT.text())) ? stopgap : granted)
                        .put(a.roleSlug(), a));
        List<Role> roles = sorted(call, membership.organizationId(), granted.keySet());
        if (roles.isEmpty() && stopgap.isEmpty()) {
            return set(call, membership, RoleSource.DEFAULT, List.of(usual));
        }
        if (roles.isEmpty()) {
            granted.putAll(stopgap);
            roles = sorted(call, membership.organizationId(), granted.keySet());
        } else {
            stopgap.values().forEach(assignment -> withdraw(call, assignment, RoleSource.DEFAULT));
        }
        List<String> slugs = several
                ? roles.stream().map(Role::slug).toList()
                : List.of(roles.stream()
                        .min(Comparator.comparingInt(role -> rank(granted, role)))
                        .orElseThrow()
                        .slug());
        return slugs.equals(membership.roles())
                ? membership
                : call.update(Membership.TYPE, membership.id(), m -> m.with(m.status(), slugs));
    }

    private static int rank(Map<String, Assignment> granted, Role role) {
        Assignment assignment = granted.get(role.slug());
        return assignment == null
                ? Integer.MAX_VALUE
                : assignment.sources().stream()
                        .mapToInt(text -> RoleSource.of(text).rank())
                        .min()
                        .orElse(Integer.MAX_VALUE);
    }

    @Override
    public void membershipCame(Call call, Membership membership) {
        String resource = Resource.ofOrganization(membership.organizationId());
        membership.roles().forEach(slug -> create(call, membership, resource, null, slug, RoleSource.MANUAL));
    }

    @Override
    public void membershipGoes(Call call, Membership membership) {
        forget(call, Assignment.DIRECT, membership.id());
        CustomerKeyOperations.membershipGoes(call, keys, membership);
    }

    @Override
    public void groupGoes(Call call, Group group) {
        forget(call, Assignment.GROUP, group.id());
    }

    private static void forget(Call call, EntityType<Assignment> type, String subjectId) {
        call.all(type, "subject_id", subjectId).forEach(assignment -> call.delete(type, assignment));
    }

    @Override
    public void organizationCame(Call call, Organization organization) {
        call.create(
                Resource.TYPE,
                new Resource(
                        Resource.ofOrganization(organization.id()),
                        organization.id(),
                        organization.name(),
                        null,
                        ResourceType.ORGANIZATION,
                        organization.id(),
                        null,
                        call.now(),
                        call.now()));
    }

    @Override
    public void organizationChanged(Call call, Organization organization) {
        call.update(
                Resource.TYPE,
                Resource.ofOrganization(organization.id()),
                r -> r.named(organization.name(), null, null));
    }

    @Override
    public void organizationGoes(Call call, Organization organization) {
        CustomerKeyOperations.organizationGoes(call, keys, organization);
        call.all(Resource.TYPE, "organization_id", organization.id())
                .forEach(resource -> call.delete(Resource.TYPE, resource));
        RoleCatalog.own(call, organization.id()).forEach(role -> call.delete(Role.ORGANIZATION, role));
    }
}
