package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/** How roles, permissions and resource types are named in code. */
final class Slugs {
    private static final int LONGEST = 48;
    private static final Pattern ROLE = Pattern.compile("[a-z0-9][a-z0-9_-]{0,47}");
    private static final Pattern PERMISSION = Pattern.compile("[a-z0-9._:*-]{1,48}");
    /** What slugs of an organization's own roles begin with. */
    static final String OF_ORGANIZATION = "org-";

    private Slugs() {}

    /** @throws ApiException 422 */
    static String permission(String slug) {
        if (!PERMISSION.matcher(slug).matches()) {
            throw ApiException.invalid(
                    "slug", "invalid_slug", "A slug has lower-case letters, digits and -._:* only, at most 48.");
        }
        return slug;
    }

    /** @throws ApiException 422, also for what only an organization's role may be called */
    static String role(String slug) {
        if (slug.startsWith(OF_ORGANIZATION)) {
            throw ApiException.invalid(
                    "slug", "invalid_slug", "Only roles of an organization have slugs that begin with org-.");
        }
        return word(slug);
    }

    /** @throws ApiException 422 */
    static String word(String slug) {
        if (!ROLE.matcher(slug).matches()) {
            throw ApiException.invalid(
                    "slug",
                    "invalid_slug",
                    "A slug has lower-case letters, digits, - and _ only, at most 48, and begins with a letter or digit.");
        }
        return slug;
    }

    /** With the prefix of an organization's roles, if it lacks that. */
    static String ofOrganization(String slug) {
        return word(slug.startsWith(OF_ORGANIZATION) ? slug : OF_ORGANIZATION + slug);
    }

    /** A slug made of a name for people. */
    static String ofName(String name) {
        String ascii = Normalizer.normalize(name, Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        if (ascii.isEmpty()) {
            throw ApiException.invalid("slug", "slug_string_required", "No slug can be made of this name: give one.");
        }
        String slug = OF_ORGANIZATION + ascii;
        return slug.length() > LONGEST ? slug.substring(0, LONGEST).replaceAll("-$", "") : slug;
    }
}
