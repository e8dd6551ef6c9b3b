package dev.gatehouse.factors;

import java.time.Duration;
import java.time.Instant;

/**
 * Wrong codes given for one factor, or for one sheet of recovery codes, in a day. A new challenge does not begin a new
 * count and success gives nothing back, so guessing an authenticator's code has a chance below 1 in 10,000 a day: thirty
 * tries at three codes of a million (ATTACKS P12, RFC 4226 §7.3).
 *
 * @param wrong how many since then
 * @param since when the first of them came
 */
record Tries(int wrong, Instant since) {
    static final int MOST = 30;
    static final Duration WINDOW = Duration.ofHours(24);
    static final Tries NONE = new Tries(0, Instant.EPOCH);

    private boolean over(Instant now) {
        return !now.isBefore(since.plus(WINDOW));
    }

    boolean exhausted(Instant now) {
        return wrong >= MOST && !over(now);
    }

    Tries oneMore(Instant now) {
        return over(now) ? new Tries(1, now) : new Tries(wrong + 1, since);
    }
}
