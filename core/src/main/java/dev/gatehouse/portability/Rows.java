package dev.gatehouse.portability;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.Problem;
import dev.gatehouse.engine.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The rows of a file, one after another; never more than one in memory. */
interface Rows {
    /** Longest row in bytes: more than the longest user takes. */
    int MOST_BYTES = 512 * 1024;

    /**
     * A row.
     *
     * @param line where it begins
     * @param value what it holds; null if it cannot be read
     * @param size its bytes
     * @param problem why it cannot be read; null if it can
     */
    record Row(
            long line,
            @Nullable ObjectNode value,
            int size,
            @Nullable Problem problem) {}

    /**
     * The next row, or null after the last.
     *
     * @throws ImportException if nothing behind this place can be told apart any more
     */
    @Nullable
    Row next() throws IOException;

    /** Passes over a row without reading what is in it; false after the last. */
    boolean skip() throws IOException;

    /** Opens a file's bytes as rows. */
    static Rows of(InputStream bytes, Format format, Json json) throws IOException {
        InputStream buffered = new BufferedInputStream(bytes, 1 << 16);
        return format == Format.CSV ? new CsvRows(buffered, json) : new JsonRows(buffered, json);
    }

    /**
     * What one walk through the file tells before anything is imported.
     *
     * @param digest SHA-256 in hexadecimal digits
     * @param rows how many there are
     */
    record Survey(String digest, long rows) {
        static Survey of(Path file, Format format, Json json) throws IOException {
            try (InputStream in = Files.newInputStream(file);
                    DigestInputStream digested = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
                // rows are only counted: what is in them is read when they are imported
                Rows all = Rows.of(digested, format, json);
                long rows = 0;
                while (all.skip()) {
                    rows++;
                }
                return new Survey(
                        HexFormat.of().formatHex(digested.getMessageDigest().digest()), rows);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }
}
