package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.JournalQuery;
import dev.gatehouse.spi.Storage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Append-only journals. */
interface JournalContract extends StorageFixture {

    private static JournalEntry entry(String stream, String id) {
        return new JournalEntry(ENV, stream, id, NOW.plusMillis(id.length()), "{\"id\":\"" + id + "-äö\\\"\"}");
    }

    private List<String> page(@Nullable String after, @Nullable String before, boolean down, int limit) {
        return tx(tx -> tx.read(new JournalQuery(ENV, "s", after, before, down, limit))).stream()
                .map(JournalEntry::id)
                .toList();
    }

    @Test
    default void entriesComeBackInOrderBothWays() {
        run(tx -> {
            for (int i : new int[] {3, 1, 4, 0, 2}) {
                tx.append(entry("s", "e" + i));
            }
            tx.append(entry("S", "e2x"));
        });
        run(tx -> assertThat(tx.read(new JournalQuery(ENV, "s", null, null, false, 2)))
                .containsExactly(entry("s", "e0"), entry("s", "e1")));
        assertThat(page(null, null, false, 9)).containsExactly("e0", "e1", "e2", "e3", "e4");
        assertThat(page(null, null, true, 2)).containsExactly("e4", "e3");
        assertThat(page("e1", null, false, 2)).containsExactly("e2", "e3");
        assertThat(page(null, "e3", true, 2)).containsExactly("e2", "e1");
        assertThat(page("e0", "e3", false, 9)).containsExactly("e1", "e2");
        assertThat(page("e0", "e3", true, 1)).containsExactly("e2");
        assertThat(page("e4", null, false, 9)).isEmpty();
        assertThat(page("e3", "e1", false, 9)).isEmpty();
        run(tx -> assertThat(tx.read(new JournalQuery(ENV, "absent", null, null, false, 9)))
                .isEmpty());
    }

    @Test
    default void aTakenIdentifierIsADuplicateInItsStreamOnly() {
        run(tx -> tx.append(entry("s", "1")));
        run(tx -> tx.append(entry("t", "1")));
        assertThatThrownBy(() -> run(tx -> tx.append(new JournalEntry(ENV, "s", "1", NOW, "{}"))))
                .isInstanceOfSatisfying(
                        Storage.Duplicate.class, e -> assertThat(e.index()).isEqualTo("id"));
        run(tx -> assertThat(tx.read(new JournalQuery(ENV, "s", null, null, false, 9)))
                .containsExactly(entry("s", "1")));
    }

    @Test
    default void entriesOfOneTransactionStandTogether() {
        run(tx -> tx.appendAll(List.of(entry("s", "1"), entry("t", "1"), entry("s", "2"))));
        assertThat(page(null, null, false, 9)).containsExactly("1", "2");
        assertThatThrownBy(() -> run(tx -> tx.appendAll(List.of(entry("s", "3"), entry("s", "2")))))
                .isInstanceOf(Storage.Duplicate.class);
        assertThat(page(null, null, false, 9)).containsExactly("1", "2");
    }

    @Test
    default void whoAppendsAtOnceHearsOfHisOwnEntryAlone() {
        int runners = 8;
        int rounds = 20;
        try (Race race = new Race(runners)) {
            // of every round's entries, one is the same for all
            List<Integer> refused = race.start(number -> {
                int taken = 0;
                for (int i = 0; i < rounds; i++) {
                    storage().append(entry("s", "own-" + number + "-" + i));
                    try {
                        storage().append(entry("s", "same-" + i));
                    } catch (Storage.Duplicate e) {
                        assertThat(e.index()).isEqualTo("id");
                        taken++;
                    }
                    storage().append(entry("t", "own-" + number + "-" + i));
                }
                return taken;
            });
            assertThat(refused.stream().mapToInt(n -> n).sum()).isEqualTo(rounds * (runners - 1));
        }
        assertThat(page(null, null, false, 999)).hasSize(rounds * (runners + 1));
        assertThatThrownBy(() -> run(tx -> storage().append(entry("s", "inside"))))
                .isInstanceOf(IllegalStateException.class);
        assertThat(page("inr", null, false, 9)).doesNotContain("inside");
    }

    @Test
    default void aSweepLeavesJournalsAlone() {
        run(tx -> tx.append(entry("s", "1")));
        run(tx -> tx.sweep(NOW.plusSeconds(9_999_999), 100));
        assertThat(page(null, null, false, 9)).containsExactly("1");
    }
}
