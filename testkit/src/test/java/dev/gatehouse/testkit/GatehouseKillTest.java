package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.PasswordHash;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.events.Event;
import dev.gatehouse.identity.User;
import dev.gatehouse.store.JdbcStorage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole Gatehouse is killed (kill -9) twenty times at a random moment, while threads sign people up and refresh their
 * sessions, and started again on the same data. What it acknowledged is there, and nothing is there by half.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GatehouseKillTest {
    private static final int KILLS = 20;
    private static final int REFRESHERS = 3;
    /** Made once, so that the time of the killed process goes into transactions. */
    private static final String HASH = new PasswordHash(4_096, 1, 1, 1, new RandomTokens()).hash(Calls.PASSWORD);

    @TempDir
    Path directory;

    private final Random random = new Random();
    private final Map<String, String> users = new LinkedHashMap<>();
    private int refreshes;
    private @Nullable String lastEvent;
    private final Set<String> followed = new HashSet<>();
    private final Set<String> createdUsers = new HashSet<>();
    private final Set<String> createdSessions = new HashSet<>();

    @Test
    @DisplayName("twenty kills with the H2 file lose nothing acknowledged and leave nothing half done")
    void h2() throws Exception {
        rounds("H2 file", JdbcStorage.h2File(directory), null);
    }

    @Test
    @DisplayName("twenty kills with PostgreSQL lose nothing acknowledged and leave nothing half done")
    void postgres() throws Exception {
        String schema = Postgres.schema();
        rounds("PostgreSQL", Postgres.url(schema), "killed-" + schema);
    }

    private void rounds(String name, String url, @Nullable String application) throws Exception {
        open(url, directory, "create").close();
        for (int kill = 1; kill <= KILLS; kill++) {
            List<String> said = workAndKill(application == null ? url : url + "&ApplicationName=" + application, kill);
            if (application != null) {
                awaitRollback(url, application);
            }
            try (Gatehouse again = open(url, directory, "validate")) {
                nothingIsLost(again, said);
                nothingIsHalfDone(again, url);
            }
        }
        // figures for docs/storage.md
        System.out.println(name + ": " + KILLS + " kills, " + users.size() + " acknowledged sign-ups and " + refreshes
                + " acknowledged refreshes, lost 0, half done 0");
    }

    static Gatehouse open(String url, Path directory, String schema) {
        return Gatehouse.builder()
                .set(Setting.RATE_LIMITS, "false")
                .set(Setting.JDBC_URL, url)
                .set(Setting.DATA_DIRECTORY, directory.toString())
                .set(Setting.SCHEMA, schema)
                .set(Setting.API_KEY, Calls.KEY)
                .set(Setting.CLIENT_ID, Calls.CLIENT)
                .set(Setting.PASSWORD_HASH_MEMORY, "4096")
                .set(Setting.PASSWORD_HASH_PASSES, "1")
                // longer than any restart takes here, so that every answer is known beforehand
                .set(Setting.REFRESH_WINDOW, "10m")
                .build();
    }

    /** What the killed process said it had done. */
    private List<String> workAndKill(String url, int round) throws IOException, InterruptedException {
        Process worker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // it lives for two seconds: what makes a start cheap counts
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:-BytecodeVerificationRemote",
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Worker.class.getName(),
                        url,
                        directory.toString(),
                        "r" + round,
                        HASH)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> said = new ArrayList<>();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(worker.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).as("the worker is ready").isEqualTo("ready.");
            // now and then right at the start, else when refreshes are under way
            String what = random.nextInt(5) == 0 ? "user" : "refresh";
            for (int wanted = random.nextInt(1, 30); wanted > 0; ) {
                String line = out.readLine();
                assertThat(line).as("the worker ended by itself: " + said).isNotNull();
                said.add(line);
                wanted -= line.startsWith(what) ? 1 : 0;
            }
            LockSupport.parkNanos(random.nextInt(20_000_000));
            // the handle, since Process would close the pipe at once and with it what was said meanwhile
            worker.toHandle().destroyForcibly();
            out.lines().forEach(said::add);
        } finally {
            worker.destroyForcibly().waitFor();
        }
        // the last line may have been cut short by the kill; it is whole if it has its end mark
        return said.stream().filter(line -> line.endsWith(".")).toList();
    }

    /** A server may still be committing what its dead client sent last: until then there is nothing to look at. */
    private static void awaitRollback(String url, String application) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            while (!ids(connection, "select pid from pg_stat_activity where application_name = '" + application + "'")
                    .isEmpty()) {
                LockSupport.parkNanos(10_000_000);
            }
        }
    }

    private void nothingIsLost(Gatehouse again, List<String> said) {
        Map<String, String> newest = new TreeMap<>();
        for (String line : said) {
            String[] words = line.substring(0, line.length() - 1).split(" ", -1);
            switch (words[0]) {
                case "user" -> {
                    users.put(words[1], words[2]);
                    assertThat(again.users().findByEmail(words[1]).map(User::id))
                            .as("%s, said among %s", line, said)
                            .contains(words[2]);
                    assertThat(Calls.signIn(again, words[1])
                                    .path("access_token")
                                    .asText())
                            .isNotEmpty();
                }
                case "token" -> newest.put(words[1], words[2]);
                case "refresh" -> {
                    refreshes++;
                    newest.put(words[1], words[2]);
                }
                default -> throw new AssertionError("the worker said: " + line);
            }
        }
        for (String token : newest.values()) {
            // the acknowledged successor, or the token before the one that nobody got to see: both are answered
            JsonNode next = Calls.refresh(again, token);
            assertThat(next.path("refresh_token").asText()).as(next.toString()).isNotEmpty();
            assertThat(Calls.refresh(again, next.path("refresh_token").asText())
                            .path("access_token")
                            .asText())
                    .isNotEmpty();
        }
    }

    private void nothingIsHalfDone(Gatehouse again, String url) throws SQLException {
        Set<String> names =
                Set.of("user.created", "user.updated", "user.deleted", "session.created", "session.revoked");
        List<Event> page;
        do {
            // a follower that remembers where it was, over all the kills
            page = again.events().after(names, lastEvent, 200);
            for (Event event : page) {
                lastEvent = event.id();
                assertThat(followed.add(event.id())).isTrue();
                Set<String> created = switch (event.event()) {
                    case "user.created" -> createdUsers;
                    case "session.created" -> createdSessions;
                    default -> throw new AssertionError("nobody did this: " + event);
                };
                assertThat(created.add(event.data().path("id").asText()))
                        .as("once: " + event)
                        .isTrue();
            }
        } while (!page.isEmpty());
        try (Connection connection = DriverManager.getConnection(url)) {
            assertThat(createdUsers).containsAll(users.values());
            assertThat(ids(connection, "select id from gh_v_user")).isEqualTo(createdUsers);
            assertThat(ids(connection, "select id from gh_v_session")).isEqualTo(createdSessions);
            assertThat(ids(connection, "select id from gh_v_event where event like 'user.%' or event like 'session.%'"))
                    .as("a follower missed nothing")
                    .isEqualTo(followed);
            for (String orphans : List.of(
                    "select id from gh_v_session where user_id not in (select id from gh_v_user)",
                    "select id from gh_v_user where 'password_' || substr(id, 6) not in"
                            + " (select id from gh_record where kind = 'password')",
                    "select id from gh_record where kind = 'outbox'",
                    "select id from gh_unique k where not exists"
                            + " (select 1 from gh_record r where r.env = k.env and r.kind = k.kind and r.id = k.id)",
                    "select id from gh_lookup k where not exists"
                            + " (select 1 from gh_record r where r.env = k.env and r.kind = k.kind and r.id = k.id)")) {
                assertThat(ids(connection, orphans)).as(orphans).isEmpty();
            }
        }
    }

    private static Set<String> ids(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            Set<String> ids = new HashSet<>();
            while (result.next()) {
                ids.add(result.getString(1));
            }
            return ids;
        }
    }

    /** The process that is killed. Says what it did once the call has returned. */
    static final class Worker {
        private Worker() {}

        public static void main(String[] arguments) {
            // a thread that fails ends the process, or the test would wait for its news without end
            Thread.setDefaultUncaughtExceptionHandler((thread, e) -> {
                say("failed: " + e);
                Runtime.getRuntime().halt(3);
            });
            Gatehouse gatehouse = open(arguments[0], Path.of(arguments[1]), "validate");
            say("ready.");
            new Thread(() -> signUp(gatehouse, arguments[2], arguments[3]), "sign-up").start();
            for (int i = 0; i < REFRESHERS; i++) {
                String name = arguments[2] + "-" + i;
                new Thread(() -> refresh(gatehouse, name, arguments[3]), "refresh").start();
            }
        }

        private static void say(String line) {
            System.out.println(line);
            System.out.flush();
        }

        private static String make(Gatehouse gatehouse, String email, String hash) {
            String body = "{\"email\":\"%s\",\"password_hash_type\":\"argon2\",\"password_hash\":\"%s\"}";
            String id = Calls.post(gatehouse, "/user_management/users", body.formatted(email, hash))
                    .path("id")
                    .asText();
            say("user " + email + " " + id + ".");
            return id;
        }

        private static void signUp(Gatehouse gatehouse, String name, String hash) {
            for (int i = 0; ; i++) {
                make(gatehouse, name + "-" + i + "@example.com", hash);
            }
        }

        private static void refresh(Gatehouse gatehouse, String name, String hash) {
            String email = name + "-r@example.com";
            String user = make(gatehouse, email, hash);
            String token = Calls.signIn(gatehouse, email).path("refresh_token").asText();
            say("token " + user + " " + token + ".");
            while (true) {
                token = Calls.refresh(gatehouse, token).path("refresh_token").asText();
                say("refresh " + user + " " + token + ".");
            }
        }
    }
}
