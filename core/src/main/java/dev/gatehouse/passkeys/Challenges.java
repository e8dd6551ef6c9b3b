package dev.gatehouse.passkeys;

import dev.gatehouse.crypto.Base64Url;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Call;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Challenges that are kept by whoever is asked, sealed: one opens only in its environment, for what it was made, and with
 * the binding (a browser, a session) that it was made with. So strangers who load a page store nothing; the first answer
 * does.
 */
final class Challenges {
    static final Duration LIFE = Duration.ofMinutes(5);
    private static final int LENGTH = 32;
    private static final String PURPOSE = "passkey challenge";
    /** A node whose clock is ahead may sweep what another still takes for running. */
    private static final Duration CLOCKS = Duration.ofMinutes(5);

    private final Envelope envelope;
    private final RandomTokens random;

    Challenges(Envelope envelope, RandomTokens random) {
        this.envelope = envelope;
        this.random = random;
    }

    /**
     * What a challenge is for.
     *
     * @param env environment
     * @param what {@code sign-in}, or {@code enroll} and a user's id; no spaces
     * @param binding whose it is: only who has the same text can answer
     */
    record Use(String env, String what, String binding) {
        private String context() {
            return env + ' ' + what + ' ' + binding;
        }
    }

    /**
     * A challenge that is running.
     *
     * @param bytes 32, random
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Running(byte[] bytes, Instant expiresAt) {
        String text() {
            return Base64Url.encode(bytes);
        }
    }

    Running fresh(Instant now) {
        return new Running(random.bytes(LENGTH), now.plus(LIFE));
    }

    String seal(Use use, Running challenge) {
        ByteBuffer plain = ByteBuffer.allocate(LENGTH + Long.BYTES);
        plain.put(challenge.bytes).putLong(challenge.expiresAt.toEpochMilli());
        return envelope.seal(PURPOSE, use.context(), plain.array());
    }

    /** The challenge, unless the text is another's, or it is over. */
    Optional<Running> open(Use use, String sealed, Instant now) {
        return envelope.open(PURPOSE, use.context(), sealed)
                .map(plain -> new Running(
                        Arrays.copyOf(plain, LENGTH),
                        Instant.ofEpochMilli(ByteBuffer.wrap(plain).getLong(LENGTH))))
                .filter(challenge -> now.isBefore(challenge.expiresAt));
    }

    /**
     * Spends a challenge: true for exactly one of any number of callers. A guarded counter does what taking a stored row
     * would, without a row for every challenge that nobody answers.
     */
    static boolean spend(Call call, Running challenge) {
        return call.count("passkey-challenge:" + challenge.text(), 1, 1, challenge.expiresAt.plus(CLOCKS))
                .isPresent();
    }
}
