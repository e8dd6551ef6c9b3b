package dev.gatehouse.engine;

import org.jspecify.annotations.Nullable;

/** The application's own id of a resource. */
public final class ExternalId {
    private ExternalId() {}

    /** As stored: an empty one is none. */
    public static @Nullable String of(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
