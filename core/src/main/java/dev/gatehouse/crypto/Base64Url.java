package dev.gatehouse.crypto;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Base64url without padding (RFC 4648 §5), with one spelling per value. {@link Base64} also accepts padding and unused
 * trailing bits, which gives one token many texts; here those are refused.
 */
public final class Base64Url {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private Base64Url() {}

    /** The text of these bytes. */
    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The bytes, or null unless {@code text} is exactly what {@link #encode} would print for them. */
    public static byte @Nullable [] decode(String text) {
        int spare = text.length() % 4;
        if (spare == 1 || text.indexOf('=') >= 0) {
            return null;
        }
        if (spare != 0) {
            int last = ALPHABET.indexOf(text.charAt(text.length() - 1));
            // two characters carry 8 of 12 bits, three carry 16 of 18: the rest must be zero
            if (last < 0 || (last & (spare == 2 ? 0x0f : 0x03)) != 0) {
                return null;
            }
        }
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
