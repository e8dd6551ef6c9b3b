package dev.gatehouse.sso;

import dev.gatehouse.identity.Authorization;
import dev.gatehouse.identity.Destination;
import org.jspecify.annotations.Nullable;

/**
 * What a sign-in is for.
 *
 * @param to where the session leads; null without one
 * @param continuation sealed state of the pages; null without a session, and if the provider began
 * @param asked what the application asked for that gets the answer: one that wants a profile, or one that a provider's own
 *     sign-in is for; null where the pages know it
 */
record Errand(
        Kind kind,
        @Nullable Destination to,
        @Nullable String continuation,
        @Nullable Authorization asked) {
    /** What comes of it. */
    enum Kind {
        /** A session of ours. */
        SESSION,
        /** A profile, for an application that keeps its users itself. */
        PROFILE,
        /** A report, for who sets the connection up. */
        TEST
    }

    static Errand session(Destination to, @Nullable String continuation) {
        return new Errand(Kind.SESSION, to, continuation, null);
    }

    /** A session that a provider began. */
    static Errand unsolicited(Destination to, @Nullable Authorization asked) {
        return new Errand(Kind.SESSION, to, null, asked);
    }

    static Errand profile(Authorization asked) {
        return new Errand(Kind.PROFILE, null, null, asked);
    }

    static Errand test() {
        return new Errand(Kind.TEST, null, null, null);
    }
}
