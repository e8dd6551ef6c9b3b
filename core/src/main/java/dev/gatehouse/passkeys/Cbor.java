package dev.gatehouse.passkeys;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Walks CBOR (RFC 8949) as authenticators must write it (CTAP 2.1 §8): definite lengths, few levels, no member twice.
 * Reads no value: what it lets pass means one thing to every reader.
 */
final class Cbor {
    private static final int DEEPEST = 8;
    private static final int MOST_ITEMS = 200;

    private final byte[] bytes;
    private int at;
    private int items;

    private Cbor(byte[] bytes, int from) {
        this.bytes = bytes;
        this.at = from;
    }

    /**
     * Where the value that begins at {@code from} ends.
     *
     * @throws dev.gatehouse.api.ApiException if it is not written so, or goes on beyond the bytes
     */
    static int end(byte[] bytes, int from) {
        Cbor walk = new Cbor(bytes, from);
        walk.value(DEEPEST);
        return walk.at;
    }

    /** Checks that the bytes are one value and nothing else. */
    static void check(byte[] bytes) {
        if (end(bytes, 0) != bytes.length) {
            throw Refusals.invalid("bytes follow its CBOR");
        }
    }

    private void value(int levels) {
        items++;
        if (levels == 0 || items > MOST_ITEMS) {
            throw Refusals.invalid("its CBOR is nested too deeply or has too many items");
        }
        int first = next();
        long argument = argument(first & 0x1f);
        switch (first >> 5) {
            case 0, 1 -> {
                // an integer is its argument
            }
            case 2, 3 -> skip(argument);
            case 4 -> {
                for (long i = 0; i < argument; i++) {
                    value(levels - 1);
                }
            }
            case 5 -> map(argument, levels);
            case 7 -> {
                if ((first & 0x1f) < 20 || (first & 0x1f) > 22) {
                    throw Refusals.invalid("its CBOR has a value that no authenticator writes");
                }
            }
            default -> throw Refusals.invalid("its CBOR has tags");
        }
    }

    private void map(long members, int levels) {
        Set<ByteBuffer> names = new HashSet<>();
        for (long i = 0; i < members; i++) {
            int from = at;
            value(1);
            if (!names.add(ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, at)))) {
                throw Refusals.invalid("its CBOR has a member twice");
            }
            value(levels - 1);
        }
    }

    private int next() {
        if (at >= bytes.length) {
            throw Refusals.invalid("its CBOR ends too early");
        }
        return bytes[at++] & 0xff;
    }

    /** In its shortest form, so that one number has one spelling. */
    private long argument(int info) {
        if (info < 24) {
            return info;
        }
        if (info > 27) {
            throw Refusals.invalid("its CBOR has indefinite lengths");
        }
        int width = 1 << (info - 24);
        long argument = 0;
        for (int i = 0; i < width; i++) {
            argument = argument << 8 | next();
        }
        boolean shorter = info == 24 ? argument < 24 : argument >= 0 && argument < 1L << (4 * width);
        if (argument < 0 || shorter) {
            throw Refusals.invalid("its CBOR has a number that is too large or too long");
        }
        return argument;
    }

    private void skip(long length) {
        if (length > bytes.length - at) {
            throw Refusals.invalid("its CBOR ends too early");
        }
        at += (int) length;
    }
}
