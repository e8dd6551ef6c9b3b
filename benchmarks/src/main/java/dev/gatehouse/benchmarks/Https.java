package dev.gatehouse.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Whole requests over HTTP on loopback, the server in a process of its own, asked by a load tool. */
final class Https {
    private static final int CONNECTIONS = 16;
    static final String HIT = "page over HTTP, 16 connections";

    /** What is asked again and again, and by which header. */
    private record Target(String operation, String who, Role role, String path, Map<String, String> headers) {}

    private Https() {}

    static List<Figure> measure(Part part, Options options) throws Exception {
        try (ServerProcess server = ServerProcess.start(1_000)) {
            return measure(
                    part,
                    options,
                    server.process(),
                    server.url(),
                    targets(server.url(), server.cookie(), server.user()));
        }
    }

    private static List<Target> targets(String url, String cookie, String user)
            throws IOException, InterruptedException {
        Map<String, String> key = Map.of("Authorization", "Bearer " + Ours.KEY);
        List<Target> all = new ArrayList<>();
        all.add(new Target(HIT, "limit: bare servlet", Role.LIMIT, "/bare/page", Map.of()));
        all.add(new Target(HIT, "Gatehouse", Role.OURS, "/gatehouse/page", Map.of("Cookie", cookie)));
        for (Peer peer : Peer.values()) {
            HttpResponse<String> signedIn = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(url + "/" + peer.name() + "/sign-in"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            String session =
                    signedIn.headers().firstValue("Set-Cookie").orElseThrow().split(";")[0];
            all.add(new Target(HIT, peer.label(), Role.PEER, "/" + peer.name() + "/page", Map.of("Cookie", session)));
        }
        String users = "/gatehouse/api" + Api.USERS;
        all.add(new Target("get user over HTTP", "Gatehouse", Role.OURS, users + "/" + user, key));
        all.add(new Target("list users, 100 among 1k, over HTTP", "Gatehouse", Role.OURS, users + "?limit=100", key));
        return all;
    }

    private static List<Figure> measure(Part part, Options options, Process server, String url, List<Target> targets)
            throws Exception {
        Load load = Load.find();
        System.err.println("  asked by " + load.name());
        Duration each = Duration.ofMillis(options.shortest() ? 300 : options.full() ? 5_000 : 2_000);
        List<List<Load.Result>> results = new ArrayList<>();
        for (Target target : targets) {
            results.add(new ArrayList<>());
            for (int i = 0; i < (options.shortest() ? 1 : 2); i++) {
                load.run(url + target.path, target.headers, CONNECTIONS, each);
            }
        }
        // by turns, so that what else the machine does falls on all
        for (int round = 0; round < (options.shortest() ? 1 : options.full() ? 6 : 3); round++) {
            for (int i = 0; i < targets.size(); i++) {
                Target target = targets.get(i);
                Duration before = used(server);
                Load.Result result = load.run(url + target.path, target.headers, CONNECTIONS, each);
                if (result.failed() > 0 || result.requests() == 0) {
                    throw new IllegalStateException(target + ": " + result);
                }
                results.get(i).add(result.with(used(server).minus(before)));
            }
        }
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < targets.size(); i++) {
            Target target = targets.get(i);
            List<Load.Result> some = results.get(i);
            double perSecond =
                    some.stream().mapToDouble(Load.Result::perSecond).max().orElse(0);
            figures.add(new Figure(
                    part,
                    target.operation,
                    target.who,
                    target.role,
                    some.stream().map(Load.Result::processorNanos).toList(),
                    some.stream().map(result -> 1e9 / result.perSecond()).toList(),
                    List.of(),
                    String.format(Locale.ROOT, "%,.0f requests/s", perSecond)));
        }
        return figures;
    }

    private static Duration used(Process server) {
        return server.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
