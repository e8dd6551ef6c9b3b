package dev.gatehouse.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Digests under which secrets are stored and looked up. A secret has too much entropy to need salt or stretching. */
public final class Digest {
    private Digest() {}

    /**
     * SHA-256 of a secret, bound to what it is for: the digest of a code never equals the digest of a key of the same
     * text (ATTACKS A04).
     *
     * @return 43 characters of base64url
     */
    public static String of(String purpose, String secret) {
        return s256(purpose + '\0' + secret);
    }

    /** SHA-256 of a text as base64url: the {@code S256} challenge of a PKCE verifier (RFC 7636 §4.2). */
    public static String s256(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(text));
    }

    static byte[] sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Compares two secrets without telling by its duration where they differ (ASVS 11.2.4). */
    public static boolean equal(String one, String other) {
        return MessageDigest.isEqual(sha256(one), sha256(other));
    }
}
