package dev.gatehouse.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.Storage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class GroupCommitTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<List<String>> groups = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch open = new CountDownLatch(1);
    private volatile Throwable failure;

    private boolean whileCommitting = true;

    private final GroupCommit journal = new GroupCommit((entries, appended) -> {
        List<String> ids = entries.stream().map(JournalEntry::id).toList();
        groups.add(ids);
        if (ids.contains("first")) {
            await(open);
            return;
        }
        if (whileCommitting) {
            appended.run();
        }
        if (failure instanceof Error e) {
            throw e;
        } else if (failure instanceof RuntimeException e && (whileCommitting || ids.contains("bad"))) {
            throw e;
        }
    });

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static JournalEntry entry(String id) {
        return new JournalEntry("env", "s", id, Instant.EPOCH, "{}");
    }

    private CompletableFuture<Void> append(String id) {
        return CompletableFuture.runAsync(() -> journal.append(entry(id)), threads);
    }

    /** Entries that come while another one is being committed. */
    private List<CompletableFuture<Void>> behindTheFirst(List<String> ids) throws InterruptedException {
        CompletableFuture<Void> first = append("first");
        while (groups.isEmpty()) {
            Thread.sleep(1);
        }
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (String id : ids) {
            int before = journal.waiting();
            waiting.add(append(id));
            while (journal.waiting() == before) {
                Thread.sleep(1);
            }
        }
        open.countDown();
        first.join();
        return waiting;
    }

    @Test
    void whoIsAloneCommitsAtOnce() {
        journal.append(entry("a"));
        journal.append(entry("b"));
        assertThat(groups).containsExactly(List.of("a"), List.of("b"));
    }

    @Test
    void whoComesMeanwhileIsCommittedTogetherInOrder() throws InterruptedException {
        List<String> ids = IntStream.range(0, 20).mapToObj(Integer::toString).toList();
        behindTheFirst(ids).forEach(CompletableFuture::join);
        assertThat(groups).containsExactly(List.of("first"), ids);
    }

    @Test
    void moreThanFitIntoATransactionTakeTwo() throws InterruptedException {
        List<String> ids = IntStream.range(0, 510).mapToObj(Integer::toString).toList();
        behindTheFirst(ids).forEach(CompletableFuture::join);
        assertThat(groups).containsExactly(List.of("first"), ids.subList(0, 500), ids.subList(500, 510));
    }

    static List<RuntimeException> wrongEntries() {
        return List.of(new Storage.Duplicate("journal", "id"), new Storage.StorageException("unstorable", null));
    }

    @ParameterizedTest
    @MethodSource("wrongEntries")
    void whatAnotherEntryHasSpoiltIsTriedAlone(RuntimeException wrong) throws InterruptedException {
        whileCommitting = false;
        failure = wrong;
        List<CompletableFuture<Void>> waiting = behindTheFirst(List.of("a", "bad", "b"));
        waiting.get(0).join();
        waiting.get(2).join();
        assertThatThrownBy(() -> waiting.get(1).get())
                .isInstanceOf(ExecutionException.class)
                .hasCause(wrong);
        assertThat(groups).contains(List.of("a", "bad", "b"), List.of("a"), List.of("b"), List.of("bad"));
    }

    @Test
    void aFailureOfTheDatabaseIsEverybodys() throws InterruptedException {
        failure = new Storage.StorageException("gone", null);
        for (CompletableFuture<Void> one : behindTheFirst(List.of("a", "b"))) {
            assertThatThrownBy(one::get)
                    .hasCauseInstanceOf(Storage.StorageException.class)
                    .hasRootCauseMessage("gone");
        }
        // none is tried again: it may stand
        assertThat(groups).containsExactly(List.of("first"), List.of("a", "b"));
    }

    @Test
    void anErrorOfTheLeaderLeavesNobodyWaiting() throws InterruptedException {
        failure = new OutOfMemoryError("as if");
        for (CompletableFuture<Void> one : behindTheFirst(List.of("a", "b"))) {
            assertThatThrownBy(one::get).isInstanceOf(ExecutionException.class);
        }
        failure = null;
        journal.append(entry("c"));
        assertThat(groups).containsExactly(List.of("first"), List.of("a", "b"), List.of("c"));
    }

    @Test
    void anInterruptIsLeftToTheCaller() throws InterruptedException {
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread waits = new Thread(() -> {
            journal.append(entry("a"));
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        CompletableFuture<Void> first = append("first");
        while (groups.isEmpty()) {
            Thread.sleep(1);
        }
        waits.start();
        while (journal.waiting() == 0) {
            Thread.sleep(1);
        }
        waits.interrupt();
        open.countDown();
        first.join();
        waits.join();
        assertThat(interrupted).isTrue();
        assertThat(groups).containsExactly(List.of("first"), List.of("a"));
    }

    @Test
    void whoIsInterruptedLeadsAsIfNot() {
        Thread.currentThread().interrupt();
        journal.append(entry("a"));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(groups).containsExactly(List.of("a"));
    }
}
