package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import dev.gatehouse.api.Answer;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.spi.Mailer;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.Telemetry;
import dev.gatehouse.spi.Telemetry.Signal;
import dev.gatehouse.store.MemoryStorage;
import dev.gatehouse.telemetry.MicrometerTelemetry;
import dev.gatehouse.telemetry.OpenTelemetryTelemetry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is told to the host's telemetry. That each word is in the vocabulary, {@link StrictTelemetry} holds in every test. */
class TelemetryTest {
    private static final int LOOKUPS = 50_000;

    private static Rest with(@Nullable Telemetry telemetry, Storing storing) {
        return new Rest(
                new MemoryStorage(),
                LocalKeyring.random(),
                new SteerableClock(),
                builder -> storing.more(telemetry == null ? builder : builder.telemetry(telemetry)));
    }

    /** What a test sets beside. */
    private interface Storing {
        Gatehouse.Builder more(Gatehouse.Builder builder);
    }

    @Test
    void anOperationIsToldByItsRowWithItsOutcomeAndItsReason() {
        try (Rest rest = new Rest()) {
            String user = rest.user("ada@example.com");
            rest.telemetry.forget();
            rest.get("/user_management/users/" + user);
            rest.get("/user_management/users/user_01ARZ3NDEKTSV4RRFFQ69G5FAV");
            rest.password("ada@example.com", "wrong");
            rest.password("ada@example.com", Rest.PASSWORD);
            rest.as("sk_test_" + "x".repeat(26), "GET", "/user_management/users/" + user, "");
            rest.get("/no/such/" + user);
            rest.call("PATCH", "/user_management/users/" + user, "{}");
            assertThat(rest.telemetry.told(Signal.API))
                    .containsExactly(
                            List.of("GET /user_management/users/{id}", "ok", "none"),
                            List.of("GET /user_management/users/{id}", "refused", "entity_not_found"),
                            List.of("POST /user_management/authenticate", "refused", "invalid_credentials"),
                            List.of("POST /user_management/authenticate", "ok", "none"),
                            List.of("GET /user_management/users/{id}", "refused", "unauthorized"),
                            List.of("unmatched", "refused", "not_found"),
                            List.of("unmatched", "refused", "method_not_allowed"));
            assertThat(rest.telemetry.told(Signal.SIGN_INS))
                    .containsExactly(
                            List.of("password", "refused", "invalid_credentials"), List.of("password", "ok", "none"));
        }
    }

    @Test
    void aPageIsToldByItsNameWithWhatItSaysIsWrong() {
        try (Rest rest = new Rest()) {
            rest.user("ada@example.com");
            rest.telemetry.forget();
            Browser browser = new Browser(rest.gatehouse);
            browser.signIn("ada@example.com", "wrong");
            browser.signIn("ada@example.com", Rest.PASSWORD);
            browser.get("/auth/account");
            browser.get("/auth/secret-of-somebody");
            assertThat(rest.telemetry.told(Signal.PAGES))
                    .contains(
                            List.of("sign-in", "ok", "none"),
                            List.of("password", "refused", "credentials"),
                            List.of("password", "ok", "none"),
                            List.of("account", "ok", "none"),
                            List.of("unmatched", "refused", "not_found"));
        }
    }

    @Test
    void aFailureIsToldAsOne() {
        AtomicReference<@Nullable RuntimeException> fails = new AtomicReference<>();
        MemoryStorage memory = new MemoryStorage();
        Storage storage = (Storage) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Storage.class}, (proxy, method, arguments) -> {
                    RuntimeException e = fails.get();
                    if (e != null && method.getName().equals("inTransaction")) {
                        throw e;
                    }
                    try {
                        return method.invoke(memory, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
        try (Rest rest = new Rest(storage, LocalKeyring.random(), new SteerableClock(), builder -> builder)) {
            assertThat(rest.get("/user_management/users").status()).isEqualTo(200);
            rest.telemetry.forget();
            fails.set(new Storage.StorageException("gone", null));
            rest.get("/user_management/users");
            fails.set(new IllegalStateException("broken"));
            rest.get("/user_management/users");
            assertThat(rest.telemetry.told(Signal.API))
                    .containsExactly(
                            List.of("GET /user_management/users", "failed", "unavailable"),
                            List.of("GET /user_management/users", "failed", "internal_error"));
        }
    }

    @Test
    void lookUpsAreHitsMissesAndRefusals() {
        try (Rest rest = new Rest()) {
            rest.user("ada@example.com");
            Browser browser = new Browser(rest.gatehouse);
            browser.signIn("ada@example.com", Rest.PASSWORD);
            String env = rest.gatehouse.environment().id();
            rest.telemetry.forget();
            assertThat(rest.gatehouse.sessions().byCookie(env, "gatehouse_session", browser.session()))
                    .isNotNull();
            rest.gatehouse.sessions().byCookie(env, "gatehouse_session", browser.session());
            rest.gatehouse.sessions().byCookie(env, "gatehouse_session", "k1." + UUID.randomUUID());
            rest.gatehouse.sessions().byToken(env, Rest.CLIENT, "e.y.J");
            assertThat(rest.telemetry.told(Signal.LOOKUPS))
                    .containsExactly(
                            List.of("session_cookie", "miss"),
                            List.of("session_cookie", "hit"),
                            List.of("session_cookie", "refused"),
                            List.of("access_token", "refused"));
        }
    }

    @Test
    void mailIsToldAsItGoesAndHowLateItIs() {
        AtomicReference<@Nullable RuntimeException> fails = new AtomicReference<>();
        try (Rest rest = with(
                null,
                builder -> builder.mailer(mail -> {
                    RuntimeException e = fails.get();
                    if (e != null) {
                        throw e;
                    }
                }))) {
            rest.user("ada@example.com");
            sent(rest, "sent", "none");
            fails.set(new Mailer.Refused("no such mailbox of ada@example.com", null));
            sent(rest, "given_up", "refused_for_good");
            fails.set(new IllegalStateException("down"));
            sent(rest, "retried", "not_accepted");
            rest.gatehouse.maintain();
            assertThat(rest.telemetry.told(Signal.LAG)).contains(List.of("mail"), List.of("webhooks"));
        }
    }

    private static void sent(Rest rest, String outcome, String reason) {
        rest.post("/user_management/magic_auth", "{\"email\":\"ada@example.com\"}");
        await().untilAsserted(() -> assertThat(rest.telemetry.told(Signal.MAIL)).contains(List.of(outcome, reason)));
    }

    @Test
    void webhooksAreToldAsTheyGo() throws Exception {
        try (Rest rest = new Rest();
                Receiver receiver = new Receiver()) {
            rest.made(
                    "/webhook_endpoints",
                    "{\"endpoint_url\":\"" + receiver.url("/hook") + "\",\"events\":[\"user.created\"]}");
            rest.user("ada@example.com");
            await().untilAsserted(() ->
                    assertThat(rest.telemetry.told(Signal.WEBHOOKS)).contains(List.of("sent", "none")));
            receiver.answer = Receiver.status(500);
            rest.user("grace@example.com");
            await().untilAsserted(() ->
                    assertThat(rest.telemetry.told(Signal.WEBHOOKS)).contains(List.of("retried", "answered_5xx")));
        }
    }

    @Test
    void signInsThroughAConnectionAreToldWithTheStepThatRefused() {
        try (OidcStage stage = new OidcStage()) {
            assertThat(stage.succeeds()).isTrue();
            stage.browser = new Browser(stage.rest.gatehouse);
            Answer away = stage.away();
            String state = Browser.parameter(Browser.location(away), "state");
            stage.browser.get(stage.callback() + "?state=" + state + "&error=access_denied&error_description="
                    + UUID.randomUUID());
            assertThat(stage.rest.telemetry.told(Signal.SSO))
                    .containsExactly(
                            List.of("GenericOIDC", "ok", "0", "none"),
                            List.of("GenericOIDC", "refused", "2", "access_denied"));
            assertThat(stage.rest.telemetry.told(Signal.SIGN_INS))
                    .contains(List.of("sso", "ok", "none"), List.of("sso", "refused", "access_denied"));
        }
    }

    @Test
    @DisplayName("forty strangers with forty addresses and paths make no more series than one of them")
    void hostileInputIsInNoTag() {
        try (Rest rest = new Rest()) {
            rest.user("ada@example.com");
            visit(rest, "x");
            Set<StrictTelemetry.Told> once = new HashSet<>(rest.telemetry.told());
            assertThat(once).hasSizeGreaterThan(30);
            Set<String> owns = new HashSet<>();
            for (int i = 0; i < 40; i++) {
                String own = UUID.randomUUID().toString();
                owns.add(own);
                visit(rest, own);
            }
            assertThat(rest.telemetry.told()).hasSizeGreaterThan(20 * once.size());
            // some limits are reached only now
            Set<StrictTelemetry.Told> all = new HashSet<>(rest.telemetry.told());
            assertThat(all).hasSizeLessThan(once.size() * 3 / 2);
            assertThat(all.stream().flatMap(told -> told.values().stream()))
                    .allSatisfy(value -> assertThat(owns).noneMatch(value::contains));
        }
    }

    /** Everything that a stranger can fill with a text of his own. */
    private static void visit(Rest rest, String own) {
        for (var route : rest.gatehouse.routes()) {
            String path = route.template().replaceAll("\\{[a-z_]+}", own);
            rest.send(
                    route.method(),
                    path + "?" + own + "=" + own + "&email=" + own,
                    "{\"" + own + "\":\"" + own + "\"}",
                    Map.of("authorization", "Bearer " + Rest.KEY, "content-type", "application/json"));
            rest.send(route.method(), path, own, Map.of("authorization", "Bearer " + own, "origin", "https://" + own));
        }
        rest.password(own + "@example.com", own);
        rest.refresh(own);
        rest.exchange(own);
        rest.call(own, "/" + own, own);
        Browser browser = new Browser(rest.gatehouse);
        for (String page : PageWords.ALL) {
            browser.get("/auth/" + page + "?flow=" + own + "&token=" + own + "&ticket=" + own);
            browser.get("/auth/" + page + "/" + own);
            browser.post(
                    "/auth/" + page, Map.of("flow", own, "email", own + "@example.com", "password", own, "code", own));
        }
        rest.gatehouse.sessions().byCookie(rest.gatehouse.environment().id(), "gatehouse_session", own);
        rest.gatehouse.sessions().byToken(rest.gatehouse.environment().id(), Rest.CLIENT, own);
        rest.gatehouse.stopped(403, own.length() > 1 ? "role_required" : "not_signed_in");
        rest.gatehouse.stopped(403, own.length() > 1 ? "not_signed_in" : "role_required");
    }

    @Test
    void aTelemetryThatThrowsIsFeltByNobody() {
        Telemetry broken = new Telemetry() {
            @Override
            public Span begin(Signal signal, String operation) {
                if (signal == Signal.PAGES) {
                    throw new IllegalStateException("begin");
                }
                return (outcome, reason) -> {
                    throw new IllegalStateException("end");
                };
            }

            @Override
            public void count(Count count) {
                throw new IllegalStateException("count");
            }

            @Override
            public void level(Signal signal, String of, double value) {
                throw new IllegalStateException("level");
            }
        };
        assertThatThrownBy(() -> broken.level(Signal.LAG, "mail", 0)).isInstanceOf(IllegalStateException.class);
        try (Rest rest = with(broken, builder -> builder)) {
            rest.user("ada@example.com");
            assertThat(rest.password("ada@example.com", Rest.PASSWORD).status()).isEqualTo(200);
            Browser browser = new Browser(rest.gatehouse);
            browser.signIn("ada@example.com", Rest.PASSWORD);
            assertThat(browser.get("/auth/account").status()).isEqualTo(200);
            rest.gatehouse.maintain();
        }
    }

    @Test
    void aHitAllocatesNothingWhoeverListens() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        assertThat(allocatedByHits(builder -> builder)).as("nobody").isLessThan(LOOKUPS);
        assertThat(allocatedByHits(builder -> builder.telemetry(new MicrometerTelemetry(registry))))
                .as("Micrometer")
                .isLessThan(LOOKUPS);
        InMemoryMetricReader reader = InMemoryMetricReader.create();
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setMeterProvider(
                        SdkMeterProvider.builder().registerMetricReader(reader).build())
                .build();
        // the SDK's own aggregation takes what it takes; the adapter adds nothing to it
        allocatedByHits(builder -> builder.telemetry(new OpenTelemetryTelemetry(sdk)));
        assertThat(registry.get(Signal.LOOKUPS.wire())
                        .tags("credential", "session_cookie", "outcome", "hit")
                        .counter()
                        .count())
                .isGreaterThanOrEqualTo(LOOKUPS);
        assertThat(reader.collectAllMetrics())
                .anyMatch(metric -> metric.getName().equals(Signal.LOOKUPS.wire()));
    }

    /** Bytes that so many look-ups allocate, once they are compiled: less than one for each is none. */
    private static long allocatedByHits(Storing telemetry) {
        Gatehouse.Builder builder = Gatehouse.builder()
                .storage(new MemoryStorage())
                .keyring(LocalKeyring.random())
                .set(Setting.PASSWORD_HASH_MEMORY, "4096")
                .set(Setting.PASSWORD_HASH_PASSES, "1");
        try (Gatehouse gatehouse = telemetry.more(builder).build()) {
            gatehouse.users().create(NewUser.of("ada@example.com").withPassword(Rest.PASSWORD));
            Browser browser = new Browser(gatehouse);
            browser.signIn("ada@example.com", Rest.PASSWORD);
            String env = gatehouse.environment().id();
            String cookie = browser.session();
            assertThat(gatehouse.sessions().byCookie(env, "gatehouse_session", cookie))
                    .isNotNull();
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long least = Long.MAX_VALUE;
            for (int round = 0; round < 8; round++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < LOOKUPS; i++) {
                    gatehouse.sessions().byCookie(env, "gatehouse_session", cookie);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            return least;
        }
    }
}
