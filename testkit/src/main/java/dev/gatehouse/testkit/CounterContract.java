package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Guarded counters. */
interface CounterContract extends StorageFixture {

    private OptionalLong add(long delta, long max, Instant now, Instant until) {
        return tx(tx -> tx.add(ENV, "c", delta, max, now, until));
    }

    @Test
    default void aCounterAddsUpToItsGuardAndNoFurther() {
        Instant until = NOW.plusSeconds(60);
        assertThat(add(1, 3, NOW, until)).hasValue(1);
        assertThat(add(2, 3, NOW, until)).hasValue(3);
        assertThat(add(1, 3, NOW, until)).isEmpty();
        assertThat(add(1, 3, NOW, until)).isEmpty();
        assertThat(add(0, 3, NOW, until)).hasValue(3);
        assertThat(add(1, 4, NOW, until)).hasValue(4);
        assertThat(add(-2, 4, NOW, until)).hasValue(2);
        assertThat(add(2, 4, NOW, until)).hasValue(4);
    }

    @Test
    default void aFreshCounterIsGuardedToo() {
        assertThat(add(4, 3, NOW, NOW.plusSeconds(60))).isEmpty();
        assertThat(add(3, 3, NOW, NOW.plusSeconds(60))).hasValue(3);
    }

    @Test
    default void anEndedCounterStartsAgainWithTheNewEnd() {
        assertThat(add(5, 9, NOW, NOW.plusSeconds(1))).hasValue(5);
        assertThat(add(1, 9, NOW.plusMillis(999), NOW.plusSeconds(99))).hasValue(6);
        // the end stays as it was set first
        assertThat(add(2, 9, NOW.plusSeconds(1), NOW.plusSeconds(10))).hasValue(2);
        assertThat(add(3, 9, NOW.plusSeconds(9), NOW.plusSeconds(99))).hasValue(5);
        assertThat(add(1, 9, NOW.plusSeconds(10), NOW.plusSeconds(99))).hasValue(1);
    }

    @Test
    default void aRefusedAdditionChangesNeitherValueNorEnd() {
        add(5, 9, NOW, NOW.plusSeconds(1));
        assertThat(add(5, 9, NOW, NOW.plusSeconds(99))).isEmpty();
        assertThat(add(10, 9, NOW.plusSeconds(1), NOW.plusSeconds(99))).isEmpty();
        assertThat(add(1, 9, NOW, NOW.plusSeconds(99))).hasValue(6);
        assertThat(add(1, 9, NOW.plusSeconds(1), NOW.plusSeconds(99))).hasValue(1);
    }

    @Test
    default void countersAreApartByName() {
        String name = "n".repeat(300);
        run(tx -> {
            for (String counter : new String[] {"a", "A", "a ", name, name + "x"}) {
                assertThat(tx.add(ENV, counter, 1, 1, NOW, NOW.plusSeconds(9))).hasValue(1);
            }
            assertThat(tx.add(ENV, name, 1, 1, NOW, NOW.plusSeconds(9))).isEmpty();
        });
    }

    @Test
    default void aCounterAddsWithinOneTransaction() {
        run(tx -> {
            for (int i = 1; i <= 5; i++) {
                assertThat(tx.add(ENV, "c", 1, 5, NOW, NOW.plusSeconds(9))).hasValue(i);
            }
            assertThat(tx.add(ENV, "c", 1, 5, NOW, NOW.plusSeconds(9))).isEmpty();
        });
        assertThat(add(0, 9, NOW, NOW.plusSeconds(9))).hasValue(5);
    }
}
