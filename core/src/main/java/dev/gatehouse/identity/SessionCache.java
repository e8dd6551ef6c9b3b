package dev.gatehouse.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Verified credentials by their text: the request path. A hit is one look-up and a few comparisons; it allocates nothing
 * and does no I/O. What proves somebody in one place (an environment, and there a cookie name or a client) proves nobody
 * in another (ATTACKS C04, T09).
 *
 * <p>Each entry hangs on its session's {@link Live}. Forgetting a session marks that one object, so that every entry of it
 * is dead at once on this node. Other nodes read a session again after the revocation bound.
 */
final class SessionCache {
    private final Cache<String, Entry> entries;
    private final Cache<String, Live> lives;
    private final Clock clock;
    private final long boundMillis;

    SessionCache(int size, long boundMillis, Clock clock) {
        // maintenance on the caller's thread: no thread the host did not ask for
        this.entries =
                Caffeine.newBuilder().maximumSize(size).executor(Runnable::run).build();
        this.lives =
                Caffeine.newBuilder().maximumSize(size).executor(Runnable::run).build();
        this.clock = clock;
        this.boundMillis = boundMillis;
    }

    private static final class Live {
        volatile boolean stale;
    }

    private record Entry(String env, String place, SignedIn who, long readAgainAt, Live live) {}

    /**
     * What a credential says before storage is asked.
     *
     * @param sessionId which session it names
     * @param untilMillis from when on it proves nothing, whatever its session does
     */
    record Claim(String sessionId, long untilMillis) {}

    /** Who this credential proves here, if it was seen a moment ago; null if it must be looked up. */
    @Nullable
    SignedIn hit(String env, String place, String credential) {
        Entry entry = entries.getIfPresent(credential);
        boolean fresh = entry != null
                && !entry.live.stale
                && clock.millis() < entry.readAgainAt
                && entry.place.equals(place)
                && entry.env.equals(env);
        return entry != null && fresh ? entry.who : null;
    }

    /**
     * Looks up who this credential proves, or null, and remembers it.
     *
     * @param claimOf reads the credential without trusting storage; null if it is none of ours
     * @param read reads the session from storage
     */
    @Nullable
    SignedIn miss(
            String env,
            String place,
            String credential,
            Function<String, @Nullable Claim> claimOf,
            Function<String, Optional<SignedIn>> read) {
        Claim claim = claimOf.apply(credential);
        if (claim == null) {
            return null;
        }
        // before reading: whoever ends the session after our read marks this very object
        Live live = lives.get(claim.sessionId, id -> new Live());
        SignedIn found = read.apply(claim.sessionId).orElse(null);
        if (found == null) {
            entries.invalidate(credential);
            return null;
        }
        long end = Math.min(claim.untilMillis, found.expiresAt().toEpochMilli());
        entries.put(credential, new Entry(env, place, found, Math.min(clock.millis() + boundMillis, end), live));
        return found;
    }

    /** The session ended or changed. */
    void forget(String sessionId) {
        Live live = lives.asMap().remove(sessionId);
        if (live != null) {
            live.stale = true;
        }
    }
}
