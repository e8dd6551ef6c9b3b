package dev.gatehouse.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** How values of keys stand in a column. */
final class StoredValue {
    private static final int WIDEST_VALUE = 200;
    private static final String DIGEST = "sha256:";

    private StoredValue() {}

    /**
     * A key as stored: itself, or its digest if it is too long for an index or no text for a database; a digest cannot
     * be spelt by a value.
     */
    static String value(String text) {
        boolean odd = !storable(text);
        if (text.length() <= WIDEST_VALUE && !text.startsWith(DIGEST) && !odd) {
            return text;
        }
        try {
            ByteBuffer units = ByteBuffer.allocate(2 * text.length());
            units.asCharBuffer().put(text);
            byte[] bytes = odd ? units.array() : text.getBytes(StandardCharsets.UTF_8);
            return DIGEST
                    + (odd ? "odd:" : "")
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** PostgreSQL stores no U+0000, and a lone surrogate has no UTF-8 form: drivers make a question mark of it. */
    static boolean storable(String text) {
        return text.indexOf('\0') < 0 && text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    }
}
