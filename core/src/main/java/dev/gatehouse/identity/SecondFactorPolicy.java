package dev.gatehouse.identity;

import dev.gatehouse.factors.Factor;
import java.util.List;

/**
 * Whether a sign-in needs a second factor: decided here for every way in and at every refresh (ATTACKS P30), with the
 * reason.
 *
 * @param setting the setting {@code mfa}: {@code off}, {@code optional} or {@code required}
 */
record SecondFactorPolicy(String setting) {

    /** What is asked for. */
    enum Demand {
        NONE,
        /** One of the person's factors. */
        PROVE,
        /** A factor to be set up now. */
        ENROLL
    }

    /**
     * A decision.
     *
     * @param why for people who read logs and tests
     */
    record Decision(Demand demand, String why) {}

    /**
     * Decides.
     *
     * @param organization policy of the organization that is signed in to; {@link SignInPolicy#NONE} for none
     * @param proof what this sign-in has proved
     * @param factors that the person has proved once before
     */
    Decision decide(SignInPolicy organization, Proof proof, List<Factor> factors) {
        String mfa = organization.mfa() == null ? setting : organization.mfa();
        String why = (organization.mfa() == null ? "mfa=" : "the organization's mfa=") + mfa;
        if (mfa.equals("off")) {
            return new Decision(Demand.NONE, why);
        }
        if (proof.impersonator() != null) {
            return new Decision(Demand.NONE, "an operator acts as the person");
        }
        if (proof.method() == Sessions.Method.SSO && organization.mfa() == null) {
            return new Decision(Demand.NONE, "the organization's identity provider decides about factors");
        }
        if (proof.secondFactor()) {
            return new Decision(Demand.NONE, "a second factor was proved");
        }
        if (!factors.isEmpty()) {
            return new Decision(Demand.PROVE, "the person has a factor and " + why);
        }
        return mfa.equals("required")
                ? new Decision(Demand.ENROLL, why + " and the person has none")
                : new Decision(Demand.NONE, why + " and the person has none");
    }

    /** Whether a session that runs must have proved one: who sets up a factor meanwhile stays signed in. */
    boolean demandsOfRunning(SignInPolicy organization, Proof proof) {
        return decide(organization, proof, List.of()).demand() != Demand.NONE;
    }
}
