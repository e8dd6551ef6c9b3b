package dev.gatehouse.spi;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One line of an append-only journal.
 *
 * @param env environment
 * @param stream which journal, at most 80 characters (an organization, say)
 * @param id sorts by time, at most 80 characters
 * @param at when it happened, truncated to milliseconds
 * @param body JSON text
 */
public record JournalEntry(String env, String stream, String id, Instant at, String body) {
    public JournalEntry {
        Row.width("env", env, 40);
        Row.width("stream", stream, 80);
        Row.width("id", id, 80);
        at = at.truncatedTo(ChronoUnit.MILLIS);
    }
}
