package dev.gatehouse.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Who caused a change; goes into the context of its events.
 *
 * @param id key id, user id, or {@code system}
 * @param source {@code api}, {@code dashboard}, {@code admin_portal} or {@code system}
 * @param name what people call it
 */
public record Actor(
        @JsonProperty("id") String id,
        @JsonProperty("source") String source,
        @JsonProperty("name") @Nullable String name) {

    /** The host application or Gatehouse itself. */
    public static final Actor SYSTEM = new Actor("system", "system", null);
}
