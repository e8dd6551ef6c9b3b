package dev.gatehouse.crypto;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Reads and writes the session cookie of the vendor's Node SDK family (iron {@code Fe26.2}), so that an application may
 * move over while people stay signed in. For interoperability only: Gatehouse's own cookie is sealed by {@link Envelope}.
 */
public final class IronSeal {
    private static final String PREFIX = "Fe26.2";
    private static final String CURRENT = "2";
    private static final long SKEW_MILLIS = 60_000;

    private static final ObjectReader READER = new ObjectMapper().reader();

    private final String password;
    private final RandomTokens random;

    /**
     * @param password cookie password, at least 32 characters
     * @throws IllegalArgumentException if it is shorter
     */
    public IronSeal(String password, RandomTokens random) {
        if (password.length() < 32) {
            throw new IllegalArgumentException("a cookie password has at least 32 characters");
        }
        this.password = password;
        this.random = random;
    }

    /** Seals a JSON text without an end, as the SDKs do. */
    public String seal(String json) {
        return seal(json, random.bytes(32), random.bytes(32), random.bytes(16));
    }

    String seal(String json, byte[] encryptionSalt, byte[] macSalt, byte[] iv) {
        String salt = HexFormat.of().formatHex(encryptionSalt);
        try {
            byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, salt, iv).doFinal(json.getBytes(StandardCharsets.UTF_8));
            String signed = String.join("*", PREFIX, "1", salt, base64(iv), base64(encrypted), "");
            String second = HexFormat.of().formatHex(macSalt);
            return signed + "*" + second + "*" + base64(mac(second, signed)) + "~" + CURRENT;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CBC failed", e);
        }
    }

    /** The JSON text, or empty if the seal is not ours, was changed, or has ended at {@code now}. */
    public Optional<String> unseal(String sealed, Instant now) {
        if (sealed.length() > 100_000) {
            return Optional.empty();
        }
        int tilde = sealed.indexOf('~');
        String text = tilde < 0 ? sealed : sealed.substring(0, tilde);
        String[] parts = text.split("\\*", -1);
        String version = tilde < 0 ? CURRENT : sealed.substring(tilde + 1);
        if (!version.matches("[0-9]{1,3}") || parts.length != 8 || !parts[0].equals(PREFIX) || !parts[1].equals("1")) {
            return Optional.empty();
        }
        try {
            String signed = text.substring(0, text.length() - parts[6].length() - parts[7].length() - 2);
            // as text: decoding first would accept other spellings of the same bytes (ATTACKS J21)
            byte[] expected = base64(mac(parts[6], signed)).getBytes(StandardCharsets.US_ASCII);
            if (!MessageDigest.isEqual(expected, parts[7].getBytes(StandardCharsets.UTF_8))) {
                return Optional.empty();
            }
            if (!parts[5].isEmpty() && Long.parseLong(parts[5]) <= now.toEpochMilli() - SKEW_MILLIS) {
                return Optional.empty();
            }
            byte[] plain = cipher(
                            Cipher.DECRYPT_MODE,
                            parts[2],
                            Base64.getUrlDecoder().decode(parts[3]))
                    .doFinal(Base64.getUrlDecoder().decode(parts[4]));
            return Optional.of(current(version, new String(plain, StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException | IllegalArgumentException | JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Cookies of iron-session before version 2 wrap the value in {@code persistent}. A missing suffix means as it is. */
    private static String current(String version, String plain) throws JsonProcessingException {
        JsonNode value = READER.readTree(plain);
        JsonNode persistent = version.equals(CURRENT) ? null : value.get("persistent");
        return persistent == null || persistent.isNull() ? plain : persistent.toString();
    }

    private Cipher cipher(int mode, String salt, byte[] iv) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(mode, new SecretKeySpec(key(salt), "AES"), new IvParameterSpec(iv));
        return cipher;
    }

    private byte[] mac(String salt, String signed) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key(salt), "HmacSHA256"));
        return mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
    }

    /** The format's own derivation: PBKDF2 with SHA-1 and one pass, and the hexadecimal text itself as salt. */
    private byte[] key(String salt) throws GeneralSecurityException {
        if (salt.isEmpty()) {
            throw new GeneralSecurityException("no salt");
        }
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt.getBytes(StandardCharsets.UTF_8), 1, 256);
        return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1")
                .generateSecret(spec)
                .getEncoded();
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
