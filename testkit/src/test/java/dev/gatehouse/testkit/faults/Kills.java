package dev.gatehouse.testkit.faults;

import dev.gatehouse.testkit.faults.NodeProcess.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Nodes that go without a word. */
final class Kills {
    private Kills() {}

    /** Of a record that nobody points from, or of one half of a change. */
    static final List<String> HALVES = List.of(
            "select count(*) from gh_v_session where user_id not in (select id from gh_v_user)",
            "select count(*) from gh_v_user where 'password_' || substr(id, 6) not in"
                    + " (select id from gh_record where kind = 'password')",
            "select count(*) from gh_unique k where not exists (select 1 from gh_record r"
                    + " where r.env = k.env and r.kind = k.kind and r.id = k.id)");

    static long halves(Database database) throws java.sql.SQLException {
        long found = 0;
        for (String half : HALVES) {
            found += database.number(half);
        }
        return found;
    }

    /** One of two, while both write. */
    record OneNode() implements Experiment {
        @Override
        public String id() {
            return "F01";
        }

        @Override
        public String what() {
            return "kill -9 of one node during sign-ups, sign-ins and refreshes";
        }

        @Override
        public List<Figure> run(Cluster cluster, boolean full) throws Exception {
            Map<String, Boolean> acknowledged = new ConcurrentHashMap<>();
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger others = new AtomicInteger();
            AtomicInteger failures = new AtomicInteger();
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                boolean first = i % 2 == 0;
                writers.add(new Thread(() -> {
                    while (!over.get()) {
                        NodeProcess node = first ? cluster.first : cluster.second;
                        String email = UUID.randomUUID() + "@example.com";
                        Reply made = node.signUp(email);
                        if (made.ok()) {
                            acknowledged.put(email, true);
                            Reply in = node.signIn(email);
                            Reply next = in.ok() ? node.refresh(Refreshes.token(in)) : in;
                            if (!first) {
                                others.incrementAndGet();
                                failures.addAndGet(next.ok() ? 0 : 1);
                            }
                        } else if (!first) {
                            others.incrementAndGet();
                            failures.incrementAndGet();
                        }
                    }
                }));
            }
            writers.forEach(Thread::start);
            double slowest = 0;
            int kills = full ? 20 : 4;
            for (int i = 0; i < kills; i++) {
                Thread.sleep(full ? 10_000 : 1_500);
                cluster.first.kill();
                cluster.first = cluster.startFirst();
                slowest = Math.max(slowest, cluster.first.start.toMillis() / 1_000.0);
            }
            over.set(true);
            for (Thread writer : writers) {
                writer.join();
            }
            long lost = acknowledged.keySet().stream()
                    .filter(email -> !cluster.second.signIn(email).ok())
                    .count();
            return List.of(
                    Figure.none("lost of " + acknowledged.size() + " acknowledged, " + kills + " kills", lost),
                    Figure.none("half done", halves(cluster.database)),
                    Figure.none("failed on the other node, of " + others.get(), failures.get()),
                    Figure.below("ready again", slowest, 15, "s"));
        }
    }

    /** Both at once. */
    record BothNodes() implements Experiment {
        @Override
        public String id() {
            return "F02";
        }

        @Override
        public String what() {
            return "kill -9 of both nodes, and both again";
        }

        @Override
        public String window() {
            return "1s";
        }

        @Override
        public List<Figure> run(Cluster cluster, boolean full) throws Exception {
            int sessions = full ? 1_000 : 60;
            List<String> live = new ArrayList<>();
            List<String> access = new ArrayList<>();
            List<String> spent = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                live.add(Refreshes.token(Refreshes.session(cluster.first)));
                Reply other = Refreshes.session(cluster.second);
                access.add(Refreshes.access(cluster.second.refresh(Refreshes.token(other))));
                spent.add(Refreshes.token(other));
            }
            cluster.first.kill();
            cluster.second.kill();
            cluster.first = cluster.startFirst();
            cluster.second = cluster.startSecond();
            long checked =
                    access.stream().filter(t -> cluster.first.check(t).ok()).count();
            long refreshed =
                    live.stream().filter(t -> cluster.second.refresh(t).ok()).count();
            Thread.sleep(1_100);
            long replayed =
                    spent.stream().filter(t -> cluster.first.refresh(t).ok()).count();
            return List.of(
                    Figure.all("access tokens still open", checked, sessions),
                    Figure.all("sessions still refresh", refreshed, sessions),
                    Figure.none("spent refresh tokens accepted", replayed));
        }
    }
}
