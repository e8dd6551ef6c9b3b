package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Counters and leases under load. */
interface CounterRaceContract extends StorageFixture {
    int RUNNERS = 16;

    private OptionalLong add(String counter, long max, long seconds) {
        return again(tx -> tx.add(ENV, counter, 1, max, NOW.plusSeconds(seconds), NOW.plusSeconds(seconds + 60)));
    }

    @Test
    default void aRacedCounterGivesEachValueUpToItsGuardOnce() {
        try (Race race = new Race(RUNNERS)) {
            for (int round = 0; round < 20; round++) {
                String counter = "c" + round;
                List<OptionalLong> given = race.start(n -> add(counter, 9, 0));
                assertThat(values(given)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
            }
        }
    }

    @Test
    default void aRacedFreshCounterRefusesNobodyBelowItsGuard() {
        try (Race race = new Race(RUNNERS)) {
            for (int round = 0; round < 40; round++) {
                String counter = "c" + round;
                List<OptionalLong> given = race.start(n -> add(counter, RUNNERS, 0));
                assertThat(values(given))
                        .containsExactly(
                                LongStream.rangeClosed(1, RUNNERS).boxed().toArray(Long[]::new));
            }
        }
    }

    @Test
    default void aRacedCounterThatEndedStartsAgainOnce() {
        try (Race race = new Race(RUNNERS)) {
            for (int round = 0; round < 10; round++) {
                int window = round;
                List<OptionalLong> given = race.start(n -> add("c", 5, window * 60L));
                assertThat(values(given)).containsExactly(1, 2, 3, 4, 5);
            }
        }
    }

    private static long[] values(List<OptionalLong> given) {
        return given.stream().flatMapToLong(OptionalLong::stream).sorted().toArray();
    }

    @Test
    default void aRacedLeaseHasOneOwner() {
        try (Race race = new Race(RUNNERS)) {
            for (int round = 0; round < 20; round++) {
                int term = round;
                List<Boolean> fresh =
                        race.start(n -> again(tx -> tx.lease("fresh" + term, "owner" + n, NOW, NOW.plusSeconds(60))));
                assertThat(fresh.stream().filter(won -> won)).hasSize(1);
                List<Boolean> ended = race.start(n -> again(tx ->
                        tx.lease("job", "owner" + n, NOW.plusSeconds(term * 60L), NOW.plusSeconds(term * 60L + 60))));
                assertThat(ended.stream().filter(won -> won)).as("term " + term).hasSizeBetween(1, 1);
            }
        }
    }
}
