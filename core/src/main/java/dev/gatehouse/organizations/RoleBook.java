package dev.gatehouse.organizations;

import dev.gatehouse.engine.Call;
import dev.gatehouse.identity.Affiliations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What organizations must know of roles, which build upon them. */
public interface RoleBook {
    /**
     * The roles that an input asks for, highest priority first; the default if it asks for none.
     *
     * @throws dev.gatehouse.api.ApiException 422 {@code invalid_role}, {@code sub_resource_scoped_role_not_allowed}, {@code
     *     multiple_roles_not_enabled}, or if both spellings are given
     */
    List<String> chosen(Call call, String organizationId, @Nullable String slug, @Nullable List<String> slugs);

    /** What a member is in the organization, by own roles and those of groups. */
    Affiliations.Standing standing(Call call, Membership membership);

    /**
     * Gives a membership these roles by hand, besides what other sources gave it; it may be one that was made just now.
     *
     * @return the membership with the roles that it has then
     */
    Membership assign(Call call, Membership membership, List<String> roles);

    /** A membership was made just now with its roles, which nothing else granted. */
    void membershipCame(Call call, Membership membership);

    /** A membership goes, with what was granted to it. */
    void membershipGoes(Call call, Membership membership);

    /** A group goes, with what was granted to it. */
    void groupGoes(Call call, Group group);

    /** An organization was made. */
    void organizationCame(Call call, Organization organization);

    /** An organization has another name. */
    void organizationChanged(Call call, Organization organization);

    /** An organization goes, after its memberships and groups. */
    void organizationGoes(Call call, Organization organization);
}
