package dev.gatehouse.identity;

import java.util.List;

/**
 * Tokens that an OAuth provider gave for somebody who signed in through it, told to the application once, with the session.
 *
 * @param provider as the contract spells it ({@code GoogleOAuth})
 * @param refreshToken empty if it gave none
 * @param expiresAt epoch seconds of the access token's end; 0 if unknown
 */
public record OauthTokens(
        String provider, String refreshToken, String accessToken, long expiresAt, List<String> scopes) {
    public OauthTokens {
        scopes = List.copyOf(scopes);
    }

    /** Without the tokens. */
    @Override
    public String toString() {
        return "OauthTokens[" + provider + "]";
    }
}
