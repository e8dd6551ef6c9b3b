package dev.gatehouse.identity;

import java.util.List;

/** Where a sign-in stands: done, or what it needs next. Whoever holds the token may continue, for ten minutes. */
public sealed interface Step {
    /** Done: here is the session. */
    record Finished(Sessions.Grant grant) implements Step {}

    /**
     * The address must be proved first; a code was mailed, unless one was a moment ago.
     *
     * @param pendingToken continues this sign-in
     * @param verificationId {@code email_verification_…}, whose code the holder of an API key may read
     */
    record VerifyEmail(String pendingToken, User user, String verificationId) implements Step {}

    /** The person must choose an organization. */
    record ChooseOrganization(String pendingToken, User user, List<Affiliations.Choice> choices) implements Step {}
}
