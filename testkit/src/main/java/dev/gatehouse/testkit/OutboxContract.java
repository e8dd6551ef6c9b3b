package dev.gatehouse.testkit;

import static dev.gatehouse.testkit.StorageFixture.body;
import static dev.gatehouse.testkit.StorageFixture.ofKind;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The way events are published: writers put rows into an outbox within their transactions, a drain gives the committed
 * ones growing numbers under one lock, and a reader that remembers the last number misses nothing.
 */
interface OutboxContract extends StorageFixture {

    @Test
    default void aReaderThatRemembersTheLastEventMissesNoneAndSeesNoneTwice() {
        int writers = 16;
        int each = 12;
        int drains = 2;
        run(tx -> tx.insert(ofKind("drain", "lock", "0"), Keys.NONE));
        AtomicInteger writing = new AtomicInteger(writers);
        AtomicInteger draining = new AtomicInteger(drains);
        List<String> seen = new ArrayList<>();
        try (Race race = new Race(writers + drains + 1)) {
            race.start(n -> {
                if (n < writers) {
                    try {
                        write(n, each);
                    } finally {
                        writing.decrementAndGet();
                    }
                } else if (n < writers + drains) {
                    try {
                        drain(writing);
                    } finally {
                        draining.decrementAndGet();
                    }
                } else {
                    poll(draining, seen);
                }
                return n;
            });
        }
        List<String> written = new ArrayList<>();
        for (int n = 0; n < writers; n++) {
            for (int i = 0; i < each; i++) {
                written.add("w" + n + "-" + i);
            }
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(written);
        run(tx -> assertThat(tx.find(events("outbox", null))).isEmpty());
    }

    private void write(int writer, int each) {
        for (int i = 0; i < each; i++) {
            String id = "w" + writer + "-" + i;
            again(tx -> {
                tx.insert(ofKind("outbox", id, "{}"), Keys.NONE);
                // some commit long after others that began later
                for (int slow = id.hashCode() % 4 == 0 ? 8 : 1; slow > 0; slow--) {
                    Race.linger();
                }
                return true;
            });
        }
    }

    private void drain(AtomicInteger writing) {
        while (true) {
            boolean last = writing.get() == 0;
            int moved = again(OutboxContract::drainSome);
            if (last && moved == 0) {
                return;
            }
            Race.linger();
        }
    }

    private static int drainSome(Storage.Tx tx) {
        Row lock = tx.hold(ENV, "drain", "lock").orElseThrow();
        long number = Long.parseLong(lock.body());
        List<Row> waiting = tx.find(new Query(ENV, "outbox", Map.of(), null, null, null, false, 7));
        for (Row row : waiting) {
            tx.insert(ofKind("event", "%012d".formatted(++number), row.id()), Keys.NONE);
            assertThat(tx.delete(ENV, "outbox", row.id())).isTrue();
        }
        if (!waiting.isEmpty()) {
            tx.replace(body(lock, Long.toString(number)), Keys.NONE);
        }
        return waiting.size();
    }

    private void poll(AtomicInteger draining, List<String> seen) {
        String after = null;
        while (true) {
            boolean last = draining.get() == 0;
            String from = after;
            List<Row> page = again(tx -> tx.find(events("event", from)));
            for (Row event : page) {
                assertThat(after == null || event.id().compareTo(after) > 0).isTrue();
                after = event.id();
                seen.add(event.body());
            }
            if (last && page.isEmpty()) {
                return;
            }
        }
    }

    private static Query events(String kind, @Nullable String after) {
        return new Query(ENV, kind, Map.of(), null, after, null, false, 50);
    }
}
