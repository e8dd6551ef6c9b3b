package dev.gatehouse.store;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Row;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The tables of {@link MemoryStorage}. Guarded by its lock. */
final class MemoryTables {
    /** Rows of one kind in one environment, in identifier order. */
    final Map<Space, TreeMap<String, Stored>> rows = new HashMap<>();

    final Map<Unique, String> unique = new HashMap<>();
    final Map<Counter, Count> counters = new HashMap<>();
    final Map<String, Lease> leases = new HashMap<>();
    final Map<Space, TreeMap<String, JournalEntry>> journals = new HashMap<>();

    record Space(String env, String name) {}

    record Stored(Row row, Keys keys) {}

    record Unique(String env, String kind, String index, String value) {}

    record Counter(String env, String name) {}

    record Count(long value, Instant until) {}

    record Lease(String owner, Instant until) {}
}
