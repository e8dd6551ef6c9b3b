package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.store.MemoryStorage;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A flood of sign-ins takes every place at the password hash; who is signed in notices nothing but a busier machine. The
 * figures are printed, and none is asserted. {@code -Dflood.checks} makes it longer.
 */
@Timeout(120)
class LoginFloodTest {
    private static final int CHECKS = Integer.getInteger("flood.checks", 2_000);
    private static final int FLOOD = 200;

    @Test
    @DisplayName("sessions are checked while no password can be: nothing waits behind the hash")
    void flood() throws InterruptedException {
        try (Gatehouse gatehouse = Gatehouse.builder()
                .storage(new MemoryStorage())
                .keyring(LocalKeyring.random())
                .set(Setting.API_KEY, Calls.KEY)
                .set(Setting.CLIENT_ID, Calls.CLIENT)
                .set(Setting.RATE_LIMITS, "false")
                // each check reads the session from storage: the dearest kind
                .set(Setting.REVOCATION_BOUND, "0s")
                .build()) {
            Calls.user(gatehouse, "ada@example.com");
            String token = Calls.signIn(gatehouse, "ada@example.com")
                    .path("access_token")
                    .asText();
            long[] idle = checks(gatehouse, token);
            AtomicBoolean over = new AtomicBoolean();
            AtomicInteger number = new AtomicInteger();
            Map<String, LongAdder> answers = new ConcurrentHashMap<>();
            ExecutorService crowd = Executors.newFixedThreadPool(FLOOD);
            for (int i = 0; i < FLOOD; i++) {
                crowd.execute(() -> {
                    while (!over.get()) {
                        JsonNode answer = Calls.signIn(gatehouse, "nobody" + number.incrementAndGet() + "@example.com");
                        answers.computeIfAbsent(
                                        answer.path("code")
                                                .asText(answer.path("error").asText()),
                                        code -> new LongAdder())
                                .increment();
                    }
                });
            }
            while (!answers.containsKey("busy")) {
                Thread.sleep(20);
            }
            long[] flooded = checks(gatehouse, token);
            over.set(true);
            crowd.shutdown();
            assertThat(crowd.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            assertThat(answers.keySet())
                    .as("a sign-in is judged or told to come back")
                    .isSubsetOf("invalid_credentials", "busy");
            System.out.printf(
                    Locale.ROOT,
                    "session checks during a flood of %d: median %.1f times, 99th percentile %.1f times as long as idle; sign-ins %s%n",
                    FLOOD,
                    ratio(flooded, idle, 50),
                    ratio(flooded, idle, 99),
                    answers);
        }
    }

    /** Nanoseconds of each check, in ascending order; every one must succeed. */
    private static long[] checks(Gatehouse gatehouse, String token) {
        String env = gatehouse.environment().id();
        long[] took = new long[CHECKS];
        for (int i = 0; i < CHECKS; i++) {
            long begun = System.nanoTime();
            assertThat(gatehouse.sessions().byToken(env, Calls.CLIENT, token)).isNotNull();
            took[i] = System.nanoTime() - begun;
        }
        Arrays.sort(took);
        return took;
    }

    private static double ratio(long[] flooded, long[] idle, int percentile) {
        int at = CHECKS * percentile / 100;
        return (double) flooded[at] / idle[at];
    }
}
