package dev.gatehouse.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How somebody proved who he is; what a session, a code and a half sign-in remember of it.
 *
 * @param method the credential that was proved first
 * @param secondFactor whether another one was proved too
 * @param impersonator who acts as the user; null for the user
 * @param notAfter end of what comes of it; null for what the settings say
 * @param profileId what an identity provider said of the person; null where none was asked
 */
record Proof(
        Sessions.Method method,
        boolean secondFactor,
        @Nullable Impersonator impersonator,
        @Nullable Instant notAfter,
        @Nullable String profileId) {
    /** A first credential alone. */
    static Proof of(Sessions.Method method) {
        return new Proof(method, false, null, null, null);
    }

    /** What a session was begun with. An operator's hour does not begin again with another session. */
    static Proof of(Session session) {
        Impersonator by = session.impersonator();
        return new Proof(
                Sessions.Method.of(session),
                session.secondFactor(),
                by,
                by == null ? null : session.expiresAt(),
                session.profileId());
    }

    Proof withSecondFactor() {
        return new Proof(method, true, impersonator, notAfter, profileId);
    }
}
