package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The contract's table of rate limits (contract/behaviour/01 §1.11), by key and by environment, on one node and on two. */
class RateLimitTest {
    private final Storage storage = new MemoryStorage();
    private final Keyring keyring = LocalKeyring.random();
    private final SteerableClock clock = new SteerableClock();
    private final Rest rest = node();
    private final Rest second = node();

    private Rest node() {
        return new Rest(storage, keyring, clock, builder -> builder.set(Setting.RATE_LIMITS, "true"));
    }

    @AfterEach
    void close() {
        rest.close();
        second.close();
    }

    private int allowed(Rest node, String method, String target, int tries) {
        int allowed = 0;
        for (int i = 0; i < tries; i++) {
            allowed += node.call(method, target, "").status() == 429 ? 0 : 1;
        }
        return allowed;
    }

    @Test
    @DisplayName("a thousand reads of people in ten seconds, and writes are counted apart")
    void reads() {
        String users = "/user_management/users?limit=1";
        assertThat(allowed(rest, "GET", users, 1_000)).isEqualTo(1_000);
        Reply refused = rest.get(users);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().toString())
                .isEqualTo("{\"message\":\"Too many requests.\",\"code\":\"rate_limit_exceeded\"}");
        int wait = Integer.parseInt(refused.answer().header("Retry-After").orElseThrow());
        assertThat(wait).isBetween(1, 10);
        assertThat(rest.get("/organizations").status()).as("not of people").isEqualTo(200);
        assertThat(rest.post("/user_management/users", "{\"email\":\"ada@example.com\"}")
                        .status())
                .isEqualTo(201);
        clock.pass(Duration.ofSeconds(wait));
        assertThat(rest.get(users).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("five hundred writes in ten seconds; a refused one changes nothing")
    void writes() {
        assertThat(allowed(rest, "POST", "/user_management/users", 500))
                .as("malformed ones count, too")
                .isEqualTo(500);
        assertThat(rest.post("/user_management/users", "{\"email\":\"ada@example.com\"}")
                        .status())
                .isEqualTo(429);
        assertThat(rest.get("/user_management/users").json().at("/data")).isEmpty();
    }

    @Test
    @DisplayName("six thousand a minute for a key; another key is not its neighbour's victim")
    void general() {
        assertThat(allowed(rest, "GET", "/organizations?limit=1", 6_100)).isEqualTo(6_000);
        String other = rest.gatehouse
                .environments()
                .createKey(rest.gatehouse.environment(), "other", Set.of("*"))
                .key();
        assertThat(rest.as(other, "GET", "/organizations", "").status()).isEqualTo(200);
        assertThat(rest.call("GET", "/organizations", "", Map.of()).status())
                .as("who proves no key is nobody's budget")
                .isEqualTo(401);
    }

    @Test
    @DisplayName("fifty deletions of organizations a minute for a key")
    void deletions() {
        assertThat(allowed(rest, "DELETE", "/organizations/org_none", 60)).isEqualTo(50);
    }

    @Test
    @DisplayName("two nodes and many threads together never allow more than the limit, and hardly less")
    void shared() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Boolean>> requests = new ArrayList<>();
            for (int i = 0; i < 1_400; i++) {
                Rest node = i % 2 == 0 ? rest : second;
                requests.add(() -> node.get("/user_management/users?limit=1").status() == 200);
            }
            int allowed = 0;
            for (Future<Boolean> answer : threads.invokeAll(requests)) {
                allowed += answer.get() ? 1 : 0;
            }
            assertThat(allowed).isBetween(980, 1_000);
        } finally {
            threads.shutdownNow();
        }
    }
}
