package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.crypto.RevealSecret;
import dev.gatehouse.engine.Json;
import dev.gatehouse.environments.Environment;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.MemoryStorage;
import dev.gatehouse.webhooks.WebhookDelivery;
import dev.gatehouse.webhooks.WebhookEndpoint;
import dev.gatehouse.webhooks.WebhookHealth;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Webhooks: endpoints, what arrives at them, and what becomes of what does not. */
@Timeout(60)
class WebhookTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ENDPOINTS = "/webhook_endpoints";

    private final Storage storage = new MemoryStorage();
    private final Keyring keyring = LocalKeyring.random();
    private final SteerableClock clock = new SteerableClock();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final Rest rest = node();
    private final Receiver receiver = receiver();

    private Rest node() {
        Rest made = new Rest(storage, keyring, clock, builder -> builder);
        open.add(made);
        return made;
    }

    private Receiver receiver() {
        try {
            Receiver made = new Receiver();
            open.add(made);
            return made;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private static String body(String url, String... events) {
        return "{\"endpoint_url\":\"%s\",\"events\":[\"%s\"]}".formatted(url, String.join("\",\"", events));
    }

    private Reply endpoint(Receiver at, String... events) {
        return rest.made(ENDPOINTS, body(at.url("/hook"), events));
    }

    private WebhookDelivery latest(String endpoint) {
        return rest.gatehouse.webhooks().deliveries(endpoint, null, 1).get(0);
    }

    private WebhookDelivery awaitState(String endpoint, String state, int attempts) {
        // none yet while the event is being published
        await().until(() -> rest.gatehouse.webhooks().deliveries(endpoint, null, 1).stream()
                .anyMatch(d -> d.state().equals(state)
                        && d.attempts() == attempts
                        && (!state.equals("pending") || d.lastStatus() != null || d.lastError() != null)));
        return latest(endpoint);
    }

    private static JsonNode json(Receiver.Got got) {
        try {
            return JSON.readTree(got.body());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String hmac(String secret, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void endpointsAreMadeListedChangedAndDeleted() {
        Reply made = endpoint(receiver, "user.created", "dsync.user.created", "user.created");
        String id = made.text("/id");
        assertThat(made.status()).isEqualTo(201);
        assertThat(id).startsWith("we_");
        assertThat(made.text("/object")).isEqualTo("webhook_endpoint");
        assertThat(made.text("/status")).isEqualTo("enabled");
        assertThat(made.text("/secret")).matches("whsec_[A-Za-z0-9]{32}");
        assertThat(made.json().at("/events")).hasSize(2);
        assertThat(rest.get(ENDPOINTS).json().at("/data/0")).isEqualTo(made.json());

        Reply changed =
                rest.call("PATCH", ENDPOINTS + "/" + id, "{\"status\":\"disabled\",\"events\":[\"user.updated\"]}");
        assertThat(changed.text("/status")).isEqualTo("disabled");
        assertThat(changed.text("/events/0")).isEqualTo("user.updated");
        assertThat(changed.text("/endpoint_url")).isEqualTo(receiver.url("/hook"));
        assertThat(changed.text("/secret")).isEqualTo(made.text("/secret"));
        assertThat(rest.call("PATCH", ENDPOINTS + "/" + id, "{\"status\":\"paused\"}")
                        .status())
                .isEqualTo(422);

        assertThat(rest.call("DELETE", ENDPOINTS + "/" + id, "").answer().status())
                .isEqualTo(204);
        for (String method : List.of("PATCH", "DELETE")) {
            Reply gone = rest.call(method, ENDPOINTS + "/" + id, "{}");
            assertThat(gone.status()).isEqualTo(404);
            assertThat(gone.text("/code")).isEqualTo("entity_not_found");
        }
    }

    @Test
    void anAddressIsTakenOnceAndOddOnesAndUnknownEventsAreRefused() {
        endpoint(receiver, "user.created");
        Reply again = rest.post(ENDPOINTS, body(receiver.url("/hook"), "user.updated"));
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.text("/code")).isEqualTo("duplicate_endpoint");
        Reply other = rest.made(ENDPOINTS, body(receiver.url("/other"), "user.created"));
        Reply moved = rest.call(
                "PATCH", ENDPOINTS + "/" + other.text("/id"), "{\"endpoint_url\":\"" + receiver.url("/hook") + "\"}");
        assertThat(moved.text("/code")).isEqualTo("duplicate_endpoint");
        for (String url : List.of("ftp://example.com/", "no address", "https://10.0.0.1/", "https://a@example.com/")) {
            Reply odd = rest.post(ENDPOINTS, body(url, "user.created"));
            assertThat(odd.status()).as(url).isEqualTo(422);
            assertThat(odd.text("/code")).isEqualTo("invalid_url");
        }
        for (String event : List.of("user.exploded", "vault.data.read", "dsync.token.created", "*")) {
            Reply unknown = rest.post(ENDPOINTS, body("https://example.com/hook", event));
            assertThat(unknown.status()).as(event).isEqualTo(422);
            assertThat(unknown.text("/code")).isEqualTo("invalid_request_parameters");
            assertThat(unknown.text("/errors/0/code")).isEqualTo("unknown_event_type");
        }
        assertThat(rest.post(ENDPOINTS, "{\"endpoint_url\":\"https://example.com/\",\"events\":[]}")
                        .status())
                .isEqualTo(422);
        rest.made(ENDPOINTS, body("https://example.com/hook", "user.created"));
    }

    @Test
    @DisplayName("W01 production takes public https addresses only")
    void production() {
        try (Rest live = new Rest(
                new MemoryStorage(),
                keyring,
                clock,
                builder -> builder.set(Setting.PRODUCTION, "true")
                        .set(Setting.API_KEY, "sk_live_abcdefghijklmnopqrstuvwxyz")
                        .set(Setting.ORIGIN, "https://app.example.com"))) {
            for (String url : List.of("http://example.com/", "https://localhost/", "https://127.0.0.1/")) {
                assertThatThrownBy(() -> live.gatehouse.webhooks().create(url, Set.of("user.created")))
                        .isInstanceOfSatisfying(
                                ApiException.class, e -> assertThat(e.code()).isEqualTo("invalid_url"));
            }
            assertThat(live.gatehouse
                            .webhooks()
                            .create("https://example.com/", Set.of("user.created"))
                            .enabled())
                    .isTrue();
        }
    }

    @Test
    @DisplayName("W09 what arrives is the event as GET /events shows it, signed over its bytes")
    void delivery() throws Exception {
        Reply made = endpoint(receiver, "user.created");
        rest.made(
                "/user_management/users",
                "{\"email\":\"uni@example.com\",\"first_name\":\"Ünï\",\"metadata\":{\"10\":\"ä/b\",\"9\":\"</x>\"}}");
        rest.organization("not subscribed to");
        WebhookDelivery done = awaitState(made.text("/id"), "delivered", 1);
        assertThat(done.lastStatus()).isEqualTo(200);
        assertThat(receiver.got).singleElement().satisfies(got -> {
            assertThat(got.line()).isEqualTo("POST /hook HTTP/1.1");
            assertThat(got.header("content-type")).isEqualTo("application/json");
            assertThat(json(got))
                    .isEqualTo(rest.get("/events?events=user.created").json().at("/data/0"));
            assertThat(got.text())
                    .startsWith("{\"object\":\"event\",\"id\":\"event_")
                    .doesNotContain("\\u")
                    .doesNotContain("\\/");
            String t = Long.toString(clock.instant().toEpochMilli());
            assertThat(got.header("workos-signature"))
                    .isEqualTo("t=" + t + ", v1=" + hmac(made.text("/secret"), t + "." + got.text()));
            assertThat(got.header("workos-signature-previous")).isEmpty();
        });
        WebhookHealth health = rest.gatehouse.webhooks().health(made.text("/id"));
        assertThat(health.lastSuccess()).isEqualTo(clock.instant());
        assertThat(health.consecutiveFailures()).isZero();
    }

    @Test
    void aReceiverThatIsDownForTenMinutesMissesNothing() {
        receiver.answer = Receiver.status(503);
        String id = endpoint(receiver, "user.created").text("/id");
        Set<String> users = new HashSet<>();
        for (int i = 0; i < 12; i++) {
            users.add(rest.user("u" + i + "@example.com"));
        }
        await().until(() -> rest.gatehouse.webhooks().health(id).consecutiveFailures() >= 5);
        int before = receiver.got.size();
        assertThat(rest.gatehouse.webhooks().health(id).pausedUntil()).isAfter(clock.instant());
        for (int second = 0; second < 600; second += 60) {
            clock.pass(Duration.ofSeconds(60));
            rest.gatehouse.maintain();
        }
        receiver.answer = Receiver.status(200);
        await().until(() -> {
            clock.pass(Duration.ofSeconds(5));
            rest.gatehouse.maintain();
            return rest.gatehouse.webhooks().deliveries(id, null, 100).stream()
                    .allMatch(d -> d.state().equals("delivered"));
        });
        Set<String> taken = new HashSet<>();
        receiver.got
                .subList(before, receiver.got.size())
                .forEach(got -> taken.add(json(got).at("/data/id").asText()));
        assertThat(taken).isEqualTo(users);
        assertThat(rest.gatehouse.webhooks().health(id).pausedUntil()).isNull();
    }

    @Test
    @DisplayName("W15 six attempts with growing pauses, each signed anew; then it is recorded as failed")
    void schedule() {
        receiver.answer = Receiver.status(500);
        String id = endpoint(receiver, "user.created").text("/id");
        rest.user("ada@example.com");
        List<String> signatures = new ArrayList<>();
        for (int attempt = 1; attempt <= 5; attempt++) {
            WebhookDelivery waits = awaitState(id, "pending", attempt);
            Duration pause = Duration.between(clock.instant(), waits.nextAttempt());
            long seconds = List.of(5, 15, 30, 60, 120).get(attempt - 1);
            assertThat(pause).isBetween(Duration.ofSeconds(seconds), Duration.ofMillis(seconds * 1_200));
            clock.pass(pause.plusSeconds(16));
            rest.gatehouse.maintain();
        }
        WebhookDelivery over = awaitState(id, "failed", 6);
        assertThat(over.lastStatus()).isEqualTo(500);
        assertThat(over.nextAttempt()).isNull();
        receiver.got.forEach(got -> signatures.add(got.header("workos-signature")));
        assertThat(signatures).hasSize(6).doesNotHaveDuplicates();
        assertThat(rest.gatehouse.webhooks().nextAttempt(id)).isEmpty();
    }

    @Test
    @DisplayName(
            "W03 a redirect counts as a failure and leads nowhere; W06 nothing of an answer is kept but its status")
    void redirect() {
        Receiver inner = receiver();
        receiver.answer = (got, out) -> out.write(("HTTP/1.1 307 X\r\nLocation: " + inner.url("/")
                        + "\r\nX-Inner: s3cr3t-header\r\nContent-Length: 11\r\n\r\ns3cr3t-body")
                .getBytes(StandardCharsets.US_ASCII));
        String id = endpoint(receiver, "user.created").text("/id");
        rest.user("ada@example.com");
        WebhookDelivery failed = awaitState(id, "pending", 1);
        assertThat(failed.lastStatus()).isEqualTo(307);
        assertThat(failed.toString()).doesNotContain("s3cr3t");
        assertThat(inner.connections).hasValue(0);
        receiver.answer = (got, out) -> {};
        rest.gatehouse.webhooks().replay(id, failed.eventId());
        await().until(() -> rest.gatehouse.webhooks().deliveries(id, null, 9).stream()
                .anyMatch(d -> "not_reached".equals(d.lastError())));
    }

    @Test
    void anEndpointThatHangsDoesNotHoldUpTheOthers() {
        CountDownLatch end = new CountDownLatch(1);
        Receiver hangs = receiver();
        hangs.answer = (got, out) -> end.await();
        endpoint(hangs, "user.created");
        endpoint(receiver, "user.created");
        long began = System.nanoTime();
        for (int i = 0; i < 30; i++) {
            rest.user("u" + i + "@example.com");
        }
        await().atMost(Duration.ofSeconds(8)).until(() -> receiver.got.size() == 30);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(9));
        assertThat(hangs.connections.get()).isBetween(1, 2);
        end.countDown();
    }

    @Test
    @DisplayName("W11 two nodes deliver each event once")
    void nodes() {
        Rest second = node();
        Reply made = endpoint(receiver, "user.created");
        List<String> users = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (Rest one : List.of(rest, second)) {
            Thread thread = new Thread(() -> {
                for (int i = 0; i < 40; i++) {
                    users.add(one.user(System.identityHashCode(one) + "-" + i + "@example.com"));
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        await().until(() -> rest.gatehouse.webhooks().deliveries(made.text("/id"), null, 100).stream()
                        .filter(d -> d.state().equals("delivered"))
                        .count()
                == 80);
        assertThat(receiver.got.stream().map(got -> json(got).at("/data/id").asText()))
                .containsExactlyInAnyOrderElementsOf(users);
    }

    @Test
    @DisplayName("W12 after a rotation both secrets sign for a day, each in a header of its own")
    void rotation() throws Exception {
        Reply made = endpoint(receiver, "user.created");
        String id = made.text("/id");
        String fresh = rest.gatehouse.webhooks().rotateSecret(id).text(RevealSecret.access());
        assertThat(fresh).isNotEqualTo(made.text("/secret"));
        assertThat(rest.get(ENDPOINTS).text("/data/0/secret")).isEqualTo(fresh);
        rest.user("ada@example.com");
        await().until(() -> receiver.got.size() == 1);
        Receiver.Got first = receiver.got.get(0);
        String t = "t=" + clock.instant().toEpochMilli() + ", v1=";
        String signed = clock.instant().toEpochMilli() + "." + first.text();
        assertThat(first.header("workos-signature")).isEqualTo(t + hmac(fresh, signed));
        assertThat(first.header("workos-signature-previous")).isEqualTo(t + hmac(made.text("/secret"), signed));
        rest.gatehouse.reseal();
        clock.pass(Duration.ofHours(24));
        rest.user("bob@example.com");
        await().until(() -> receiver.got.size() == 2);
        assertThat(receiver.got.get(1).header("workos-signature")).isNotEmpty();
        assertThat(receiver.got.get(1).header("workos-signature-previous")).isEmpty();
    }

    @Test
    void whatWasTakenIsSentAgainOnRequest() {
        String id = endpoint(receiver, "user.created").text("/id");
        rest.user("early@example.com");
        await().until(() -> receiver.got.size() == 1);
        clock.pass(Duration.ofMinutes(1));
        var since = clock.instant();
        rest.user("ada@example.com");
        rest.user("bob@example.com");
        await().until(() -> receiver.got.size() == 3);
        String event = json(receiver.got.get(0)).at("/id").asText();
        rest.gatehouse.webhooks().replay(id, event);
        await().until(() -> receiver.got.size() == 4);
        assertThat(json(receiver.got.get(3))).isEqualTo(json(receiver.got.get(0)));
        assertThat(rest.gatehouse.webhooks().replaySince(id, since)).isEqualTo(2);
        await().until(() -> receiver.got.size() == 6);
        await().until(() -> rest.gatehouse.webhooks().deliveries(id, null, 100).stream()
                        .filter(WebhookDelivery::replay)
                        .count()
                == 3);
        assertThatThrownBy(() -> rest.gatehouse.webhooks().replay(id, "event_01JZZZZZZZZZZZZZZZZZZZZZZZ"))
                .hasMessageContaining("entity_not_found");
    }

    @Test
    @DisplayName("rotation, health and replay over REST, beyond the contract")
    void upkeepOverRest() {
        Instant since = clock.instant();
        Reply made = endpoint(receiver, "user.created");
        String one = ENDPOINTS + "/" + made.text("/id");
        assertThat(rest.get(one + "/health").json().at("/last_success_at").isNull())
                .isTrue();
        rest.user("ada@example.com");
        await().until(() -> receiver.got.size() == 1);
        await().until(() -> rest.get(one + "/health").text("/last_success_at").equals(Json.time(clock.instant())));
        Reply health = rest.get(one + "/health");
        assertThat(health.text("/object") + health.text("/webhook_endpoint_id"))
                .isEqualTo("webhook_endpoint_health" + made.text("/id"));
        assertThat(health.json().at("/consecutive_failures").asInt()).isZero();

        Reply fresh = rest.post(one + "/rotate_secret", "");
        assertThat(fresh.status()).isEqualTo(200);
        assertThat(fresh.text("/secret"))
                .isNotEqualTo(made.text("/secret"))
                .isEqualTo(rest.gatehouse.webhooks().secret(made.text("/id")).text(RevealSecret.access()));

        String event = json(receiver.got.get(0)).at("/id").asText();
        Reply again = rest.post(one + "/replay", "{\"event_id\":\"" + event + "\"}");
        assertThat(again.status() + " " + again.json().at("/events")).isEqualTo("200 1");
        await().until(() -> receiver.got.size() == 2);
        assertThat(json(receiver.got.get(1))).isEqualTo(json(receiver.got.get(0)));
        assertThat(rest.post(one + "/replay", "{\"since\":\"" + since + "\"}")
                        .json()
                        .at("/events")
                        .asInt())
                .isEqualTo(1);
        await().until(() -> receiver.got.size() == 3);
        for (String bad : List.of(
                "{}", "{\"since\":\"yesterday\"}", "{\"since\":\"" + since + "\",\"event_id\":\"" + event + "\"}")) {
            assertThat(rest.post(one + "/replay", bad).status()).as(bad).isEqualTo(422);
        }
        assertThat(rest.post(one + "/replay", "{\"event_id\":\"event_01JZZZZZZZZZZZZZZZZZZZZZZZ\"}")
                        .status())
                .isEqualTo(404);
        assertThat(rest.get(ENDPOINTS + "/we_01JZZZZZZZZZZZZZZZZZZZZZZZ/health").status())
                .isEqualTo(404);
    }

    @Test
    void aDisabledEndpointGetsNothingNewAndWhatWaitedOnceItIsEnabled() {
        receiver.answer = Receiver.status(500);
        String id = endpoint(receiver, "user.created").text("/id");
        String ada = rest.user("ada@example.com");
        awaitState(id, "pending", 1);
        rest.gatehouse.webhooks().update(id, null, false, null);
        rest.user("while.disabled@example.com");
        receiver.answer = Receiver.status(200);
        clock.pass(Duration.ofSeconds(30));
        rest.gatehouse.maintain();
        rest.gatehouse.webhooks().update(id, null, true, null);
        awaitState(id, "delivered", 2);
        assertThat(receiver.got).hasSize(2);
        assertThat(json(receiver.got.get(1)).at("/data/id").asText()).isEqualTo(ada);
        rest.gatehouse.webhooks().delete(id);
        assertThatThrownBy(() -> rest.gatehouse.webhooks().health(id)).hasMessageContaining("entity_not_found");
    }

    @Test
    @DisplayName("T15, W13 another environment neither sees nor moves endpoints, deliveries and events")
    void tenants() {
        Environment other = rest.gatehouse.environments().ensure("other", false);
        String key = rest.gatehouse
                .environments()
                .createKey(other, "theirs", Set.of("*"))
                .key();
        String id = endpoint(receiver, "user.created").text("/id");
        Receiver their = receiver();
        assertThat(rest.as(key, "POST", ENDPOINTS, body(receiver.url("/hook"), "user.created"))
                        .status())
                .as("an address is taken in one environment")
                .isEqualTo(201);
        Reply theirs = rest.as(key, "POST", ENDPOINTS, body(their.url("/"), "user.created"));
        rest.user("ada@example.com");
        await().until(() -> receiver.got.size() == 1);
        String event = latest(id).eventId();
        assertThat(their.got).isEmpty();
        var foreign = rest.gatehouse.webhooks();
        String theirId = theirs.text("/id");
        for (Runnable crossed : List.<Runnable>of(
                () -> foreign.health(theirId),
                () -> foreign.secret(theirId),
                () -> foreign.rotateSecret(theirId),
                () -> foreign.deliveries(theirId, null, 10),
                () -> foreign.replay(theirId, event),
                () -> foreign.replaySince(theirId, clock.instant()),
                () -> foreign.nextAttempt(theirId),
                () -> foreign.delete(theirId))) {
            assertThatThrownBy(crossed::run).hasMessageContaining("entity_not_found");
        }
        assertThat(foreign.find(theirId)).isEmpty();
        assertThat(foreign.list(null, 10)).extracting(WebhookEndpoint::id).containsExactly(id);
        rest.as(key, "POST", "/user_management/users", "{\"email\":\"eve@example.com\"}");
        await().until(() -> their.got.size() == 1 && receiver.got.size() == 2);
        assertThat(json(their.got.get(0)).at("/data/email").asText()).isEqualTo("eve@example.com");
    }

    @Test
    void noSecretReachesALogOrAnEventOrTheStorageInTheClear() {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            receiver.answer = Receiver.status(500);
            Reply made = rest.made(ENDPOINTS, body(receiver.url("/hook?token=in-the-url"), "user.created"));
            rest.user("ada@example.com");
            awaitState(made.text("/id"), "pending", 1);
            assertThat(rest.gatehouse.webhooks().secret(made.text("/id")).toString())
                    .isEqualTo("Secret[hidden]");
            String secret = made.text("/secret");
            assertThat(log.toString(StandardCharsets.UTF_8))
                    .contains("failed (500)")
                    .doesNotContain(secret)
                    .doesNotContain("in-the-url")
                    .doesNotContain("ada@example.com");
            assertThat(receiver.got.get(0).text()).doesNotContain(secret);
            String stored = storage.inTransaction(tx -> tx.find(new dev.gatehouse.spi.Query(
                            rest.gatehouse.environment().id(),
                            "webhook_secret",
                            java.util.Map.of(),
                            null,
                            null,
                            null,
                            false,
                            10)))
                    .toString();
            assertThat(stored).contains("sealed").doesNotContain(secret.substring(6));
        } finally {
            System.setErr(before);
        }
    }

    @Test
    void whereThereIsNoEndpointNoThreadStaysAndAHostsExecutorIsUsed() throws Exception {
        rest.user("ada@example.com");
        await().until(() -> threads() == 0);
        List<Runnable> work = Collections.synchronizedList(new ArrayList<>());
        try (Rest hosted = new Rest(new MemoryStorage(), keyring, clock, builder -> builder.executor(work::add))) {
            hosted.gatehouse.webhooks().create(receiver.url("/hook"), Set.of("user.created"));
            hosted.user("bob@example.com");
            assertThat(threads()).isZero();
            assertThat(receiver.got).isEmpty();
            for (int i = 0; i < work.size(); i++) {
                work.get(i).run();
            }
            assertThat(receiver.got).hasSize(1);
        }
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("gatehouse-webhooks"))
                .count();
    }
}
