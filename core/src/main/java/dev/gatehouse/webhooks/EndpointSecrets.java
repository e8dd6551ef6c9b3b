package dev.gatehouse.webhooks;

import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.crypto.Secret;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Makes, keeps and opens the secrets of endpoints. */
final class EndpointSecrets {
    /** How long the secret before a rotation signs, too. */
    static final Duration OVERLAP = Duration.ofHours(24);

    private static final String PURPOSE = "webhook secret";
    private static final int LENGTH = 32;

    private final Envelope envelope;
    private final RandomTokens random;

    EndpointSecrets(Envelope envelope, RandomTokens random) {
        this.envelope = envelope;
        this.random = random;
    }

    void create(Call call, String endpointId) {
        String id = EndpointSecret.idOf(endpointId);
        call.create(EndpointSecret.TYPE, new EndpointSecret(id, fresh(id), null, null, call.now(), call.now()));
    }

    private String fresh(String id) {
        return envelope.sealText(PURPOSE, id, "whsec_" + random.base62(LENGTH));
    }

    void rotate(Call call, String endpointId) {
        String id = EndpointSecret.idOf(endpointId);
        call.updateSilently(
                EndpointSecret.TYPE,
                id,
                s -> new EndpointSecret(
                        id, fresh(id), s.sealed(), call.now().plus(OVERLAP), s.createdAt(), call.now()));
    }

    void delete(Call call, String endpointId) {
        call.hold(EndpointSecret.TYPE, EndpointSecret.idOf(endpointId))
                .ifPresent(secret -> call.delete(EndpointSecret.TYPE, secret));
    }

    /** The secret that signs. */
    Optional<Secret> current(Call call, String endpointId) {
        EndpointSecret stored = call.get(EndpointSecret.TYPE, EndpointSecret.idOf(endpointId));
        return open(stored, stored.sealed());
    }

    /** The secret that signs, too, after a rotation. */
    Optional<Secret> previous(Call call, String endpointId) {
        EndpointSecret stored = call.get(EndpointSecret.TYPE, EndpointSecret.idOf(endpointId));
        String previous = stored.previous();
        Instant until = stored.previousUntil();
        if (previous == null || until == null || !until.isAfter(call.now())) {
            return Optional.empty();
        }
        return open(stored, previous);
    }

    private Optional<Secret> open(EndpointSecret stored, String sealed) {
        return envelope.openText(PURPOSE, stored.id(), sealed).map(Secret::of);
    }

    /** Seals under the first root key what was sealed under another. */
    void reseal(Engine engine, String env) {
        engine.rewrite(env, EndpointSecret.TYPE, this::current);
    }

    private EndpointSecret current(EndpointSecret s) {
        return new EndpointSecret(
                s.id(),
                current(s, s.sealed()),
                s.previous() == null ? null : current(s, s.previous()),
                s.previousUntil(),
                s.createdAt(),
                s.updatedAt());
    }

    private String current(EndpointSecret stored, String sealed) {
        return envelope.current(sealed)
                ? sealed
                : envelope.openText(PURPOSE, stored.id(), sealed)
                        .map(plain -> envelope.sealText(PURPOSE, stored.id(), plain))
                        .orElse(sealed);
    }
}
