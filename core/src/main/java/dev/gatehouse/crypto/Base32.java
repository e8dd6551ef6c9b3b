package dev.gatehouse.crypto;

import java.util.Arrays;

/**
 * Base 32 of RFC 4648 §6, as authenticator apps want their secrets. Written in upper case without padding; read in either
 * case, with or without padding, and otherwise strictly: one value has one spelling.
 */
final class Base32 {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private Base32() {}

    static String encode(byte[] bytes) {
        StringBuilder text = new StringBuilder((bytes.length * 8 + 4) / 5);
        int held = 0;
        int bits = 0;
        for (byte b : bytes) {
            held = (held << 8) | (b & 0xff);
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(ALPHABET.charAt(held >> bits & 31));
            }
            held &= (1 << bits) - 1;
        }
        if (bits > 0) {
            text.append(ALPHABET.charAt(held << (5 - bits) & 31));
        }
        return text.toString();
    }

    /**
     * The bytes of a text.
     *
     * @throws IllegalArgumentException if it is not base 32, or has bits that belong to no byte
     */
    static byte[] decode(String text) {
        String digits = withoutPadding(text);
        byte[] bytes = new byte[digits.length() * 5 / 8];
        int held = 0;
        int bits = 0;
        int at = 0;
        for (int i = 0; i < digits.length(); i++) {
            held = (held << 5) | value(digits.charAt(i));
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes[at++] = (byte) (held >> bits);
                held &= (1 << bits) - 1;
            }
        }
        if (bits >= 5 || held != 0) {
            Arrays.fill(bytes, (byte) 0);
            throw new IllegalArgumentException("base 32 ends within a byte");
        }
        return bytes;
    }

    private static String withoutPadding(String text) {
        int padding = text.indexOf('=');
        if (padding < 0) {
            return text;
        }
        String rest = text.substring(padding);
        if (text.length() % 8 != 0 || rest.length() > 6 || !rest.equals("=".repeat(rest.length()))) {
            throw new IllegalArgumentException("base 32 is padded to a multiple of eight");
        }
        return text.substring(0, padding);
    }

    /** By ASCII alone: other alphabets have letters whose upper case is an A to Z. */
    private static int value(char c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a';
        }
        if (c >= '2' && c <= '7') {
            return c - '2' + 26;
        }
        throw new IllegalArgumentException("base 32 has the letters A to Z and the digits 2 to 7");
    }
}
