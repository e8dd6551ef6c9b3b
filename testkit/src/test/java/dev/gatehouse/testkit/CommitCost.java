package dev.gatehouse.testkit;

import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.store.JdbcStorage.SchemaMode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;

/**
 * Measures what a commit costs, for {@code docs/storage.md}. A program, not a test: run its main method with the test
 * class path and, optionally, the directory to write in.
 */
final class CommitCost {
    private static final int COMMITS = 1000;
    private static final int WARM_UP = 2000;

    private CommitCost() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("commit-cost");
        String file = "jdbc:h2:file:" + directory.toAbsolutePath().resolve("cost");
        storage("memory (heap)", new dev.gatehouse.store.MemoryStorage());
        jdbc("H2 in memory", JdbcStorage.h2Memory("cost"));
        jdbc("H2 file, WRITE_DELAY=500 (H2's default)", file + "1");
        jdbc("H2 file, WRITE_DELAY=0 alone", file + "2;WRITE_DELAY=0");
        jdbc("H2 file, Gatehouse's default", JdbcStorage.h2File(directory.resolve("3")));
        checkpoints(JdbcStorage.h2File(directory.resolve("4")));
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setDataDirectory(directory.resolve("pg"))
                .setCleanDataDirectory(true)
                .start()) {
            String url = server.getJdbcUrl("postgres", "postgres");
            jdbc("PostgreSQL, synchronous_commit=on", url);
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute("alter database postgres set synchronous_commit = off");
            }
            jdbc("PostgreSQL, synchronous_commit=off", url);
        }
    }

    private static void jdbc(String name, String url) {
        storage(name, JdbcStorage.of(url, null, null, SchemaMode.CREATE, "gh_"));
    }

    private static void storage(String name, Storage storage) {
        try (storage) {
            storage.prepare(List.of());
            measure(name, i -> insert(storage, i));
        }
    }

    private static void insert(Storage storage, int i) {
        String id = System.nanoTime() + "-" + i;
        Row row = StorageFixture.row(StorageFixture.ENV, id, "{\"email\":\"" + id + "@example.com\"}");
        storage.<Boolean>inTransaction(tx -> {
            tx.insert(row, StorageFixture.unique("email", id));
            return true;
        });
    }

    /** {@code CHECKPOINT SYNC} forces the file onto the disk. */
    private static void checkpoints(String url) throws SQLException {
        try (Storage storage = JdbcStorage.of(url, null, null, SchemaMode.CREATE, "gh_");
                Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            storage.prepare(List.of());
            measure("H2 file, Gatehouse's default and CHECKPOINT SYNC after each commit", i -> {
                insert(storage, i);
                statement.execute("checkpoint sync");
            });
        }
    }

    @FunctionalInterface
    private interface Step {
        void run(int i) throws SQLException;
    }

    private static void measure(String name, Step step) {
        long[] nanos = new long[COMMITS];
        try {
            for (int i = 0; i < WARM_UP; i++) {
                step.run(i);
            }
            for (int i = 0; i < COMMITS; i++) {
                long start = System.nanoTime();
                step.run(WARM_UP + i);
                nanos[i] = System.nanoTime() - start;
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        Arrays.sort(nanos);
        System.out.printf(
                "%-62s median %6d us, 99th percentile %6d us%n",
                name, nanos[COMMITS / 2] / 1000, nanos[COMMITS * 99 / 100] / 1000);
    }
}
