package dev.gatehouse.crypto;

import dev.gatehouse.spi.Keyring;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Root keys in memory, from configuration or from a file that the first start makes. */
public final class LocalKeyring implements Keyring {
    private static final long MOST_BYTES = 64 * 1024;
    private static final Pattern ID = Pattern.compile("[a-z0-9]{1,16}");

    private final Map<String, byte[]> keys;
    private final String primary;

    private LocalKeyring(Map<String, byte[]> keys) {
        this.keys = keys;
        this.primary = keys.keySet().iterator().next();
    }

    /**
     * Reads {@code id:base64[,id:base64]}; the first key is used for new material, the others only to read.
     *
     * @throws IllegalArgumentException if it is not that, or a key has not exactly 32 bytes; never shows a key
     */
    public static LocalKeyring parse(String text) {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        for (String part : text.split("[,\\n]")) {
            if (part.isBlank()) {
                continue;
            }
            int colon = part.indexOf(':');
            String id = colon < 0 ? "" : part.substring(0, colon).trim();
            byte[] key;
            try {
                key = Base64.getDecoder().decode(part.substring(colon + 1).trim());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("root key '" + id + "' is not base64", e);
            }
            if (key.length == 32 && MessageDigest.isEqual(key, sameBytes(key[0]))) {
                throw new IllegalArgumentException("root key '" + id + "' is not random: all its bytes are equal");
            }
            if (!ID.matcher(id).matches() || key.length != 32 || keys.put(id, key) != null) {
                throw new IllegalArgumentException(
                        "expected root keys as id:base64[,id:base64] with distinct ids of [a-z0-9] and 32 bytes each");
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("expected at least one root key as id:base64");
        }
        return new LocalKeyring(keys);
    }

    /** A keyring of one random key that lives as long as this object; for tests. */
    public static LocalKeyring random() {
        return parse(line());
    }

    /**
     * Reads the file, or makes it with one random key, readable by its owner only. Two processes that start at once get
     * the same key. What it holds is on disk when this returns. Format: as {@link #parse}, one key a line.
     *
     * @throws IllegalArgumentException if it holds anything else; the message names the file, never a key
     * @throws UncheckedIOException if it cannot be read or made
     */
    public static LocalKeyring file(Path file) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new IllegalArgumentException("it is too large");
            }
            // Latin-1 cannot fail, so that a binary file is refused by its form
            return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the root key file " + file + " is malformed: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("the root key file " + file + " cannot be used", e);
        }
    }

    private static void create(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Path fresh = Files.createTempFile(directory, "root-keys", ".new");
        try {
            if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
            }
            Files.writeString(fresh, line() + "\n");
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            publish(fresh, file);
            if (directory != null) {
                sync(directory);
            }
        } catch (FileAlreadyExistsException e) {
            // the other process was first
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static void publish(Path fresh, Path file) throws IOException {
        try {
            // a link fails if the name exists, where a rename would replace the key of whoever was first
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException | UnsupportedOperationException e) {
            // some file systems have no links
            Files.move(fresh, file);
        }
    }

    private static void sync(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows cannot open a directory; the file itself is on disk
        }
    }

    private static byte[] sameBytes(byte value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, value);
        return bytes;
    }

    private static String line() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return "k1:" + Base64.getEncoder().encodeToString(key);
    }

    @Override
    public String primary() {
        return primary;
    }

    @Override
    public byte[] derive(String keyId, String purpose) {
        byte[] key = keys.get(keyId);
        if (key == null) {
            throw new UnknownKey(keyId);
        }
        return Hkdf.derive(key, purpose);
    }

    @Override
    public String toString() {
        return "LocalKeyring" + keys.keySet();
    }
}
