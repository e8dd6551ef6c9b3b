package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.store.JdbcStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * ATTACKS, group "Race conditions": many threads start at one moment, on two nodes with one database (H2, whose
 * transactions do overlap). What the storage must do about races is in the test kit's contract, on PostgreSQL too.
 */
@Timeout(180)
class RaceTest {
    private static final int THREADS = 50;
    private static final int ROUNDS = 4;
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final ExecutorService POOL = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "race");
        thread.setDaemon(true);
        return thread;
    });

    private final String database = JdbcStorage.h2Memory("race" + DATABASES.incrementAndGet());
    private final Map<String, List<String>> records = new ConcurrentHashMap<>();
    private final SteerableClock clock = new SteerableClock();
    private final Keyring keyring = LocalKeyring.random();
    private final Rest rest = node();
    private final Rest second = node();

    private Rest node() {
        return new Rest(
                JdbcStorage.of(database, null, null, JdbcStorage.SchemaMode.CREATE, "gh_"),
                keyring,
                clock,
                builder -> builder.dnsTxt(name -> records.getOrDefault(name, List.of())));
    }

    @AfterEach
    void close() {
        rest.close();
        second.close();
    }

    @AfterAll
    static void stop() {
        POOL.shutdownNow();
    }

    private Rest node(int number) {
        return number % 2 == 0 ? rest : second;
    }

    /** What {@link #THREADS} runners return that start at one moment. */
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
            results.add(future.get(120, TimeUnit.SECONDS));
        }
        return results;
    }

    private static int count(List<Reply> replies, int status) {
        replies.forEach(
                reply -> assertThat(reply.status()).as(reply.json().toString()).isLessThan(500));
        return (int) replies.stream().filter(reply -> reply.status() == status).count();
    }

    @Test
    @DisplayName("Q01 of fifty uses of one code or half sign-in exactly one begins a session")
    void singleUse() throws Exception {
        rest.made("/user_management/redirect_uris", "{\"uri\":\"https://app.example.com/cb\"}");
        String ada = rest.user("ada@example.com");
        Browser browser = new Browser(rest.gatehouse);
        browser.signIn("ada@example.com", Rest.PASSWORD);
        String acme = rest.organization("Acme");
        rest.member(ada, acme);
        rest.member(ada, rest.organization("Other"));
        for (int round = 0; round < ROUNDS; round++) {
            clock.pass(Duration.ofMinutes(2));
            String location = Browser.location(browser.get("/user_management/authorize?response_type=code"
                    + "&provider=authkit&redirect_uri=https://app.example.com/cb&client_id=" + Rest.CLIENT));
            String code = location.substring(location.indexOf("code=") + 5);
            int begun = rest.events("session.created");
            List<Reply> exchanged = race(i -> node(i).exchange(code));
            assertThat(count(exchanged, 200)).isEqualTo(1);
            assertThat(rest.events("session.created")).isEqualTo(begun + 1);

            String pending = rest.password("ada@example.com", Rest.PASSWORD).text("/pending_authentication_token");
            List<Reply> chosen = race(i -> node(i).choose(pending, acme));
            assertThat(count(chosen, 200)).isEqualTo(1);
            assertThat(rest.events("session.created")).isEqualTo(begun + 2);
        }
    }

    @Test
    @DisplayName("Q02 fifty holders of one refresh token on two nodes get one successor, and nobody is signed out")
    void refresh() throws Exception {
        rest.user("ada@example.com");
        String token = rest.signIn("ada@example.com").text("/refresh_token");
        for (int round = 0; round < ROUNDS; round++) {
            String spent = token;
            List<Reply> refreshed = race(i -> node(i).refresh(spent));
            assertThat(count(refreshed, 200)).isEqualTo(THREADS);
            List<String> successors = refreshed.stream()
                    .map(r -> r.text("/refresh_token"))
                    .distinct()
                    .toList();
            assertThat(successors).hasSize(1).doesNotContain(spent);
            token = successors.get(0);
            clock.pass(Duration.ofSeconds(11));
        }
        assertThat(rest.events("session.revoked")).isZero();
        assertThat(rest.refresh(token).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("Q03 fifty sign-ups with one address make one user with one event")
    void signUp() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            int number = round;
            List<Reply> made = race(i -> node(i).post(
                            "/user_management/users",
                            "{\"email\":\"%s%d@example.com\"}".formatted(i % 3 == 0 ? "ADA" : "ada", number)));
            assertThat(count(made, 201)).isEqualTo(1);
            assertThat(count(made, 400)).isEqualTo(THREADS - 1);
            assertThat(rest.events("user.created")).isEqualTo(round + 1);
        }
        assertThat(rest.get("/user_management/users?limit=100").json().at("/data"))
                .hasSize(ROUNDS);
    }

    @Test
    @DisplayName("Q03 the sign-up page makes one account of fifty posts, and the others are refused or signed in")
    void signUpPage() throws Exception {
        List<Browser> browsers = race(i -> {
            Browser browser = new Browser(node(i).gatehouse);
            String flow = Browser.flowOf(Browser.location(browser.get("/auth/sign-up")));
            browser.post("/auth/sign-up", Map.of("flow", flow, "email", "ada@example.com", "password", Rest.PASSWORD));
            return browser;
        });
        assertThat(browsers.stream().filter(b -> !b.session().isEmpty()).count())
                .isEqualTo(1);
        assertThat(rest.events("user.created")).isEqualTo(1);
    }

    @Test
    @DisplayName("Q04 an address that moves is unproven, whatever runs beside it")
    void verifiedBelongsToAnAddress() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            int number = round;
            String user = rest.made(
                            "/user_management/users",
                            "{\"email\":\"old%d@example.com\",\"email_verified\":true}".formatted(round))
                    .text("/id");
            String path = "/user_management/users/" + user;
            List<Reply> changed = race(i -> node(i).call(
                            "PUT",
                            path,
                            i == 7
                                    ? "{\"email\":\"new%d@example.com\"}".formatted(number)
                                    : "{\"first_name\":\"Name %d\"}".formatted(i)));
            assertThat(count(changed, 200)).isEqualTo(THREADS);
            Reply now = rest.get(path);
            assertThat(now.text("/email")).startsWith("new");
            assertThat(now.json().at("/email_verified").asBoolean()).isFalse();
        }
    }

    @Test
    @DisplayName("Q05 once a role is taken away no request of this node sees it")
    void roleRemoval() throws Exception {
        String ada = rest.user("ada@example.com");
        String acme = rest.organization("Acme");
        String membership = "/user_management/organization_memberships/" + rest.member(ada, acme);
        String token = rest.signIn("ada@example.com").text("/access_token");
        for (int round = 0; round < ROUNDS; round++) {
            assertThat(rest.call("PUT", membership, "{\"role_slug\":\"admin\"}").status())
                    .isEqualTo(200);
            SignedIn admin = rest.bearer(token);
            assertThat(admin).isNotNull();
            assertThat(admin.hasRole("admin")).isTrue();
            AtomicBoolean removed = new AtomicBoolean();
            List<Boolean> late = race(i -> {
                if (i == 0) {
                    boolean done = rest.call("PUT", membership, "{\"role_slug\":\"member\"}")
                                    .status()
                            == 200;
                    removed.set(done);
                    return !done;
                }
                for (int n = 0; n < 200; n++) {
                    boolean before = removed.get();
                    SignedIn who = rest.bearer(token);
                    if (before && (who == null || who.hasRole("admin"))) {
                        return true;
                    }
                }
                return false;
            });
            assertThat(late).doesNotContain(true);
        }
    }

    @Test
    @DisplayName("Q06 what is deleted while it gets children leaves no orphan")
    void orphans() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String acme = rest.organization("Acme");
            List<String> users = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                users.add(rest.made("/user_management/users", "{\"email\":\"m%d-%d@example.com\"}".formatted(round, i))
                        .text("/id"));
            }
            List<Reply> replies = race(i -> i == 25
                    ? rest.call("DELETE", "/organizations/" + acme, "")
                    : node(i).post(
                                    "/user_management/organization_memberships",
                                    "{\"user_id\":\"%s\",\"organization_id\":\"%s\"}".formatted(users.get(i), acme)));
            assertThat(count(replies, 202)).isEqualTo(1);
            assertThat(count(replies, 201) + count(replies, 404)).isEqualTo(THREADS - 1);
            assertThat(rest.get(
                                    "/user_management/organization_memberships?statuses=active,inactive,pending&organization_id="
                                            + acme)
                            .json()
                            .at("/data"))
                    .isEmpty();
            assertThat(rest.get("/user_management/users?organization_id=" + acme)
                            .json()
                            .at("/data"))
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("Q06 a user deleted while signing in is signed in nowhere, and a member removed meanwhile not there")
    void deletedWhileSigningIn() throws Exception {
        String env = rest.gatehouse.environment().id();
        String acme = rest.organization("Acme");
        for (int round = 0; round < ROUNDS; round++) {
            String email = "ada" + round + "@example.com";
            String user = rest.user(email);
            String membership = rest.member(user, acme);
            boolean whole = round % 2 == 0;
            List<Reply> replies = race(i -> {
                if (i == 5) {
                    return rest.call(
                            "DELETE",
                            whole
                                    ? "/user_management/users/" + user
                                    : "/user_management/organization_memberships/" + membership,
                            "");
                }
                return node(i).password(email, Rest.PASSWORD);
            });
            assertThat(replies.get(5).status()).isEqualTo(200);
            for (Reply reply : replies) {
                if (reply.json().has("access_token")) {
                    boolean there = whole || reply.text("/organization_id").equals(acme);
                    SignedIn who = second.gatehouse.sessions().byToken(env, Rest.CLIENT, reply.text("/access_token"));
                    assertThat(who == null).as(reply.json().toString()).isEqualTo(there);
                    assertThat(rest.refresh(reply.text("/refresh_token")).status())
                            .isEqualTo(there ? 400 : 200);
                }
            }
            if (!whole) {
                rest.get("/user_management/users/" + user + "/sessions")
                        .json()
                        .at("/data")
                        .forEach(session -> assertThat(session.path("organization_id")
                                                .asText()
                                                .equals(acme)
                                        && session.path("status").asText().equals("active"))
                                .as("a session in an organization that its user has left")
                                .isFalse());
            }
        }
    }

    @Test
    @DisplayName("Q07 one domain is claimed by one of fifty organizations")
    void domainClaim() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String name = "acme" + round + ".com";
            List<Reply> made = race(i -> node(i).post(
                            "/organizations",
                            "{\"name\":\"Org\",\"domain_data\":[{\"domain\":\"%s\",\"state\":\"verified\"}]}"
                                    .formatted(name)));
            assertThat(count(made, 201)).isEqualTo(1);
            assertThat(count(made, 409)).isEqualTo(THREADS - 1);
            assertThat(rest.get("/organizations?limit=100").json().at("/data")).hasSize(round + 1);
        }
    }

    @Test
    @DisplayName("Q07 of ten organizations that wait for a domain, all of whose records are there, one gets it")
    void domainProof() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String name = "acme" + round + ".com";
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                Reply claim = rest.made(
                        "/organization_domains",
                        "{\"organization_id\":\"%s\",\"domain\":\"%s\"}".formatted(rest.organization("Org"), name));
                ids.add(claim.text("/id"));
                records.computeIfAbsent(name, n -> new CopyOnWriteArrayList<>())
                        .add("verification_token=" + claim.text("/verification_token"));
            }
            int before = rest.events("organization_domain.verification_failed");
            List<Reply> proofs = race(i -> node(i).post("/organization_domains/" + ids.get(i % 10) + "/verify", ""));
            count(proofs, 201);
            assertThat(ids.stream()
                            .map(id -> rest.get("/organization_domains/" + id).text("/state"))
                            .toList())
                    .containsOnlyOnce("verified")
                    .containsOnly("verified", "failed");
            assertThat(rest.events("organization_domain.verified")).isEqualTo(round + 1);
            assertThat(rest.events("organization_domain.verification_failed") - before)
                    .as("each of the others is told once")
                    .isEqualTo(9);
        }
    }

    @Test
    @DisplayName("P10, Q08, Q12 of fifty guesses at once ten are checked, on however many nodes")
    void guesses() throws Exception {
        rest.user("ada@example.com");
        for (int round = 0; round < ROUNDS; round++) {
            clock.pass(Duration.ofMinutes(2));
            int before = rest.events("authentication.password_failed");
            List<Reply> guesses = race(i -> node(i).password("ada@example.com", "wrong" + i));
            assertThat(count(guesses, 400)).isEqualTo(10);
            assertThat(count(guesses, 429)).isEqualTo(THREADS - 10);
            assertThat(rest.events("authentication.password_failed")).isEqualTo(before + 10);
        }
    }

    @Test
    @DisplayName("Q11 keys that rotate fail no signature and no check")
    void rotation() throws Exception {
        rest.user("ada@example.com");
        Browser browser = new Browser(rest.gatehouse);
        browser.signIn("ada@example.com", Rest.PASSWORD);
        String env = rest.gatehouse.environment().id();
        SignedIn who = rest.gatehouse.sessions().byCookie(env, "gatehouse_session", browser.session());
        assertThat(who).isNotNull();
        AtomicIntegerArray done = new AtomicIntegerArray(THREADS);
        AtomicBoolean over = new AtomicBoolean();
        int first = rest.get("/sso/jwks/" + Rest.CLIENT).json().at("/keys").size();
        List<Integer> failures = race(i -> {
            int failed = 0;
            if (i == 0) {
                // the clock goes on by a minute whenever every signer signed again, so that no token ends in between
                for (int minute = 0; minute < 25; minute++) {
                    if (minute % 12 == 0) {
                        (minute == 0 ? rest : second).gatehouse.rotateSigningKey();
                    }
                    int[] seen = IntStream.range(0, 9).map(done::get).toArray();
                    while (IntStream.range(1, 9).anyMatch(n -> done.get(n) <= seen[n] + 1)) {
                        LockSupport.parkNanos(200_000);
                    }
                    clock.pass(Duration.ofMinutes(1));
                }
                over.set(true);
                return 0;
            }
            while (i < 9 && !over.get()) {
                String token = node(i).gatehouse.sessions().accessToken(env, who);
                failed += node(i + 1).gatehouse.sessions().byToken(env, Rest.CLIENT, token) == null ? 1 : 0;
                done.incrementAndGet(i);
            }
            return failed;
        });
        assertThat(failures).containsOnly(0);
        assertThat(rest.get("/sso/jwks/" + Rest.CLIENT).json().at("/keys").size())
                .isGreaterThanOrEqualTo(first);
    }
}
