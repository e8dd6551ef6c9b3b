package dev.gatehouse.portability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import dev.gatehouse.engine.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** JSON Lines: one object a line. A line that cannot be read spoils no other; empty lines are no rows. */
final class JsonRows implements Rows {
    private final InputStream in;
    private final Json json;
    private long line;

    /** @param in buffered */
    JsonRows(InputStream in, Json json) {
        this.in = in;
        this.json = json;
    }

    @Override
    public boolean skip() throws IOException {
        return line() != null;
    }

    @Override
    public @Nullable Row next() throws IOException {
        ByteArrayOutputStream bytes = line();
        if (bytes == null) {
            return null;
        }
        if (bytes.size() > MOST_BYTES) {
            return refused(bytes, "row_too_long", "A row has at most " + MOST_BYTES + " bytes.");
        }
        try {
            JsonNode node = json.readRequest(bytes.toByteArray());
            return node instanceof ObjectNode object
                    ? new Row(line, object, bytes.size(), null)
                    : refused(bytes, "object_required", "A row is a JSON object.");
        } catch (ApiException e) {
            return refused(bytes, "invalid_json", e.text().replace("The body", "The row"));
        }
    }

    private Row refused(ByteArrayOutputStream bytes, String code, String message) {
        return new Row(line, null, bytes.size(), new Problem("", code, message));
    }

    /** The next line that is not blank; of one that is too long, one byte more than may be. */
    private @Nullable ByteArrayOutputStream line() throws IOException {
        while (true) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
            boolean blank = true;
            int b = in.read();
            if (b < 0) {
                return null;
            }
            line++;
            for (; b >= 0 && b != '\n'; b = in.read()) {
                if (bytes.size() <= MOST_BYTES) {
                    bytes.write(b);
                }
                blank &= b == ' ' || b == '\t' || b == '\r';
            }
            if (!blank) {
                return line == 1 ? withoutMark(bytes) : bytes;
            }
        }
    }

    /** Windows programs write a byte order mark before the first line. */
    private static ByteArrayOutputStream withoutMark(ByteArrayOutputStream bytes) {
        byte[] all = bytes.toByteArray();
        if (all.length < 3 || all[0] != (byte) 0xEF || all[1] != (byte) 0xBB || all[2] != (byte) 0xBF) {
            return bytes;
        }
        ByteArrayOutputStream rest = new ByteArrayOutputStream(all.length);
        rest.write(all, 3, all.length - 3);
        return rest;
    }
}
