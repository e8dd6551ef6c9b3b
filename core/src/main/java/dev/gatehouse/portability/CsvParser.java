package dev.gatehouse.portability;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records of RFC 4180, strictly: a quote is at the beginning of a cell or nowhere, and nothing follows the closing one. It
 * works on bytes, since no byte of a longer UTF-8 sequence looks like a comma, a quote or the end of a line.
 */
final class CsvParser {
    private static final int MOST_CELLS = 200;

    private final InputStream in;
    private int ahead = -2;
    private long line = 1;
    private long begun = 1;
    private int size;

    /** @param in buffered */
    CsvParser(InputStream in) throws IOException {
        this.in = in;
        in.mark(3);
        if (in.read() != 0xEF || in.read() != 0xBB || in.read() != 0xBF) {
            in.reset();
        }
    }

    /** The line on which the record begins that {@link #next} returned. */
    long line() {
        return begun;
    }

    /** The bytes of that record. */
    int size() {
        return size;
    }

    /**
     * The cells of the next record that is not an empty line, undecoded; null after the last.
     *
     * @throws ImportException if a quote is where none may be, or a record is too long: what follows cannot be told apart
     */
    @Nullable
    List<byte[]> next() throws IOException {
        while (true) {
            begun = line;
            size = 0;
            int first = peek();
            if (first < 0) {
                return null;
            }
            if (first == '\r' || first == '\n') {
                endOfLine(read());
                continue;
            }
            return record();
        }
    }

    private List<byte[]> record() throws IOException {
        List<byte[]> cells = new ArrayList<>();
        while (true) {
            cells.add(peek() == '"' ? quoted() : plain());
            if (cells.size() > MOST_CELLS) {
                throw broken("a row has more than " + MOST_CELLS + " cells");
            }
            int end = read();
            if (end != ',') {
                endOfLine(end);
                return cells;
            }
        }
    }

    private byte[] plain() throws IOException {
        ByteArrayOutputStream cell = new ByteArrayOutputStream(32);
        for (int b = peek(); b >= 0 && b != ',' && b != '\n' && b != '\r'; b = peek()) {
            if (b == '"') {
                throw broken("a quote stands inside of a cell that does not begin with one");
            }
            cell.write(read());
        }
        return cell.toByteArray();
    }

    private byte[] quoted() throws IOException {
        ByteArrayOutputStream cell = new ByteArrayOutputStream(32);
        read();
        while (true) {
            int b = read();
            if (b < 0) {
                throw broken("a quote is never closed");
            }
            if (b == '\n') {
                line++;
            }
            if (b == '"' && peek() != '"') {
                int after = peek();
                if (after >= 0 && after != ',' && after != '\n' && after != '\r') {
                    throw broken("something follows a closing quote");
                }
                return cell.toByteArray();
            }
            cell.write(b == '"' ? read() : b);
        }
    }

    private void endOfLine(int end) throws IOException {
        if (end == '\r' && peek() == '\n') {
            read();
        }
        line += end < 0 ? 0 : 1;
    }

    private int peek() throws IOException {
        if (ahead == -2) {
            ahead = in.read();
        }
        return ahead;
    }

    private int read() throws IOException {
        int b = peek();
        ahead = -2;
        if (b < 0) {
            ahead = -1;
        } else if (++size > Rows.MOST_BYTES) {
            throw broken("a row is longer than " + Rows.MOST_BYTES + " bytes; perhaps a quote is never closed");
        }
        return b;
    }

    private ImportException broken(String what) {
        return new ImportException("not CSV as in RFC 4180, in the row that begins on line " + begun + ": " + what);
    }

    /** A cell as text, or null if it is not UTF-8. */
    static @Nullable String text(byte[] cell) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(cell))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
