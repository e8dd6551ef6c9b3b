package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.ThreadMXBean;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.Authorization;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.Source;
import dev.gatehouse.store.MemoryStorage;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No operation allocates more, or asks more of the storage, than {@link Cost} says; how long it takes says nothing here. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CostTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Source SOURCE = new Source("127.0.0.1", "test");
    /** The least of so many counts: the first ones load classes and fill caches. */
    private static final int ROUNDS = 12;
    /** Above what is recorded; a tenth is also how much one JDK differs from its next update. */
    private static final double TOLERANCE = 1.10;

    private final SteerableClock clock = new SteerableClock();
    private final CallCounter storage = new CallCounter(new MemoryStorage());
    private Gatehouse gatehouse;
    private SamlTenant tenant;
    private String env;
    private String user;
    private String session;

    @BeforeAll
    void start() {
        gatehouse = Calls.builder(LocalKeyring.random())
                .storage(storage)
                .clock(clock)
                .executor(work -> {})
                .set(Setting.ORIGIN, "https://app.example.com")
                .set(Setting.RATE_LIMITS, "false")
                .build();
        tenant = new SamlTenant(gatehouse, clock, "acme.com");
        env = gatehouse.environment().id();
        user = Calls.user(gatehouse, "ada@example.com");
        for (int i = 0; i < 30; i++) {
            gatehouse.users().create(NewUser.of("u" + i + "@example.com"));
        }
        gatehouse.events().publish();
    }

    @BeforeEach
    void signIn() {
        session = gatehouse.sessions().begin(env, Calls.CLIENT, user, null, SOURCE);
    }

    @AfterAll
    void stop() {
        tenant.close();
        gatehouse.close();
    }

    @ParameterizedTest
    @EnumSource(Cost.class)
    @DisplayName("an operation costs what is written down, or less")
    void costs(Cost cost) throws Exception {
        IntFunction<Callable<?>> work = work(cost);
        long bytes = Long.MAX_VALUE;
        long calls = Long.MAX_VALUE;
        long rows = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) {
            Callable<?> ready = work.apply(i);
            long callsBefore = storage.calls();
            long rowsBefore = storage.rows();
            long bytesBefore = THREADS.getCurrentThreadAllocatedBytes();
            Object result = ready.call();
            bytes = Math.min(bytes, THREADS.getCurrentThreadAllocatedBytes() - bytesBefore);
            calls = Math.min(calls, storage.calls() - callsBefore);
            rows = Math.min(rows, storage.rows() - rowsBefore);
            assertThat(result).as(cost + " is done").isNotNull().isNotEqualTo(false);
        }
        String line = "%s(%d, %d, %d)".formatted(cost, bytes, calls, rows);
        System.out.println(line);
        assertThat(calls).as("calls of the storage: " + line).isEqualTo(cost.calls);
        assertThat(rows).as("rows: " + line).isEqualTo(cost.rows);
        // other JDKs allocate otherwise
        if (Runtime.version().feature() == 17) {
            assertThat(bytes).as("bytes: " + line).isLessThanOrEqualTo((long) (cost.bytes * TOLERANCE) + 64);
        }
    }

    private IntFunction<Callable<?>> work(Cost cost) {
        return switch (cost) {
            case SESSION_SEEN, SESSION_NOT_SEEN -> session(cost == Cost.SESSION_SEEN);
            case TOKEN_SEEN, TOKEN_NOT_SEEN -> token(cost == Cost.TOKEN_SEEN);
            case API_KEY_SEEN -> {
                String key = gatehouse
                        .customerKeys()
                        .createForOrganization(tenant.organization, "CI", List.of(), null)
                        .value();
                yield round -> () -> gatehouse.customerKeys().holder(key);
            }
            case PASSWORD ->
                round -> {
                    // one person's passwords are checked so often and not more
                    clock.pass(Duration.ofMinutes(10));
                    return () -> in(Calls.signIn(gatehouse, "ada@example.com"));
                };
            case MAGIC_CODE -> this::magicCode;
            case AUTHORIZATION_CODE -> {
                SignedIn who = byCookie(seal());
                yield round -> authorizationCode(who);
            }
            case REFRESH -> {
                String[] token = {
                    Calls.signIn(gatehouse, "ada@example.com")
                            .path("refresh_token")
                            .asText()
                };
                yield round -> () -> {
                    JsonNode in = in(Calls.refresh(gatehouse, token[0]));
                    token[0] = in.path("refresh_token").asText();
                    return in;
                };
            }
            case TOTP -> this::totp;
            case SAML_RESPONSE -> round -> samlResponse();
            case CREATE_USER ->
                round -> () -> Calls.post(
                                gatehouse, "/user_management/users", "{\"email\":\"new" + round + "@example.com\"}")
                        .required("id");
            case GET_USER ->
                round -> () -> Calls.get(gatehouse, "/user_management/users/" + user, "")
                        .required("id");
            case LIST_USERS ->
                round -> () -> Calls.get(gatehouse, "/user_management/users", "limit=20")
                                .required("data")
                                .size()
                        == 20;
            case LIST_EVENTS ->
                round -> () -> Calls.get(gatehouse, "/events", "events=user.created&limit=20")
                                .required("data")
                                .size()
                        == 20;
        };
    }

    private static JsonNode in(JsonNode answer) {
        assertThat(answer.path("access_token").asText()).as(answer.toString()).isNotEmpty();
        return answer;
    }

    private String seal() {
        return gatehouse.sessions().seal(env, PageBrowser.SESSION, session);
    }

    private SignedIn byCookie(String cookie) {
        return gatehouse.sessions().byCookie(env, PageBrowser.SESSION, cookie);
    }

    private IntFunction<Callable<?>> session(boolean seen) {
        String known = seal();
        return round -> {
            String cookie = seen ? known : seal();
            return () -> byCookie(cookie);
        };
    }

    private IntFunction<Callable<?>> token(boolean seen) {
        SignedIn who = byCookie(seal());
        String known = gatehouse.sessions().accessToken(env, who);
        return round -> {
            String token = seen ? known : gatehouse.sessions().accessToken(env, who);
            return () -> gatehouse.sessions().byToken(env, Calls.CLIENT, token);
        };
    }

    private Callable<?> magicCode(int round) {
        String email = "u" + round + "@example.com";
        String code = Calls.post(gatehouse, "/user_management/magic_auth", "{\"email\":\"" + email + "\"}")
                .path("code")
                .asText();
        return () -> in(Calls.authenticate(
                gatehouse,
                "urn:workos:oauth:grant-type:magic-auth:code",
                "\"email\":\"%s\",\"code\":\"%s\"".formatted(email, code)));
    }

    private Callable<?> authorizationCode(SignedIn who) {
        String back = gatehouse
                .sessions()
                .answer(env, who, new Authorization(Calls.CLIENT, SamlTenant.BACK, null, null, null, null), SOURCE)
                .orElseThrow();
        String code = back.substring(back.indexOf("code=") + 5);
        return () -> in(Calls.authenticate(gatehouse, "authorization_code", "\"code\":\"" + code + "\""));
    }

    /** A wrong code: all three that could be right are computed. */
    private Callable<?> totp(int round) {
        JsonNode made = Calls.post(
                gatehouse,
                "/auth/factors/enroll",
                "{\"type\":\"totp\",\"totp_issuer\":\"x\",\"totp_user\":\"y" + round + "\"}");
        String challenge = Calls.post(
                        gatehouse, "/auth/factors/" + made.path("id").asText() + "/challenge", "{}")
                .path("id")
                .asText();
        return () -> Calls.post(gatehouse, "/auth/challenges/" + challenge + "/verify", "{\"code\":\"000000\"}")
                .has("valid");
    }

    private Callable<?> samlResponse() {
        PageBrowser browser = new PageBrowser(gatehouse);
        String away = PageBrowser.location(browser.get("/user_management/authorize?response_type=code&client_id="
                + Calls.CLIENT + "&redirect_uri=" + SamlTenant.BACK + "&connection_id=" + tenant.connection.id()));
        SamlIdp.Form form = tenant.idp.signIn(away);
        return () -> {
            String finish = PageBrowser.location(
                    browser.postFromElsewhere(URI.create(form.action()).getPath(), form.fields()));
            return PageBrowser.location(browser.get(finish)).startsWith(SamlTenant.BACK + "?code=");
        };
    }
}
