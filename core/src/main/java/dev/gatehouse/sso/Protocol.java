package dev.gatehouse.sso;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a sign-in leaves for a provider. */
interface Protocol {
    /**
     * What is asked of a provider.
     *
     * @param loginHint whom to ask for; null if that is open
     * @param again whether the person must be asked anew
     * @param scopes further ones; empty for the connection's
     * @param parameters further ones of the provider's own
     */
    record Ask(@Nullable String loginHint, boolean again, List<String> scopes, Map<String, String> parameters) {}

    /**
     * Where the browser goes, and what the answer is checked with.
     *
     * @param form that the browser sends there; null to go there by a redirect
     * @param message identifier of the request, or the nonce
     * @param verifier PKCE verifier; null where there is none
     * @param again whether the answer must be of a fresh authentication
     */
    record Leaving(
            String location,
            @Nullable Map<String, String> form,
            String message,
            @Nullable String verifier,
            boolean again) {}

    /**
     * Makes the request.
     *
     * @param token that comes back ({@code state}, {@code RelayState})
     *
     * @throws Refusal if the provider cannot be asked
     */
    Leaving leave(Connection connection, String token, Ask ask);

    /** A step of a sign-in. */
    record Check(int number, String title) {}

    /** What a sign-in passes, in order. */
    List<Check> checks();

    /**
     * Where a browser goes to sign out at the provider, too; empty if the provider has no such address.
     *
     * @throws Refusal if the provider cannot be asked
     */
    default Optional<String> signedOutAt(Connection connection, Profile profile) {
        return Optional.empty();
    }
}
