package dev.gatehouse.testkit.faults;

import dev.gatehouse.testkit.faults.NodeProcess.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Many holders of a refresh token, at once and too late. */
final class Refreshes {
    private Refreshes() {}

    /** A new user's session; its answer. */
    static Reply session(NodeProcess node) {
        String email = UUID.randomUUID() + "@example.com";
        node.signUp(email);
        Reply in = node.signIn(email);
        if (!in.ok()) {
            throw new IllegalStateException("no session to begin with: " + in);
        }
        return in;
    }

    static String token(Reply reply) {
        return reply.json().path("refresh_token").asText();
    }

    static String access(Reply reply) {
        return reply.json().path("access_token").asText();
    }

    private static Set<String> successors(List<Reply> replies) {
        return replies.stream().filter(Reply::ok).map(Refreshes::token).collect(Collectors.toSet());
    }

    private static long failures(List<Reply> replies) {
        return replies.stream()
                .filter(r -> r.status() >= 500 || r.status() == 0)
                .count();
    }

    /** One token, everybody at once. */
    record OneToken() implements Experiment {
        @Override
        public String id() {
            return "F22";
        }

        @Override
        public String what() {
            return "concurrent refreshes of one token, on two nodes";
        }

        @Override
        public String window() {
            return "10m";
        }

        @Override
        public List<Figure> run(Cluster cluster, boolean full) throws Exception {
            String token = token(session(cluster.first));
            AtomicInteger turn = new AtomicInteger();
            int calls = full ? 10_000 : 1_000;
            long began = System.nanoTime();
            List<Reply> replies = Cluster.atOnce(
                    full ? 200 : 50,
                    calls,
                    () -> (turn.getAndIncrement() % 2 == 0 ? cluster.first : cluster.second).refresh(token));
            double seconds = (System.nanoTime() - began) / 1e9;
            return List.of(
                    Figure.all(
                            "answered with a token",
                            replies.stream().filter(Reply::ok).count(),
                            calls),
                    Figure.all("different successors", successors(replies).size(), 1),
                    Figure.none("5xx", failures(replies)),
                    Figure.all(
                            "the successor works",
                            successors(replies).stream()
                                    .filter(next -> cluster.second.refresh(next).ok())
                                    .count(),
                            1),
                    Figure.below("p99", Cluster.p99(replies), 2_000, "ms"),
                    Figure.below("done", seconds, 60, "s"));
        }
    }

    /** Many tokens, ten at once each. */
    record ManyTokens() implements Experiment {
        @Override
        public String id() {
            return "F23";
        }

        @Override
        public String what() {
            return "many tokens, ten refreshes at once of each";
        }

        @Override
        public String window() {
            return "10m";
        }

        @Override
        public List<Figure> run(Cluster cluster, boolean full) throws Exception {
            int families = full ? 1_000 : 60;
            long before = cluster.database.number("select count(*) from gh_v_session");
            int forks = 0;
            int alive = 0;
            long failed = 0;
            for (int i = 0; i < families; i++) {
                String token = token(session(cluster.first));
                AtomicInteger turn = new AtomicInteger();
                List<Reply> replies = Cluster.atOnce(
                        10,
                        10,
                        () -> (turn.getAndIncrement() % 2 == 0 ? cluster.first : cluster.second).refresh(token));
                failed += failures(replies)
                        + replies.stream().filter(r -> !r.ok()).count();
                forks += successors(replies).size() - 1;
                for (String next : successors(replies)) {
                    alive += cluster.first.refresh(next).ok() ? 1 : 0;
                }
            }
            return List.of(
                    Figure.none("forks", forks),
                    Figure.none("refused or failed", failed),
                    Figure.all("live lines", alive, families),
                    Figure.all(
                            "sessions",
                            cluster.database.number("select count(*) from gh_v_session") - before,
                            families));
        }
    }

    /** A spent token, too late. */
    record Reuse() implements Experiment {
        @Override
        public String id() {
            return "F24";
        }

        @Override
        public String what() {
            return "reuse of a spent token after its window, on the other node";
        }

        @Override
        public String window() {
            return "1s";
        }

        @Override
        public List<Figure> run(Cluster cluster, boolean full) throws Exception {
            int families = full ? 1_000 : 30;
            List<String> spent = new ArrayList<>();
            List<String> live = new ArrayList<>();
            List<String> others = new ArrayList<>();
            for (int i = 0; i < families; i++) {
                String email = UUID.randomUUID() + "@example.com";
                cluster.first.signUp(email);
                String token = token(cluster.first.signIn(email));
                others.add(token(cluster.second.signIn(email)));
                live.add(token(cluster.first.refresh(token)));
                spent.add(token);
            }
            Thread.sleep(1_500);
            long refused = spent.stream()
                    .filter(t -> cluster.second.refresh(t).status() == 400)
                    .count();
            long ended =
                    live.stream().filter(t -> !cluster.first.refresh(t).ok()).count();
            long untouched =
                    others.stream().filter(t -> cluster.first.refresh(t).ok()).count();
            return List.of(
                    Figure.all("refused", refused, families),
                    Figure.all("sessions ended", ended, families),
                    Figure.all("other sessions of the users untouched", untouched, families));
        }
    }
}
