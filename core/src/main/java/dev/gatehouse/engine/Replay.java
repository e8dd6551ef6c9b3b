package dev.gatehouse.engine;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Request;
import dev.gatehouse.spi.Storage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.function.Supplier;

/**
 * What a creation made that came with an {@code Idempotency-Key}, stored with what it made: the same request is answered
 * with that for a minute, instead of making another. Long enough for an SDK that tries again, short enough for SDKs that
 * derive the key from the request and may mean it twice (contract/behaviour/01 §1.8).
 *
 * @param digest of key, caller and request
 * @param resourceId what was made; empty until it is
 */
record Replay(String id, String digest, String resourceId, Instant createdAt, Instant updatedAt) implements Entity {
    static final Duration KEPT = Duration.ofSeconds(60);

    private static final int LONGEST = 255;
    private static final String RUNNING = "idempotency_key_in_use";

    private static final EntityType<Replay> TYPE = EntityType.of("idempotency_key", "idempotency", Replay.class)
            .unique("digest", Replay::digest, r -> ApiException.of(409, RUNNING, "The same request is being answered."))
            .expires(r -> r.createdAt.plus(KEPT));

    /** What the step makes, or what it made when the same request came a moment ago. */
    static <T extends Entity> T once(Flow flow, Call call, EntityType<T> type, Supplier<T> step) {
        String key = flow.request().header("idempotency-key").orElse("");
        if (key.isEmpty()) {
            return step.get();
        }
        if (key.length() > LONGEST) {
            throw ApiException.of(
                    400, "invalid_idempotency_key", "An Idempotency-Key has at most " + LONGEST + " characters.");
        }
        String digest = digest(flow, key);
        Replay known = call.holdBy(TYPE, "digest", digest).orElse(null);
        if (known != null) {
            T made = call.now().isBefore(known.createdAt.plus(KEPT))
                    ? call.find(type, known.resourceId).orElse(null)
                    : null;
            if (made != null) {
                return made;
            }
            // too old, or what it made is gone
            call.delete(TYPE, known);
        }
        Replay running = begin(call, digest);
        T made = step.get();
        call.updateSilently(TYPE, running.id, r -> new Replay(r.id, r.digest, made.id(), r.createdAt, r.updatedAt));
        return made;
    }

    /** Taken before the step, so that of two at once the second waits, and then finds what the first made. */
    private static Replay begin(Call call, String digest) {
        try {
            return call.create(TYPE, new Replay(call.newId(TYPE), digest, "", call.now(), call.now()));
        } catch (ApiException e) {
            throw new Storage.TransientConflict("the same request is being answered", e);
        }
    }

    @Override
    public String toString() {
        return id;
    }

    private static String digest(Flow flow, String key) {
        Request request = flow.request();
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            for (String part :
                    new String[] {key, flow.caller().actor().id(), request.method(), request.path(), request.rawQuery()
                    }) {
                sha.update(part.getBytes(StandardCharsets.UTF_8));
                sha.update((byte) 0);
            }
            return HexFormat.of().formatHex(sha.digest(request.body()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
