package dev.gatehouse.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/**
 * A value that must not be printed: a password, a key, a client secret. {@link #toString()} hides it, so that records
 * and log lines which contain one stay safe; reading needs a {@link SecretAccess}; it is not serializable.
 *
 * <p>{@code equals} and {@code hashCode} are those of identity on purpose: a hash code of the content would leak it, and
 * an early exit would tell how much of it was right. Compare with {@link #sameAs}.
 */
public final class Secret {
    private final byte[] value;

    private Secret(byte[] value) {
        this.value = value;
    }

    /** Holds the UTF-8 of {@code text}. */
    public static Secret of(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Holds a copy of {@code bytes}. */
    public static Secret of(byte[] bytes) {
        return new Secret(bytes.clone());
    }

    /** A copy of the bytes; the caller owns it and should wipe it. */
    public byte[] bytes(SecretAccess access) {
        Objects.requireNonNull(access, "access");
        return value.clone();
    }

    /** The value as UTF-8 text. */
    public String text(SecretAccess access) {
        Objects.requireNonNull(access, "access");
        return new String(value, StandardCharsets.UTF_8);
    }

    /** True if the other secret holds the same bytes; the time taken depends on the length alone. */
    public boolean sameAs(Secret other) {
        return MessageDigest.isEqual(value, other.value);
    }

    /** True if nothing is held. */
    public boolean isEmpty() {
        return value.length == 0;
    }

    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
