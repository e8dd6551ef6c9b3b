package dev.gatehouse.testkit;

import static dev.gatehouse.testkit.StorageFixture.all;
import static dev.gatehouse.testkit.StorageFixture.body;
import static dev.gatehouse.testkit.StorageFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.JournalQuery;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Commit, death and isolation. */
interface TransactionContract extends StorageFixture {

    @Test
    @SuppressWarnings("NullAway") // null for a type that may be null, which NullAway does not follow
    default void whatTheWorkReturnsComesBackAndNullMayCome() {
        String result = tx(tx -> "result");
        assertThat(result).isEqualTo("result");
        assertThat(storage().<String>inTransaction(tx -> null)).isNull();
    }

    @Test
    default void aTransactionSeesItsOwnWrites() {
        run(tx -> {
            tx.insert(row("a"), Keys.NONE);
            Row next = tx.replace(body(tx.get(ENV, KIND, "a").orElseThrow(), "{\"n\":2}"), Keys.NONE);
            assertThat(tx.get(ENV, KIND, "a")).contains(next);
            assertThat(tx.find(all())).containsExactly(next);
            tx.delete(ENV, KIND, "a");
            assertThat(tx.get(ENV, KIND, "a")).isEmpty();
            tx.insert(row("a"), Keys.NONE);
        });
        run(tx -> assertThat(tx.get(ENV, KIND, "a")).contains(row("a")));
    }

    @Test
    default void aSwallowedDuplicateCannotCommit() {
        run(tx -> tx.insert(row("taken"), Keys.NONE));
        assertThatThrownBy(() -> run(tx -> {
                    tx.insert(row("fresh"), Keys.NONE);
                    assertThatThrownBy(() -> tx.insert(row("taken"), Keys.NONE)).isInstanceOf(Storage.Duplicate.class);
                }))
                .isInstanceOf(RuntimeException.class);
        assertThat(found(all())).containsExactly("taken");
    }

    @Test
    default void aSwallowedStaleCannotCommit() {
        assertThatThrownBy(() -> run(tx -> {
                    tx.insert(row("fresh"), Keys.NONE);
                    assertThatThrownBy(() -> tx.replace(row("absent"), Keys.NONE))
                            .isInstanceOf(Storage.Stale.class);
                }))
                .isInstanceOf(RuntimeException.class);
        assertThat(found(all())).isEmpty();
    }

    @Test
    default void aDeadTransactionRefusesEveryFurtherCall() {
        for (Consumer<Storage.Tx> call : calls()) {
            assertThatThrownBy(() -> run(tx -> {
                        tx.insert(row("a"), Keys.NONE);
                        assertThatThrownBy(() -> tx.insert(row("a"), Keys.NONE)).isInstanceOf(Storage.Duplicate.class);
                        call.accept(tx);
                    }))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(found(all())).isEmpty();
    }

    @Test
    default void aTransactionThatEndedRefusesEveryCall() {
        BlockingQueue<Storage.Tx> escaped = new ArrayBlockingQueue<>(1);
        run(escaped::add);
        Storage.Tx ended = escaped.remove();
        for (Consumer<Storage.Tx> call : calls()) {
            assertThatThrownBy(() -> call.accept(ended)).isInstanceOf(IllegalStateException.class);
        }
    }

    private static List<Consumer<Storage.Tx>> calls() {
        return List.of(
                tx -> tx.insert(row("b"), Keys.NONE),
                tx -> tx.get(ENV, KIND, "a"),
                tx -> tx.getAll(ENV, KIND, List.of("a")),
                tx -> tx.hold(ENV, KIND, "a"),
                tx -> tx.getByKey(ENV, KIND, "email", "a"),
                tx -> tx.replace(row("a"), Keys.NONE),
                tx -> tx.delete(ENV, KIND, "a"),
                tx -> tx.take(ENV, KIND, "a", NOW),
                tx -> tx.find(Query.by(ENV, KIND, "x", "y", 1)),
                tx -> tx.add(ENV, "counter", 1, 10, NOW, NOW.plusSeconds(9)),
                tx -> tx.sweep(NOW, 10),
                tx -> tx.lease("lease", "me", NOW, NOW.plusSeconds(9)),
                tx -> tx.append(new JournalEntry(ENV, "stream", "1", NOW, "{}")),
                tx -> tx.read(new JournalQuery(ENV, "stream", null, null, false, 1)));
    }

    @Test
    default void aNestedCallIsRefusedAndTheStorageLivesOn() {
        assertThatThrownBy(() -> run(outer -> run(inner -> inner.get(ENV, KIND, "a"))))
                .isInstanceOf(IllegalStateException.class);
        run(tx -> tx.insert(row("a"), Keys.NONE));
        assertThat(found(all())).containsExactly("a");
    }

    @Test
    default void whatIsNotCommittedIsSeenByNobodyElse() throws Exception {
        BlockingQueue<Boolean> seen = new ArrayBlockingQueue<>(1);
        CountDownLatch written = new CountDownLatch(1);
        Thread reader = new Thread(() -> {
            try {
                written.await();
                seen.add(tx(tx -> tx.get(ENV, KIND, "dirty").isPresent()
                        || !tx.find(all()).isEmpty()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        reader.start();
        assertThatThrownBy(() -> run(tx -> {
                    tx.insert(row("dirty"), Keys.NONE);
                    written.countDown();
                    // a storage whose transactions run one after another answers the reader only later
                    awaitAnswer(seen);
                    throw new ArithmeticException("roll back");
                }))
                .isInstanceOf(ArithmeticException.class);
        reader.join(TimeUnit.SECONDS.toMillis(60));
        assertThat(seen).containsExactly(false);
    }

    private static void awaitAnswer(BlockingQueue<Boolean> seen) {
        for (int i = 0; i < 100 && seen.isEmpty(); i++) {
            Race.linger();
        }
    }

    @Test
    default void aTransactionSeesWhatWasCommittedBeforeItBegan() {
        run(tx -> tx.insert(row("a"), Keys.NONE));
        for (int i = 2; i < 50; i++) {
            String text = "{\"n\":" + i + "}";
            run(tx -> tx.replace(body(tx.get(ENV, KIND, "a").orElseThrow(), text), Keys.NONE));
            run(tx -> assertThat(tx.get(ENV, KIND, "a").orElseThrow().body()).isEqualTo(text));
        }
    }
}
