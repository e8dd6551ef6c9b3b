package dev.gatehouse.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.identity.Lookups;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Verified keys by the digest of their value, for the request path; the value itself is not kept. */
final class KeyCache {
    private static final int MOST = 10_000;

    private final Cache<String, Entry> entries =
            Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();
    private final AtomicLong changes = new AtomicLong();
    private final Clock clock;
    private final Duration bound;
    private final Lookups lookups;

    KeyCache(Clock clock, Duration bound, Lookups lookups) {
        this.lookups = lookups;
        this.clock = clock;
        this.bound = bound;
    }

    private record Entry(KeyHolder holder, Instant readAgainAt) {}

    /** The holder of a key, read from storage if it was not seen a moment ago; null if it opens nothing. */
    @Nullable
    KeyHolder get(String env, String digest, Supplier<@Nullable KeyHolder> read) {
        Instant now = clock.instant();
        Entry known = entries.getIfPresent(digest);
        if (known != null
                && now.isBefore(known.readAgainAt)
                && known.holder.environmentId().equals(env)) {
            lookups.hit();
            return known.holder;
        }
        long before = changes.get();
        KeyHolder holder = read.get();
        lookups.missed(holder != null);
        if (holder == null) {
            return null;
        }
        Instant end = holder.key().expiresAt();
        Instant again = now.plus(bound);
        // what was revoked while it was read is not remembered
        if (changes.get() == before) {
            entries.put(digest, new Entry(holder, end != null && end.isBefore(again) ? end : again));
        }
        return holder;
    }

    /** The key was revoked, or ends at another time. */
    void forget(String digest) {
        changes.incrementAndGet();
        entries.invalidate(digest);
    }
}
