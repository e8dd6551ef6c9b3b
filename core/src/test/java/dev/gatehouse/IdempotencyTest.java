package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SDKs try again, and must not make a second one. */
class IdempotencyTest {
    private static final String ACME = "{\"name\":\"Acme\"}";

    private final Rest rest =
            new Rest(new MemoryStorage(), LocalKeyring.random(), new SteerableClock(), builder -> builder);

    @AfterEach
    void close() {
        rest.close();
    }

    private Reply post(String apiKey, String target, String body, String key) {
        return rest.call(
                "POST",
                target,
                body,
                Map.of(
                        "authorization",
                        "Bearer " + apiKey,
                        "content-type",
                        "application/json",
                        "idempotency-key",
                        key));
    }

    private String made(String body, String key) {
        Reply reply = post(Rest.KEY, "/organizations", body, key);
        assertThat(reply.status()).as(reply.json().toString()).isEqualTo(201);
        return reply.text("/id");
    }

    @Test
    @DisplayName("the same request with the same key is answered with what the first made, for a minute")
    void again() {
        String first = made(ACME, "one");
        assertThat(made(ACME, "one")).isEqualTo(first);
        assertThat(rest.events("organization.created")).isEqualTo(1);
        assertThat(made(ACME, "two")).isNotEqualTo(first);
        assertThat(made("{\"name\":\"Other\"}", "one")).isNotEqualTo(first);
        assertThat(post(Rest.KEY, "/organizations?x=1", ACME, "one").text("/id"))
                .isNotEqualTo(first);
        String other = rest.gatehouse
                .environments()
                .createKey(rest.gatehouse.environment(), "other", Set.of("*"))
                .key();
        assertThat(post(other, "/organizations", ACME, "one").text("/id")).isNotEqualTo(first);
        assertThat(rest.organization("Acme")).isNotEqualTo(first);
        rest.clock.pass(Duration.ofSeconds(59));
        assertThat(made(ACME, "one")).isEqualTo(first);
        rest.clock.pass(Duration.ofSeconds(1));
        assertThat(made(ACME, "one")).isNotEqualTo(first);
    }

    @Test
    @DisplayName("what was deleted meanwhile is made anew, and a refusal is not remembered")
    void forgotten() {
        String first = made(ACME, "one");
        rest.call("DELETE", "/organizations/" + first, "");
        assertThat(made(ACME, "one")).isNotEqualTo(first);

        String body = "{\"email\":\"ada@example.com\"}";
        String ada = rest.user("ada@example.com");
        assertThat(post(Rest.KEY, "/user_management/users", body, "u").text("/errors/0/code"))
                .isEqualTo("email_not_available");
        rest.call("DELETE", "/user_management/users/" + ada, "");
        assertThat(post(Rest.KEY, "/user_management/users", body, "u").status()).isEqualTo(201);
        assertThat(post(Rest.KEY, "/organizations", ACME, "x".repeat(256)).status())
                .isEqualTo(400);
    }

    @Test
    @DisplayName("codes and sign-ins are never replayed")
    void never() {
        rest.user("ada@example.com");
        String body = "{\"email\":\"ada@example.com\"}";
        String first = post(Rest.KEY, "/user_management/magic_auth", body, "m").text("/id");
        assertThat(post(Rest.KEY, "/user_management/magic_auth", body, "m").text("/id"))
                .isNotEmpty()
                .isNotEqualTo(first);
    }

    @Test
    @DisplayName("of twenty at once one makes it, and all get it")
    void atOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(20);
        try {
            List<Callable<String>> calls = IntStream.range(0, 20)
                    .<Callable<String>>mapToObj(i -> () -> made(ACME, "race"))
                    .toList();
            Set<String> ids = new HashSet<>();
            for (var result : threads.invokeAll(calls)) {
                ids.add(result.get());
            }
            assertThat(ids).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
        assertThat(rest.events("organization.created")).isEqualTo(1);
    }
}
