package dev.gatehouse.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF-SHA256 with an empty salt (RFC 5869), for outputs of one block: 32 bytes. */
final class Hkdf {
    private Hkdf() {}

    static byte[] derive(byte[] key, String info) {
        return derive(key, info.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] derive(byte[] key, byte[] info) {
        byte[] extracted = hmac(new byte[32], key);
        byte[] input = new byte[info.length + 1];
        System.arraycopy(info, 0, input, 0, info.length);
        input[info.length] = 1;
        return hmac(extracted, input);
    }

    static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
