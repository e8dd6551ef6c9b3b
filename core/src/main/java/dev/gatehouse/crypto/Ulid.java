package dev.gatehouse.crypto;

import dev.gatehouse.spi.Ids;
import java.security.SecureRandom;
import java.time.Instant;

/**
 * ULIDs that grow within one instance, also within a millisecond and when the clock goes back: the random part of the
 * last one is then increased instead of drawn anew.
 */
public final class Ulid implements Ids {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final char[] CROCKFORD = ALPHABET.toCharArray();
    private static final long LOW_MASK = (1L << 40) - 1;

    private final SecureRandom random = new SecureRandom();
    private long lastTime = -1;
    private long high;
    private long low;

    @Override
    public String ulid(Instant at) {
        long time;
        long upper;
        long lower;
        synchronized (this) {
            time = Math.max(at.toEpochMilli(), lastTime);
            if (time > lastTime) {
                // the top bit stays free, so that counting up within a millisecond cannot overflow
                high = random.nextLong() & (LOW_MASK >> 1);
                low = random.nextLong() & LOW_MASK;
            } else {
                low += 1 + (random.nextInt() & 0xffff);
                high += low >>> 40;
                low &= LOW_MASK;
            }
            lastTime = time;
            upper = high;
            lower = low;
        }
        char[] text = new char[26];
        put(text, 0, 10, time);
        put(text, 10, 8, upper);
        put(text, 18, 8, lower);
        return new String(text);
    }

    /** The least ULID of a moment, for bounds on time. */
    public static String floor(Instant at) {
        char[] text = new char[26];
        put(text, 0, 10, Math.max(0, at.toEpochMilli()));
        put(text, 10, 8, 0);
        put(text, 18, 8, 0);
        return new String(text);
    }

    /** The moment in a ULID. */
    public static Instant time(String ulid) {
        long time = 0;
        for (int i = 0; i < 10; i++) {
            time = time << 5 | ALPHABET.indexOf(ulid.charAt(i));
        }
        return Instant.ofEpochMilli(time);
    }

    private static void put(char[] text, int from, int length, long value) {
        for (int i = from + length - 1; i >= from; i--) {
            text[i] = CROCKFORD[(int) (value & 31)];
            value >>>= 5;
        }
    }
}
