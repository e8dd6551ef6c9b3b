package dev.gatehouse.engine;

import dev.gatehouse.api.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * How many REST requests a key may send (contract/behaviour/01 §1.11). The counters are shared by all nodes, but a node
 * takes a fiftieth of a limit from them at a time and spends that from memory: fifty small transactions for thousands of
 * requests, and none at all for those beyond the limit. Never more than the limit is allowed; what a node has taken and not
 * used when the window ends is lost, so several nodes together may allow a few hundredths less.
 */
final class RateLimits {
    private static final int SHARES = 50;
    private static final int MOST_REMEMBERED = 10_000;

    /** The table. All that fit a request count. */
    private static final List<Row> TABLE = List.of(
            new Row("general", route -> true, true, 6_000, Duration.ofSeconds(60)),
            new Row("reads", route -> people(route) && reads(route), false, 1_000, Duration.ofSeconds(10)),
            new Row("writes", route -> people(route) && !reads(route), false, 500, Duration.ofSeconds(10)),
            new Row(
                    "delete-organization",
                    route -> route.key().equals("DELETE /organizations/{id}"),
                    true,
                    50,
                    Duration.ofSeconds(60)));

    /**
     * One limit.
     *
     * @param perKey for each API key; otherwise for the environment
     */
    private record Row(String name, Predicate<Route> fits, boolean perKey, int most, Duration window) {}

    /** What this node may still allow in a window without asking. */
    private static final class Share {
        private long window = Long.MIN_VALUE;
        private long left;
        private boolean exhausted;
    }

    private final Engine engine;
    private final Map<String, Share> shares = new ConcurrentHashMap<>();

    RateLimits(Engine engine) {
        this.engine = engine;
    }

    private static boolean people(Route route) {
        return route.template().startsWith("/user_management/");
    }

    private static boolean reads(Route route) {
        return route.method().equals("GET");
    }

    /**
     * Counts a request.
     *
     * @throws ApiException 429 {@code rate_limit_exceeded} with {@code Retry-After}
     */
    void count(Caller caller, Route route) {
        for (Row row : TABLE) {
            if (row.fits.test(route)) {
                count(caller, row);
            }
        }
    }

    private void count(Caller caller, Row row) {
        Instant now = engine.now();
        long window = Math.floorDiv(now.toEpochMilli(), row.window.toMillis());
        Instant end = Instant.ofEpochMilli((window + 1) * row.window.toMillis());
        String name = row.name + ":" + (row.perKey ? caller.actor().id() : caller.env());
        if (shares.size() > MOST_REMEMBERED) {
            // keys that are gone; the others ask again
            shares.clear();
        }
        Share share = shares.computeIfAbsent(name, n -> new Share());
        // one at a time asks for more; the others would wait for the same row of the database
        synchronized (share) {
            if (share.window != window) {
                share.window = window;
                share.left = 0;
                share.exhausted = false;
            }
            if (share.left == 0 && !share.exhausted) {
                refill(caller.env(), share, name + ":" + window, row.most, end);
            }
            if (share.left == 0) {
                throw refusal(now, end);
            }
            share.left--;
        }
    }

    private void refill(String env, Share share, String counter, int most, Instant end) {
        long part = Math.max(1, most / SHARES);
        share.left = engine.run(env, Actor.SYSTEM, call -> {
            if (call.count(counter, part, most, end).isPresent()) {
                return part;
            }
            // the last ones may be fewer than a share
            return call.count(counter, 1, most, end).isPresent() ? 1L : 0L;
        });
        share.exhausted = share.left == 0;
    }

    private static ApiException refusal(Instant now, Instant end) {
        long wait = Duration.between(now, end).toMillis();
        return ApiException.rateLimited(Math.max(1, (wait + 999) / 1_000));
    }
}
