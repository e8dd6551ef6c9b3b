package dev.gatehouse.sso.saml;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a response has to answer. */
public sealed interface Expected {
    /**
     * Answers a request that this browser was sent with, and that was not answered before: who calls has checked both.
     *
     * @param requestId {@link AuthnRequest#id()}
     * @param authenticatedSince when the person must have authenticated at the earliest, within the clock skew, because a fresh
     *     authentication was asked for (core 3.4.1); null if an older one will do
     */
    record AnswerTo(String requestId, @Nullable Instant authenticatedSince) implements Expected {}

    /** Answers nothing: sign-in began at the identity provider, which the connection allows (profiles 4.1.5). */
    record Unsolicited() implements Expected {}

    /** A response to this request. */
    static Expected answerTo(String requestId) {
        return new AnswerTo(requestId, null);
    }

    /** A response to this request, which asked for a fresh authentication at that time. */
    static Expected freshAnswerTo(String requestId, Instant askedAt) {
        return new AnswerTo(requestId, askedAt);
    }

    /** A response to no request. */
    static Expected unsolicited() {
        return new Unsolicited();
    }
}
