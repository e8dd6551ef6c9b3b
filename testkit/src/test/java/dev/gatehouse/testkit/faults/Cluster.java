package dev.gatehouse.testkit.faults;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Two nodes on one database, the first one's connection by way of a proxy. */
final class Cluster implements AutoCloseable {
    static final String KEY = "sk_test_abcdefghijklmnopqrstuvwxyz";
    static final String CLIENT = "client_01TEST";
    static final String PASSWORD = "correct-horse-battery-9";

    private final String rootKey = "k1:" + Base64.getEncoder().encodeToString(SecureRandom.getSeed(32));
    private final String window;
    final Database database;
    final Proxy proxy;
    NodeProcess first;
    NodeProcess second;

    /** @param window how long a spent refresh token still gets its successor */
    Cluster(String window) throws IOException {
        this.window = window;
        database = new Database();
        proxy = new Proxy(database.port());
        first = startFirst();
        second = startSecond();
    }

    NodeProcess startFirst() throws IOException {
        return new NodeProcess(Database.url(proxy.port()), rootKey, window);
    }

    NodeProcess startSecond() throws IOException {
        return new NodeProcess(Database.url(database.port()), rootKey, window);
    }

    /** Does the same so many times on so many threads; what came of each. */
    static <T> List<T> atOnce(int threads, int times, Callable<T> work) throws InterruptedException {
        ExecutorService crowd = Executors.newFixedThreadPool(threads);
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> one : crowd.invokeAll(java.util.Collections.nCopies(times, work))) {
                results.add(one.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            crowd.shutdownNow();
        }
    }

    /** Asks again until it is so; how long that took, or the limit. */
    static Duration until(Duration limit, Callable<Boolean> so) throws Exception {
        long began = System.nanoTime();
        while (!so.call() && System.nanoTime() - began < limit.toNanos()) {
            Thread.sleep(50);
        }
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** The value below which 99 of 100 lie. */
    static double p99(List<NodeProcess.Reply> replies) {
        double[] millis =
                replies.stream().mapToDouble(NodeProcess.Reply::millis).sorted().toArray();
        return millis[Math.max(0, (int) Math.ceil(millis.length * 0.99) - 1)];
    }

    @Override
    public void close() throws IOException {
        first.close();
        second.close();
        proxy.close();
        database.close();
    }
}
