package dev.gatehouse.flags;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A flag to be made.
 *
 * @param slug lower-case letters, digits, {@code -_.}, at most 100
 * @param name for people, at most 100 characters
 * @param description at most 500 characters; null for none
 * @param tags for finding it
 * @param enabled whether anybody sees it at all
 * @param defaultValue whether those see it whom no target and no roll-out names
 */
public record NewFlag(
        String slug,
        String name,
        @Nullable String description,
        List<String> tags,
        boolean enabled,
        boolean defaultValue) {
    public NewFlag {
        tags = List.copyOf(tags);
    }

    /** A flag that is on for nobody yet. */
    public static NewFlag of(String slug, String name) {
        return new NewFlag(slug, name, null, List.of(), false, false);
    }

    /** The same, enabled: on for whom targets and a roll-out name. */
    public NewFlag enable() {
        return new NewFlag(slug, name, description, tags, true, defaultValue);
    }

    /** The same, on for everybody whom nothing else names. */
    public NewFlag onByDefault() {
        return new NewFlag(slug, name, description, tags, enabled, true);
    }
}
