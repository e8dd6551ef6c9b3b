package dev.gatehouse.factors;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An authenticator app, written without the product's code. */
public final class Authenticator {
    private Authenticator() {}

    /** The six digits that the app shows at a moment. */
    public static String code(String base32, Instant at) {
        BigInteger number = BigInteger.ZERO;
        for (int c : base32.chars().toArray()) {
            number = number.shiftLeft(5).or(BigInteger.valueOf("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c)));
        }
        int length = base32.length() * 5 / 8;
        number = number.shiftRight(base32.length() * 5 - length * 8);
        byte[] key = new byte[length];
        byte[] digits = number.toByteArray();
        int take = Math.min(length, digits.length);
        System.arraycopy(digits, digits.length - take, key, length - take, take);
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key, "HmacSHA1"));
            byte[] step = BigInteger.valueOf(at.getEpochSecond() / 30).toByteArray();
            byte[] counter = new byte[8];
            System.arraycopy(step, 0, counter, 8 - step.length, step.length);
            byte[] hash = mac.doFinal(counter);
            int from = hash[19] & 15;
            BigInteger word = new BigInteger(1, Arrays.copyOfRange(hash, from, from + 4)).clearBit(31);
            return String.format("%06d", word.mod(BigInteger.valueOf(1_000_000)).intValue());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** Six digits that no step near this moment has. */
    public static String wrong(String base32, Instant at) {
        for (int i = 0; ; i++) {
            String code = String.format("%06d", i);
            boolean near = false;
            for (int step = -3; step <= 3; step++) {
                near |= code(base32, at.plusSeconds(30L * step)).equals(code);
            }
            if (!near) {
                return code;
            }
        }
    }
}
