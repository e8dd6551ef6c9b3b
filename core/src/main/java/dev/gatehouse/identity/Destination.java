package dev.gatehouse.identity;

import org.jspecify.annotations.Nullable;

/**
 * Where a sign-in leads.
 *
 * @param clientId client that the session is for
 * @param organizationId organization asked for; null for none in particular
 * @param invitationToken token of an invitation that is accepted at its end; null for none
 */
public record Destination(
        String clientId,
        @Nullable String organizationId,
        @Nullable String invitationToken) {}
