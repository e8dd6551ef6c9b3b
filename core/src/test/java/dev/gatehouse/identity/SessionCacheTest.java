package dev.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SessionCacheTest {
    private static final long BOUND = 5_000;
    private static final long START = 1_000_000;

    private long now = START;
    private final AtomicInteger reads = new AtomicInteger();
    private final SessionCache cache = new SessionCache(1_000, BOUND, new Clock() {
        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(now);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    });

    private SignedIn look(String holder, String credential, String session, long endMillis) {
        SignedIn known = cache.hit("env", holder, credential);
        return known != null
                ? known
                : cache.miss(
                        "env",
                        holder,
                        credential,
                        c -> now < endMillis ? new SessionCache.Claim(session, endMillis) : null,
                        claim -> {
                            reads.incrementAndGet();
                            User user = new User(
                                    "user_1",
                                    "a@example.com",
                                    true,
                                    null,
                                    null,
                                    null,
                                    null,
                                    null,
                                    Map.of(),
                                    null,
                                    null,
                                    List.of(),
                                    Instant.EPOCH,
                                    Instant.EPOCH);
                            Instant end = Instant.ofEpochMilli(START + 1_000_000);
                            return Optional.of(new SignedIn(
                                    "env", user, claim.sessionId(), null, List.of(), List.of(), end, null));
                        });
    }

    @Test
    @DisplayName("a credential that ends inside the revocation bound is refused from its end on")
    void theCredentialsEndIsExact() {
        long end = START + 2_000;
        assertThat(look("client", "token", "s", end)).isNotNull();
        now = end - 1;
        assertThat(look("client", "token", "s", end)).isNotNull();
        assertThat(reads).hasValue(1);
        now = end;
        assertThat(look("client", "token", "s", end)).isNull();
    }

    @Test
    @DisplayName("C04 C06 what was verified for one holder or environment is nothing to another")
    void entriesBelongToTheirHolder() {
        assertThat(look("cookie", "value", "s", Long.MAX_VALUE)).isNotNull();
        assertThat(cache.hit("env", "cookie", "value")).isNotNull();
        assertThat(cache.hit("env", "other", "value")).isNull();
        assertThat(cache.hit("elsewhere", "cookie", "value")).isNull();
    }

    @Test
    @DisplayName("C05 an ended session is dead at once here, however many there are")
    void everyEntryCanBeForgotten() {
        List<String> sessions = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            sessions.add("s" + i);
            look("cookie", "value" + i, "s" + i, Long.MAX_VALUE);
        }
        int alive = 0;
        for (int i = 0; i < sessions.size(); i++) {
            if (cache.hit("env", "cookie", "value" + i) != null) {
                alive++;
                cache.forget(sessions.get(i));
                assertThat(cache.hit("env", "cookie", "value" + i)).isNull();
            }
        }
        assertThat(alive).isBetween(500, 1_000);
    }

    @Test
    @DisplayName("C05 what holds for many sessions reaches one whose reading is under way")
    void allAreForgottenAlsoWhileOneIsRead() {
        look("cookie", "value", "s", Long.MAX_VALUE);
        assertThat(cache.hit("env", "cookie", "value")).isNotNull();
        SignedIn read = cache.hit("env", "cookie", "value");
        cache.miss("env", "cookie", "other", c -> new SessionCache.Claim("t", Long.MAX_VALUE), id -> {
            cache.forgetAll();
            return Optional.ofNullable(read);
        });
        assertThat(cache.hit("env", "cookie", "value")).isNull();
        assertThat(cache.hit("env", "cookie", "other"))
                .as("read before the change")
                .isNull();
        look("cookie", "value", "s", Long.MAX_VALUE);
        assertThat(cache.hit("env", "cookie", "value")).isNotNull();
    }

    @Test
    void theRevocationBoundEndsAnEntry() {
        look("cookie", "value", "s", Long.MAX_VALUE);
        now += BOUND - 1;
        assertThat(cache.hit("env", "cookie", "value")).isNotNull();
        now += 1;
        assertThat(cache.hit("env", "cookie", "value")).isNull();
    }
}
