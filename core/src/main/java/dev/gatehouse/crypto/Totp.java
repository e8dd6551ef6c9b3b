package dev.gatehouse.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret shared with an authenticator app, which makes a code of six digits every thirty seconds (RFC 6238 over RFC
 * 4226, HMAC-SHA-1: the only kind that all apps know).
 *
 * <p>It says to which steps a code belongs. That a step counts once (RFC 6238 §5.2) is for the caller to keep.
 */
public final class Totp {
    private static final int STEP_SECONDS = 30;
    private static final int DIGITS = 6;
    private static final int MODULUS = 1_000_000;
    /** Steps that an app's clock may be behind or ahead (RFC 6238 §5.2 recommends one; ATTACKS P26). */
    private static final int DRIFT = 1;
    /** 160 bits, the length of the hash (RFC 4226 §4 R6; ATTACKS P27). */
    private static final int FRESH_BYTES = 20;
    /** 128 bits, the least that RFC 4226 §4 R6 allows. */
    private static final int LEAST_BYTES = 16;
    /** The block of SHA-1: a longer key would be hashed first and gain nothing. */
    private static final int MOST_BYTES = 64;

    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private final Secret secret;

    private Totp(Secret secret) {
        this.secret = secret;
    }

    /** With a new secret of 160 random bits. */
    public static Totp fresh(RandomTokens random) {
        return new Totp(Secret.of(random.bytes(FRESH_BYTES)));
    }

    /**
     * With these bytes.
     *
     * @throws IllegalArgumentException if they are fewer than 16 or more than 64
     */
    public static Totp of(byte[] secret) {
        if (secret.length < LEAST_BYTES || secret.length > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "a TOTP secret has " + LEAST_BYTES + " to " + MOST_BYTES + " bytes, not " + secret.length);
        }
        return new Totp(Secret.of(secret));
    }

    /**
     * With a secret as apps write it: base 32 (RFC 4648 §6) in either case, with or without padding.
     *
     * @throws IllegalArgumentException if it is not base 32 of 16 to 64 bytes; the message does not hold the text
     */
    public static Totp parse(String base32) {
        byte[] bytes = Base32.decode(base32);
        try {
            return of(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** The bytes, to be sealed. */
    public Secret secret() {
        return secret;
    }

    /** The secret in base 32, for a person who cannot scan. */
    public Secret base32() {
        byte[] bytes = secret.bytes(RevealSecret.access());
        try {
            return Secret.of(Base32.encode(bytes));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * What a QR code tells the app: {@code otpauth://totp/Issuer:account?secret=…&issuer=Issuer}, with the names
     * percent-encoded (RFC 3986 §2.3). Digits, step and hash are the defaults of that format and not written.
     *
     * @param issuer whose account it is; a colon in it would end it early in the app
     * @param account which account, for example an e-mail address
     */
    public Secret uri(String issuer, String account) {
        String name = encoded(issuer);
        return Secret.of("otpauth://totp/" + name + ":" + encoded(account) + "?secret="
                + base32().text(RevealSecret.access()) + "&issuer=" + name);
    }

    /**
     * The steps around a moment whose code this is, earliest first; empty for a wrong one, and for anything but six ASCII
     * digits (ATTACKS P25). The time taken does not tell which digits were right.
     */
    public List<Long> steps(String code, Instant now) {
        List<Long> steps = new ArrayList<>();
        if (!wellFormed(code)) {
            return steps;
        }
        int given = Integer.parseInt(code);
        byte[] key = secret.bytes(RevealSecret.access());
        Mac mac = mac("HmacSHA1", key);
        long current = Math.floorDiv(now.getEpochSecond(), STEP_SECONDS);
        for (long step = current - DRIFT; step <= current + DRIFT; step++) {
            // two numbers are compared at once, whichever of their digits differ
            if (hotp(mac, step) % MODULUS == given) {
                steps.add(step);
            }
        }
        Arrays.fill(key, (byte) 0);
        return steps;
    }

    /** Not {@link Character#isDigit}, which knows the digits of all scripts. */
    private static boolean wellFormed(String code) {
        return code.length() == DIGITS && code.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Mac mac(String algorithm, byte[] key) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    /** RFC 4226 §5.3, before its digits are taken; with the step of time as its counter, RFC 6238 §4.2. */
    private static int hotp(Mac mac, long counter) {
        byte[] hash =
                mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(counter).array());
        int offset = hash[hash.length - 1] & 0x0f;
        return ByteBuffer.wrap(hash).getInt(offset) & 0x7fffffff;
    }

    static String hotp(String algorithm, byte[] key, long counter, int digits) {
        int modulus = 1;
        for (int i = 0; i < digits; i++) {
            modulus *= 10;
        }
        return String.format(Locale.ROOT, "%0" + digits + "d", hotp(mac(algorithm, key), counter) % modulus);
    }

    private static String encoded(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (UNRESERVED.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        return out.toString();
    }

    @Override
    public String toString() {
        return "Totp[hidden]";
    }
}
