package dev.gatehouse.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RevealSecret;
import dev.gatehouse.crypto.Secret;
import dev.gatehouse.crypto.SigningKey;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that sign access tokens, per client: made at first use, sealed at rest under a root key, published ten minutes
 * before they sign, and retired when the last token they signed has ended. Nothing runs in the background: whoever signs
 * notices that a key is due.
 */
final class SigningKeys {
    private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);
    /** Clients keep key sets for five minutes; twice that, and nobody meets an unknown key. */
    static final Duration PUBLISHED_BEFORE_USE = Duration.ofMinutes(10);

    private static final Duration SIGNS_FOR = Duration.ofDays(90);
    private static final String PURPOSE = "signing key";

    private final Engine engine;
    private final Envelope envelope;
    private final Duration tokenLife;
    private final Cache<String, List<Loaded>> cache =
            Caffeine.newBuilder().maximumSize(1_000).executor(Runnable::run).build();

    SigningKeys(Engine engine, Envelope envelope, Duration tokenLife) {
        this.engine = engine;
        this.envelope = envelope;
        this.tokenLife = tokenLife;
    }

    /**
     * A key at rest.
     *
     * @param id {@code sso_oidc_key_pair_…}, the {@code kid}
     * @param sealed the private key, sealed
     * @param activeAt from when on it signs
     * @param retiredAt from when on it neither verifies nor is published; null while no successor is due
     */
    record Stored(
            String id,
            String clientId,
            String sealed,
            Instant activeAt,
            @Nullable Instant retiredAt,
            Instant createdAt,
            Instant updatedAt)
            implements Entity {
        static final EntityType<Stored> TYPE = EntityType.of("signing_key", "sso_oidc_key_pair", Stored.class)
                .lookup("client_id", Stored::clientId)
                .expires(Stored::retiredAt);

        @Override
        public String toString() {
            return "Stored[" + id + "]";
        }
    }

    private record Loaded(
            SigningKey key, Instant activeAt, @Nullable Instant retiredAt, Instant readAt) {
        boolean valid(Instant now) {
            return retiredAt == null || now.isBefore(retiredAt);
        }
    }

    /** The key that signs now. */
    SigningKey current(String env, String clientId) {
        Instant now = engine.now();
        List<Loaded> keys = keys(env, clientId);
        Optional<Loaded> current = signing(keys, now);
        boolean due = current.isPresent()
                && keys.stream().noneMatch(k -> k.activeAt.isAfter(now))
                && current.get().activeAt.plus(SIGNS_FOR).isBefore(now);
        if (current.isEmpty() || due) {
            rotate(env, clientId, false);
            return signing(keys(env, clientId), engine.now()).orElseThrow().key;
        }
        return current.get().key;
    }

    /**
     * The key that signs. Where another node made the first one, and this one's clock is behind, it is published and may sign
     * already.
     */
    private static Optional<Loaded> signing(List<Loaded> keys, Instant now) {
        return newestActive(keys, now)
                .or(() -> keys.stream().filter(key -> key.valid(now)).min(Comparator.comparing(Loaded::activeAt)));
    }

    /** A key of this client that still verifies, or null. */
    @Nullable
    SigningKey find(String env, String clientId, String keyId) {
        Instant now = engine.now();
        for (Loaded loaded : keys(env, clientId)) {
            if (loaded.key.id().equals(keyId)) {
                return loaded.valid(now) ? loaded.key : null;
            }
        }
        return null;
    }

    /** What the key set publishes: every key that signs, will sign, or whose tokens still live. */
    List<Map<String, Object>> published(String env, String clientId) {
        current(env, clientId);
        Instant now = engine.now();
        return keys(env, clientId).stream()
                .filter(loaded -> loaded.valid(now))
                .map(loaded -> loaded.key.published())
                .toList();
    }

    /** Makes a successor, unless one waits already, or another node was first and nobody insists. */
    void rotate(String env, String clientId, boolean forced) {
        SigningKey fresh =
                SigningKey.generate("sso_oidc_key_pair_" + engine.ids().ulid(engine.now()), engine.now());
        engine.run(env, Actor.SYSTEM, call -> {
            // one client's keys change one at a time
            call.count("signing-keys:" + clientId, 1, Long.MAX_VALUE, call.now().plus(Duration.ofDays(3_650)));
            Map<Boolean, List<Stored>> all = call.all(Stored.TYPE, "client_id", clientId).stream()
                    .collect(Collectors.partitioningBy(k -> open(k).isPresent()));
            // what cannot be opened signs nothing any more
            all.getOrDefault(false, List.of()).forEach(k -> retire(call, k, call.now()));
            List<Stored> keys = all.getOrDefault(true, List.of());
            boolean waiting = keys.stream().anyMatch(k -> k.activeAt.isAfter(call.now()));
            boolean served = keys.stream()
                    .anyMatch(k ->
                            k.retiredAt == null && k.activeAt.plus(SIGNS_FOR).isAfter(call.now()));
            if (waiting || (served && !forced)) {
                return true;
            }
            Instant active = keys.isEmpty() ? call.now() : call.now().plus(PUBLISHED_BEFORE_USE);
            Instant retired = active.plus(tokenLife).plus(PUBLISHED_BEFORE_USE);
            keys.stream().filter(k -> k.retiredAt == null).forEach(k -> retire(call, k, retired));
            String sealed = envelope.seal(PURPOSE, fresh.id(), fresh.secret().bytes(RevealSecret.access()));
            call.create(Stored.TYPE, new Stored(fresh.id(), clientId, sealed, active, null, call.now(), call.now()));
            return true;
        });
        cache.invalidate(env + " " + clientId);
    }

    private List<Loaded> keys(String env, String clientId) {
        String name = env + " " + clientId;
        List<Loaded> known = cache.getIfPresent(name);
        // read again each minute, so that a successor made by another node is known long before it signs
        if (known != null
                && !known.isEmpty()
                && known.get(0).readAt.plusSeconds(60).isAfter(engine.now())) {
            return known;
        }
        List<Loaded> read = engine.run(env, Actor.SYSTEM, call -> load(call, clientId));
        cache.put(name, read);
        return read;
    }

    private static void retire(Call call, Stored key, Instant at) {
        call.update(
                Stored.TYPE,
                key.id,
                k -> new Stored(k.id, k.clientId, k.sealed, k.activeAt, at, k.createdAt, k.updatedAt));
    }

    private Optional<Secret> open(Stored stored) {
        return envelope.open(PURPOSE, stored.id, stored.sealed).map(Secret::of);
    }

    private List<Loaded> load(Call call, String clientId) {
        List<Loaded> loaded = new ArrayList<>();
        for (Stored stored : call.all(Stored.TYPE, "client_id", clientId)) {
            Optional<Secret> key = open(stored);
            if (key.isPresent()) {
                loaded.add(new Loaded(SigningKey.read(key.get()), stored.activeAt, stored.retiredAt, call.now()));
            } else if (stored.retiredAt == null || stored.retiredAt.isAfter(call.now())) {
                LOG.warn(
                        "signing key {} was sealed under a root key that is not there: its tokens are refused, and another key signs",
                        stored.id);
            }
        }
        return loaded;
    }

    private static Optional<Loaded> newestActive(List<Loaded> keys, Instant now) {
        return keys.stream()
                .filter(k -> !k.activeAt.isAfter(now) && k.valid(now))
                .max(Comparator.comparing(Loaded::activeAt));
    }
}
