package dev.gatehouse.engine;

import dev.gatehouse.api.ApiException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A flat map of texts that the caller keeps on a resource: at most 50 pairs, names to 40 and values to 600 characters. */
public final class Metadata {
    private Metadata() {}

    /**
     * Merges by name: a null value removes its pair, an empty patch or null removes all, and an absent patch changes
     * nothing.
     *
     * @throws ApiException 400 {@code invalid_metadata} if the result is over the limits
     */
    public static Map<String, String> merge(Map<String, String> current, Field<Map<String, @Nullable String>> patch) {
        if (!patch.present()) {
            return current;
        }
        Map<String, @Nullable String> changes = patch.value();
        if (changes == null || changes.isEmpty()) {
            return Map.of();
        }
        Map<String, String> merged = new TreeMap<>(current);
        changes.forEach((name, value) -> {
            if (value == null) {
                merged.remove(name);
            } else {
                merged.put(name, value);
            }
        });
        boolean fits = merged.size() <= 50
                && merged.entrySet().stream()
                        .allMatch(e -> !e.getKey().isEmpty()
                                && e.getKey().length() <= 40
                                && e.getValue().length() <= 600);
        if (!fits) {
            throw ApiException.of(
                    400,
                    "invalid_metadata",
                    "Metadata takes at most 50 pairs, with names of 1 to 40 and values of at most 600 characters.");
        }
        return Collections.unmodifiableMap(merged);
    }
}
