package dev.gatehouse.identity;

import dev.gatehouse.factors.Factor;
import java.util.List;
import java.util.Set;

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
    record VerifyEmail(String pendingToken, User user, String verificationId) implements Step {
        /** Without the token. */
        @Override
        public String toString() {
            return "VerifyEmail[" + user.id() + "]";
        }
    }

    /** A second factor must be set up first; the one that answers next counts as that. */
    record EnrollFactor(String pendingToken, User user) implements Step {
        /** Without the token. */
        @Override
        public String toString() {
            return "EnrollFactor[" + user.id() + "]";
        }
    }

    /**
     * A second factor must be proved.
     *
     * @param factors that the person has
     */
    record SecondFactor(String pendingToken, User user, List<Factor> factors) implements Step {
        /** Without the token. */
        @Override
        public String toString() {
            return "SecondFactor[" + user.id() + "]";
        }
    }

    /**
     * The organization wants another way to sign in.
     *
     * @param methods that it allows, as the setting {@code sign-in-methods} calls them, {@code sso} and providers
     * @param connections of the organization, through which somebody can sign in now
     */
    record OtherMethod(String pendingToken, User user, Set<String> methods, List<Profiles.Button> connections)
            implements Step {
        /** Without the token. */
        @Override
        public String toString() {
            return "OtherMethod[" + user.id() + "]";
        }
    }

    /** The person must choose an organization. */
    record ChooseOrganization(String pendingToken, User user, List<Affiliations.Choice> choices) implements Step {
        /** Without the token. */
        @Override
        public String toString() {
            return "ChooseOrganization[" + user.id() + "]";
        }
    }
}
