package dev.gatehouse.identity;

import org.jspecify.annotations.Nullable;

/**
 * What an application asked of a sign-in (RFC 6749 §4.1.1), after its client and redirect URI were checked.
 *
 * @param clientId who asks
 * @param redirectUri where the answer goes
 * @param state echoed as it came; null if none
 * @param codeChallenge S256 challenge (RFC 7636); null if none
 * @param organizationId organization to sign in to; null for any
 * @param invitationToken token of an invitation to accept; null for none
 */
public record Authorization(
        String clientId,
        String redirectUri,
        @Nullable String state,
        @Nullable String codeChallenge,
        @Nullable String organizationId,
        @Nullable String invitationToken) {}
