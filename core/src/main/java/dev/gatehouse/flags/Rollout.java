package dev.gatehouse.flags;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * Switching a flag on for some first. Who is in stays in while {@code percent} grows, on every node and in every version;
 * two flags choose differently.
 *
 * @param percent 0 to 100
 * @param by what is drawn: users, or whole organizations
 */
public record Rollout(int percent, By by) {
    /** What is drawn. */
    public enum By {
        USER,
        ORGANIZATION;

        static By of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    private static final int BUCKETS = 10_000;

    /** @throws IllegalArgumentException for less than 0 or more than 100 percent */
    public Rollout {
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("percent is 0 to 100");
        }
    }

    /** Whether this user or organization is among those drawn. */
    boolean holds(String flagId, String subjectId) {
        return bucket(flagId, subjectId) < percent * (BUCKETS / 100);
    }

    private static int bucket(String flagId, String subjectId) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((flagId + "\n" + subjectId).getBytes(StandardCharsets.UTF_8));
            int first = ByteBuffer.wrap(hash).getInt();
            return Integer.remainderUnsigned(first, BUCKETS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
