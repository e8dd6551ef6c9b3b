package dev.gatehouse.testkit;

import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Starts threads at one moment, and tries a transaction again as the engine does. */
final class Race implements AutoCloseable {
    private static final int MOST_ATTEMPTS = 1000;
    private static final long DEADLOCKED_SECONDS = 120;

    private final ExecutorService threads;
    private final int runners;

    Race(int runners) {
        this.runners = runners;
        this.threads = Executors.newFixedThreadPool(runners, work -> {
            Thread thread = new Thread(work, "race");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** What a runner does, told its number. */
    @FunctionalInterface
    interface Runner<T extends @Nullable Object> {
        T run(int number) throws Exception;
    }

    /** Lets all runners start at one moment and returns what they return; the first failure fails the race. */
    <T> List<T> start(Runner<T> runner) {
        CyclicBarrier barrier = new CyclicBarrier(runners);
        List<Future<T>> futures = new ArrayList<>();
        for (int number = 0; number < runners; number++) {
            int mine = number;
            Callable<T> call = () -> {
                barrier.await(DEADLOCKED_SECONDS, TimeUnit.SECONDS);
                return runner.run(mine);
            };
            futures.add(threads.submit(call));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(join(future));
        }
        return results;
    }

    private static <T> T join(Future<T> future) {
        try {
            return future.get(DEADLOCKED_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("a runner failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("a runner waits for ever", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** A little while, so that transactions overlap even on one processor. */
    static void linger() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(1, 2_000_000));
    }

    static <T extends @Nullable Object> T again(Storage storage, Storage.Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return storage.inTransaction(work);
            } catch (Storage.TransientConflict | Storage.Stale e) {
                if (attempt == MOST_ATTEMPTS) {
                    throw e;
                }
                linger();
            }
        }
    }

    /** Replaces a row; given up transactions run again, but a stale row is an answer. */
    static boolean replaceOnce(Storage storage, Row row) {
        for (int attempt = 1; attempt < MOST_ATTEMPTS; attempt++) {
            try {
                return storage.inTransaction(tx -> {
                    tx.replace(row, Keys.NONE);
                    linger();
                    return true;
                });
            } catch (Storage.TransientConflict e) {
                linger();
            }
        }
        throw new AssertionError("given up " + MOST_ATTEMPTS + " times");
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
