package dev.gatehouse.organizations;

import org.jspecify.annotations.Nullable;

/**
 * An invitation to be sent.
 *
 * @param email whom to
 * @param organizationId organization to join; null for an account alone
 * @param role slug of the role in the organization; null for the default
 * @param inviterUserId user who invites, named in the mail; null for nobody
 * @param days how long it can be accepted, 1 to 30
 * @param locale BCP 47 tag for the mail; null for English
 */
public record NewInvitation(
        String email,
        @Nullable String organizationId,
        @Nullable String role,
        @Nullable String inviterUserId,
        int days,
        @Nullable String locale) {

    /** To make an account, within a week. */
    public static NewInvitation of(String email) {
        return new NewInvitation(email, null, null, null, 7, null);
    }

    /** To join an organization in a role; null for the default. */
    public NewInvitation to(String organization, @Nullable String slug) {
        return new NewInvitation(email, organization, slug, inviterUserId, days, locale);
    }

    /** From this user. */
    public NewInvitation from(String userId) {
        return new NewInvitation(email, organizationId, role, userId, days, locale);
    }

    /** That can be accepted for so many days. */
    public NewInvitation within(int number) {
        return new NewInvitation(email, organizationId, role, inviterUserId, number, locale);
    }

    /** In this language. */
    public NewInvitation in(String tag) {
        return new NewInvitation(email, organizationId, role, inviterUserId, days, tag);
    }
}
