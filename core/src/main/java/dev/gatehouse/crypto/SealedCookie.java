package dev.gatehouse.crypto;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Splits a long cookie value into several cookies and puts it together again. The first one tells how many there are
 * ({@code 3!…}), so that a value is never read in half; a short value is one plain cookie.
 */
public final class SealedCookie {
    /** Longest name and value of one cookie. */
    public static final int MOST_BYTES = 3_800;

    private static final int MOST_CHUNKS = 8;

    // RFC 6265 §4.1.1 cookie-octet
    private static final Pattern VALUE = Pattern.compile("[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x5b\\x5d-\\x7e]+");

    private SealedCookie() {}

    /**
     * The cookies that carry a value: {@code name}, {@code name.1} and so on.
     *
     * @throws IllegalArgumentException if it would need more than eight, or has a character that a cookie cannot carry
     */
    public static List<Map.Entry<String, String>> write(String name, String value) {
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException("a cookie value has only visible ASCII without \" , ; and \\");
        }
        if (chunked(value)) {
            throw new IllegalArgumentException("a cookie value must not look like a chunked one");
        }
        int room = MOST_BYTES - name.length() - 4;
        if (value.length() <= room) {
            return List.of(Map.entry(name, value));
        }
        int chunks = (value.length() + room - 1) / room;
        if (chunks > MOST_CHUNKS) {
            throw new IllegalArgumentException("a cookie value of " + value.length() + " characters is too long");
        }
        List<Map.Entry<String, String>> cookies = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            String part = value.substring(i * room, Math.min(value.length(), (i + 1) * room));
            cookies.add(i == 0 ? Map.entry(name, chunks + "!" + part) : Map.entry(name + "." + i, part));
        }
        return cookies;
    }

    /** Whether a first cookie says that others belong to it; one that does not is the whole value. */
    public static boolean chunked(String first) {
        return first.length() > 1 && first.charAt(1) == '!';
    }

    /**
     * The value that these cookies carry; empty if it is absent, incomplete, or a name occurs twice (somebody
     * else's cookie shadows ours, ATTACKS C08; a browser never sends one cookie twice).
     */
    public static Optional<String> read(String name, Iterable<Map.Entry<String, String>> cookies) {
        List<String> names = names(name);
        Map<String, @Nullable String> parts = new HashMap<>();
        for (Map.Entry<String, String> cookie : cookies) {
            // only the names that write() uses: a forged x.99999999 is no part of the value (ATTACKS C07)
            if (names.contains(cookie.getKey()) && parts.put(cookie.getKey(), cookie.getValue()) != null) {
                return Optional.empty();
            }
        }
        String first = parts.get(name);
        if (first == null || first.isEmpty()) {
            return Optional.empty();
        }
        if (!chunked(first)) {
            return Optional.of(first);
        }
        int chunks = first.charAt(0) - '0';
        if (chunks < 2 || chunks > MOST_CHUNKS) {
            return Optional.empty();
        }
        StringBuilder value = new StringBuilder(first.substring(2));
        for (int i = 1; i < chunks; i++) {
            String part = parts.get(name + "." + i);
            if (part == null) {
                return Optional.empty();
            }
            value.append(part);
        }
        return Optional.of(value.toString());
    }

    /** Names that {@link #write} may have used for a longer value before. */
    public static List<String> names(String name) {
        List<String> names = new ArrayList<>(List.of(name));
        for (int i = 1; i < MOST_CHUNKS; i++) {
            names.add(name + "." + i);
        }
        return names;
    }
}
