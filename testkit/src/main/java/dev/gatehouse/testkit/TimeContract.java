package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.JournalQuery;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Row;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** Instants, whatever the zone of the machine. */
interface TimeContract extends StorageFixture {
    /** Zones far apart, with odd offsets and with a change of the clock. */
    List<String> ZONES = List.of("Pacific/Kiritimati", "Asia/Kathmandu", "UTC", "Europe/Berlin", "America/Los_Angeles");

    /** Among them instants in the hour that Berlin skips and in the hour that it has twice. */
    List<Instant> INSTANTS = List.of(
            Instant.parse("2026-03-29T01:30:00.001Z"),
            Instant.parse("2026-10-25T00:30:00.999Z"),
            Instant.parse("2026-10-25T01:30:00.999Z"),
            Instant.parse("1969-12-31T23:59:59.999Z"),
            Instant.parse("9999-12-31T23:59:59.999Z"));

    @Test
    default void theZoneOfTheMachineDoesNotMatter() {
        TimeZone before = TimeZone.getDefault();
        try {
            for (int z = 0; z < ZONES.size(); z++) {
                for (int i = 0; i < INSTANTS.size(); i++) {
                    Instant at = INSTANTS.get(i);
                    Row row = new Row(ENV, KIND, "r" + z + "-" + i, 1, at, at.plusMillis(1), at.plusMillis(2), "{}");
                    JournalEntry entry = new JournalEntry(ENV, "s", "j" + z + "-" + i, at, "{}");
                    TimeZone.setDefault(TimeZone.getTimeZone(ZONES.get(z)));
                    run(tx -> {
                        tx.insert(row, Keys.NONE);
                        tx.append(entry);
                    });
                    TimeZone.setDefault(TimeZone.getTimeZone(ZONES.get((z + 1) % ZONES.size())));
                    run(tx -> assertThat(tx.get(ENV, KIND, row.id())).contains(row));
                    run(tx -> assertThat(tx.read(new JournalQuery(ENV, "s", null, null, true, 100)))
                            .contains(entry));
                    run(tx -> assertThat(tx.take(ENV, KIND, row.id(), at.plusMillis(2)))
                            .isEmpty());
                    run(tx -> assertThat(tx.take(ENV, KIND, row.id(), at.plusMillis(1)))
                            .contains(row));
                }
            }
        } finally {
            TimeZone.setDefault(before);
        }
    }

    @Test
    default void instantsHaveMillisecondsAndNoLess() {
        Instant fine = Instant.parse("2026-02-03T04:05:06.123456789Z");
        run(tx -> tx.insert(new Row(ENV, KIND, "a", 1, fine, fine, fine, "{}"), Keys.NONE));
        Row back = tx(tx -> tx.get(ENV, KIND, "a").orElseThrow());
        Instant coarse = fine.truncatedTo(ChronoUnit.MILLIS);
        assertThat(List.of(back.createdAt(), back.updatedAt())).containsOnly(coarse);
        assertThat(back.expiresAt()).isEqualTo(coarse);
    }

    @Test
    default void endsOfCountersAndLeasesHaveMillisecondsToo() {
        Instant end = NOW.plusNanos(900_000);
        run(tx -> {
            tx.add(ENV, "c", 5, 9, NOW.minusSeconds(1), end);
            tx.lease("job", "one", NOW.minusSeconds(1), end);
        });
        // both ended at the millisecond of NOW
        run(tx -> assertThat(tx.add(ENV, "c", 1, 9, NOW, end.plusSeconds(9))).hasValue(1));
        run(tx -> assertThat(tx.lease("job", "two", NOW, end.plusSeconds(9))).isTrue());
    }
}
