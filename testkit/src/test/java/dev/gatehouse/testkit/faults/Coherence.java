package dev.gatehouse.testkit.faults;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.testkit.faults.NodeProcess.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What one node knows and the other must hear of. */
final class Coherence {
    private Coherence() {}

    private static String sessionOf(String access) {
        String claims = new String(
                java.util.Base64.getUrlDecoder().decode(access.split("\\.")[1]),
                java.nio.charset.StandardCharsets.UTF_8);
        return claims.replaceFirst(".*\"sid\":\"([^\"]+)\".*", "$1");
    }

    /** Ended here, used there. */
    record Revocation() implements Experiment {
        @Override
        public String id() {
            return "F09";
        }

        @Override
        public String what() {
            return "a session is revoked on one node and used on the other (F10: nodes never speak to each other)";
        }

        @Override
        public List<Figure> run(Cluster cluster, boolean full) throws Exception {
            int tries = full ? 200 : 12;
            double slowest = 0;
            long here = 0;
            long before = 0;
            for (int i = 0; i < tries; i++) {
                String access = Refreshes.access(Refreshes.session(cluster.first));
                before += cluster.first.check(access).ok()
                                && cluster.second.check(access).ok()
                        ? 1
                        : 0;
                cluster.first.post(
                        "/user_management/sessions/revoke", "{\"session_id\":\"" + sessionOf(access) + "\"}");
                here += cluster.first.check(access).status() == 401 ? 1 : 0;
                Duration seen = Cluster.until(
                        Duration.ofSeconds(20),
                        () -> cluster.second.check(access).status() == 401);
                slowest = Math.max(slowest, seen.toMillis() / 1_000.0);
            }
            return List.of(
                    Figure.all("accepted on both before", before, tries),
                    Figure.all("refused at once where it was revoked", here, tries),
                    // revocation-bound, and the step of the question
                    Figure.below("refused on the other node", slowest, 6, "s"));
        }
    }

    /** A pool of one connection. */
    record OneConnection() implements Experiment {
        @Override
        public String id() {
            return "F07";
        }

        @Override
        public String what() {
            return "a pool of one connection, twenty sign-ups at once";
        }

        @Override
        public List<Figure> run(Cluster cluster, boolean full) throws Exception {
            cluster.database.execute("create schema if not exists one");
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(Database.url(cluster.database.port()) + "&currentSchema=one");
            config.setMaximumPoolSize(1);
            try (HikariDataSource source = new HikariDataSource(config);
                    Gatehouse gatehouse = Gatehouse.builder()
                            .dataSource(source)
                            .keyring(LocalKeyring.random())
                            .set(Setting.PASSWORD_HASH_MEMORY, "4096")
                            .set(Setting.PASSWORD_HASH_PASSES, "1")
                            .build()) {
                long began = System.nanoTime();
                List<String> made = Cluster.atOnce(
                        20,
                        full ? 200 : 40,
                        () -> gatehouse
                                .users()
                                .create(NewUser.of(UUID.randomUUID() + "@example.com")
                                        .withPassword(Cluster.PASSWORD))
                                .id());
                return List.of(
                        Figure.all("done", made.size(), full ? 200 : 40),
                        Figure.below("in", (System.nanoTime() - began) / 1e9, 30, "s"));
            }
        }
    }

    /** A clock that is wrong. */
    record Skew() implements Experiment {
        @Override
        public String id() {
            return "F11";
        }

        @Override
        public String what() {
            return "one node's clock is off by 59 s, 10 min and 24 h, both ways, then right again";
        }

        @Override
        public String window() {
            return "1s";
        }

        @Override
        public List<Figure> run(Cluster cluster, boolean full) throws Exception {
            List<Figure> figures = new ArrayList<>();
            long replayed = 0;
            long ended = 0;
            int tries = 0;
            for (String by : List.of("PT59S", "PT-59S", "PT10M", "PT-10M", "PT24H", "PT-24H")) {
                for (int i = 0; i < (full ? 20 : 4); i++) {
                    tries++;
                    Reply session = Refreshes.session(cluster.first);
                    String spent = Refreshes.token(session);
                    String next = Refreshes.token(cluster.first.refresh(spent));
                    String other = Refreshes.token(Refreshes.session(cluster.first));
                    Thread.sleep(1_100);
                    cluster.second.clock(Duration.parse(by));
                    // right or wrong, the clock must not open what is spent for longer than the window
                    replayed += !by.startsWith("PT-")
                                    && cluster.second.refresh(spent).ok()
                            ? 1
                            : 0;
                    Reply skewed = by.contains("59S") ? cluster.second.refresh(other) : session;
                    ended += skewed.ok() ? 0 : 1;
                    cluster.second.clock(Duration.ZERO);
                    replayed += cluster.second.refresh(spent).ok() ? 1 : 0;
                    if (next.isEmpty()) {
                        throw new IllegalStateException("no successor");
                    }
                }
            }
            figures.add(Figure.none("spent tokens accepted, of " + tries, replayed));
            figures.add(Figure.none("sessions ended by a skew below 60 s", ended));
            return figures;
        }
    }
}
