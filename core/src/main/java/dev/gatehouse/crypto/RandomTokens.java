package dev.gatehouse.crypto;

import java.security.SecureRandom;
import java.util.Base64;

/** Unguessable texts. */
public final class RandomTokens {
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final SecureRandom random = new SecureRandom();

    /** {@code length} letters and digits; 43 carry 256 bits, 25 carry 148. */
    public String base62(int length) {
        return text(BASE62, length);
    }

    /** {@code length} decimal digits, for codes that people type; what checks them must count the tries. */
    public String digits(int length) {
        return text("0123456789", length);
    }

    /** {@code length} characters of an alphabet, each as likely as the others. */
    public String text(String alphabet, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    /** {@code length} random bytes. */
    public byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** {@code length} random bytes as base64url without padding. */
    public String base64url(int length) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(length));
    }
}
