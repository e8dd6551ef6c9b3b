package dev.gatehouse.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** The same work asked of several servers by four clients: the time that each takes, and its processor time. */
final class Contest {
    private static final int ROUNDS = 3;
    /** How often a client begins. */
    static final int BEGINNINGS = ROUNDS * Drive.CLIENTS;

    private final Part part;
    private final Options options;
    private final Drive drive = new Drive();
    private final List<Figure> figures = new ArrayList<>();
    /** Numbers of requests, never twice. */
    private int next;

    Contest(Part part, Options options) {
        this.part = part;
        this.options = options;
    }

    /** The next request of a client, as {@link Drive.Asking}. */
    interface Each {
        HttpRequest next(int number, String before) throws Exception;
    }

    List<Figure> figures() {
        return figures;
    }

    /** Notes what was measured already, in nanoseconds. */
    void add(String operation, String who, Role role, double wall) {
        figures.add(new Figure(part, operation, who, role, List.of(), List.of(wall), List.of(), ""));
    }

    String send(HttpRequest request) throws IOException, InterruptedException {
        return drive.send(request);
    }

    /** @param count requests in a round of a quick run */
    void measure(String operation, String who, Role role, ProcessHandle server, int count, Each each) throws Exception {
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
        for (int round = 0; round < (options.shortest() ? 1 : ROUNDS); round++) {
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

    static HttpRequest json(String url, String body) {
        return json(url, Ours.KEY, body);
    }

    static HttpRequest json(String url, String key, String body) {
        return HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    static String grant(String type, String more) {
        return "{\"grant_type\":\"%s\",\"client_id\":\"%s\",\"client_secret\":\"%s\",%s}"
                .formatted(type, Ours.CLIENT, Ours.KEY, more);
    }

    /** Address of one of those who sign in. */
    static String person(int number) {
        return "person-" + number + "@example.com";
    }

    /** Each of so many people by turns signs in by password. */
    static Each signIn(String authenticate, int people) {
        return (number, before) -> json(
                authenticate,
                grant(
                        "password",
                        "\"email\":\"%s\",\"password\":\"%s\"".formatted(person(number % people), Ours.PASSWORD)));
    }

    /**
     * Each client exchanges the refresh token that it was answered with before.
     *
     * @param first one for each client and round to begin with, {@link #BEGINNINGS}
     */
    static Each refresh(String authenticate, Queue<String> first) {
        return (number, before) -> {
            String token = before.isEmpty() ? first.remove() : Api.text(before, "refresh_token");
            return json(authenticate, grant("refresh_token", "\"refresh_token\":\"" + token + "\""));
        };
    }
}
