package dev.gatehouse.identity;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is signed in on a request, as of at most {@code revocation-bound} ago.
 *
 * @param environmentId environment that the session belongs to
 * @param user the user
 * @param sessionId {@code session_…}
 * @param organizationId selected organization; null for none
 * @param roles slugs in that organization, highest first; empty without one
 * @param permissions slugs in that organization
 * @param expiresAt end of the session
 * @param impersonator who acts as the user: say so on every page, and let nothing be done that only the user may; null
 *     for the user
 */
public record SignedIn(
        String environmentId,
        User user,
        String sessionId,
        @Nullable String organizationId,
        List<String> roles,
        List<String> permissions,
        Instant expiresAt,
        @Nullable Impersonator impersonator)
        implements Authenticated {

    public SignedIn {
        roles = List.copyOf(roles);
        permissions = List.copyOf(permissions);
    }

    /** The user's id: stable, unlike name and address. */
    @Override
    public String getName() {
        return user.id();
    }

    @Override
    public String toString() {
        return user.id();
    }
}
