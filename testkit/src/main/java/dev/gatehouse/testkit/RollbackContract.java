package dev.gatehouse.testkit;

import static dev.gatehouse.testkit.StorageFixture.all;
import static dev.gatehouse.testkit.StorageFixture.body;
import static dev.gatehouse.testkit.StorageFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.JournalQuery;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A transaction that throws leaves nothing, whatever it did. */
interface RollbackContract extends StorageFixture {

    /** Runs a transaction that fails at its end. */
    default void failing(Consumer<Storage.Tx> work) {
        RuntimeException thrown = new ArithmeticException("roll back");
        assertThatThrownBy(() -> run(tx -> {
                    work.accept(tx);
                    throw thrown;
                }))
                .isSameAs(thrown);
    }

    @Test
    default void aFailedTransactionRethrowsTheSameExceptionAndLeavesNoRow() {
        failing(tx -> tx.insert(row("a"), Keys.NONE));
        assertThat(found(all())).isEmpty();
    }

    @Test
    default void anErrorRollsBackToo() {
        Error thrown = new LinkageError("roll back");
        assertThatThrownBy(() -> run(tx -> {
                    tx.insert(row("a"), Keys.NONE);
                    throw thrown;
                }))
                .isSameAs(thrown);
        assertThat(found(all())).isEmpty();
    }

    @Test
    default void aRolledBackInsertFreesItsKeys() {
        Keys keys = new Keys(Map.of("email", "a@b.c"), Map.of("org", Set.of("o")), "ann");
        failing(tx -> tx.insert(row("a"), keys));
        assertThat(found("org", "o")).isEmpty();
        run(tx -> tx.insert(row("b"), keys));
        run(tx -> assertThat(tx.getByKey(ENV, KIND, "email", "a@b.c")).contains(row("b")));
        assertThat(found("org", "o")).containsExactly("b");
    }

    @Test
    default void aRolledBackReplacementLeavesTheRowAndItsKeysAsTheyWere() {
        Row old = row(ENV, "a", "{\"n\":1}");
        run(tx -> tx.insert(old, new Keys(Map.of("email", "old"), Map.of("org", Set.of("old")), "old")));
        failing(tx -> tx.replace(
                body(old, "{\"n\":2}"), new Keys(Map.of("email", "new"), Map.of("org", Set.of("new")), "new")));
        run(tx -> {
            assertThat(tx.get(ENV, KIND, "a")).contains(old);
            assertThat(tx.getByKey(ENV, KIND, "email", "old")).contains(old);
            assertThat(tx.getByKey(ENV, KIND, "email", "new")).isEmpty();
        });
        assertThat(found("org", "old")).containsExactly("a");
        assertThat(found("org", "new")).isEmpty();
    }

    @Test
    default void aRolledBackDeletionOrTakeLeavesTheRowAndItsKeys() {
        Keys keys = new Keys(Map.of("email", "a@b.c"), Map.of("org", Set.of("o")), "ann");
        run(tx -> tx.insert(row("a"), keys));
        failing(tx -> assertThat(tx.delete(ENV, KIND, "a")).isTrue());
        failing(tx -> assertThat(tx.take(ENV, KIND, "a", NOW)).isPresent());
        run(tx -> assertThat(tx.getByKey(ENV, KIND, "email", "a@b.c")).contains(row("a")));
        assertThat(found("org", "o")).containsExactly("a");
        run(tx -> assertThat(tx.take(ENV, KIND, "a", NOW)).contains(row("a")));
    }

    @Test
    default void aRolledBackSweepLeavesWhatExpired() {
        run(tx -> tx.insert(StorageFixture.expiring("a", NOW), Keys.NONE));
        failing(tx -> assertThat(tx.sweep(NOW, 10)).isEqualTo(1));
        assertThat(found(all())).containsExactly("a");
    }

    @Test
    default void aRolledBackCounterKeepsItsValue() {
        failing(tx -> tx.add(ENV, "c", 5, 10, NOW, NOW.plusSeconds(60)));
        run(tx -> assertThat(tx.add(ENV, "c", 1, 10, NOW, NOW.plusSeconds(60))).isEqualTo(OptionalLong.of(1)));
        failing(tx -> tx.add(ENV, "c", 5, 10, NOW, NOW.plusSeconds(60)));
        run(tx -> assertThat(tx.add(ENV, "c", 1, 10, NOW, NOW.plusSeconds(60))).isEqualTo(OptionalLong.of(2)));
    }

    @Test
    default void aRolledBackLeaseIsFree() {
        failing(tx ->
                assertThat(tx.lease("job", "one", NOW, NOW.plusSeconds(60))).isTrue());
        run(tx -> assertThat(tx.lease("job", "two", NOW, NOW.plusSeconds(60))).isTrue());
    }

    @Test
    default void aRolledBackJournalEntryIsGone() {
        failing(tx -> tx.append(new JournalEntry(ENV, "s", "1", NOW, "{}")));
        run(tx -> assertThat(tx.read(new JournalQuery(ENV, "s", null, null, false, 9)))
                .isEmpty());
    }

    @Test
    default void manyFailuresLeaveTheStorageUsable() {
        for (int i = 0; i < 40; i++) {
            failing(tx -> tx.insert(row("a"), Keys.NONE));
        }
        run(tx -> tx.insert(row("a"), Keys.NONE));
        run(tx -> assertThat(ids(tx)).containsExactly("a"));
    }

    private static List<String> ids(Storage.Tx tx) {
        return StorageFixture.ids(tx.find(all()));
    }
}
