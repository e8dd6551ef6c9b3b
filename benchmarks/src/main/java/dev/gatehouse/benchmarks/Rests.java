package dev.gatehouse.benchmarks;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.Source;

/** The REST API in process, on an H2 file, with few users and events and with many. */
final class Rests {
    /** Ten million are for events. */
    private static final int MOST_USERS = 1_000_000;

    private Rests() {}

    static void measure(Meter meter, Options options) throws Exception {
        Population population = new Population(Ours.file());
        try (Gatehouse gatehouse = Ours.builder(population).build()) {
            Api api = new Api(gatehouse);
            for (int size : options.sizes()) {
                System.err.printf("  growing to %,d%n", size);
                population.grow(gatehouse, Math.min(size, MOST_USERS), size);
                if (size <= MOST_USERS) {
                    users(meter, api, population, size);
                }
                ours(
                        meter,
                        "events, 100 near the end among " + Options.rows(size),
                        round -> found(
                                api.get("/events", "events=user.created&limit=100&after=" + population.lateEvent())));
            }
            String user = gatehouse.users().create(NewUser.of(Ours.EMAIL)).id();
            gatehouse
                    .sessions()
                    .begin(gatehouse.environment().id(), Ours.CLIENT, user, null, new Source("127.0.0.1", "bench"));
            ours(meter, "list sessions of a user", round -> found(api.get(Api.USERS + "/" + user + "/sessions", "")));
        }
    }

    private static void users(Meter meter, Api api, Population population, int size) throws Exception {
        String among = " among " + Options.rows(size);
        ours(
                meter,
                "create user" + among,
                round -> api.post(
                        Api.USERS,
                        "{\"email\":\"new-%d-%d@example.com\",\"first_name\":\"Ada\"}".formatted(size, round)));
        ours(meter, "get user" + among, round -> api.get(Api.USERS + "/" + population.middleUser(), ""));
        ours(meter, "list users, 100" + among, round -> api.get(Api.USERS, "limit=100"));
        ours(
                meter,
                "list users, 100 in the middle" + among,
                round -> api.get(Api.USERS, "limit=100&after=" + population.middleUser()));
        ours(
                meter,
                "list users by e-mail" + among,
                round -> found(api.get(Api.USERS, "email=" + Population.email(Rows.any(round, size)))));
    }

    private static void ours(Meter meter, String operation, Meter.Step step) throws Exception {
        meter.measure(operation, "Gatehouse", Role.OURS, step);
    }

    private static void found(String page) {
        if (page.contains("\"data\":[]")) {
            throw new IllegalStateException("nothing found");
        }
    }
}
