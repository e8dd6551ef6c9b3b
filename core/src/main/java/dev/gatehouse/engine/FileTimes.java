package dev.gatehouse.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** When something of a file was made and changed. */
public final class FileTimes {
    private final Instant now;

    FileTimes(Instant now) {
        this.now = now;
    }

    /** When it was made; now if the row does not say. */
    public Instant created(@Nullable String text) {
        return FileValue.time("created_at", text, now).orElse(now);
    }

    /** When it was last changed; when it was made if the row does not say. */
    public Instant updated(@Nullable String text, @Nullable String created) {
        return FileValue.time("updated_at", text, now).orElseGet(() -> created(created));
    }
}
