package dev.gatehouse.factors;

import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RevealSecret;
import dev.gatehouse.crypto.Totp;
import dev.gatehouse.engine.Call;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the secrets of factors sealed under a root key, each for its own factor alone (ATTACKS P27). */
final class TotpSecrets {
    private static final Logger LOG = LoggerFactory.getLogger(TotpSecrets.class);
    private static final String PURPOSE = "totp secret";

    private final Envelope envelope;

    TotpSecrets(Envelope envelope) {
        this.envelope = envelope;
    }

    void store(Call call, String factorId, Totp totp) {
        String id = TotpSecret.idOf(factorId);
        // no code is spent yet: every step of time is above zero
        call.create(TotpSecret.TYPE, new TotpSecret(id, seal(id, totp), 0, Tries.NONE, call.now(), call.now()));
    }

    /** The secret itself; empty, and logged, if it opens under none of the root keys. */
    Optional<Totp> open(TotpSecret stored) {
        Optional<byte[]> bytes = envelope.open(PURPOSE, stored.id(), stored.sealed());
        if (bytes.isEmpty()) {
            LOG.warn("{} opens under none of the root keys; every code of its factor is refused", stored.id());
            return Optional.empty();
        }
        try {
            return Optional.of(Totp.of(bytes.get()));
        } finally {
            Arrays.fill(bytes.get(), (byte) 0);
        }
    }

    /** The same row, sealed under the root key that seals now. */
    TotpSecret current(TotpSecret stored) {
        return envelope.current(stored.sealed())
                ? stored
                : open(stored)
                        .map(totp -> stored.sealed(seal(stored.id(), totp)))
                        .orElse(stored);
    }

    private String seal(String id, Totp totp) {
        byte[] bytes = totp.secret().bytes(RevealSecret.access());
        try {
            return envelope.seal(PURPOSE, id, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    static void delete(Call call, String factorId) {
        call.hold(TotpSecret.TYPE, TotpSecret.idOf(factorId)).ifPresent(s -> call.delete(TotpSecret.TYPE, s));
    }
}
