package dev.gatehouse.crypto;

import dev.gatehouse.spi.Keyring;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals values at rest and in cookies: AES-256-GCM under a key derived from a root key for one purpose.
 *
 * <p>Text form: {@code <key id>.<base64url of salt(16) | nonce(12) | ciphertext and tag>}. The key of each seal is
 * derived with its salt, so that nonces cannot collide over any number of seals, and the first 16 bytes of the plaintext
 * are zero, which commits to the key: opening under another key that happens to authenticate still fails (ATTACKS V04,
 * V05). Finding two keys that do both takes 2^64 attempts. Purpose, key id and the caller's context are authenticated, each with its length (V01, V08).
 */
public final class Envelope {
    private static final int SALT = 16;
    private static final int NONCE = 12;
    private static final int COMMITMENT = 16;
    private static final int TAG = 16;
    private static final int MOST_TEXT = 1 << 20;

    private final Keyring keyring;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Derived> derived = new ConcurrentHashMap<>();
    // a queue, since thread locals would outlive a redeployed application in the container's threads
    private final Queue<Cipher> ciphers = new ArrayBlockingQueue<>(16);

    private record Derived(byte[] key, byte[] associated) {}

    public Envelope(Keyring keyring) {
        this.keyring = keyring;
    }

    /**
     * Seals bytes.
     *
     * @param purpose what kind of thing it is; keys of two purposes are unrelated
     * @param context where it belongs (an id, a cookie name); it opens only there
     */
    public String seal(String purpose, String context, byte[] plain) {
        byte[] head = new byte[SALT + NONCE];
        random.nextBytes(head);
        byte[] padded = new byte[COMMITMENT + plain.length];
        System.arraycopy(plain, 0, padded, COMMITMENT, plain.length);
        String keyId = keyring.primary();
        try {
            byte[] all = Arrays.copyOf(head, head.length + padded.length + TAG);
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, keyId, purpose, context, head);
            cipher.doFinal(padded, 0, padded.length, all, head.length);
            ciphers.offer(cipher);
            return keyId + "." + Base64Url.encode(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed", e);
        }
    }

    /** As {@link #seal}, of a text. */
    public String sealText(String purpose, String context, String plain) {
        return seal(purpose, context, plain.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether a text was sealed under the root key that seals now. */
    public boolean current(String sealed) {
        return sealed.startsWith(keyring.primary() + ".");
    }

    /** As {@link #open}, of what {@link #sealText} sealed. */
    public Optional<String> openText(String purpose, String context, String sealed) {
        return open(purpose, context, sealed).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** Opens a sealed text; empty for anything wrong with it, without saying what (ATTACKS V07). */
    public Optional<byte[]> open(String purpose, String context, String sealed) {
        int dot = sealed.indexOf('.');
        if (dot < 1 || sealed.length() > MOST_TEXT) {
            return Optional.empty();
        }
        try {
            byte[] all = Base64Url.decode(sealed.substring(dot + 1));
            if (all == null || all.length < SALT + NONCE + COMMITMENT + TAG) {
                return Optional.empty();
            }
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, sealed.substring(0, dot), purpose, context, all);
            byte[] padded = cipher.doFinal(all, SALT + NONCE, all.length - SALT - NONCE);
            // only a cipher that ended well is used again: a failed one may hold half a message
            ciphers.offer(cipher);
            int commitment = 0;
            for (int i = 0; i < COMMITMENT; i++) {
                commitment |= padded[i];
            }
            return commitment == 0
                    ? Optional.of(Arrays.copyOfRange(padded, COMMITMENT, padded.length))
                    : Optional.empty();
        } catch (GeneralSecurityException | IllegalArgumentException | Keyring.UnknownKey e) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int mode, String keyId, String purpose, String context, byte[] head)
            throws GeneralSecurityException {
        // the name of an unknown key throws and leaves nothing behind, so hostile texts cannot fill the map
        String slot = keyId + " " + purpose;
        Derived known = derived.get(slot);
        if (known == null) {
            known = new Derived(
                    keyring.derive(keyId, "envelope " + purpose), associated("gatehouse 1", purpose, keyId));
            derived.put(slot, known);
        }
        byte[] key = Hkdf.hmac(known.key(), Arrays.copyOf(head, SALT));
        Cipher cipher = ciphers.poll();
        if (cipher == null) {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        }
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG * 8, head, SALT, NONCE));
        cipher.updateAAD(known.associated());
        cipher.updateAAD(associated(context));
        return cipher;
    }

    private static byte[] associated(String... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }
}
