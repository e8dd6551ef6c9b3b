package dev.gatehouse.testkit;

import static dev.gatehouse.testkit.StorageFixture.all;
import static dev.gatehouse.testkit.StorageFixture.body;
import static dev.gatehouse.testkit.StorageFixture.ofKind;
import static dev.gatehouse.testkit.StorageFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rows by identifier. */
interface RowContract extends StorageFixture {

    @Test
    default void aRowComesBackAsItWasWritten() {
        String long100k = "{\"x\":\"" + "äöü-\uD83D\uDE00-\\\"'-".repeat(10_000) + "\"}";
        Row full = new Row(ENV, KIND, "i".repeat(80), 7, NOW, NOW.plusMillis(1), NOW.plusSeconds(5), long100k);
        run(tx -> {
            tx.insert(full, Keys.NONE);
            tx.insert(row("plain"), Keys.NONE);
        });
        run(tx -> {
            assertThat(tx.get(ENV, KIND, full.id())).contains(full);
            assertThat(tx.hold(ENV, KIND, full.id())).contains(full);
            assertThat(tx.get(ENV, KIND, "plain")).contains(row("plain"));
        });
    }

    @Test
    default void whatDoesNotExistIsEmpty() {
        run(tx -> {
            assertThat(tx.get(ENV, KIND, "x")).isEmpty();
            assertThat(tx.hold(ENV, KIND, "x")).isEmpty();
            assertThat(tx.getAll(ENV, KIND, List.of("x", "y"))).isEmpty();
            assertThat(tx.getAll(ENV, KIND, List.of())).isEmpty();
            assertThat(tx.getByKey(ENV, KIND, "email", "x")).isEmpty();
            assertThat(tx.take(ENV, KIND, "x", NOW)).isEmpty();
            assertThat(tx.delete(ENV, KIND, "x")).isFalse();
            assertThat(tx.find(all())).isEmpty();
            for (String odd : List.of("x".repeat(300), "x\u0000", "x\uD800", "")) {
                assertThat(tx.get(ENV, KIND, odd)).isEmpty();
                assertThat(tx.getAll(ENV, KIND, List.of(odd))).isEmpty();
                assertThat(tx.take(ENV, KIND, odd, NOW)).isEmpty();
                assertThat(tx.delete(ENV, KIND, odd)).isFalse();
            }
        });
    }

    @Test
    default void kindsAreApart() {
        run(tx -> {
            tx.insert(ofKind("user", "1", "{\"k\":\"user\"}"), StorageFixture.unique("n", "v"));
            tx.insert(ofKind("role", "1", "{\"k\":\"role\"}"), StorageFixture.unique("n", "v"));
        });
        run(tx -> {
            assertThat(tx.get(ENV, "role", "1").orElseThrow().body()).contains("role");
            assertThat(tx.getByKey(ENV, "user", "n", "v").orElseThrow().body()).contains("user");
            tx.delete(ENV, "role", "1");
            assertThat(tx.getByKey(ENV, "user", "n", "v")).isPresent();
            assertThat(tx.getByKey(ENV, "role", "n", "v")).isEmpty();
        });
    }

    @Test
    default void aTakenIdentifierIsADuplicateOfId() {
        run(tx -> tx.insert(row("a"), Keys.NONE));
        assertThatThrownBy(() -> run(tx -> tx.insert(row(ENV, "a", "{\"n\":2}"), Keys.NONE)))
                .isInstanceOfSatisfying(
                        Storage.Duplicate.class, e -> assertThat(e.index()).isEqualTo("id"));
        run(tx -> assertThat(tx.get(ENV, KIND, "a")).contains(row("a")));
    }

    @Test
    default void identifiersThatDifferByCaseAccentOrSpaceAreDifferent() {
        List<String> ids = List.of("Ann", "ann", "änn", "ann ", " ann", "a\u0308nn", "ann\uD83D\uDE00");
        run(tx -> ids.forEach(id -> tx.insert(row(ENV, id, "{\"id\":\"" + id + "\"}"), Keys.NONE)));
        run(tx -> {
            for (String id : ids) {
                assertThat(tx.get(ENV, KIND, id).orElseThrow().body()).isEqualTo("{\"id\":\"" + id + "\"}");
            }
            assertThat(tx.get(ENV, KIND, "ANN")).isEmpty();
            assertThat(tx.get(ENV, KIND, "ann  ")).isEmpty();
            assertThat(tx.getAll(ENV, KIND, ids)).hasSize(ids.size());
        });
    }

    @Test
    default void getAllGivesWhatExists() {
        List<String> asked = new ArrayList<>();
        run(tx -> {
            for (int i = 0; i < 1203; i++) {
                asked.add("id" + i);
                if (i % 3 == 0) {
                    tx.insert(row(ENV, "id" + i, "{\"i\":" + i + "}"), Keys.NONE);
                }
            }
        });
        Map<String, Row> found = tx(tx -> tx.getAll(ENV, KIND, asked));
        assertThat(found).hasSize(401);
        found.forEach((id, row) -> assertThat(row.body()).isEqualTo("{\"i\":" + id.substring(2) + "}"));
        run(tx -> assertThat(tx.getAll(ENV, KIND, List.of("id0", "id0", "id1"))).containsOnlyKeys("id0"));
    }

    @Test
    default void aReplacementGrowsTheVersionByOneAndKeepsItsInstants() {
        run(tx -> tx.insert(row("a"), Keys.NONE));
        Row wanted =
                new Row(ENV, KIND, "a", 1, NOW.minusSeconds(9), NOW.plusSeconds(1), NOW.plusSeconds(2), "{\"n\":2}");
        Row given = tx(tx -> tx.replace(wanted, Keys.NONE));
        assertThat(given).isEqualTo(wanted.withVersion(2));
        run(tx -> assertThat(tx.get(ENV, KIND, "a")).contains(given));
        Row never = new Row(ENV, KIND, "a", 2, NOW, NOW, null, "{}");
        run(tx -> assertThat(tx.replace(never, Keys.NONE)).isEqualTo(never.withVersion(3)));
        run(tx -> assertThat(tx.get(ENV, KIND, "a")).contains(never.withVersion(3)));
    }

    @Test
    default void aReplacementOfAnotherVersionIsStale() {
        run(tx -> tx.insert(row("a"), Keys.NONE));
        run(tx -> tx.replace(body(row("a"), "{\"n\":2}"), Keys.NONE));
        for (long version : new long[] {1, 3}) {
            assertThatThrownBy(() -> run(tx -> tx.replace(row("a").withVersion(version), Keys.NONE)))
                    .isInstanceOf(Storage.Stale.class);
        }
        run(tx -> assertThat(tx.get(ENV, KIND, "a").orElseThrow().body()).isEqualTo("{\"n\":2}"));
    }

    @Test
    default void aReplacementOfAGoneRowIsStale() {
        run(tx -> tx.insert(row("a"), Keys.NONE));
        run(tx -> tx.delete(ENV, KIND, "a"));
        assertThatThrownBy(() -> run(tx -> tx.replace(row("a"), Keys.NONE))).isInstanceOf(Storage.Stale.class);
        assertThat(found(all())).isEmpty();
    }

    @Test
    default void aDeletedRowIsGoneAndItsIdentifierIsFree() {
        run(tx -> tx.insert(row("a"), Keys.NONE));
        run(tx -> assertThat(tx.delete(ENV, KIND, "a")).isTrue());
        run(tx -> assertThat(tx.delete(ENV, KIND, "a")).isFalse());
        run(tx -> assertThat(tx.get(ENV, KIND, "a")).isEmpty());
        run(tx -> tx.insert(row("a"), Keys.NONE));
        run(tx -> assertThat(tx.get(ENV, KIND, "a")).contains(row("a")));
    }
}
