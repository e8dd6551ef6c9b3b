package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The roles that every environment begins with; roles of an application's own come with the access area. */
final class Roles {
    static final String DEFAULT = "member";
    private static final List<String> KNOWN = List.of("admin", DEFAULT);

    private Roles() {}

    /**
     * The roles that an input asks for, highest priority first; the default if it asks for none.
     *
     * @throws ApiException 422 {@code invalid_role}, {@code multiple_roles_not_enabled}, or if both spellings are given
     */
    static List<String> chosen(@Nullable String slug, @Nullable List<String> slugs) {
        if (slug != null && slugs != null) {
            throw ApiException.invalid(
                    "role_slugs", "role_slug_and_role_slugs", "Give role_slug or role_slugs, not both.");
        }
        List<String> roles = slugs != null ? slugs : slug != null ? List.of(slug) : List.of(DEFAULT);
        if (roles.size() != 1) {
            throw ApiException.of(422, "multiple_roles_not_enabled", "A membership has exactly one role.");
        }
        if (!KNOWN.contains(roles.get(0))) {
            throw ApiException.of(422, "invalid_role", "There is no role '" + roles.get(0) + "'.");
        }
        return roles;
    }

    /** Permissions of roles: none yet. */
    static List<String> permissions(List<String> roles) {
        return List.of();
    }
}
