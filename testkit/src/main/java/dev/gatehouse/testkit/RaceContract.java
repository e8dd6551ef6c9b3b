package dev.gatehouse.testkit;

import static dev.gatehouse.testkit.StorageFixture.all;
import static dev.gatehouse.testkit.StorageFixture.body;
import static dev.gatehouse.testkit.StorageFixture.lookup;
import static dev.gatehouse.testkit.StorageFixture.ofKind;
import static dev.gatehouse.testkit.StorageFixture.row;
import static dev.gatehouse.testkit.StorageFixture.unique;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Many threads at the same rows. */
interface RaceContract extends StorageFixture {
    int THREADS = 16;

    @Test
    default void ofManyWhoTakeARowOneGetsIt() {
        try (Race race = new Race(THREADS)) {
            for (int round = 0; round < 40; round++) {
                String id = "code" + round;
                run(tx -> tx.insert(row(id), unique("code", id)));
                List<Optional<Row>> taken = race.start(n -> again(tx -> {
                    Optional<Row> row = tx.take(ENV, KIND, id, NOW);
                    Race.linger();
                    return row;
                }));
                assertThat(taken.stream().flatMap(Optional::stream)).containsExactly(row(id));
            }
        }
        assertThat(found(all())).isEmpty();
    }

    @Test
    default void noIncrementUnderAHoldIsLost() {
        run(tx -> tx.insert(row(ENV, "n", "0"), Keys.NONE));
        try (Race race = new Race(THREADS)) {
            race.start(n -> {
                for (int i = 0; i < 10; i++) {
                    again(tx -> {
                        Row held = tx.hold(ENV, KIND, "n").orElseThrow();
                        Race.linger();
                        return tx.replace(body(held, next(held)), Keys.NONE);
                    });
                }
                return n;
            });
        }
        run(tx -> assertThat(tx.get(ENV, KIND, "n").orElseThrow())
                .isEqualTo(body(row("n"), "160").withVersion(161)));
    }

    @Test
    default void noIncrementByCompareAndSwapIsLost() {
        run(tx -> tx.insert(row(ENV, "n", "0"), Keys.NONE));
        try (Race race = new Race(THREADS)) {
            race.start(n -> {
                for (int i = 0; i < 4; i++) {
                    again(tx -> {
                        Row read = tx.get(ENV, KIND, "n").orElseThrow();
                        Race.linger();
                        return tx.replace(body(read, next(read)), Keys.NONE);
                    });
                }
                return n;
            });
        }
        run(tx -> assertThat(tx.get(ENV, KIND, "n").orElseThrow())
                .isEqualTo(body(row("n"), "64").withVersion(65)));
    }

    private static String next(Row row) {
        return Integer.toString(Integer.parseInt(row.body()) + 1);
    }

    @Test
    default void aHeldRowIsHeldByOneAtATime() {
        run(tx -> tx.insert(row("lock"), Keys.NONE));
        ConcurrentLinkedQueue<String> inside = new ConcurrentLinkedQueue<>();
        try (Race race = new Race(8)) {
            List<Boolean> alone = race.start(n -> {
                boolean ok = true;
                for (int i = 0; i < 10; i++) {
                    ok &= again(tx -> {
                        assertThat(tx.hold(ENV, KIND, "lock")).isPresent();
                        inside.add("me");
                        Race.linger();
                        boolean only = inside.size() == 1;
                        inside.remove();
                        return only;
                    });
                }
                return ok;
            });
            assertThat(alone).containsOnly(true);
        }
    }

    @Test
    default void aParentIsNotDeletedUnderItsChildren() {
        try (Race race = new Race(9)) {
            for (int round = 0; round < 15; round++) {
                String parent = "org" + round;
                run(tx -> tx.insert(ofKind("org", parent, "{}"), Keys.NONE));
                race.start(n -> again(tx -> n == 0 ? deleteParent(tx, parent) : insertChild(tx, parent, n)));
                run(tx -> assertThat(tx.get(ENV, "org", parent)).isEmpty());
                assertThat(found("org", parent)).isEmpty();
            }
        }
    }

    private static boolean insertChild(Storage.Tx tx, String parent, int n) {
        if (tx.hold(ENV, "org", parent).isEmpty()) {
            return false;
        }
        Race.linger();
        tx.insert(row(parent + "-child" + n), lookup("org", parent));
        return true;
    }

    private static boolean deleteParent(Storage.Tx tx, String parent) {
        Race.linger();
        assertThat(tx.hold(ENV, "org", parent)).isPresent();
        tx.find(Query.by(ENV, KIND, "org", parent, 100)).forEach(child -> tx.delete(ENV, KIND, child.id()));
        return tx.delete(ENV, "org", parent);
    }

    @Test
    default void ofManyWhoInsertAUniqueValueOneWins() {
        try (Race race = new Race(THREADS)) {
            for (int round = 0; round < 15; round++) {
                String value = "mail" + round;
                List<String> outcome = race.start(n -> {
                    String id = value + "-" + n;
                    try {
                        again(tx -> {
                            tx.insert(row(id), new Keys(Map.of("email", value), Map.of("all", Set.of(value)), null));
                            Race.linger();
                            return true;
                        });
                        return id;
                    } catch (Storage.Duplicate e) {
                        return e.index();
                    }
                });
                assertThat(outcome.stream().filter("email"::equals)).hasSize(THREADS - 1);
                List<String> stored = found("all", value);
                assertThat(stored).hasSize(1);
                assertThat(outcome).containsAll(stored);
            }
        }
    }

    @Test
    default void ofManyWhoInsertAnIdentifierOneWins() {
        try (Race race = new Race(THREADS)) {
            for (int round = 0; round < 10; round++) {
                String id = "id" + round;
                List<String> outcome = race.start(n -> {
                    String mine = "{\"n\":" + n + "}";
                    try {
                        run2(id, mine);
                        return mine;
                    } catch (Storage.Duplicate e) {
                        return e.index();
                    }
                });
                assertThat(outcome.stream().filter("id"::equals)).hasSize(THREADS - 1);
                run(tx -> assertThat(outcome)
                        .contains(tx.get(ENV, KIND, id).orElseThrow().body()));
            }
        }
    }

    private void run2(String id, String body) {
        again(tx -> {
            tx.insert(row(ENV, id, body), Keys.NONE);
            Race.linger();
            return true;
        });
    }

    @Test
    default void ofManyWhoReplaceOneVersionOneWins() {
        run(tx -> tx.insert(row("a"), Keys.NONE));
        try (Race race = new Race(THREADS)) {
            for (int round = 1; round <= 10; round++) {
                long version = round;
                List<Boolean> won = race.start(n -> {
                    try {
                        return Race.replaceOnce(storage(), row("a").withVersion(version));
                    } catch (Storage.Stale e) {
                        return false;
                    }
                });
                assertThat(won.stream().filter(w -> w)).hasSize(1);
            }
        }
    }

    @Test
    default void aSweepDoesNotTakeARowWhoseLifeIsBeingProlonged() {
        try (Race race = new Race(4)) {
            for (int round = 0; round < 30; round++) {
                String id = "session" + round;
                run(tx -> tx.insert(StorageFixture.expiring(id, NOW), Keys.NONE));
                List<Boolean> prolonged = race.start(n -> {
                    if (n < 2) {
                        again(tx -> tx.sweep(NOW, 100));
                        return false;
                    }
                    return n == 2 && prolong(id);
                });
                run(tx -> assertThat(tx.get(ENV, KIND, id).isPresent()).isEqualTo(prolonged.contains(true)));
            }
        }
    }

    /** True if the row now lives on. */
    private boolean prolong(String id) {
        return again(tx -> {
            Optional<Row> held = tx.hold(ENV, KIND, id);
            if (held.isEmpty()) {
                return false;
            }
            tx.replace(StorageFixture.expiring(id, NOW.plusSeconds(9)), Keys.NONE);
            Race.linger();
            return true;
        });
    }
}
