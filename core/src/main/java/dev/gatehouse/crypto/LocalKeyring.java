package dev.gatehouse.crypto;

import dev.gatehouse.spi.Keyring;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Root keys in memory, from configuration or from a file that the first start makes. */
public final class LocalKeyring implements Keyring {
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
     * the same key.
     */
    public static LocalKeyring file(Path file) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            return parse(Files.readString(file));
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
            // a link fails if the name exists: whoever was first has made the key
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            // the other process was first
        } finally {
            Files.deleteIfExists(fresh);
        }
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
