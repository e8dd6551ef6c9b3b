package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.crypto.Ulid;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Json;
import dev.gatehouse.engine.Outcome;
import dev.gatehouse.factors.Authenticator;
import dev.gatehouse.factors.Factors;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.JdbcStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sixteen at one moment, on two nodes with one database (H2, whose transactions overlap). */
@Timeout(120)
class FactorRaceTest {
    private static final int THREADS = 16;
    private static final int ROUNDS = 8;
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final ExecutorService POOL = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "factor race");
        thread.setDaemon(true);
        return thread;
    });

    private final String database = JdbcStorage.h2Memory("factors" + DATABASES.incrementAndGet());
    private final SteerableClock clock = new SteerableClock();
    private final Keyring keyring = LocalKeyring.random();
    private final Rest[] nodes = {node(), node()};

    private Storage storage() {
        return JdbcStorage.of(database, null, null, JdbcStorage.SchemaMode.CREATE, "gh_");
    }

    private Rest node() {
        return new Rest(storage(), keyring, clock, builder -> builder);
    }

    @AfterEach
    void close() {
        nodes[0].close();
        nodes[1].close();
    }

    @AfterAll
    static void stop() {
        POOL.shutdownNow();
    }

    private static <T> List<T> race(IntFunction<T> runner) throws Exception {
        CyclicBarrier barrier = new CyclicBarrier(THREADS);
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            futures.add(POOL.submit(() -> {
                barrier.await(60, TimeUnit.SECONDS);
                return runner.apply(number);
            }));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get(60, TimeUnit.SECONDS));
        }
        return results;
    }

    private record App(String id, String secret) {}

    private App enrolled() {
        Reply made = nodes[0].made("/auth/factors/enroll", """
                {"type":"totp","totp_issuer":"Acme","totp_user":"ada"}""");
        return new App(made.text("/id"), made.text("/totp/secret"));
    }

    private String challenge(App app) {
        return nodes[0].made("/auth/factors/" + app.id + "/challenge", "{}").text("/id");
    }

    private Reply verify(int node, String challenge, String code) {
        return nodes[node % 2].post("/auth/challenges/" + challenge + "/verify", "{\"code\":\"%s\"}".formatted(code));
    }

    private static long count(List<Reply> replies, int status, boolean valid) {
        replies.forEach(r -> assertThat(r.status()).as(r.json().toString()).isLessThan(500));
        return replies.stream()
                .filter(r -> r.status() == status && r.json().path("valid").asBoolean() == valid)
                .count();
    }

    @Test
    @DisplayName("P10 of sixteen parallel wrong codes five are judged")
    void attemptCap() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            App app = enrolled();
            String challenge = challenge(app);
            String wrong = Authenticator.wrong(app.secret, clock.instant());
            List<Reply> replies = race(i -> verify(i, challenge, wrong));
            assertThat(count(replies, 201, false)).isEqualTo(5);
            assertThat(count(replies, 400, false)).isEqualTo(THREADS - 5);
            String code = Authenticator.code(app.secret, clock.instant());
            assertThat(verify(0, challenge, code).text("/code")).isEqualTo("one_time_code_too_many_attempts");
            assertThat(verify(0, challenge(app), code).json().at("/valid").asBoolean())
                    .isTrue();
        }
    }

    @Test
    @DisplayName("P10 of parallel wrong codes over many challenges thirty are judged")
    void attemptCapOfTheFactor() throws Exception {
        App app = enrolled();
        List<String> challenges = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            challenges.add(challenge(app));
        }
        String wrong = Authenticator.wrong(app.secret, clock.instant());
        List<Reply> replies = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            replies.addAll(race(i -> verify(i, challenges.get(i), wrong)));
        }
        assertThat(count(replies, 201, false)).isEqualTo(30);
        assertThat(count(replies, 400, false)).isEqualTo(4 * THREADS - 30);
    }

    @Test
    @DisplayName("Q01 of sixteen uses of one TOTP code exactly one is right, with one challenge or sixteen")
    void oneCode() throws Exception {
        App app = enrolled();
        for (int round = 0; round < ROUNDS; round++) {
            clock.pass(Duration.ofSeconds(60));
            String code = Authenticator.code(app.secret, clock.instant());
            String only = challenge(app);
            List<String> challenges = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                challenges.add(round % 2 == 0 ? only : challenge(app));
            }
            List<Reply> replies = race(i -> verify(i, challenges.get(i), code));
            assertThat(count(replies, 201, true)).isEqualTo(1);
            clock.pass(Duration.ofHours(25));
        }
    }

    @Test
    @DisplayName("Q01 of sixteen uses of one recovery code exactly one is taken")
    void oneRecoveryCode() throws Exception {
        try (Storage one = storage();
                Storage two = storage()) {
            List<Engine> engines = List.of(
                    new Engine(one, new Ulid(), clock, new Json()), new Engine(two, new Ulid(), clock, new Json()));
            Factors factors = new Factors(new Envelope(keyring), new RandomTokens(), (call, userId) -> true);
            for (int round = 0; round < ROUNDS; round++) {
                String user = "user_01ADA" + round;
                String code = engines.get(0)
                        .run("env", Actor.SYSTEM, call -> factors.newRecoveryCodes(call, user))
                        .get(0);
                List<Outcome<Integer>> outcomes = race(i ->
                        engines.get(i % 2).run("env", Actor.SYSTEM, call -> factors.useRecoveryCode(call, user, code)));
                assertThat(outcomes.stream().filter(o -> o instanceof Outcome.Done))
                        .containsExactly(new Outcome.Done<>(9));
                int left = engines.get(0).run("env", Actor.SYSTEM, call -> factors.recoveryCodesLeft(call, user));
                assertThat(left).isEqualTo(9);
            }
        }
    }

    @Test
    @DisplayName("Q06 a factor or user that is deleted while codes come leaves nothing, and nobody waits for ever")
    void deletion() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Rest rest = nodes[0];
            String user = rest.user("ada" + round + "@example.com");
            String path = "/user_management/users/" + user;
            Reply made = rest.made(path + "/auth_factors", "{\"type\":\"totp\"}");
            App app = new App(made.text("/authentication_factor/id"), made.text("/authentication_factor/totp/secret"));
            String challenge = made.text("/authentication_challenge/id");
            String wrong = Authenticator.wrong(app.secret, clock.instant());
            String gone = round % 2 == 0 ? path : "/auth/factors/" + app.id;
            List<Reply> replies = race(i -> switch (i % 4) {
                case 0 -> i == 8 ? nodes[1].call("DELETE", gone, "") : verify(i, challenge, wrong);
                case 1 -> nodes[i / 4 % 2].post("/auth/factors/" + app.id + "/challenge", "{}");
                case 2 -> nodes[i / 4 % 2].post(path + "/auth_factors", "{\"type\":\"totp\"}");
                default -> nodes[i / 4 % 2].get("/auth/factors/" + app.id);
            });
            replies.forEach(r -> assertThat(r.status()).as(r.json().toString()).isLessThan(500));
            assertThat(rest.get("/auth/factors/" + app.id).status()).isEqualTo(404);
            assertThat(verify(0, challenge, wrong).status()).isEqualTo(404);
            if (round % 2 == 0) {
                replies.stream()
                        .filter(r -> r.status() == 201 && r.json().has("authentication_factor"))
                        .forEach(r -> assertThat(rest.get("/auth/factors/" + r.text("/authentication_factor/id"))
                                        .status())
                                .isEqualTo(404));
            }
        }
    }
}
