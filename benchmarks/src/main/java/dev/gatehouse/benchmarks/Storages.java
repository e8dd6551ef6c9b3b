package dev.gatehouse.benchmarks;

import dev.gatehouse.store.JdbcStorage;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Each method of the storage SPI beside JDBC by hand, and what it costs where there are more rows. */
final class Storages {
    static final String TOGETHER = "append to a journal, 64 threads 10 times each, to the disk";
    private static final int WRITERS = 64;
    private static final int EACH = 10;
    private static final int BATCH = 1_000;
    /** Rows that a measurement itself makes lie beyond all that are there. */
    private static final int BEYOND = 20_000_000;

    private final Meter meter;
    private final Options options;
    private final String database;
    private final boolean here;
    private final String ours;
    private final String theirs;
    private final Map<Role, Rows> rivals = new EnumMap<>(Role.class);
    private int filled;
    private int made = BEYOND;

    private Storages(Meter meter, Options options, String database, boolean here, String ours, String theirs)
            throws Exception {
        this.meter = meter;
        this.options = options;
        this.database = database;
        this.here = here;
        this.ours = ours;
        this.theirs = theirs;
        rivals.put(Role.LIMIT, new JdbcRows(theirs));
        rivals.put(Role.OURS, new OurRows(ours));
    }

    static void measure(Meter meter, Options options) throws Exception {
        new Storages(
                        meter,
                        options,
                        "H2",
                        true,
                        JdbcStorage.h2File(Scratch.directory()),
                        JdbcStorage.h2File(Scratch.directory()))
                .all();
        // without waiting for the disk, which would hide everything else
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setServerConfig("synchronous_commit", "off")
                .start()) {
            on(server, meter, options).all();
        }
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start()) {
            on(server, meter, options).together();
        }
    }

    private static Storages on(EmbeddedPostgres server, Meter meter, Options options) throws Exception {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create schema ours");
            statement.execute("create schema theirs");
        }
        String url = server.getJdbcUrl("postgres", "postgres") + "&currentSchema=";
        return new Storages(meter, options, "PostgreSQL", false, url + "ours", url + "theirs");
    }

    /** What is committed to the disk by many threads at once. */
    private void together() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
        try {
            changing(TOGETHER, WRITERS * EACH, (rows, from) -> {
                List<Callable<Boolean>> writers = new ArrayList<>();
                for (int writer = 0; writer < WRITERS; writer++) {
                    int first = from + writer * EACH;
                    writers.add(() -> {
                        for (int n = first; n < first + EACH; n++) {
                            rows.append(n);
                        }
                        return true;
                    });
                }
                for (Future<Boolean> done : threads.invokeAll(writers)) {
                    done.get();
                }
                return true;
            });
        } finally {
            threads.shutdown();
            close();
        }
    }

    private void close() {
        rivals.values().forEach(Rows::close);
    }

    private void all() throws Exception {
        try {
            List<Integer> sizes = options.sizes();
            for (int size : sizes) {
                System.err.printf("  %s, growing to %,d%n", database, size);
                fill(size);
                reads(size);
                if (size == sizes.get(1)) {
                    more(size);
                    writes();
                }
            }
        } finally {
            close();
        }
    }

    private void fill(int size) throws Exception {
        for (Rows rival : rivals.values()) {
            for (int from = filled; from < size; from += BATCH) {
                rival.insertAll(from, Math.min(from + BATCH, size));
            }
        }
        filled = size;
        // what a database does by itself a while later, in the middle of a measurement
        for (String url : List.of(ours, theirs)) {
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute("analyze");
            }
        }
    }

    private interface Asked {
        boolean run(Rows rows, int round) throws Exception;
    }

    private void ask(String what, Asked asked) throws Exception {
        for (Map.Entry<Role, Rows> rival : rivals.entrySet()) {
            measure(what, rival.getKey(), Meter.Work.of(round -> right(asked.run(rival.getValue(), round))));
        }
    }

    private void measure(String what, Role role, Meter.Work work) throws Exception {
        meter.measure(database + ": " + what, role == Role.OURS ? "Gatehouse" : "limit: JDBC", role, here, work);
    }

    private static void right(boolean found) {
        if (!found) {
            throw new IllegalStateException("not as many rows as there are");
        }
    }

    private void reads(int size) throws Exception {
        String among = " among " + Options.rows(size);
        ask("get" + among, (rows, round) -> rows.get(Rows.any(round, size)));
        ask("getByKey" + among, (rows, round) -> rows.getByKey(Rows.any(round, size)));
        ask("find, 100" + among, (rows, round) -> rows.page(Rows.any(round, size - 100)) == 100);
        int each = Math.min(20, size / 1_000);
        ask("find by a lookup, " + each + among, (rows, round) -> rows.pageOf(Rows.any(round, size)) == each);
    }

    private void more(int size) throws Exception {
        ask("getAll, 20", (rows, round) -> rows.getAll(Rows.some(round, size, 20)) == 20);
        ask("getAllByKey, 20", (rows, round) -> rows.getAllByKey(Rows.some(round, size, 20)) == 20);
        ask("hold", (rows, round) -> rows.hold(Rows.any(round, size)));
        ask("get and replace", (rows, round) -> {
            rows.replace(Rows.any(round, size));
            return true;
        });
        ask("add to a counter", (rows, round) -> rows.count("c"));
        ask("lease", (rows, round) -> rows.lease("l"));
    }

    private void writes() throws Exception {
        changing("insert", 1, (rows, from) -> {
            rows.insert(from);
            return true;
        });
        changing("insertAll, 100", 100, (rows, from) -> {
            rows.insertAll(from, from + 100);
            return true;
        });
        changing("append to a journal", 1, (rows, from) -> {
            rows.append(from);
            return true;
        });
        for (Rows rival : rivals.values()) {
            for (int i = 0; i < 100; i++) {
                rival.append(made + i);
            }
        }
        made += 100;
        ask("read a journal, 100", (rows, round) -> rows.read() == 100);
        spending("delete", (rows, from, to) -> rows.insertAll(from, to), Rows::delete);
        spending("take", (rows, from, to) -> rows.insertAll(from, to), Rows::take);
        sweep();
    }

    /** What makes so many rows each time. */
    private void changing(String what, int rows, Asked asked) throws Exception {
        int begin = made;
        int most = 0;
        for (Map.Entry<Role, Rows> rival : rivals.entrySet()) {
            int[] last = {0};
            measure(what, rival.getKey(), Meter.Work.of(round -> {
                right(asked.run(rival.getValue(), begin + round * rows));
                last[0] = begin + round * rows + rows;
            }));
            most = Math.max(most, last[0]);
        }
        made = most;
    }

    private interface Making {
        void run(Rows rows, int from, int to) throws Exception;
    }

    /** What spends a row that was made for it. */
    private void spending(String what, Making making, Asked asked) throws Exception {
        int begin = made;
        int[] last = {begin};
        for (Map.Entry<Role, Rows> rival : rivals.entrySet()) {
            measure(
                    what,
                    rival.getKey(),
                    new Meter.Work(
                            (from, to) -> {
                                for (int i = from; i < to; i += BATCH) {
                                    making.run(rival.getValue(), begin + i, begin + Math.min(to, i + BATCH));
                                }
                                last[0] = Math.max(last[0], begin + to);
                            },
                            round -> right(asked.run(rival.getValue(), begin + round)),
                            5_000));
        }
        made = last[0];
    }

    private void sweep() throws Exception {
        int begin = made;
        for (Map.Entry<Role, Rows> rival : rivals.entrySet()) {
            Rows rows = rival.getValue();
            measure(
                    "sweep, 100",
                    rival.getKey(),
                    new Meter.Work(
                            (from, to) -> {
                                for (int i = from; i < to; i++) {
                                    rows.insertExpired(begin + i * 100, begin + i * 100 + 100);
                                }
                            },
                            round -> right(rows.sweep(100) == 100),
                            20));
        }
    }
}
