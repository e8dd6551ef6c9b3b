package dev.gatehouse.testkit;

import static dev.gatehouse.testkit.StorageFixture.all;
import static dev.gatehouse.testkit.StorageFixture.expiring;
import static dev.gatehouse.testkit.StorageFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Row;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Single-use rows, expiry and the sweep. */
interface ExpiryContract extends StorageFixture {

    @Test
    default void aRowIsTakenOnce() {
        Keys keys = new Keys(Map.of("code", "x"), Map.of("org", Set.of("o")), null);
        run(tx -> tx.insert(row("a"), keys));
        run(tx -> assertThat(tx.take(ENV, KIND, "a", NOW)).contains(row("a")));
        run(tx -> assertThat(tx.take(ENV, KIND, "a", NOW)).isEmpty());
        run(tx -> assertThat(tx.get(ENV, KIND, "a")).isEmpty());
        run(tx -> assertThat(tx.getByKey(ENV, KIND, "code", "x")).isEmpty());
        assertThat(found("org", "o")).isEmpty();
        run(tx -> tx.insert(row("b"), keys));
    }

    @Test
    default void anExpiredRowCannotBeTakenAndStays() {
        Row row = expiring("a", NOW);
        run(tx -> tx.insert(row, Keys.NONE));
        run(tx -> assertThat(tx.take(ENV, KIND, "a", NOW)).isEmpty());
        run(tx -> assertThat(tx.take(ENV, KIND, "a", NOW.plusSeconds(99))).isEmpty());
        run(tx -> assertThat(tx.get(ENV, KIND, "a")).contains(row));
        run(tx -> assertThat(tx.take(ENV, KIND, "a", NOW.minusMillis(1))).contains(row));
    }

    @Test
    default void anExpiredRowIsReadableUntilItIsSwept() {
        Row row = expiring("a", NOW.minusSeconds(1));
        run(tx -> tx.insert(row, new Keys(Map.of("code", "x"), Map.of("org", Set.of("o")), "t")));
        run(tx -> {
            assertThat(tx.get(ENV, KIND, "a")).contains(row);
            assertThat(tx.hold(ENV, KIND, "a")).contains(row);
            assertThat(tx.getAll(ENV, KIND, List.of("a"))).containsValue(row);
            assertThat(tx.getByKey(ENV, KIND, "code", "x")).contains(row);
            assertThat(tx.find(all())).containsExactly(row);
        });
        run(tx -> assertThat(tx.sweep(NOW, 100)).isEqualTo(1));
        run(tx -> {
            assertThat(tx.get(ENV, KIND, "a")).isEmpty();
            assertThat(tx.getByKey(ENV, KIND, "code", "x")).isEmpty();
            assertThat(tx.find(StorageFixture.where(Map.of("org", Set.of("o")))))
                    .isEmpty();
            tx.insert(row("b"), StorageFixture.unique("code", "x"));
        });
    }

    @Test
    default void aSweepLeavesWhatHasNotExpired() {
        run(tx -> {
            tx.insert(expiring("never", null), Keys.NONE);
            tx.insert(expiring("later", NOW.plusMillis(1)), Keys.NONE);
            tx.insert(expiring("now", NOW), Keys.NONE);
            tx.insert(expiring("before", NOW.minusMillis(1)), Keys.NONE);
            tx.insert(new Row(OTHER, "role", "r", 1, NOW, NOW, NOW, "{}"), Keys.NONE);
        });
        run(tx -> assertThat(tx.sweep(NOW, 100)).isEqualTo(3));
        assertThat(found(all())).containsExactly("later", "never");
        run(tx -> assertThat(tx.get(OTHER, "role", "r")).isEmpty());
        run(tx -> assertThat(tx.sweep(NOW, 100)).isZero());
    }

    @Test
    default void aSweepDeletesNoMoreThanItIsAskedTo() {
        run(tx -> {
            for (int i = 0; i < 7; i++) {
                tx.insert(expiring("r" + i, NOW.minusSeconds(i)), Keys.NONE);
                tx.add(ENV, "c" + i, 1, 9, NOW.minusSeconds(9), NOW.minusSeconds(i));
            }
        });
        int swept = 0;
        for (int i = 0; i < 5; i++) {
            int some = tx(tx -> tx.sweep(NOW, 3));
            assertThat(some).isBetween(i < 4 ? 1 : 0, 3);
            swept += some;
        }
        assertThat(swept).isEqualTo(14);
        assertThat(found(all())).isEmpty();
    }

    @Test
    default void endedCountersAreSweptAndOthersAreNot() {
        run(tx -> {
            tx.add(ENV, "ended", 3, 9, NOW.minusSeconds(9), NOW);
            tx.add(ENV, "running", 3, 9, NOW.minusSeconds(9), NOW.plusMillis(1));
        });
        run(tx -> assertThat(tx.sweep(NOW, 100)).isEqualTo(1));
        run(tx -> assertThat(tx.add(ENV, "running", 1, 9, NOW, NOW.plusSeconds(9)))
                .isEqualTo(OptionalLong.of(4)));
        run(tx -> assertThat(tx.add(ENV, "ended", 1, 9, NOW.minusSeconds(1), NOW.plusSeconds(9)))
                .isEqualTo(OptionalLong.of(1)));
    }

    @Test
    default void aRowWhoseLifeWasProlongedIsNotSwept() {
        run(tx -> tx.insert(expiring("a", NOW), Keys.NONE));
        run(tx -> tx.replace(expiring("a", NOW.plusSeconds(1)), Keys.NONE));
        run(tx -> assertThat(tx.sweep(NOW, 100)).isZero());
        run(tx -> assertThat(tx.take(ENV, KIND, "a", NOW)).isPresent());
    }
}
