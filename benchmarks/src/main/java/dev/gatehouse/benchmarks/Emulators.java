package dev.gatehouse.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The REST API over HTTP by Gatehouse in Jetty, on an H2 file, and by the vendor's emulator, which keeps everything in the
 * memory of a Node process and hashes passwords by one SHA-256. It takes a thousand requests a minute with one API key, so it
 * gets many; those to {@code authenticate}, which carry none, stay below that.
 */
final class Emulators {
    static final String CREATE = "create user";
    static final String LIST = "list users, 100";
    static final String LIST_TEN = "list users, 10";
    private static final String LABEL = "WorkOS emulator, of workos 0.14.0";
    private static final int KEYS = 400;
    private static final int PEOPLE = 50;

    private final Contest contest;
    private final int signIns;

    private Emulators(Part part, Options options) {
        this.contest = new Contest(part, options);
        this.signIns = options.full() ? 20 : 100;
    }

    static List<Figure> measure(Part part, Options options) throws Exception {
        Emulators all = new Emulators(part, options);
        for (int size : options.shortest() ? List.of(1_000) : List.of(1_000, 100_000)) {
            String among = " among " + Options.rows(size);
            try (ServerProcess ours = ServerProcess.start(size)) {
                all.ask(
                        "Gatehouse",
                        Role.OURS,
                        ours.process().toHandle(),
                        ours.url() + "/gatehouse/api",
                        new String[] {Ours.KEY},
                        among,
                        size);
            }
            Process emulator = emulator(size);
            try (BufferedReader said = emulator.inputReader()) {
                String url = said.readLine();
                if (url == null) {
                    throw new IOException("the emulator did not start");
                }
                String[] keys = new String[KEYS];
                for (int i = 0; i < KEYS; i++) {
                    keys[i] = "sk_test_" + i;
                }
                all.ask(LABEL, Role.PEER, emulator.toHandle(), url, keys, among, size);
            } finally {
                emulator.destroy();
                emulator.onExit().join();
            }
        }
        return all.contest.figures();
    }

    private static Process emulator(int users) throws IOException {
        Path program = Path.of(System.getProperty("bench.root", "."), "benchmarks/src/main/node");
        if (Files.notExists(program.resolve("node_modules"))) {
            throw new IOException("no emulator in " + program + ": bin/bench installs it if the part is named");
        }
        return new ProcessBuilder("node", "emulator.mjs", Integer.toString(users), Integer.toString(KEYS))
                .directory(program.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private void ask(String who, Role role, ProcessHandle server, String url, String[] keys, String among, int size)
            throws Exception {
        // a JVM compiles for thousands of requests, and the emulator needs long for each where there are many users
        boolean ours = role == Role.OURS;
        int requests = ours ? 6_000 : 200;
        String users = url + Api.USERS;
        String authenticate = url + Api.AUTHENTICATE;
        for (int i = 0; i < PEOPLE; i++) {
            contest.send(Contest.json(
                    users,
                    keys[i % keys.length],
                    "{\"email\":\"%s\",\"password\":\"%s\",\"email_verified\":true}"
                            .formatted(Contest.person(i), Ours.PASSWORD)));
        }
        Contest.Each signIn = Contest.signIn(authenticate, PEOPLE);
        Queue<String> tokens = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < Contest.BEGINNINGS; i++) {
            tokens.add(Api.text(contest.send(signIn.next(i, "")), "refresh_token"));
        }
        contest.measure("authenticate by password" + among, who, role, server, signIns, signIn);
        contest.measure(
                "authenticate by refresh token" + among,
                who,
                role,
                server,
                ours ? 4_000 : signIns,
                Contest.refresh(authenticate, tokens));
        contest.measure(
                CREATE + among,
                who,
                role,
                server,
                requests,
                (number, before) -> Contest.json(
                        users,
                        keys[number % keys.length],
                        "{\"email\":\"new-%d@example.com\",\"first_name\":\"Ann\"}".formatted(number)));
        contest.measure(LIST_TEN + among, who, role, server, requests, get(users + "?limit=10", keys));
        contest.measure(LIST + among, who, role, server, requests, get(users + "?limit=100", keys));
        contest.measure(
                "list users by e-mail" + among,
                who,
                role,
                server,
                requests,
                get(users + "?email=" + Population.email(size / 2), keys));
    }

    private static Contest.Each get(String url, String[] keys) {
        return (number, before) -> HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + keys[number % keys.length])
                .build();
    }
}
