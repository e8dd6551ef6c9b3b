package dev.gatehouse.crypto;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Every form in which a stored password hash may be: our own Argon2id, and what other systems exported
 * (contract/behaviour/04 §4.10). Costs are bounded at import, so that a hash cannot be a bomb.
 */
final class HashFormat {
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(0[4-9]|1[0-5])\\$[./A-Za-z0-9]{53}");

    private static final Pattern PADDING = Pattern.compile("=+(?=[,$]|$)");
    private static final int OWN_MEMORY = 1_048_576;
    // n*r of scrypt, each 128 bytes: 128 MiB
    private static final int MOST_BLOCKS = 1 << 20;
    // n*r*p of scrypt: some two seconds
    private static final int MOST_WORK = 1 << 21;

    private HashFormat() {}

    /**
     * Checks an imported hash and returns it in the form it is stored in.
     *
     * @param type {@code bcrypt scrypt firebase-scrypt ssha ssha256 pbkdf2 argon2}
     * @param saltPosition {@code prefix} or {@code suffix} for ssha256
     * @throws IllegalArgumentException with the reason
     */
    static String imported(String type, String text, String saltPosition) {
        switch (type) {
            case "bcrypt" -> {
                if (!BCRYPT.matcher(text).matches()) {
                    throw new IllegalArgumentException("expected $2a$, $2b$ or $2y$ with a cost from 04 to 15");
                }
                return text;
            }
            case "argon2" -> argon2(Phc.parse(text));
            case "scrypt" -> scrypt(Phc.parse(text));
            case "firebase-scrypt" -> {
                // Firebase prints its keys and hashes with padding, and people paste them so
                String unpadded = PADDING.matcher(text).replaceAll("");
                firebase(Phc.parse(unpadded));
                return unpadded;
            }
            case "pbkdf2" -> pbkdf2(Phc.parse(text));
            case "ssha" -> {
                byte[] all = prefixed(text, "{SSHA}");
                return salted("ssha", "suffix", all, 20);
            }
            case "ssha256" -> {
                byte[] all = prefixed(text, "{SSHA256}");
                return salted("ssha256", saltPosition, all, 32);
            }
            default ->
                // not the word itself: whoever mixes up two columns puts a hash there, and this goes into reports
                throw new IllegalArgumentException(
                        "the type is one of bcrypt, scrypt, firebase-scrypt, ssha, ssha256, pbkdf2 and argon2");
        }
        return text;
    }

    /** A stored hash in the form in which {@link #imported} takes it. */
    static PasswordHash.Exported exported(String stored) {
        if (stored.startsWith("$2")) {
            return new PasswordHash.Exported("bcrypt", stored, null);
        }
        Phc phc = Phc.parse(stored);
        return switch (phc.id()) {
            case "argon2id", "argon2i", "argon2d" -> new PasswordHash.Exported("argon2", stored, null);
            case "ssha" -> new PasswordHash.Exported("ssha", "{SSHA}" + joined(phc), null);
            case "ssha256" -> {
                String position = phc.parameters().getOrDefault("pos", "suffix");
                yield new PasswordHash.Exported(
                        "ssha256", "{SSHA256}" + joined(phc), position.equals("suffix") ? null : position);
            }
            default -> new PasswordHash.Exported(phc.id(), stored, null);
        };
    }

    private static String joined(Phc phc) {
        byte[] all = Arrays.copyOf(phc.hash(), phc.hash().length + phc.salt().length);
        System.arraycopy(phc.salt(), 0, all, phc.hash().length, phc.salt().length);
        return Base64.getEncoder().encodeToString(all);
    }

    /**
     * Whether it makes sense to compute: the stored text is a hash within bounds, and the password can have a hash of this
     * kind. bcrypt reads 72 bytes; bcrypt stops at or repeats over a NUL, and HMAC pads with NUL: there a different
     * password would get in (ATTACKS P01, P02, P05).
     */
    static boolean canMatch(byte[] password, String stored) {
        boolean nul = indexOfNul(password) >= 0;
        if (BCRYPT.matcher(stored).matches()) {
            return password.length <= 72 && !nul;
        }
        try {
            Phc phc = Phc.parse(stored);
            bounds(phc);
            return !nul || phc.id().startsWith("argon2");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** KiB of memory that computing a hash which {@link #canMatch} takes. */
    static int memory(String stored) {
        if (stored.startsWith("$2")) {
            return 4;
        }
        Phc phc = Phc.parse(stored);
        return switch (phc.id()) {
            case "argon2id", "argon2i", "argon2d" -> phc.number("m", 8, OWN_MEMORY);
            case "scrypt" -> phc.number("n", 2, MOST_BLOCKS) * phc.number("r", 1, 32) / 8;
            case "firebase-scrypt" -> (1 << phc.number("m", 1, 17)) * phc.number("r", 1, 32) / 8;
            default -> 1;
        };
    }

    private static void bounds(Phc phc) {
        switch (phc.id()) {
            case "argon2id", "argon2i", "argon2d" -> {
                // wider than for imports: our own may have been configured so
                phc.number("v", 19, 19);
                phc.number("p", 1, 8);
                phc.number("m", 8 * phc.number("p", 1, 8), OWN_MEMORY);
                phc.number("t", 1, 20);
                sizes(phc, 8, 16);
            }
            case "scrypt" -> scrypt(phc);
            case "firebase-scrypt" -> firebase(phc);
            case "pbkdf2" -> pbkdf2(phc);
            case "ssha" -> sizes(phc, 4, 20);
            case "ssha256" -> sizes(phc, 4, 32);
            default -> throw new IllegalArgumentException("unknown hash " + phc.id());
        }
    }

    /** Whether the password has this hash, of which {@link #canMatch} said yes; constant time in the comparison. */
    static boolean verify(byte[] password, String stored, Argon2Memory blocks) {
        if (stored.startsWith("$2")) {
            return OpenBSDBCrypt.checkPassword(stored, password.clone());
        }
        Phc phc = Phc.parse(stored);
        byte[] computed = switch (phc.id()) {
            case "argon2id", "argon2i", "argon2d" -> argon2(password, phc, blocks);
            case "scrypt" ->
                SCrypt.generate(
                        password,
                        phc.salt(),
                        phc.number("n", 2, 1 << 20),
                        phc.number("r", 1, 32),
                        phc.number("p", 1, 16),
                        phc.hash().length);
            case "firebase-scrypt" -> firebase(password, phc);
            case "pbkdf2" -> pbkdf2(password, phc);
            case "ssha" -> digest("SHA-1", password, phc.salt());
            case "ssha256" ->
                phc.parameters().getOrDefault("pos", "suffix").equals("prefix")
                        ? digest("SHA-256", phc.salt(), password)
                        : digest("SHA-256", password, phc.salt());
            default -> throw new IllegalArgumentException("unknown hash " + phc.id());
        };
        return MessageDigest.isEqual(computed, phc.hash());
    }

    /** Our own form. */
    static String argon2id(byte[] password, byte[] salt, int memory, int passes, Argon2Memory blocks) {
        byte[] hash = argon2(Argon2Parameters.ARGON2_id, password, salt, memory, passes, 1, 32, blocks);
        return "$argon2id$v=19$m=" + memory + ",t=" + passes + ",p=1$" + Phc.encode(salt) + "$" + Phc.encode(hash);
    }

    private static void argon2(Phc phc) {
        boolean known = phc.id().equals("argon2id")
                || phc.id().equals("argon2i")
                || phc.id().equals("argon2d");
        if (!known) {
            throw new IllegalArgumentException("expected $argon2id$, $argon2i$ or $argon2d$");
        }
        only(phc, "v", "m", "t", "p");
        phc.number("v", 19, 19);
        phc.number("m", 4_096, 262_144);
        phc.number("t", phc.id().equals("argon2i") ? 3 : 1, 5);
        phc.number("p", 1, 8);
        sizes(phc, 8, 16);
    }

    private static byte[] argon2(byte[] password, Phc phc, Argon2Memory blocks) {
        int variant = switch (phc.id()) {
            case "argon2id" -> Argon2Parameters.ARGON2_id;
            case "argon2i" -> Argon2Parameters.ARGON2_i;
            default -> Argon2Parameters.ARGON2_d;
        };
        return argon2(
                variant,
                password,
                phc.salt(),
                phc.number("m", 8, 1_048_576),
                phc.number("t", 1, 20),
                phc.number("p", 1, 8),
                phc.hash().length,
                blocks);
    }

    private static byte[] argon2(
            int variant,
            byte[] password,
            byte[] salt,
            int memory,
            int passes,
            int lanes,
            int length,
            Argon2Memory blocks) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        Argon2Memory.Blocks pool = blocks.take();
        generator.init(new Argon2Parameters.Builder(variant)
                .withBlockPool(pool)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withSalt(salt)
                .withMemoryAsKB(memory)
                .withIterations(passes)
                .withParallelism(lanes)
                .build());
        byte[] hash = new byte[length];
        generator.generateBytes(password, hash);
        blocks.giveBack(pool);
        return hash;
    }

    private static void scrypt(Phc phc) {
        if (!phc.id().equals("scrypt")) {
            throw new IllegalArgumentException("expected $scrypt$");
        }
        only(phc, "v", "n", "r", "p", "kl");
        if (phc.parameters().containsKey("v")) {
            phc.number("v", 1, 1);
        }
        long n = phc.number("n", 1_024, 1 << 18);
        long r = phc.number("r", 1, 32);
        long p = phc.number("p", 1, 16);
        if (Long.bitCount(n) != 1 || n * r > MOST_BLOCKS || n * r * p > MOST_WORK) {
            throw new IllegalArgumentException("n must be a power of two, n*r at most 2^20 and n*r*p at most 2^21");
        }
        if (phc.parameters().containsKey("kl") && phc.number("kl", 16, 128) != phc.hash().length) {
            throw new IllegalArgumentException("kl is not the length of the hash");
        }
        sizes(phc, 4, 16);
    }

    private static void firebase(Phc phc) {
        if (!phc.id().equals("firebase-scrypt")) {
            throw new IllegalArgumentException("expected $firebase-scrypt$");
        }
        only(phc, "v", "sk", "ss", "r", "m");
        if ((1L << phc.number("m", 10, 17)) * phc.number("r", 1, 32) > MOST_BLOCKS) {
            throw new IllegalArgumentException("2^m*r must be at most 2^20");
        }
        phc.bytes("ss");
        if (phc.bytes("sk").length != phc.hash().length) {
            throw new IllegalArgumentException("the hash is not as long as the signer key");
        }
        sizes(phc, 4, 16);
    }

    /** Firebase's variant: scrypt yields an AES-CTR key, and the hash is the signer key encrypted with it. */
    private static byte[] firebase(byte[] password, Phc phc) {
        byte[] separator = phc.bytes("ss");
        byte[] salt = Arrays.copyOf(phc.salt(), phc.salt().length + separator.length);
        System.arraycopy(separator, 0, salt, phc.salt().length, separator.length);
        byte[] key = SCrypt.generate(password, salt, 1 << phc.number("m", 1, 17), phc.number("r", 1, 32), 1, 64);
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(Arrays.copyOf(key, 32), "AES"),
                    new IvParameterSpec(new byte[16]));
            return cipher.doFinal(phc.bytes("sk"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-CTR failed", e);
        }
    }

    private static void pbkdf2(Phc phc) {
        if (!phc.id().equals("pbkdf2")) {
            throw new IllegalArgumentException("expected $pbkdf2$");
        }
        only(phc, "i", "d");
        switch (phc.parameters().getOrDefault("d", "")) {
            case "sha256" -> phc.number("i", 600_000, 1_000_000);
            case "sha512" -> phc.number("i", 210_000, 1_000_000);
            default -> throw new IllegalArgumentException("d must be sha256 or sha512");
        }
        sizes(phc, 8, 16);
    }

    private static byte[] pbkdf2(byte[] password, Phc phc) {
        String algorithm = phc.parameters().getOrDefault("d", "").equals("sha512")
                ? "PBKDF2WithHmacSHA512"
                : "PBKDF2WithHmacSHA256";
        // the platform's, since its digests are several times faster; it encodes the characters as UTF-8 again
        PBEKeySpec spec = new PBEKeySpec(
                new String(password, StandardCharsets.UTF_8).toCharArray(),
                phc.salt(),
                phc.number("i", 1, 1_000_000),
                phc.hash().length * 8);
        try {
            return SecretKeyFactory.getInstance(algorithm).generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("PBKDF2 failed", e);
        } finally {
            spec.clearPassword();
        }
    }

    /** An unknown parameter would change the hash in a way that is not computed here. */
    private static void only(Phc phc, String... names) {
        if (!List.of(names).containsAll(phc.parameters().keySet())) {
            throw new IllegalArgumentException("an unknown parameter");
        }
    }

    private static void sizes(Phc phc, int leastSalt, int leastHash) {
        boolean fits = phc.salt().length >= leastSalt
                && phc.salt().length <= 64
                && phc.hash().length >= leastHash
                && phc.hash().length <= 128;
        if (!fits) {
            throw new IllegalArgumentException("salt or hash has an unusual length");
        }
    }

    private static byte[] prefixed(String text, String prefix) {
        if (!text.toUpperCase(Locale.ROOT).startsWith(prefix)) {
            throw new IllegalArgumentException("expected " + prefix + " and base64");
        }
        return Base64.getDecoder().decode(text.substring(prefix.length()));
    }

    private static String salted(String id, String position, byte[] all, int hash) {
        if (all.length < hash + 4 || all.length > hash + 64) {
            throw new IllegalArgumentException("expected a hash of " + hash + " bytes and a salt of 4 to 64");
        }
        if (!position.equals("suffix") && !position.equals("prefix")) {
            throw new IllegalArgumentException("the salt position is prefix or suffix");
        }
        return "$" + id + "$pos=" + position + "$" + Phc.encode(Arrays.copyOfRange(all, hash, all.length)) + "$"
                + Phc.encode(Arrays.copyOf(all, hash));
    }

    private static byte[] digest(String algorithm, byte[] first, byte[] second) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(first);
            return digest.digest(second);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    private static int indexOfNul(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\0');
    }
}
