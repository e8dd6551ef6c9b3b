package dev.gatehouse.crypto;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A hash in PHC string form: {@code $id$v=19$m=…,t=…$salt$hash}, segments in base64 without padding.
 *
 * @param id algorithm
 * @param parameters all {@code name=value} pairs in order
 * @param salt decoded
 * @param hash decoded
 */
record Phc(String id, Map<String, String> parameters, byte[] salt, byte[] hash) {

    /** @throws IllegalArgumentException if the text is not in this form */
    static Phc parse(String text) {
        String[] parts = text.split("\\$", -1);
        if (parts.length < 4 || !parts[0].isEmpty() || text.length() > 2_000) {
            throw new IllegalArgumentException("not a PHC string");
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 2; i < parts.length - 2; i++) {
            for (String pair : parts[i].split(",", -1)) {
                int equals = pair.indexOf('=');
                if (equals < 1 || parameters.put(pair.substring(0, equals), pair.substring(equals + 1)) != null) {
                    throw new IllegalArgumentException("not a PHC string");
                }
            }
        }
        return new Phc(parts[1], parameters, decode(parts[parts.length - 2]), decode(parts[parts.length - 1]));
    }

    /** A number of the parameters, within bounds. */
    int number(String name, int least, int most) {
        String value = parameters.getOrDefault(name, "");
        if (!value.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException(name + " is missing or no number");
        }
        int number = Integer.parseInt(value);
        if (number < least || number > most) {
            throw new IllegalArgumentException(name + " must be from " + least + " to " + most);
        }
        return number;
    }

    byte[] bytes(String name) {
        return decode(parameters.getOrDefault(name, ""));
    }

    static byte[] decode(String text) {
        byte[] bytes = Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
        if (bytes.length == 0 || text.indexOf('=') >= 0) {
            throw new IllegalArgumentException("salt and hash are base64 without padding and not empty");
        }
        return bytes;
    }

    static String encode(byte[] bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }
}
