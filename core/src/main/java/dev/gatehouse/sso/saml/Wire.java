package dev.gatehouse.sso.saml;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** How messages travel (bindings 3.4.4.1 and 3.5.4): Base64 that has one spelling, and DEFLATE that does not swell. */
final class Wire {
    /** Longest message as text; groups of a large directory fit in. */
    static final int MOST_CHARACTERS = 1024 * 1024;

    private static final int MOST_DEFLATED = 64 * 1024;
    private static final int MOST_INFLATED = 1024 * 1024;

    private Wire() {}

    /**
     * Decodes Base64 (RFC 4648 §4) with line breaks and spaces anywhere, and nothing else: padding is there, trailing bits are 0.
     *
     * @throws SamlRefusal at {@link Step#ENCODING}
     */
    static byte[] decode(String base64) {
        return decode(Step.ENCODING, base64);
    }

    /** The same of a part of a message; {@code step} refuses another text. */
    static byte[] decode(Step step, String base64) {
        if (base64.length() > MOST_CHARACTERS) {
            throw SamlRefusal.of(step, "at most " + MOST_CHARACTERS + " characters", base64.length() + " characters");
        }
        // what is not ASCII is no Base64 either
        byte[] packed = base64.getBytes(StandardCharsets.ISO_8859_1);
        int length = 0;
        for (byte b : packed) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                packed[length++] = b;
            }
        }
        try {
            if (length > 0 && length % 4 == 0) {
                byte[] bytes =
                        Base64.getDecoder().decode(length == packed.length ? packed : Arrays.copyOf(packed, length));
                // with its padding there, only the last group could be spelled in a second way
                byte[] last = Arrays.copyOfRange(bytes, (bytes.length - 1) / 3 * 3, bytes.length);
                String spelled = new String(packed, length - 4, 4, StandardCharsets.US_ASCII);
                if (Base64.getEncoder().encodeToString(last).equals(spelled)) {
                    return bytes;
                }
            }
        } catch (IllegalArgumentException e) {
            // as below
        }
        throw SamlRefusal.of(step, "Base64", "another text");
    }

    static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** What the redirect binding sends: DEFLATE (RFC 1951) in Base64. */
    static String deflate(String xml) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(xml.getBytes(StandardCharsets.UTF_8));
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[4096];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return encode(out.toByteArray());
        } finally {
            deflater.end();
        }
    }

    /**
     * The reverse.
     *
     * @throws SamlRefusal at {@link Step#ENCODING}
     */
    static byte[] inflate(String base64) {
        byte[] bytes = decode(base64);
        if (bytes.length > MOST_DEFLATED) {
            throw SamlRefusal.of(Step.ENCODING, "at most " + MOST_DEFLATED + " bytes", bytes.length + " bytes");
        }
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(bytes);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            while (!inflater.finished()) {
                int got = inflater.inflate(buffer);
                if (got == 0 && !inflater.finished()) {
                    throw SamlRefusal.of(Step.ENCODING, "DEFLATE", "another format");
                }
                out.write(buffer, 0, got);
                if (out.size() > MOST_INFLATED) {
                    throw SamlRefusal.of(Step.ENCODING, "at most " + MOST_INFLATED + " bytes inflated", "more");
                }
            }
            if (inflater.getRemaining() > 0) {
                throw SamlRefusal.of(Step.ENCODING, "DEFLATE", "something after its end");
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw SamlRefusal.of(Step.ENCODING, "DEFLATE", "another format");
        } finally {
            inflater.end();
        }
    }
}
