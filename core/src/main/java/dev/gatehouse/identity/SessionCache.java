package dev.gatehouse.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Verified credentials by their text: the request path. A hit is one look-up and a few comparisons; it allocates nothing
 * and does no I/O. An entry answers only in the environment and for the holder (cookie name or client id) it was verified
 * for, and not beyond the credential's own end.
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
        // weak, not bounded: whatever entry is left can still be told that its session ended
        this.lives = Caffeine.newBuilder().weakValues().executor(Runnable::run).build();
        this.clock = clock;
        this.boundMillis = boundMillis;
    }

    private static final class Live {
        volatile boolean stale;
    }

    private record Entry(String env, String holder, SignedIn who, long readAgainAt, Live live) {}

    /** A claim of {@link Claim#generation} that says nothing of exchanges. */
    static final int ANY = -1;

    /**
     * What a credential says without asking storage.
     *
     * @param sessionId its session
     * @param endMillis when the credential itself ends; {@link Long#MAX_VALUE} if only the session does
     * @param generation which exchange of its refresh token it is from, to be compared with the session's; {@link #ANY} if from
     *     none
     */
    record Claim(String sessionId, long endMillis, int generation) {
        Claim(String sessionId, long endMillis) {
            this(sessionId, endMillis, ANY);
        }
    }

    /** Who this credential proves here, if it was seen a moment ago; null if it must be looked up. */
    @Nullable
    SignedIn hit(String env, String holder, String credential) {
        Entry entry = entries.getIfPresent(credential);
        return entry != null
                        && !entry.live.stale
                        && clock.millis() < entry.readAgainAt
                        && entry.holder.equals(holder)
                        && entry.env.equals(env)
                ? entry.who
                : null;
    }

    /**
     * Looks up who this credential proves, or null, and remembers it.
     *
     * @param claimOf verifies the credential; null if it is none of ours
     * @param read reads a session from storage
     */
    @Nullable
    SignedIn miss(
            String env,
            String holder,
            String credential,
            Function<String, @Nullable Claim> claimOf,
            Function<Claim, Optional<SignedIn>> read) {
        Claim claim = claimOf.apply(credential);
        if (claim == null) {
            return null;
        }
        // before reading: whoever ends the session after our read marks this very object
        Live live = lives.get(claim.sessionId, id -> new Live());
        SignedIn found = read.apply(claim).orElse(null);
        if (found == null) {
            entries.invalidate(credential);
            return null;
        }
        long end = Math.min(claim.endMillis, found.expiresAt().toEpochMilli());
        entries.put(credential, new Entry(env, holder, found, Math.min(clock.millis() + boundMillis, end), live));
        return found;
    }

    /** The session ended or changed. */
    void forget(String sessionId) {
        Live live = lives.asMap().remove(sessionId);
        if (live != null) {
            live.stale = true;
        }
    }

    /** What holds for many sessions changed: each is read again. Rare enough to forget those that it does not touch, too. */
    void forgetAll() {
        // not by the entries' organizations: one that is just being read is in none yet, and would keep what it read
        lives.asMap().keySet().forEach(this::forget);
    }
}
