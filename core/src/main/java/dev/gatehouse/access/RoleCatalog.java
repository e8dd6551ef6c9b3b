package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.EntityType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which roles there are. */
final class RoleCatalog {
    private static final int MOST = 500;

    private RoleCatalog() {}

    /** The role that an organization knows by this slug: its own, or the environment's. */
    static Optional<Role> find(Call call, @Nullable String organizationId, String slug) {
        return organizationId != null && slug.startsWith(Slugs.OF_ORGANIZATION)
                ? call.findBy(Role.ORGANIZATION, "pair", organizationId + " " + slug)
                : call.findBy(Role.ENVIRONMENT, "slug", slug);
    }

    /** @throws ApiException 404 */
    static Role get(Call call, @Nullable String organizationId, String slug) {
        return find(call, organizationId, slug)
                .orElseThrow(() -> ApiException.notFound(Role.ENVIRONMENT.title(), slug));
    }

    /** Roles of the environment, highest priority first. */
    static List<Role> environment(Call call) {
        return read(call, Role.ENVIRONMENT, Map.of());
    }

    /** Roles that an organization can grant, highest priority first. */
    static List<Role> organization(Call call, String organizationId) {
        List<Role> all = new ArrayList<>(environment(call));
        all.addAll(own(call, organizationId));
        return all;
    }

    /** Roles that only this organization has. */
    static List<Role> own(Call call, String organizationId) {
        return read(call, Role.ORGANIZATION, Map.of("organization_id", Set.of(organizationId)));
    }

    /** Slugs of the roles of an organization that allow something. */
    static Set<String> allowing(Call call, String organizationId, String permission) {
        Set<String> slugs = new LinkedHashSet<>();
        Set<String> one = Set.of(permission);
        read(call, Role.ENVIRONMENT, Map.of("permissions", one)).forEach(role -> slugs.add(role.slug()));
        read(call, Role.ORGANIZATION, Map.of("permissions", one, "organization_id", Set.of(organizationId)))
                .forEach(role -> slugs.add(role.slug()));
        return slugs;
    }

    private static List<Role> read(Call call, EntityType<Role> type, Map<String, Set<String>> where) {
        List<Role> all = call.all(type, where);
        all.sort(Role.ORDER);
        return all;
    }

    /** The priority of one more role, below all others of the environment or organization. */
    static int last(List<Role> others) {
        if (others.size() >= MOST) {
            throw ApiException.of(400, "bad_request", "There are " + MOST + " roles already.");
        }
        return others.isEmpty() ? 0 : others.get(others.size() - 1).priority() + 1;
    }

    /** The roles that every environment begins with: slugs and names, highest priority first. */
    private static final List<Map.Entry<String, String>> FIRST =
            List.of(Map.entry("admin", "Admin"), Map.entry("member", "Member"));

    static void begin(Call call) {
        for (int i = 0; i < FIRST.size(); i++) {
            Map.Entry<String, String> role = FIRST.get(i);
            call.create(
                    Role.ENVIRONMENT,
                    new Role(
                            call.newId(Role.ENVIRONMENT),
                            null,
                            role.getKey(),
                            role.getValue(),
                            null,
                            ResourceType.ORGANIZATION,
                            List.of(),
                            i,
                            call.now(),
                            call.now()));
        }
    }

    /** Whether it is a role that every environment begins with, and has not changed. */
    static boolean asItBegan(Role role) {
        int place = FIRST.indexOf(Map.entry(role.slug(), role.name()));
        return place >= 0
                && role.priority() == place
                && role.description() == null
                && role.permissions().isEmpty();
    }
}
