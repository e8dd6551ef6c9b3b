package dev.gatehouse.webhooks;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When to try again: the contract's six attempts with growing pauses, over three days in production and a few minutes
 * elsewhere (contract/behaviour/08 §8.5).
 *
 * @param pauses after the first, second, … failed attempt
 */
record RetryPlan(List<Duration> pauses) {
    private static final RetryPlan PRODUCTION = new RetryPlan(List.of(
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofHours(12),
            Duration.ofHours(58)));
    private static final RetryPlan ELSEWHERE = new RetryPlan(List.of(
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(2)));
    /** Attempts that may fail in a row before the endpoint itself is paused, whatever waits for it (ATTACKS W15). */
    private static final int PATIENCE = 5;

    private static final Duration GRACE = Duration.ofHours(1);

    RetryPlan {
        pauses = List.copyOf(pauses);
    }

    /** The plan of the setting {@code webhook-retries}; of an environment of this kind if that is empty. */
    static RetryPlan of(List<Duration> set, boolean production) {
        return !set.isEmpty() ? new RetryPlan(set) : production ? PRODUCTION : ELSEWHERE;
    }

    /** The pause after so many failed attempts, lengthened at random; empty if that was the last one. */
    Optional<Duration> after(int attempts) {
        if (attempts > pauses.size()) {
            return Optional.empty();
        }
        Duration pause = pauses.get(Math.max(attempts, 1) - 1);
        return Optional.of(pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() / 5 + 1)));
    }

    /** How long an endpoint is left alone after so many failures in a row; it grows up to the second pause. */
    Duration pauseOfEndpoint(int failures) {
        if (failures < PATIENCE) {
            return Duration.ZERO;
        }
        Duration longest = pauses.get(Math.min(1, pauses.size() - 1));
        Duration pause = pauses.get(0).multipliedBy(1L << Math.min(failures - PATIENCE, 20));
        return pause.compareTo(longest) > 0 ? longest : pause;
    }

    /** How old an event may become at an endpoint that takes nothing. */
    Duration span() {
        return pauses.stream().reduce(GRACE, Duration::plus);
    }
}
