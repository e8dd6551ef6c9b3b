package dev.gatehouse.sso;

import dev.gatehouse.background.Rounds;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at SAML connections, each on one node at a time: reads the provider's metadata again when it says so, and tells of
 * certificates that end. Metadata that cannot be read changes nothing; what was read last counts.
 */
final class Watches {
    private static final Duration CLAIM = Duration.ofMinutes(5);
    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

    private final Engine engine;
    private final ProviderMetadata metadata;

    Watches(Engine engine, ProviderMetadata metadata) {
        this.engine = engine;
        this.metadata = metadata;
    }

    private record Claim(ConnectionWatch watch, Connection connection) {}

    /** What a reading gave: one of both, or neither where none was due. */
    private record Reading(
            ProviderMetadata.@Nullable Described described,
            @Nullable Refusal refusal) {}

    /** Looks at what is due in an environment. */
    void run(String env) {
        Rounds.run(
                engine,
                env,
                ConnectionWatch.TYPE,
                (call, watch) -> claim(call, watch).map(claim -> () -> look(env, claim)));
    }

    private static Optional<Claim> claim(Call call, ConnectionWatch watch) {
        Connection connection = call.hold(Connection.TYPE, watch.connectionId()).orElse(null);
        Optional<ConnectionWatch> taken = call.take(ConnectionWatch.TYPE, watch.id());
        if (connection == null || taken.isEmpty()) {
            return Optional.empty();
        }
        ConnectionWatch claimed =
                call.create(ConnectionWatch.TYPE, taken.get().at(call.now().plus(CLAIM)));
        return Optional.of(new Claim(claimed, connection));
    }

    private void look(String env, Claim claim) {
        try {
            Reading reading = read(claim);
            engine.run(env, Actor.SYSTEM, call -> settle(call, claim, reading));
        } catch (RuntimeException e) {
            // one connection must not keep the others from being looked at; after the claim it is due again
            LOG.warn("connection {} could not be looked at", claim.connection.id(), e);
        }
    }

    private Reading read(Claim claim) {
        SamlProvider provider = claim.connection.saml();
        if (provider == null || provider.metadataUrl() == null || !claim.watch.reads(engine.now())) {
            return new Reading(null, null);
        }
        try {
            return new Reading(metadata.read(provider), null);
        } catch (Refusal e) {
            LOG.info("metadata of {} cannot be used: {}", claim.connection.id(), e.getMessage());
            return new Reading(null, e);
        }
    }

    private static boolean settle(Call call, Claim claim, Reading reading) {
        ConnectionWatch watch = claim.watch;
        Connection connection = call.hold(Connection.TYPE, watch.connectionId()).orElse(null);
        // who changed the connection meanwhile has begun a new watch
        if (connection == null || call.take(ConnectionWatch.TYPE, watch.id()).isEmpty()) {
            return false;
        }
        Instant readAt = watch.readAt();
        int failures = 0;
        if (reading.described() != null) {
            connection =
                    Connections.described(call, connection, reading.described().provider());
            readAt = call.now().plus(reading.described().again());
        } else if (reading.refusal() != null) {
            if (watch.failures() == 0) {
                Traces.unreadable(call, connection, reading.refusal());
            }
            readAt = watch.retryAt(call.now());
            failures = watch.failures() + 1;
        } else {
            failures = watch.failures();
        }
        call.create(
                ConnectionWatch.TYPE,
                watch.next(readAt, failures, CertificateNotices.tell(call, connection, watch.told()), call.now()));
        return true;
    }
}
