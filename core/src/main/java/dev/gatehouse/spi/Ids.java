package dev.gatehouse.spi;

import java.time.Instant;

/**
 * Makes identifiers. Must be safe for many threads, unpredictable in their random part, and growing within one instance,
 * so that identifiers sort by creation.
 */
@FunctionalInterface
public interface Ids {
    /** A ULID of {@code at}: 26 characters of Crockford's base 32, upper case, 48 bits of milliseconds and 80 random bits. */
    String ulid(Instant at);
}
