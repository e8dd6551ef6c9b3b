package dev.gatehouse.crypto;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hashes and checks passwords with Argon2id (RFC 9106), at most a few at once: a permit per core, a short queue, and then
 * a refusal, so that a flood of sign-ins takes bounded memory and starves nobody else (ATTACKS B01, B02). It runs on the
 * caller's thread; there is no pool of threads.
 *
 * <p>Passwords are normalised to NFC (RFC 8265 OpaqueString) and encoded as UTF-8; at most {@value #MOST_BYTES} bytes. NUL
 * is a character like any other, but in hashes of other systems, where it would be lost, such a password matches nothing.
 */
public final class PasswordHash {
    /** Longest password in bytes of UTF-8. */
    public static final int MOST_BYTES = 1_024;

    private static final long PATIENCE_SECONDS = 10;
    private static final int HEAVY_KIB = 64 * 1024;

    private final int memory;
    private final int passes;
    private final Semaphore permits;
    private final Semaphore heavy = new Semaphore(1, true);
    private final int queue;
    private final AtomicInteger waiting = new AtomicInteger();
    private final RandomTokens random;
    private final String dummy;
    private final Argon2Memory blocks = new Argon2Memory();

    /**
     * @param memory Argon2id memory in KiB
     * @param passes Argon2id passes
     * @param atOnce hashes at once
     * @param queue how many more may wait, up to ten seconds
     */
    public PasswordHash(int memory, int passes, int atOnce, int queue, RandomTokens random) {
        if (memory < 8 || memory > 1_048_576 || passes < 1 || passes > 20 || atOnce < 1 || queue < 0) {
            throw new IllegalArgumentException(
                    "Argon2id: memory 8 to 1048576 KiB, 1 to 20 passes, one at once or more");
        }
        this.memory = memory;
        this.passes = passes;
        this.permits = new Semaphore(atOnce, true);
        this.queue = queue;
        this.random = random;
        // right parameters, and a hash that nothing has: whoever is unknown costs what everybody costs
        this.dummy = "$argon2id$v=19$m=" + memory + ",t=" + passes + ",p=1$" + Phc.encode(random.bytes(16)) + "$"
                + Phc.encode(random.bytes(32));
    }

    /** Too many passwords are being hashed already; answer 503 with {@code Retry-After}. */
    public static final class Busy extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Busy() {
            super("too many passwords are being checked", null, false, false);
        }
    }

    /**
     * Hashes a new password.
     *
     * @return PHC string
     * @throws IllegalArgumentException if it is empty, longer than {@value #MOST_BYTES} bytes or not well-formed
     * @throws Busy if too many others wait
     */
    public String hash(String password) {
        byte[] bytes = bytes(password);
        if (!isPossible(password, bytes)) {
            throw new IllegalArgumentException("a password has 1 to " + MOST_BYTES + " bytes of well-formed text");
        }
        return bounded(() -> HashFormat.argon2id(bytes, random.bytes(16), memory, passes, blocks));
    }

    /**
     * Whether the password has this stored hash. One that nobody can have (empty, too long, not well-formed) has none, at
     * no cost; a stored text that is no hash, such as {@code null}, is matched by nothing and costs what others cost.
     *
     * @throws Busy if too many others wait
     */
    public boolean verify(String password, String stored) {
        byte[] bytes = bytes(password);
        if (!isPossible(password, bytes)) {
            return false;
        }
        if (!HashFormat.canMatch(bytes, stored)) {
            // a quick no would tell which users have an old kind of hash (ATTACKS E01, E03)
            bounded(() -> HashFormat.verify(bytes, dummy, blocks));
            return false;
        }
        return HashFormat.memory(stored) > HEAVY_KIB
                ? bounded(() -> alone(() -> HashFormat.verify(bytes, stored, blocks)))
                : bounded(() -> HashFormat.verify(bytes, stored, blocks));
    }

    /** Takes as long as {@link #verify} and says no: for a user who is unknown or has no password (ATTACKS E01). */
    public boolean verifyNobody(String password) {
        verify(password, dummy);
        return false;
    }

    /** Whether a stored hash is not what {@link #hash} would make now, so that the next sign-in should replace it. */
    public boolean outdated(String stored) {
        return !stored.startsWith("$argon2id$v=19$m=" + memory + ",t=" + passes + ",p=1$");
    }

    /**
     * Checks a hash from another system and returns the form to store.
     *
     * @throws IllegalArgumentException with the reason, if the format or its costs are not accepted
     */
    public String imported(String type, String hash, String saltPosition) {
        return HashFormat.imported(type, hash, saltPosition);
    }

    /**
     * A stored hash as another system can take it over (contract/behaviour/04 §4.10).
     *
     * @param type as for {@link #imported}
     * @param hash in the form of its type
     * @param saltPosition {@code prefix}, or null for the usual one
     */
    public record Exported(
            String type, String hash, @Nullable String saltPosition) {
        @Override
        public String toString() {
            return "Exported[" + type + "]";
        }
    }

    /** A stored hash in the form in which {@link #imported} takes it, here or elsewhere. */
    public static Exported exported(String stored) {
        return HashFormat.exported(stored);
    }

    /** False if the text has half a surrogate pair: encoded it would be a question mark, and match another password. */
    static boolean isReadable(String password) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(password);
    }

    private static boolean isPossible(String password, byte[] bytes) {
        return bytes.length > 0 && bytes.length <= MOST_BYTES && isReadable(password);
    }

    static byte[] bytes(String password) {
        // the cap before normalising: a long text must cost nothing (ATTACKS P03)
        return password.length() > MOST_BYTES
                ? new byte[MOST_BYTES + 1]
                : Normalizer.normalize(password, Normalizer.Form.NFC).getBytes(StandardCharsets.UTF_8);
    }

    /** Imported hashes may ask for up to 256 MiB: one at a time, so that memory stays bounded (ATTACKS B02). */
    private <T> T alone(Supplier<T> work) {
        acquire(heavy);
        try {
            return work.get();
        } finally {
            heavy.release();
        }
    }

    private static void acquire(Semaphore permits) {
        try {
            if (!permits.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new Busy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Busy();
        }
    }

    private <T> T bounded(Supplier<T> work) {
        if (!permits.tryAcquire()) {
            if (waiting.incrementAndGet() > queue) {
                waiting.decrementAndGet();
                throw new Busy();
            }
            try {
                acquire(permits);
            } finally {
                waiting.decrementAndGet();
            }
        }
        try {
            return work.get();
        } finally {
            permits.release();
        }
    }
}
