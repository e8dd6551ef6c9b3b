package dev.gatehouse.sso.saml;

/** What a response has to answer. */
public sealed interface Expected {
    /**
     * Answers a request that this browser was sent with, and that was not answered before: who calls has checked both.
     *
     * @param requestId {@link AuthnRequest#id()}
     */
    record AnswerTo(String requestId) implements Expected {}

    /** Answers nothing: sign-in began at the identity provider, which the connection allows (profiles 4.1.5). */
    record Unsolicited() implements Expected {}

    /** A response to this request. */
    static Expected answerTo(String requestId) {
        return new AnswerTo(requestId);
    }

    /** A response to no request. */
    static Expected unsolicited() {
        return new Unsolicited();
    }
}
