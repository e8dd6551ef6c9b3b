package dev.gatehouse.spi;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What finds a row besides its identifier. Written beside the row, never read back.
 *
 * @param unique index name to value; one row of a kind and environment may have it
 * @param lookup index name to values; any number of rows may share one
 * @param text lower-case text for substring search, at most 500 characters; null for none
 */
public record Keys(
        Map<String, String> unique,
        Map<String, Set<String>> lookup,
        @Nullable String text) {

    /** No keys at all: found by identifier only. */
    public static final Keys NONE = new Keys(Map.of(), Map.of(), null);

    public Keys {
        unique = Map.copyOf(unique);
        lookup = Map.copyOf(lookup);
        unique.keySet().forEach(index -> Row.width("index", index, 40));
        lookup.keySet().forEach(index -> Row.width("index", index, 40));
        if (text != null && text.length() > 500) {
            text = text.substring(0, Character.isHighSurrogate(text.charAt(499)) ? 499 : 500);
        }
    }
}
