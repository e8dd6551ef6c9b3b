package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.organizations.GroupMember;
import dev.gatehouse.organizations.Membership;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Who may do what (contract/behaviour/07 §7.7): roles add up, of the member and of the groups it is in, on the resource and
 * on all that it lies in; nothing denies. What is read does not grow with the number of resources, members or roles.
 */
final class Checks {
    private Checks() {}

    /**
     * Whether a member may do this to a resource of its organization.
     *
     * @throws ApiException 404 if there is no such permission
     */
    static boolean may(Call call, Membership membership, String permission, Resource resource) {
        Permission wanted = permission(call, permission);
        return membership.status().equals("active")
                && applies(call, wanted, resource)
                && allowed(call, membership, permission, ids(resource.chain(call)));
    }

    private static Permission permission(Call call, String slug) {
        return call.findBy(Permission.TYPE, "slug", slug)
                .orElseThrow(() -> ApiException.notFound(Permission.TYPE.title(), slug));
    }

    /** Whether this can be done to the resource, or to what may lie in it. */
    private static boolean applies(Call call, Permission permission, Resource resource) {
        return ResourceType.covers(call, resource.resourceTypeSlug(), permission.resourceTypeSlug());
    }

    private static boolean allowed(Call call, Membership membership, String permission, Collection<String> places) {
        return granted(call, membership, places)
                .anyMatch(a -> permissionsOf(call, a).contains(permission));
    }

    /** What a member has on any of these, by itself and by groups. */
    static Stream<Assignment> granted(Call call, Membership membership, Collection<String> places) {
        return Stream.concat(
                Grants.ofMembership(call, membership.id(), places).stream(),
                Grants.ofGroups(call, GroupMember.groupsOf(call, membership.id()), places).stream());
    }

    private static List<String> permissionsOf(Call call, Assignment assignment) {
        return RoleCatalog.find(call, assignment.organizationId(), assignment.roleSlug())
                .map(Role::permissions)
                .orElse(List.of());
    }

    private static List<String> ids(List<Resource> resources) {
        return resources.stream().map(Resource::id).toList();
    }

    /** Everything that a member may do to a resource, or to what may lie in it. */
    static List<Permission> permissions(Call call, Membership membership, Resource resource) {
        if (!membership.status().equals("active")) {
            return List.of();
        }
        Set<String> slugs = new TreeSet<>();
        granted(call, membership, ids(resource.chain(call))).forEach(a -> slugs.addAll(permissionsOf(call, a)));
        return slugs.stream()
                .flatMap(slug -> call.findBy(Permission.TYPE, "slug", slug).stream())
                .filter(permission -> applies(call, permission, resource))
                .toList();
    }

    /** What lies in the parent itself, and a member may do this to. */
    static List<Resource> children(
            Call call, Membership membership, String permission, Resource parent, Call.Window window) {
        Permission wanted = permission(call, permission);
        Set<String> types = ResourceType.withAncestors(call, wanted.resourceTypeSlug());
        if (!membership.status().equals("active")) {
            return List.of();
        }
        if (allowed(call, membership, permission, ids(parent.chain(call)))) {
            return call.page(
                    Resource.TYPE,
                    Map.of("parent_resource_id", List.of(parent.id()), "resource_type_slug", types),
                    null,
                    window);
        }
        List<String> subjects = new ArrayList<>(GroupMember.groupsOf(call, membership.id()));
        Set<String> ids = new HashSet<>();
        under(call, Assignment.DIRECT, List.of(membership.id()), parent, permission, ids);
        under(call, Assignment.GROUP, subjects, parent, permission, ids);
        call.prefetch(Resource.TYPE, ids);
        List<Resource> all = ids.stream()
                .flatMap(id -> call.find(Resource.TYPE, id).stream())
                .filter(resource -> types.contains(resource.resourceTypeSlug()))
                .toList();
        return window.of(all);
    }

    private static void under(
            Call call,
            EntityType<Assignment> type,
            List<String> subjects,
            Resource parent,
            String permission,
            Set<String> ids) {
        for (String subject : subjects) {
            call.each(type, "under", Assignment.place(subject, parent.id()), a -> {
                if (permissionsOf(call, a).contains(permission)) {
                    ids.add(a.resourceId());
                }
            });
        }
    }

    /**
     * Active members who may do this to a resource.
     *
     * @param inherited also by what they have on what it lies in
     */
    static List<Membership> members(
            Call call, Resource resource, String permission, boolean inherited, Call.Window window) {
        Permission wanted = permission(call, permission);
        Set<String> roles = RoleCatalog.allowing(call, resource.organizationId(), permission);
        if (roles.isEmpty() || !applies(call, wanted, resource)) {
            return List.of();
        }
        List<Resource> places = inherited ? resource.chain(call) : List.of(resource);
        Map<String, Membership> found = new LinkedHashMap<>();
        for (Resource place : places) {
            if (place.isOrganization()) {
                List<String> keys = roles.stream()
                        .map(slug -> place.organizationId() + " " + slug)
                        .toList();
                call.page(Membership.TYPE, Map.of("role", keys, "statuses", List.of("active")), null, window)
                        .forEach(m -> found.put(m.id(), m));
            } else {
                Set<String> ids = new LinkedHashSet<>();
                with(call, Assignment.DIRECT, place, roles, ids);
                add(call, ids, found);
            }
            Set<String> groups = new LinkedHashSet<>();
            with(call, Assignment.GROUP, place, roles, groups);
            groups.forEach(group -> active(call, group, window).forEach(m -> found.put(m.id(), m)));
        }
        return window.of(
                found.values().stream().filter(m -> m.status().equals("active")).toList());
    }

    /** Active members of a group in the window. */
    private static List<Membership> active(Call call, String group, Call.Window window) {
        List<Membership> all = new ArrayList<>();
        Call.Window rest = window;
        List<Membership> page;
        do {
            page = GroupMember.membersOf(call, group, rest);
            page.stream().filter(m -> m.status().equals("active")).forEach(all::add);
            String last = page.isEmpty() ? null : page.get(page.size() - 1).id();
            rest = window.descending()
                    ? new Call.Window(window.after(), last, true, window.limit())
                    : new Call.Window(last, window.before(), false, window.limit());
        } while (page.size() == window.limit() && all.size() < window.limit());
        return all;
    }

    private static void add(Call call, Set<String> ids, Map<String, Membership> found) {
        call.prefetch(Membership.TYPE, ids);
        ids.forEach(id -> call.find(Membership.TYPE, id).ifPresent(m -> found.put(id, m)));
    }

    private static void with(
            Call call, EntityType<Assignment> type, Resource place, Set<String> roles, Set<String> subjects) {
        call.each(type, "resource_id", place.id(), a -> {
            if (roles.contains(a.roleSlug())) {
                subjects.add(a.subjectId());
            }
        });
    }
}
