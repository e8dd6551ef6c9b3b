package dev.gatehouse.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The same work over HTTP by Keycloak and by Gatehouse in Jetty, each on an H2 file, with four clients. */
final class Keycloaks {
    static final String PASSWORD = "password grant, the same hash";
    static final String REFRESH = "refresh";
    static final String CHECK = "introspection; for us, a page by access token";
    static final String CREATE = "create user";
    static final String LIST = "list users, 100";
    /** Keycloak's own defaults. */
    private static final String[] HASH = {"7168", "5"};

    private static final String LABEL = "Keycloak 26.7.3";

    private final Options options;
    private final Contest contest;

    private Keycloaks(Part part, Options options) {
        this.options = options;
        this.contest = new Contest(part, options);
    }

    static List<Figure> measure(Part part, Options options) throws Exception {
        Keycloaks all = new Keycloaks(part, options);
        try (ServerProcess ours = ServerProcess.start(1_000, HASH)) {
            all.ours(ours);
        }
        try (KeycloakServer keycloak = KeycloakServer.start(home())) {
            all.theirs(keycloak);
        }
        return all.contest.figures();
    }

    private static Path home() {
        return Path.of(
                System.getProperty("bench.root", "."),
                "benchmarks/target/keycloak/keycloak-" + LABEL.substring(LABEL.indexOf(' ') + 1));
    }

    private void ours(ServerProcess server) throws Exception {
        String api = server.url() + "/gatehouse/api";
        String users = api + Api.USERS;
        String authenticate = api + Api.AUTHENTICATE;
        ProcessHandle handle = server.process().toHandle();
        // one address may be tried ten times a minute, so each sign-in has its own
        int people = options.full() ? 600 : 200;
        for (int i = 0; i < people; i++) {
            contest.send(Contest.json(
                    users, "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(Contest.person(i), Ours.PASSWORD)));
        }
        Contest.Each signIn = Contest.signIn(authenticate, people);
        contest.measure(PASSWORD, "Gatehouse", Role.OURS, handle, people, signIn);
        Queue<String> tokens = new ConcurrentLinkedQueue<>();
        String access = "";
        for (int i = 0; i < Contest.BEGINNINGS; i++) {
            String answer = contest.send(signIn.next(i, ""));
            tokens.add(Api.text(answer, "refresh_token"));
            access = Api.text(answer, "access_token");
        }
        contest.measure(REFRESH, "Gatehouse", Role.OURS, handle, 4_000, Contest.refresh(authenticate, tokens));
        HttpRequest page = HttpRequest.newBuilder(URI.create(server.url() + "/gatehouse/page"))
                .header("Authorization", "Bearer " + access)
                .build();
        contest.measure(CHECK, "Gatehouse", Role.OURS, handle, 10_000, (number, before) -> page);
        contest.measure(
                CREATE,
                "Gatehouse",
                Role.OURS,
                handle,
                2_000,
                (number, before) -> Contest.json(
                        users, "{\"email\":\"new-%d@example.com\",\"first_name\":\"Ann\"}".formatted(number)));
        HttpRequest list = HttpRequest.newBuilder(URI.create(users + "?limit=100"))
                .header("Authorization", "Bearer " + Ours.KEY)
                .build();
        contest.measure(LIST, "Gatehouse", Role.OURS, handle, 1_000, (number, before) -> list);
    }

    private void theirs(KeycloakServer keycloak) throws Exception {
        ProcessHandle handle = keycloak.handle();
        contest.add("start, to the first answer", LABEL, Role.PEER, keycloak.started);
        Map<String, String> person = new HashMap<>(Map.of(
                "grant_type",
                "password",
                "username",
                KeycloakServer.USER,
                "password",
                Ours.PASSWORD,
                "scope",
                "openid"));
        HttpRequest signIn = keycloak.application("/token", person);
        contest.measure(PASSWORD, LABEL, Role.PEER, handle, 100, (number, before) -> signIn);
        String answer = contest.send(signIn);
        HttpRequest refresh = keycloak.application(
                "/token", Map.of("grant_type", "refresh_token", "refresh_token", Api.text(answer, "refresh_token")));
        contest.measure(REFRESH, LABEL, Role.PEER, handle, 1_000, (number, before) -> refresh);
        HttpRequest introspection =
                keycloak.application("/token/introspect", Map.of("token", Api.text(answer, "access_token")));
        contest.measure(CHECK, LABEL, Role.PEER, handle, 5_000, (number, before) -> introspection);
        String[] admin = {keycloak.admin()};
        contest.measure(CREATE, LABEL, Role.PEER, handle, 500, (number, before) -> {
            renew(keycloak, admin, number);
            return keycloak.request("/admin/realms/perf/users", admin[0])
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("""
                            {"username":"new-%1$d","email":"new-%1$d@example.com","enabled":true,"firstName":"Ann","lastName":"L"}""".formatted(number)))
                    .build();
        });
        contest.measure(LIST, LABEL, Role.PEER, handle, 200, (number, before) -> {
            renew(keycloak, admin, number);
            return keycloak.request("/admin/realms/perf/users?max=100", admin[0])
                    .build();
        });
    }

    /** The administrator's token ends after a minute. */
    private static void renew(KeycloakServer keycloak, String[] admin, int number)
            throws IOException, InterruptedException {
        if (number % 100 == 0) {
            admin[0] = keycloak.admin();
        }
    }
}
