package dev.gatehouse.identity;

import dev.gatehouse.factors.Factor;
import java.util.List;

/**
 * Whether a sign-in needs a second factor: decided here for every way in (ATTACKS P30), with the reason.
 *
 * @param policy the setting {@code mfa}: {@code off}, {@code optional} or {@code required}
 */
record SecondFactorPolicy(String policy) {

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
     * @param factors that the person has proved once before
     * @param proved whether this sign-in has proved one already
     */
    Decision decide(List<Factor> factors, boolean proved) {
        if (policy.equals("off")) {
            return new Decision(Demand.NONE, "mfa=off");
        }
        if (proved) {
            return new Decision(Demand.NONE, "a second factor was proved");
        }
        if (!factors.isEmpty()) {
            return new Decision(Demand.PROVE, "the person has a factor and mfa=" + policy);
        }
        return policy.equals("required")
                ? new Decision(Demand.ENROLL, "mfa=required and the person has none")
                : new Decision(Demand.NONE, "mfa=optional and the person has none");
    }
}
