package dev.gatehouse.testkit.faults;

import dev.gatehouse.testkit.faults.NodeProcess.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** A database that goes, is slow, is silent, or only reads. */
final class Databases {
    private Databases() {}

    private static boolean known(Reply reply) {
        return reply.ok() || reply.status() == 503;
    }

    /** Restarts without warning. */
    record Restart() implements Experiment {
        @Override
        public String id() {
            return "F03";
        }

        @Override
        public String what() {
            return "the database crashes and comes back, in the middle of requests";
        }

        @Override
        public List<Figure> run(Cluster cluster, boolean full) throws Exception {
            List<Reply> replies = java.util.Collections.synchronizedList(new ArrayList<>());
            List<String> made = java.util.Collections.synchronizedList(new ArrayList<>());
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                writers.add(new Thread(() -> {
                    while (!over.get()) {
                        String email = UUID.randomUUID() + "@example.com";
                        Reply reply = cluster.second.signUp(email);
                        replies.add(reply);
                        if (reply.ok()) {
                            made.add(email);
                        }
                    }
                }));
            }
            writers.forEach(Thread::start);
            double slowest = 0;
            for (int i = 0; i < (full ? 10 : 3); i++) {
                Thread.sleep(1_500);
                cluster.database.stop();
                Thread.sleep(1_000);
                cluster.database.start();
                Duration recovered = Cluster.until(
                        Duration.ofSeconds(60),
                        () -> cluster.second
                                .signUp(UUID.randomUUID() + "@example.com")
                                .ok());
                slowest = Math.max(slowest, recovered.toMillis() / 1_000.0);
            }
            over.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
            return List.of(
                    Figure.none(
                            "neither success nor 503, of " + replies.size(),
                            replies.stream().filter(r -> !known(r)).count()),
                    Figure.none(
                            "lost of " + made.size(),
                            made.stream()
                                    .filter(e -> !cluster.second.signIn(e).ok())
                                    .count()),
                    Figure.below(
                            "longest answer",
                            replies.stream().mapToDouble(Reply::millis).max().orElse(0),
                            10_000,
                            "ms"),
                    Figure.below("recovered", slowest, 10, "s"));
        }
    }

    /** Is not there at the start. */
    record DownAtStart() implements Experiment {
        @Override
        public String id() {
            return "F04";
        }

        @Override
        public String what() {
            return "a node starts while the database is down; the host tries build() again";
        }

        @Override
        public List<Figure> run(Cluster cluster, boolean full) throws Exception {
            cluster.first.kill();
            cluster.database.stop();
            long[] up = new long[1];
            Thread later = new Thread(() -> {
                try {
                    Thread.sleep(full ? 60_000 : 8_000);
                    cluster.database.start();
                    up[0] = System.nanoTime();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            later.start();
            cluster.first = cluster.startFirst();
            long ready = System.nanoTime();
            later.join();
            return List.of(
                    Figure.below("ready after the database", (ready - up[0]) / 1e9, 15, "s"),
                    Figure.all(
                            "signs up", cluster.first.signUp("late@example.com").ok() ? 1 : 0, 1));
        }
    }

    /** Takes no writes for a while. */
    record ReadOnly() implements Experiment {
        @Override
        public String id() {
            return "F05";
        }

        @Override
        public String what() {
            return "the database becomes read-only, then writes again";
        }

        @Override
        public List<Figure> run(Cluster cluster, boolean full) throws Exception {
            Reply session = Refreshes.session(cluster.second);
            String access = Refreshes.access(session);
            String email = UUID.randomUUID() + "@example.com";
            cluster.second.signUp(email);
            cluster.database.execute("alter system set default_transaction_read_only = on");
            cluster.database.execute("select pg_reload_conf()");
            Thread.sleep(500);
            List<Reply> logins = new ArrayList<>();
            List<Reply> checks = new ArrayList<>();
            long end = System.nanoTime() + (full ? 60 : 8) * 1_000_000_000L;
            while (System.nanoTime() < end) {
                logins.add(cluster.second.signIn(email));
                checks.add(cluster.second.check(access));
                Thread.sleep(50);
            }
            cluster.database.execute("alter system reset default_transaction_read_only");
            cluster.database.execute("select pg_reload_conf()");
            Duration again = Cluster.until(
                    Duration.ofSeconds(30), () -> cluster.second.signIn(email).ok());
            return List.of(
                    Figure.all(
                            "sign-ins answered with 503",
                            logins.stream().filter(r -> r.status() == 503).count(),
                            logins.size()),
                    Figure.all(
                            "checks of a session that still work",
                            checks.stream().filter(Reply::ok).count(),
                            checks.size()),
                    Figure.below("writes again", again.toMillis() / 1_000.0, 10, "s"));
        }
    }

    /** Answers late, then not at all. */
    record Slow() implements Experiment {
        @Override
        public String id() {
            return "F06";
        }

        @Override
        public String what() {
            return "latency of 500 ms, of 5 s, then a black hole: what is in memory still answers";
        }

        @Override
        public List<Figure> run(Cluster cluster, boolean full) throws Exception {
            String access = Refreshes.access(Refreshes.session(cluster.second));
            List<Figure> figures = new ArrayList<>();
            int seconds = full ? 60 : 4;
            for (String fault : List.of("500 ms", "5 s", "black hole")) {
                // of its own each time: what is refused as too many guesses is no fault of the database
                String email = UUID.randomUUID() + "@example.com";
                cluster.second.signUp(email);
                // read anew, so that the answer is remembered for as long as the fault lasts
                Thread.sleep(5_100);
                cluster.first.check(access);
                cluster.proxy.delayMillis = fault.equals("500 ms") ? 500 : fault.equals("5 s") ? 5_000 : 0;
                cluster.proxy.hole = fault.equals("black hole");
                List<Thread> crowd = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    String nobody = UUID.randomUUID() + "@example.com";
                    crowd.add(new Thread(() -> cluster.first.signIn(nobody)));
                }
                crowd.forEach(Thread::start);
                List<Reply> checks = new ArrayList<>();
                // within the bound for which an answer is remembered
                long end = System.nanoTime() + Math.min(seconds, 4) * 1_000_000_000L;
                while (System.nanoTime() < end) {
                    checks.add(cluster.first.check(access));
                    Thread.sleep(10);
                }
                cluster.proxy.delayMillis = 0;
                if (full && cluster.proxy.hole) {
                    Thread.sleep(56_000);
                }
                cluster.proxy.hole = false;
                Duration again = Cluster.until(Duration.ofSeconds(90), () -> {
                    Reply in = cluster.first.signIn(email);
                    return in.ok() && in.millis() < 2_000;
                });
                for (Thread one : crowd) {
                    one.join();
                }
                figures.add(Figure.below(fault + ": p99 of checks from memory", Cluster.p99(checks), 50, "ms"));
                figures.add(Figure.all(
                        fault + ": checks that answer yes",
                        checks.stream().filter(Reply::ok).count(),
                        checks.size()));
                figures.add(Figure.below(fault + ": recovered", again.toMillis() / 1_000.0, 10, "s"));
            }
            return figures;
        }
    }
}
