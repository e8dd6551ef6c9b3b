package dev.gatehouse.webhooks;

import dev.gatehouse.crypto.RevealSecret;
import dev.gatehouse.crypto.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The header {@code WorkOS-Signature: t=<milliseconds>, v1=<hex>}: HMAC-SHA256, keyed with the UTF-8 of the secret, of
 * {@code <t>.<body>}. For applications that receive webhooks, of this Gatehouse or of the vendor.
 */
public final class WebhookSignature {
    /** Name of the header. */
    public static final String HEADER = "WorkOS-Signature";

    /** Name of the header that the secret before a rotation signs, for a day. */
    public static final String PREVIOUS_HEADER = "WorkOS-Signature-Previous";

    /** How old a signature may be for the vendor's SDKs. */
    public static final Duration TOLERANCE = Duration.ofMinutes(3);

    private static final Pattern FORM = Pattern.compile("t=([0-9]{1,15}), ?v1=([0-9a-f]{64})");

    private WebhookSignature() {}

    /** The header's value. */
    static String of(Secret secret, Instant time, byte[] body) {
        String t = Long.toString(time.toEpochMilli());
        return "t=" + t + ", v1=" + HexFormat.of().formatHex(mac(secret, t, body));
    }

    /**
     * Whether a body comes from who knows the secret, and is recent. It may come again: an event that was handled should
     * be known by its identifier.
     *
     * @param header the header's value, as it came
     * @param body the bytes, as they came; JSON that was read and written again need not be the same
     * @param tolerance how far the time in the header may lie from {@code now}, see {@link #TOLERANCE}
     */
    public static boolean verify(String header, byte[] body, Secret secret, Duration tolerance, Instant now) {
        Matcher form = FORM.matcher(header);
        if (!form.matches()) {
            return false;
        }
        byte[] claimed = HexFormat.of().parseHex(form.group(2));
        boolean genuine = MessageDigest.isEqual(mac(secret, form.group(1), body), claimed);
        Duration age = Duration.between(Instant.ofEpochMilli(Long.parseLong(form.group(1))), now);
        return genuine && age.abs().compareTo(tolerance) <= 0;
    }

    private static byte[] mac(Secret secret, String t, byte[] body) {
        byte[] key = secret.bytes(RevealSecret.access());
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((t + ".").getBytes(StandardCharsets.US_ASCII));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 failed", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
