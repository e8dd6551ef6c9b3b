package dev.gatehouse.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the CBOR (RFC 8949) that authenticators write: shortest lengths, nothing indefinite. */
final class CborWriter {
    private static final int NEGATIVE = 1;
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int MAP = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    CborWriter map(int members) {
        return head(MAP, members);
    }

    CborWriter number(long value) {
        return value < 0 ? head(NEGATIVE, -1 - value) : head(0, value);
    }

    CborWriter text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return head(TEXT, bytes.length).raw(bytes);
    }

    CborWriter bytes(byte[] value) {
        return head(BYTES, value.length).raw(value);
    }

    byte[] done() {
        return out.toByteArray();
    }

    private CborWriter raw(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    private CborWriter head(int type, long argument) {
        int width = argument < 24 ? 0 : argument < 0x100 ? 1 : argument < 0x1_0000 ? 2 : 4;
        int info = switch (width) {
            case 0 -> (int) argument;
            case 1 -> 24;
            case 2 -> 25;
            default -> 26;
        };
        out.write(type << 5 | info);
        for (int i = width - 1; i >= 0; i--) {
            out.write((int) (argument >> (8 * i)));
        }
        return this;
    }
}
