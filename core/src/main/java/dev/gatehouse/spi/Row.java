package dev.gatehouse.spi;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One stored record. The body is opaque to storage; what can be searched stands in {@link Keys}.
 *
 * @param env environment identifier, at most 40 characters; {@link #SYSTEM} for what belongs to no environment
 * @param kind wire word of the resource, at most 40 characters
 * @param id identifier, at most 80 characters; sorts by creation
 * @param version starts at 1 and grows by one with each replacement
 * @param createdAt truncated to milliseconds
 * @param updatedAt truncated to milliseconds
 * @param expiresAt from then on nobody can {@code take} the row and a sweep may remove it; null for never
 * @param body JSON text
 */
public record Row(
        String env,
        String kind,
        String id,
        long version,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant expiresAt,
        String body) {

    /** The pseudo-environment of environments themselves, API keys and client ids. */
    public static final String SYSTEM = "-";

    public Row {
        width("env", env, 40);
        width("kind", kind, 40);
        width("id", id, 80);
        createdAt = createdAt.truncatedTo(ChronoUnit.MILLIS);
        updatedAt = updatedAt.truncatedTo(ChronoUnit.MILLIS);
        expiresAt = expiresAt == null ? null : expiresAt.truncatedTo(ChronoUnit.MILLIS);
    }

    /** This row with another version. */
    public Row withVersion(long next) {
        return new Row(env, kind, id, next, createdAt, updatedAt, expiresAt, body);
    }

    static void width(String name, String value, int most) {
        if (value.isEmpty() || value.length() > most) {
            throw new IllegalArgumentException(
                    name + " must have 1 to " + most + " characters but has " + value.length());
        }
    }
}
