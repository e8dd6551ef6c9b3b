package dev.gatehouse.testkit;

import static dev.gatehouse.testkit.StorageFixture.body;
import static dev.gatehouse.testkit.StorageFixture.ids;
import static dev.gatehouse.testkit.StorageFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.JournalQuery;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One environment never sees, blocks or changes another: every method. */
interface TenantContract extends StorageFixture {
    Keys SAME = new Keys(Map.of("email", "a@b.c"), Map.of("org", Set.of("o")), "ann");

    private static Row in(String env) {
        return row(env, "same", "{\"env\":\"" + env + "\"}");
    }

    /** The same identifier and keys in two environments. */
    default void both() {
        run(tx -> {
            tx.insert(in(ENV), SAME);
            tx.insert(in(OTHER), SAME);
        });
    }

    private static Query query(String env) {
        return new Query(env, KIND, Map.of("org", Set.of("o")), "ann", null, null, false, 10);
    }

    @Test
    default void theSameIdentifierAndKeysMayLiveInTwoEnvironments() {
        both();
        run(tx -> {
            for (String env : List.of(ENV, OTHER)) {
                assertThat(tx.get(env, KIND, "same")).contains(in(env));
                assertThat(tx.hold(env, KIND, "same")).contains(in(env));
                assertThat(tx.getAll(env, KIND, List.of("same")))
                        .containsValue(in(env))
                        .hasSize(1);
                assertThat(tx.getByKey(env, KIND, "email", "a@b.c")).contains(in(env));
                assertThat(tx.find(query(env))).containsExactly(in(env));
                assertThat(tx.find(new Query(env, KIND, Map.of(), null, null, null, true, 10)))
                        .containsExactly(in(env));
            }
        });
    }

    @Test
    default void aRowIsNotReadThroughAnotherEnvironment() {
        run(tx -> tx.insert(in(ENV), SAME));
        run(tx -> {
            assertThat(tx.get(OTHER, KIND, "same")).isEmpty();
            assertThat(tx.hold(OTHER, KIND, "same")).isEmpty();
            assertThat(tx.getAll(OTHER, KIND, List.of("same"))).isEmpty();
            assertThat(tx.getByKey(OTHER, KIND, "email", "a@b.c")).isEmpty();
            assertThat(tx.find(query(OTHER))).isEmpty();
            assertThat(tx.find(new Query(OTHER, KIND, Map.of(), null, null, null, false, 10)))
                    .isEmpty();
            assertThat(tx.get(ENV.toUpperCase(java.util.Locale.ROOT), KIND, "same"))
                    .isEmpty();
        });
    }

    @Test
    default void aRowIsNotTakenOrDeletedThroughAnotherEnvironment() {
        run(tx -> tx.insert(in(ENV), SAME));
        run(tx -> assertThat(tx.take(OTHER, KIND, "same", NOW)).isEmpty());
        run(tx -> assertThat(tx.delete(OTHER, KIND, "same")).isFalse());
        run(tx -> assertThat(tx.getByKey(ENV, KIND, "email", "a@b.c")).contains(in(ENV)));
        both2();
        run(tx -> assertThat(tx.delete(OTHER, KIND, "same")).isTrue());
        run(tx -> assertThat(tx.getByKey(ENV, KIND, "email", "a@b.c")).contains(in(ENV)));
        assertThat(ids(tx(tx -> tx.find(query(ENV))))).containsExactly("same");
    }

    private void both2() {
        run(tx -> tx.insert(in(OTHER), SAME));
    }

    @Test
    default void aRowIsNotReplacedThroughAnotherEnvironment() {
        run(tx -> tx.insert(in(ENV), SAME));
        assertThatThrownBy(() -> run(tx -> tx.replace(in(OTHER), SAME))).isInstanceOf(Storage.Stale.class);
        both2();
        run(tx -> tx.replace(body(in(OTHER), "{\"n\":2}"), StorageFixture.unique("email", "other")));
        run(tx -> {
            assertThat(tx.get(ENV, KIND, "same")).contains(in(ENV));
            assertThat(tx.getByKey(ENV, KIND, "email", "a@b.c")).contains(in(ENV));
            assertThat(tx.getByKey(OTHER, KIND, "email", "a@b.c")).isEmpty();
            assertThat(tx.find(query(ENV))).containsExactly(in(ENV));
            assertThat(tx.find(query(OTHER))).isEmpty();
        });
    }

    @Test
    default void countersOfTwoEnvironmentsAreApart() {
        run(tx -> tx.add(ENV, "c", 5, 10, NOW, NOW.plusSeconds(9)));
        run(tx -> assertThat(tx.add(OTHER, "c", 1, 10, NOW, NOW.plusSeconds(9))).isEqualTo(OptionalLong.of(1)));
        run(tx -> assertThat(tx.add(ENV, "c", 1, 10, NOW, NOW.plusSeconds(9))).isEqualTo(OptionalLong.of(6)));
        run(tx -> assertThat(tx.add(OTHER, "c", 9, 10, NOW, NOW.plusSeconds(9))).isEqualTo(OptionalLong.of(10)));
    }

    @Test
    default void journalsOfTwoEnvironmentsAreApart() {
        run(tx -> {
            tx.append(new JournalEntry(ENV, "s", "1", NOW, "{\"env\":\"a\"}"));
            tx.append(new JournalEntry(OTHER, "s", "1", NOW, "{\"env\":\"b\"}"));
        });
        for (String env : List.of(ENV, OTHER)) {
            run(tx -> assertThat(tx.read(new JournalQuery(env, "s", null, null, false, 9)))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.env()).isEqualTo(env))
                    .satisfies(entry -> assertThat(entry.body()).contains(env.substring(4))));
        }
    }
}
