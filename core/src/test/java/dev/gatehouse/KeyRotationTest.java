package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.config.ConfigException;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.MemoryStorage;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Keys change under running sessions, and nobody notices but attackers. */
class KeyRotationTest {
    private static final String A = "a:"
            + Base64.getEncoder()
                    .encodeToString(
                            "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    private static final String B = "b:"
            + Base64.getEncoder()
                    .encodeToString(
                            "fedcba9876543210fedcba9876543210".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    private static JWKSet keySet(Rest rest) throws ParseException {
        return JWKSet.parse(rest.get("/sso/jwks/" + Rest.CLIENT).json().toString());
    }

    private static boolean verifies(JWKSet keys, String token) throws ParseException, JOSEException {
        SignedJWT jwt = SignedJWT.parse(token);
        JWK key = keys.getKeyByKeyId(jwt.getHeader().getKeyID());
        return key != null && jwt.verify(new RSASSAVerifier(key.toRSAKey()));
    }

    private static String keyOf(String token) throws ParseException {
        return SignedJWT.parse(token).getHeader().getKeyID();
    }

    @Test
    void aSigningKeyIsPublishedBeforeItSignsAndUntilItsTokensHaveEnded() throws Exception {
        try (Rest rest = new Rest()) {
            rest.user("ada@example.com");
            String old = rest.signIn("ada@example.com").text("/access_token");
            JWKSet cachedByClients = keySet(rest);
            assertThat(verifies(cachedByClients, old)).isTrue();

            rest.gatehouse.rotateSigningKey();
            JWKSet published = keySet(rest);
            assertThat(published.getKeys()).hasSize(2);
            String meanwhile = rest.signIn("ada@example.com").text("/access_token");
            assertThat(keyOf(meanwhile)).as("the successor only waits").isEqualTo(keyOf(old));
            rest.gatehouse.rotateSigningKey();
            assertThat(keySet(rest).getKeys())
                    .as("one successor waits, not two")
                    .hasSize(2);

            rest.clock.pass(Duration.ofMinutes(15));
            String fresh = rest.signIn("ada@example.com").text("/access_token");
            assertThat(keyOf(fresh)).isNotEqualTo(keyOf(old));
            assertThat(verifies(published, fresh)).as("known before it signed").isTrue();

            rest.clock.pass(Duration.ofMinutes(30));
            assertThat(keySet(rest).getKeys())
                    .as("the old key is gone once nothing it signed can live")
                    .extracting(JWK::getKeyID)
                    .containsExactly(keyOf(fresh));
        }
    }

    @Test
    void keysRotateByThemselves() throws Exception {
        try (Rest rest = new Rest()) {
            rest.user("ada@example.com");
            String first = keyOf(rest.signIn("ada@example.com").text("/access_token"));
            rest.clock.pass(Duration.ofDays(91));
            rest.signIn("ada@example.com");
            rest.clock.pass(Duration.ofHours(1));
            String second = keyOf(rest.signIn("ada@example.com").text("/access_token"));
            assertThat(second).isNotEqualTo(first);
        }
    }

    /** ATTACKS Q11: zero failures while keys rotate. */
    @Test
    void rotationBesideSignInsFailsNobody() throws Exception {
        try (Rest rest = new Rest()) {
            rest.user("ada@example.com");
            String refresh = rest.signIn("ada@example.com").text("/refresh_token");
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                List<Future<Boolean>> all = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    boolean rotates = i % 20 == 0;
                    all.add(threads.submit(() -> {
                        if (rotates) {
                            rest.gatehouse.rotateSigningKey();
                            rest.clock.pass(Duration.ofMillis(1));
                            return true;
                        }
                        String token = rest.refresh(refresh).text("/access_token");
                        return verifies(keySet(rest), token);
                    }));
                }
                for (Future<Boolean> one : all) {
                    assertThat(one.get()).isTrue();
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void aRootKeyIsReplacedWithoutSigningAnybodyOut() {
        Storage storage = new MemoryStorage();
        SteerableClock clock = new SteerableClock();
        Browser browser;
        String refresh;
        try (Rest before = new Rest(storage, LocalKeyring.parse(A), clock, builder -> builder)) {
            before.user("ada@example.com");
            refresh = before.signIn("ada@example.com").text("/refresh_token");
            browser = new Browser(before.gatehouse);
            browser.signIn("ada@example.com", Rest.PASSWORD);
            assertThat(browser.get("/auth/account").status()).isEqualTo(200);
        }
        try (Rest between = new Rest(storage, LocalKeyring.parse(B + "," + A), clock, builder -> builder)) {
            Browser same = new Browser(between.gatehouse);
            same.cookies.putAll(browser.cookies);
            assertThat(same.get("/auth/account").status())
                    .as("the cookie still opens")
                    .isEqualTo(200);
            Rest.Reply refreshed = between.refresh(refresh);
            assertThat(refreshed.status()).as(refreshed.json().toString()).isEqualTo(200);
            refresh = refreshed.text("/refresh_token");
        }
        assertThatThrownBy(() -> new Rest(storage, LocalKeyring.random(), clock, builder -> builder))
                .as("another root key does not even start")
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void aRootKeyThatIsTakenAwayTooEarlySignsPeopleOutAndNoMore() throws Exception {
        Storage storage = new MemoryStorage();
        SteerableClock clock = new SteerableClock();
        Rest.Reply before;
        try (Rest old = new Rest(storage, LocalKeyring.parse(A), clock, builder -> builder)) {
            old.user("ada@example.com");
            before = old.signIn("ada@example.com");
        }
        new Rest(storage, LocalKeyring.parse(B + "," + A), clock, builder -> builder).close();
        try (Rest early = new Rest(storage, LocalKeyring.parse(B), clock, builder -> builder)) {
            assertThat(early.bearer(before.text("/access_token"))).isNull();
            assertThat(early.refresh(before.text("/refresh_token")).status()).isEqualTo(400);
            Rest.Reply after = early.signIn("ada@example.com");
            assertThat(after.status()).isEqualTo(200);
            assertThat(early.bearer(after.text("/access_token"))).isNotNull();
            assertThat(verifies(keySet(early), after.text("/access_token"))).isTrue();
        }
    }

    /** The way out that docs/operations.md names for root keys that are lost for good. */
    @Test
    void whoeverLostTheRootKeysKeepsTheUsers() {
        Storage storage = new MemoryStorage();
        SteerableClock clock = new SteerableClock();
        try (Rest before = new Rest(storage, LocalKeyring.random(), clock, builder -> builder)) {
            before.user("ada@example.com");
            before.signIn("ada@example.com");
        }
        boolean forgotten = storage.inTransaction(tx -> {
            Row check = tx.getByKey(Row.SYSTEM, "root_key_check", "only", "one").orElseThrow();
            return tx.delete(Row.SYSTEM, "root_key_check", check.id());
        });
        assertThat(forgotten).isTrue();
        try (Rest after = new Rest(storage, LocalKeyring.random(), clock, builder -> builder)) {
            assertThat(after.signIn("ada@example.com").status()).isEqualTo(200);
        }
    }

    @Test
    @DisplayName(
            "F11 a node whose clock is behind that of the one which made the first key signs with it, and is believed")
    void aClockThatIsBehind() {
        Storage storage = new MemoryStorage();
        Keyring keyring = LocalKeyring.random();
        SteerableClock behind = new SteerableClock();
        behind.pass(Duration.ofSeconds(-59));
        try (Rest first = new Rest(storage, keyring, new SteerableClock(), builder -> builder);
                Rest second = new Rest(storage, keyring, behind, builder -> builder)) {
            first.user("ada@example.com");
            Rest.Reply in = first.signIn("ada@example.com");
            assertThat(first.refresh(in.text("/refresh_token")).status()).isEqualTo(200);
            Rest.Reply next = second.refresh(in.text("/refresh_token"));
            assertThat(next.status()).as(next.json().toString()).isEqualTo(200);
            for (Rest node : List.of(first, second)) {
                String env = node.gatehouse.environment().id();
                assertThat(node.gatehouse.sessions().byToken(env, Rest.CLIENT, next.text("/access_token")))
                        .isNotNull();
            }
        }
    }
}
