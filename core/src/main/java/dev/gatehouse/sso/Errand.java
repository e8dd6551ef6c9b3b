package dev.gatehouse.sso;

import dev.gatehouse.identity.Authorization;
import dev.gatehouse.identity.Destination;
import org.jspecify.annotations.Nullable;

/**
 * What a sign-in is for: a session, or a profile for an application that keeps its users itself.
 *
 * @param to where the session leads; null for a profile
 * @param continuation sealed state of the pages; null for a profile, and if the provider began
 * @param alone what the application asked for that wants a profile; null for a session
 */
record Errand(
        @Nullable Destination to,
        @Nullable String continuation,
        @Nullable Authorization alone) {
    static Errand session(Destination to, @Nullable String continuation) {
        return new Errand(to, continuation, null);
    }

    static Errand profile(Authorization asked) {
        return new Errand(null, null, asked);
    }
}
