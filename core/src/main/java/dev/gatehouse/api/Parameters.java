package dev.gatehouse.api;

import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decoded {@code application/x-www-form-urlencoded} pairs, of a query string or of a body, in the order received.
 *
 * <p>Arrays are accepted in the three spellings that clients use: {@code a=1,2}, {@code a=1&a=2} and
 * {@code a[]=1&a[]=2}. A scalar that is given twice is refused rather than guessed (ASVS 15.3.7).
 */
public final class Parameters {
    private static final Parameters NONE = new Parameters(Map.of());
    private static final int MOST_PAIRS = 1_000;

    private final Map<String, List<String>> values;

    private Parameters(Map<String, List<String>> values) {
        this.values = values;
    }

    /** No parameters. */
    public static Parameters none() {
        return NONE;
    }

    /**
     * Reads the raw text between {@code ?} and {@code #}, or a form body.
     *
     * @throws ApiException 400 if an escape is malformed, is not UTF-8, or there are more than 1,000 pairs
     */
    public static Parameters parse(String raw) {
        if (raw.isEmpty()) {
            return NONE;
        }
        Map<String, List<String>> values = new LinkedHashMap<>();
        int pairs = 0;
        for (int start = 0; start <= raw.length(); ) {
            int end = raw.indexOf('&', start);
            end = end < 0 ? raw.length() : end;
            if (end > start) {
                if (++pairs > MOST_PAIRS) {
                    throw ApiException.of(400, "Too many parameters.");
                }
                int equals = raw.indexOf('=', start);
                equals = equals < 0 || equals > end ? end : equals;
                String name = decode(raw.substring(start, equals));
                String value = equals == end ? "" : decode(raw.substring(equals + 1, end));
                values.computeIfAbsent(name, n -> new ArrayList<>(1)).add(value);
            }
            start = end + 1;
        }
        return new Parameters(values);
    }

    /** Names in the order first seen. */
    public Set<String> names() {
        return values.keySet();
    }

    /**
     * The one value of a scalar; empty if absent.
     *
     * @throws ApiException 400 if it is given more than once
     */
    public Optional<String> one(String name) {
        List<String> all = values.getOrDefault(name, List.of());
        if (all.size() > 1) {
            throw ApiException.of(400, "Parameter '" + name + "' must be given once.");
        }
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(0));
    }

    /** All values of an array in any of its spellings, without empty ones. */
    public List<String> list(String name) {
        List<String> result = new ArrayList<>();
        for (String key : List.of(name, name + "[]")) {
            for (String value : values.getOrDefault(key, List.of())) {
                for (String part : value.split(",", -1)) {
                    if (!part.isBlank()) {
                        result.add(part.trim());
                    }
                }
            }
        }
        return result;
    }

    /** A text as it stands in a query or a form: a space is {@code %20}, which every reader takes for one. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A query or a form, in the map's order. */
    public static String encode(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(p -> encode(p.getKey()) + "=" + encode(p.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String decode(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        byte[] bytes = new byte[text.length() * 3];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
                int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw ApiException.of(400, "Malformed percent escape in a parameter.");
                }
                bytes[length++] = (byte) (high * 16 + low);
                i += 2;
            } else if (c == '+') {
                bytes[length++] = ' ';
            } else {
                for (byte b : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                    bytes[length++] = b;
                }
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ApiException.of(400, "A parameter is not valid UTF-8.");
        }
    }
}
