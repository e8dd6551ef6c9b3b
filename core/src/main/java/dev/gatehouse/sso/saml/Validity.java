package dev.gatehouse.sso.saml;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether times fit now, with a clock that may be off by so much (core 2.5.1.2). */
record Validity(Instant now, Duration skew) {
    /** How long ago a message may have been made: sign-ins take minutes, and pages are left open. */
    private static final Duration OLDEST = Duration.ofHours(1);

    static Validity of(SamlConnection c, Instant now) {
        return new Validity(now, c.options().clockSkew());
    }

    void notBefore(String what, @Nullable Instant time) {
        if (time != null && time.isAfter(now.plus(skew))) {
            throw SamlRefusal.of(Step.TIME, what + " " + time + " to have come", "now " + now);
        }
    }

    void notOnOrAfter(String what, @Nullable Instant time) {
        if (time != null && !now.isBefore(time.plus(skew))) {
            throw SamlRefusal.of(Step.TIME, what + " " + time + " to come", "now " + now);
        }
    }

    /** Made lately, and not in the future. */
    void issued(Instant time) {
        notBefore("IssueInstant", time);
        notOnOrAfter("IssueInstant + 1 h", time.plus(OLDEST));
    }

    /** Until when {@link #issued} lets such a message pass. */
    Instant acceptedUntil(Instant issued) {
        return issued.plus(OLDEST).plus(skew);
    }
}
