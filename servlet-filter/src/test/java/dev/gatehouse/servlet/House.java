package dev.gatehouse.servlet;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.Session;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.User;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.Telemetry;
import dev.gatehouse.spi.ViewSpec;
import dev.gatehouse.store.MemoryStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A Gatehouse in memory whose parts fail when told to. */
final class House implements AutoCloseable {
    static final String KEY = "sk_test_abcdefghijklmnopqrstuvwxyz";
    private static final Set<String> WRITES =
            Set.of("insert", "replace", "delete", "take", "add", "sweep", "lease", "append");

    static final String PASSWORD = "correct-horse-battery-9";

    final Gatehouse gatehouse;
    final BreakableClock clock = new BreakableClock();
    private final MemoryStorage memory = new MemoryStorage();

    /** Changes asked of storage so far. */
    final AtomicInteger writes = new AtomicInteger();

    /** What storage throws instead of working. */
    volatile @Nullable RuntimeException storageFails;

    /** What the keyring throws instead of working. */
    volatile @Nullable RuntimeException keyringFails;

    House(Map<Setting<?>, String> settings) {
        this(settings, null);
    }

    House(Map<Setting<?>, String> settings, @Nullable Telemetry telemetry) {
        Gatehouse.Builder builder = Gatehouse.builder()
                .storage(new BreakableStorage())
                .keyring(new BreakableKeyring())
                .clock(clock)
                .set(Setting.CLIENT_ID, "client_01TEST")
                .set(Setting.PASSWORD_HASH_MEMORY, "4096")
                .set(Setting.PASSWORD_HASH_PASSES, "1");
        boolean production = "true".equals(settings.get(Setting.PRODUCTION));
        builder.set(Setting.API_KEY, production ? KEY.replace("test", "live") : KEY);
        settings.forEach(builder::set);
        if (telemetry != null) {
            builder.telemetry(telemetry);
        }
        gatehouse = builder.build();
    }

    User user(String email) {
        return gatehouse.users().create(NewUser.of(email).withPassword(PASSWORD).withName("Ada", "Lovelace"));
    }

    String cookieName() {
        return gatehouse.pages().sessionCookie();
    }

    /** Signs a user in over the API; a header that carries the session as a browser does. */
    String cookie(User user) {
        return cookieName() + "=" + cookieValue(sessionId(authenticate(user)));
    }

    String cookieValue(String sessionId) {
        return gatehouse.sessions().seal(gatehouse.environment().id(), cookieName(), sessionId);
    }

    /** An access token of a new session of this user. */
    String token(User user) {
        return between(authenticate(user), "\"access_token\":\"", "\"");
    }

    /** A header that carries a new session of this user with an organization in which he has a role. */
    String cookie(User user, String role) {
        String organization =
                gatehouse.organizations().create("Org of " + user.id()).id();
        gatehouse.organizations().addMember(organization, user.id(), role);
        return cookie(user);
    }

    SignedIn who(String cookie) {
        String value = cookie.substring(cookie.indexOf('=') + 1);
        return gatehouse.sessions().byCookie(gatehouse.environment().id(), cookieName(), value);
    }

    List<Session> sessions(User user) {
        return gatehouse.sessions().active(gatehouse.environment().id(), user.id());
    }

    private String authenticate(User user) {
        String form = "grant_type=password&client_id=client_01TEST&client_secret=" + apiKey() + "&email=" + user.email()
                + "&password=" + PASSWORD;
        Map<String, List<String>> headers = new TreeMap<>();
        headers.put("content-type", List.of("application/x-www-form-urlencoded"));
        var answer = gatehouse.api(new dev.gatehouse.api.Request(
                "POST",
                "/user_management/authenticate",
                "",
                headers,
                form.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                "127.0.0.1",
                true));
        if (answer.status() != 200) {
            throw new AssertionError(answer.status() + " " + answer.text());
        }
        return answer.text();
    }

    private String apiKey() {
        return gatehouse.environment().production() ? KEY.replace("test", "live") : KEY;
    }

    private String sessionId(String authenticated) {
        String claims = between(authenticated, "\"access_token\":\"", "\"").split("\\.")[1];
        return between(
                new String(java.util.Base64.getUrlDecoder().decode(claims), java.nio.charset.StandardCharsets.UTF_8),
                "\"sid\":\"",
                "\"");
    }

    static String between(String text, String before, String after) {
        int start = text.indexOf(before);
        if (start < 0) {
            throw new AssertionError("no " + before + " in " + text);
        }
        start += before.length();
        return text.substring(start, text.indexOf(after, start));
    }

    @Override
    public void close() {
        gatehouse.close();
    }

    static final class BreakableClock extends Clock {
        private volatile Instant now = Instant.parse("2026-06-01T10:00:00Z");
        volatile @Nullable RuntimeException fails;

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            if (fails != null) {
                throw fails;
            }
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private final class BreakableStorage implements Storage {
        @Override
        public <T extends @Nullable Object> T inTransaction(Work<T> work) {
            if (storageFails != null) {
                throw storageFails;
            }
            return memory.inTransaction(tx -> work.run(counted(tx)));
        }

        @Override
        public void prepare(List<ViewSpec> views) {
            memory.prepare(views);
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    private Storage.Tx counted(Storage.Tx tx) {
        return (Storage.Tx) Proxy.newProxyInstance(
                House.class.getClassLoader(), new Class<?>[] {Storage.Tx.class}, (proxy, method, arguments) -> {
                    if (WRITES.contains(method.getName())) {
                        writes.incrementAndGet();
                    }
                    try {
                        return method.invoke(tx, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private final class BreakableKeyring implements Keyring {
        private final Keyring keys = LocalKeyring.random();

        @Override
        public String primary() {
            if (keyringFails != null) {
                throw keyringFails;
            }
            return keys.primary();
        }

        @Override
        public byte[] derive(String keyId, String purpose) {
            if (keyringFails != null) {
                throw keyringFails;
            }
            return keys.derive(keyId, purpose);
        }
    }
}
