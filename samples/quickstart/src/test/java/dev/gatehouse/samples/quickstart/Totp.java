package dev.gatehouse.samples.quickstart;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An authenticator app (RFC 6238) for secrets of 20 bytes, as Gatehouse makes them. */
final class Totp {
    private Totp() {}

    static String code(String base32, int secondsFromNow) throws GeneralSecurityException {
        BigInteger number = BigInteger.ZERO;
        for (int c : base32.chars().toArray()) {
            number = number.shiftLeft(5).or(BigInteger.valueOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c)));
        }
        byte[] digits = number.toByteArray();
        byte[] key = new byte[20];
        int take = Math.min(20, digits.length);
        System.arraycopy(digits, digits.length - take, key, 20 - take, take);
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(key, "HmacSHA1"));
        long step = Instant.now().plusSeconds(secondsFromNow).getEpochSecond() / 30;
        ByteBuffer hash =
                ByteBuffer.wrap(mac.doFinal(ByteBuffer.allocate(8).putLong(step).array()));
        int word = hash.getInt(hash.get(19) & 15) & 0x7fffffff;
        return String.format("%06d", word % 1_000_000);
    }
}
