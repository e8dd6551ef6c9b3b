package dev.gatehouse.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    private final Part part;
    private final Options options;
    private final Drive drive = new Drive();
    private final List<Figure> figures = new ArrayList<>();
    /** Numbers of requests, never twice. */
    private int next;

    private Keycloaks(Part part, Options options) {
        this.part = part;
        this.options = options;
    }

    static List<Figure> measure(Part part, Options options) throws Exception {
        Keycloaks all = new Keycloaks(part, options);
        try (ServerProcess ours = ServerProcess.start(HASH)) {
            all.ours(ours);
        }
        try (KeycloakServer keycloak = KeycloakServer.start(home())) {
            all.theirs(keycloak);
        }
        return all.figures;
    }

    private static Path home() {
        return Path.of(
                System.getProperty("bench.root", "."),
                "benchmarks/target/keycloak/keycloak-" + LABEL.substring(LABEL.indexOf(' ') + 1));
    }

    private interface Each {
        HttpRequest next(int number, String before) throws Exception;
    }

    private void measure(String operation, String who, Role role, ProcessHandle server, int count, Each each)
            throws Exception {
        Drive.Asking asking = (number, before) -> {
            try {
                return each.next(number, before);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        };
        int some = options.shortest() ? Math.max(4, count / 50) : options.full() ? 5 * count : count;
        List<Double> wall = new ArrayList<>();
        List<Double> processor = new ArrayList<>();
        for (int round = 0; round < (options.shortest() ? 1 : 3); round++) {
            Drive.Result result = drive.run(server, next, some, asking);
            next += some;
            // the first is for the compiler
            if (round > 0 || options.shortest()) {
                wall.add(result.wallNanos());
                processor.add(result.processorNanos());
            }
        }
        figures.add(new Figure(part, operation, who, role, processor, wall, List.of(), ""));
        System.err.println("  " + operation + ", " + who);
    }

    private static HttpRequest json(String url, String body) {
        return HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + Ours.KEY)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static String grant(String type, String more) {
        return "{\"grant_type\":\"%s\",\"client_id\":\"%s\",\"client_secret\":\"%s\",%s}"
                .formatted(type, Ours.CLIENT, Ours.KEY, more);
    }

    private void ours(ServerProcess server) throws Exception {
        String api = server.url() + "/gatehouse/api";
        String users = api + Api.USERS;
        String authenticate = api + Api.AUTHENTICATE;
        ProcessHandle handle = server.process().toHandle();
        // one address may be tried ten times a minute, so each sign-in has its own
        int people = options.full() ? 600 : 200;
        for (int i = 0; i < people; i++) {
            drive.send(json(users, "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(person(i), Ours.PASSWORD)));
        }
        Each signIn = (number, before) -> json(
                authenticate,
                grant(
                        "password",
                        "\"email\":\"%s\",\"password\":\"%s\"".formatted(person(number % people), Ours.PASSWORD)));
        measure(PASSWORD, "Gatehouse", Role.OURS, handle, people, signIn);
        List<String> tokens = new ArrayList<>();
        String access = "";
        for (int i = 0; i < 4; i++) {
            String answer = drive.send(signIn.next(i, ""));
            tokens.add(Api.text(answer, "refresh_token"));
            access = Api.text(answer, "access_token");
        }
        measure(
                REFRESH,
                "Gatehouse",
                Role.OURS,
                handle,
                1_000,
                (number, before) -> json(
                        authenticate, grant("refresh_token", "\"refresh_token\":\"" + token(tokens, before) + "\"")));
        HttpRequest page = HttpRequest.newBuilder(URI.create(server.url() + "/gatehouse/page"))
                .header("Authorization", "Bearer " + access)
                .build();
        measure(CHECK, "Gatehouse", Role.OURS, handle, 10_000, (number, before) -> page);
        measure(
                CREATE,
                "Gatehouse",
                Role.OURS,
                handle,
                2_000,
                (number, before) ->
                        json(users, "{\"email\":\"new-%d@example.com\",\"first_name\":\"Ann\"}".formatted(number)));
        HttpRequest list = HttpRequest.newBuilder(URI.create(users + "?limit=100"))
                .header("Authorization", "Bearer " + Ours.KEY)
                .build();
        measure(LIST, "Gatehouse", Role.OURS, handle, 1_000, (number, before) -> list);
    }

    private static String person(int number) {
        return "person-" + number + "@example.com";
    }

    /** The one that came with the answer before, or one that no client has begun with. */
    private static synchronized String token(List<String> first, String before) {
        if (!before.isEmpty()) {
            return Api.text(before, "refresh_token");
        }
        return first.remove(0);
    }

    private void theirs(KeycloakServer keycloak) throws Exception {
        ProcessHandle handle = keycloak.handle();
        figures.add(new Figure(
                part,
                "start, to the first answer",
                LABEL,
                Role.PEER,
                List.of(),
                List.of(keycloak.started),
                List.of(),
                ""));
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
        measure(PASSWORD, LABEL, Role.PEER, handle, 100, (number, before) -> signIn);
        String answer = drive.send(signIn);
        HttpRequest refresh = keycloak.application(
                "/token", Map.of("grant_type", "refresh_token", "refresh_token", Api.text(answer, "refresh_token")));
        measure(REFRESH, LABEL, Role.PEER, handle, 1_000, (number, before) -> refresh);
        HttpRequest introspection =
                keycloak.application("/token/introspect", Map.of("token", Api.text(answer, "access_token")));
        measure(CHECK, LABEL, Role.PEER, handle, 5_000, (number, before) -> introspection);
        String[] admin = {keycloak.admin()};
        measure(CREATE, LABEL, Role.PEER, handle, 500, (number, before) -> {
            renew(keycloak, admin, number);
            return keycloak.request("/admin/realms/perf/users", admin[0])
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("""
                            {"username":"new-%1$d","email":"new-%1$d@example.com","enabled":true,"firstName":"Ann","lastName":"L"}""".formatted(number)))
                    .build();
        });
        measure(LIST, LABEL, Role.PEER, handle, 200, (number, before) -> {
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
