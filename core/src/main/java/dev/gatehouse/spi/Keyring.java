package dev.gatehouse.spi;

/**
 * The root keys under which everything else is encrypted or derived. An implementation may keep them in a file, the
 * environment or a key management service.
 *
 * <p>Rotation: {@link #primary()} changes, and the old identifier keeps answering for as long as anything made with it
 * may still be read.
 */
public interface Keyring {
    /** Identifier of the key to use for new material: 1 to 16 characters of {@code [a-z0-9]}. */
    String primary();

    /**
     * Derives 32 bytes for one purpose (HKDF-SHA256, RFC 5869, with the root key as input keying material and
     * {@code purpose} as info). Purposes never share a key. The caller owns the returned array.
     *
     * @throws UnknownKey if there is no such root key
     */
    byte[] derive(String keyId, String purpose);

    /** No root key of this name, for example because a token was made with a key that is long retired. */
    final class UnknownKey extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public UnknownKey(String keyId) {
            super("no root key '" + keyId + "'");
        }
    }
}
