package dev.gatehouse.benchmarks;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Four clients that each ask as soon as they were answered, where no two requests are the same and a load tool is no help. */
final class Drive {
    static final int CLIENTS = 4;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** The next request of a client. */
    @FunctionalInterface
    interface Asking {
        /**
         * @param number of the request, never twice
         * @param before what the client was answered before; empty at first
         */
        HttpRequest next(int number, String before);
    }

    /** What so many requests took. */
    record Result(double wallNanos, double processorNanos) {}

    String send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException(request.uri() + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    /** Sends so many requests; times are for one of them, the processor's those of the server. */
    Result run(ProcessHandle server, int from, int count, Asking asking) throws Exception {
        AtomicInteger number = new AtomicInteger(from);
        Duration used = used(server);
        long begun = System.nanoTime();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                all.add(clients.submit(() -> {
                    String before = "";
                    for (int n = number.getAndIncrement(); n < from + count; n = number.getAndIncrement()) {
                        before = send(asking.next(n, before));
                    }
                    return true;
                }));
            }
            for (Future<Boolean> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            clients.shutdownNow();
        }
        double passed = System.nanoTime() - begun;
        return new Result(passed / count, (double) used(server).minus(used).toNanos() / count);
    }

    private static Duration used(ProcessHandle server) {
        return server.info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
