package dev.gatehouse.benchmarks;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.client.Request;
import org.mortbay.jetty.load.generator.LoadGenerator;
import org.mortbay.jetty.load.generator.Resource;

/** A tool that asks for the same over HTTP as fast as it is answered: wrk where it is installed, else Jetty's. */
enum Load {
    WRK {
        @Override
        Result run(String url, Map<String, String> headers, int connections, Duration time)
                throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(
                    List.of("wrk", "-t1", "-c" + connections, "-d" + Math.max(1, time.toSeconds()) + "s"));
            headers.forEach((name, value) -> command.addAll(List.of("-H", name + ": " + value)));
            command.add(url);
            Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (wrk.waitFor() != 0) {
                throw new IOException(said);
            }
            return new Result(
                    Long.parseLong(found(said, "(\\d+) requests in")),
                    said.contains("Non-2xx") || said.contains("Socket errors") ? 1 : 0,
                    Double.parseDouble(found(said, "Requests/sec:\\s+([\\d.]+)")),
                    Duration.ZERO);
        }

        private String found(String text, String pattern) throws IOException {
            Matcher matcher = Pattern.compile(pattern).matcher(text);
            if (!matcher.find()) {
                throw new IOException(text);
            }
            return matcher.group(1);
        }
    },

    JETTY {
        @Override
        Result run(String url, Map<String, String> headers, int connections, Duration time) {
            URI uri = URI.create(url);
            String query = uri.getRawQuery();
            Resource resource = new Resource(uri.getRawPath() + (query == null ? "" : "?" + query));
            headers.forEach(resource::requestHeader);
            // it would send without waiting for answers: each connection has one request under way
            Semaphore free = new Semaphore(connections);
            AtomicLong right = new AtomicLong();
            AtomicLong wrong = new AtomicLong();
            long begun = System.nanoTime();
            LoadGenerator.builder()
                    .scheme("http")
                    .host(uri.getHost())
                    .port(uri.getPort())
                    .resource(resource)
                    .threads(1)
                    .usersPerThread(connections)
                    .channelsPerUser(1)
                    .resourceRate(0)
                    .runFor(time.toMillis(), TimeUnit.MILLISECONDS)
                    .requestListener(new Request.Listener() {
                        @Override
                        public void onQueued(Request request) {
                            free.acquireUninterruptibly();
                        }
                    })
                    .resourceListener((Resource.NodeListener) info -> {
                        (info.getStatus() == 200 ? right : wrong).incrementAndGet();
                        free.release();
                    })
                    .build()
                    .begin()
                    .join();
            double seconds = (System.nanoTime() - begun) / 1e9;
            return new Result(right.get(), wrong.get(), right.get() / seconds, Duration.ZERO);
        }
    };

    /** What came of a run, and the processor time that the server used meanwhile. */
    record Result(long requests, long failed, double perSecond, Duration used) {
        Result with(Duration processor) {
            return new Result(requests, failed, perSecond, processor);
        }

        double processorNanos() {
            return (double) used.toNanos() / requests;
        }
    }

    abstract Result run(String url, Map<String, String> headers, int connections, Duration time)
            throws IOException, InterruptedException;

    static Load find() {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (new File(directory, "wrk").canExecute()) {
                return WRK;
            }
        }
        return JETTY;
    }
}
