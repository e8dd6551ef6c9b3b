package dev.gatehouse.sso;

import dev.gatehouse.crypto.Envelope;
import org.jspecify.annotations.Nullable;

/** What connections keep sealed: secrets that OpenID providers gave, and key pairs of ours. */
final class ConnectionSecrets {
    private static final String SECRET = "connection secret";

    private final Envelope envelope;
    private final OwnKeys keys;

    ConnectionSecrets(Envelope envelope, OwnKeys keys) {
        this.envelope = envelope;
        this.keys = keys;
    }

    OwnKeys keys() {
        return keys;
    }

    /** @param key names the connection */
    @Nullable
    String sealed(String key, @Nullable String secret) {
        return secret == null || secret.isEmpty() ? null : envelope.sealText(SECRET, key, secret);
    }

    /** The secret that an OpenID provider gave; null for none. */
    @Nullable
    String secret(Connection connection) {
        return connection.clientSecret() == null
                ? null
                : envelope.openText(SECRET, connection.key(), connection.clientSecret())
                        .orElseThrow(() -> new IllegalStateException(
                                connection.id() + ": its secret opens under none of the root keys"));
    }

    /** The same connection with secrets sealed under the first root key. */
    Connection reseal(Connection connection) {
        String secret = connection.clientSecret();
        boolean old = secret != null && !envelope.current(secret);
        return connection.with(
                connection.state(),
                connection.saml(),
                old ? sealed(connection.key(), secret(connection)) : secret,
                connection.keys().stream()
                        .map(pair -> keys.reseal(connection, pair))
                        .toList());
    }
}
