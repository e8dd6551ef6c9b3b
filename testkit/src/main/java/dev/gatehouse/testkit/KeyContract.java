package dev.gatehouse.testkit;

import static dev.gatehouse.testkit.StorageFixture.all;
import static dev.gatehouse.testkit.StorageFixture.body;
import static dev.gatehouse.testkit.StorageFixture.lookup;
import static dev.gatehouse.testkit.StorageFixture.row;
import static dev.gatehouse.testkit.StorageFixture.unique;
import static dev.gatehouse.testkit.StorageFixture.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Unique keys and lookups: how they compare, and how they move with their row. */
interface KeyContract extends StorageFixture {
    /** Values that a careless database takes for the same, or trips over. */
    List<String> ALIKE = List.of(
            "ann@x.y",
            "Ann@x.y",
            "ANN@X.Y",
            "änn@x.y",
            "a\u0308nn@x.y",
            "ann@x.y ",
            " ann@x.y",
            "ann@x.y\t",
            "straße",
            "strasse",
            "i",
            "İ",
            "ı",
            "%",
            "_",
            "!",
            "'",
            "\"",
            "\\",
            "",
            "null",
            "\uD83D\uDE00",
            "a\u0000",
            "a\uD800",
            "a?");

    String LONG = "x".repeat(200);

    /** Unique owner, by identifier. */
    default Optional<String> owner(String index, String value) {
        return tx(tx -> tx.getByKey(ENV, KIND, index, value)).map(Row::id);
    }

    private void taken(String index, String id, Keys keys) {
        assertThatThrownBy(() -> run(tx -> tx.insert(row(id), keys)))
                .isInstanceOfSatisfying(
                        Storage.Duplicate.class, e -> assertThat(e.index()).isEqualTo(index));
    }

    @Test
    default void aTakenUniqueValueIsADuplicateOfItsIndex() {
        run(tx -> tx.insert(row("a"), new Keys(Map.of("email", "v", "name", "n"), Map.of(), null)));
        taken("email", "b", unique("email", "v"));
        taken("name", "b", new Keys(Map.of("email", "w", "name", "n"), Map.of(), null));
        run(tx -> tx.insert(row("b"), unique("name", "v")));
        assertThat(owner("email", "v")).contains("a");
        assertThat(owner("name", "v")).contains("b");
        assertThat(owner("email", "w")).isEmpty();
    }

    @Test
    default void manyRowsAddedAtOnceAreAsIfAddedOneByOne() {
        List<Storage.Insert> many = new ArrayList<>();
        for (int i = 0; i < 1203; i++) {
            Row row = StorageFixture.ofKind(i % 3 == 0 ? "role" : KIND, "id" + i, "{\"i\":" + i + "}");
            Keys keys = new Keys(
                    i % 2 == 0 ? Map.of("email", "e" + i, "name", LONG + i) : Map.of(),
                    Map.of("group", Set.of("all", "g" + i % 5)),
                    "text " + i);
            many.add(new Storage.Insert(row, keys));
        }
        run(tx -> tx.insertAll(many));
        run(tx -> tx.insertAll(List.of()));
        run(tx -> {
            for (Storage.Insert one : many) {
                Row row = one.row();
                assertThat(tx.get(ENV, row.kind(), row.id())).contains(row);
                one.keys()
                        .unique()
                        .forEach((index, value) -> assertThat(tx.getByKey(ENV, row.kind(), index, value))
                                .contains(row));
            }
        });
        assertThat(found("group", "g1")).hasSize(161);
        run(tx -> tx.delete(ENV, KIND, "id2"));
        run(tx -> tx.insertAll(List.of(new Storage.Insert(row("again"), unique("email", "e2")))));
        assertThat(owner("email", "e2")).contains("again");
    }

    @Test
    default void ofManyRowsATakenKeyOfOneIsADuplicateAndNoneIsThere() {
        run(tx -> tx.insert(row("a"), unique("email", "v")));
        Storage.Insert fine = new Storage.Insert(row("fine"), unique("email", "fine"));
        Map<String, Storage.Insert> clashes = Map.of(
                "id", new Storage.Insert(row("a"), Keys.NONE),
                "email", new Storage.Insert(row("b"), unique("email", "v")));
        clashes.forEach((index, clash) -> {
            assertThatThrownBy(() -> run(tx -> tx.insertAll(List.of(fine, clash))))
                    .isInstanceOfSatisfying(
                            Storage.Duplicate.class, e -> assertThat(e.index()).isEqualTo(index));
            run(tx -> assertThat(tx.get(ENV, KIND, "fine")).isEmpty());
            assertThat(owner("email", "fine")).isEmpty();
        });
        Storage.Insert same = new Storage.Insert(row("other"), unique("email", "fine"));
        assertThatThrownBy(() -> run(tx -> tx.insertAll(List.of(fine, same))))
                .as("two of them")
                .isInstanceOfSatisfying(
                        Storage.Duplicate.class, e -> assertThat(e.index()).isEqualTo("email"));
        run(tx -> tx.insertAll(List.of(fine)));
        assertThat(owner("email", "fine")).contains("fine");
    }

    @Test
    default void ownersOfManyValuesAreFoundAtOnce() {
        List<String> asked = new ArrayList<>(ALIKE);
        run(tx -> {
            for (int i = 0; i < 1203; i++) {
                asked.add(LONG + i);
                if (i % 3 == 0) {
                    tx.insert(row("r" + i), unique("email", LONG + i));
                }
            }
            tx.insert(row("alike"), unique("email", "Ann@x.y"));
            tx.insert(row("index"), unique("name", "ann@x.y"));
            tx.insert(row(OTHER, "env", "{}"), unique("email", "ann@x.y"));
        });
        Map<String, Row> owners = tx(tx -> tx.getAllByKey(ENV, KIND, "email", asked));
        assertThat(owners).hasSize(402);
        owners.forEach((value, row) ->
                assertThat(row.id()).isEqualTo(value.equals("Ann@x.y") ? "alike" : "r" + value.substring(200)));
        run(tx -> assertThat(tx.getAllByKey(ENV, KIND, "email", List.of())).isEmpty());
    }

    @Test
    default void aReplacementCannotTakeTheValueOfAnotherRow() {
        run(tx -> {
            tx.insert(row("a"), unique("email", "a"));
            tx.insert(row("b"), unique("email", "b"));
        });
        assertThatThrownBy(() -> run(tx -> tx.replace(row("b"), unique("email", "a"))))
                .isInstanceOfSatisfying(
                        Storage.Duplicate.class, e -> assertThat(e.index()).isEqualTo("email"));
        assertThat(owner("email", "a")).contains("a");
        assertThat(owner("email", "b")).contains("b");
    }

    @Test
    default void uniqueValuesThatDifferByCaseAccentOrSpaceAreDifferent() {
        run(tx -> {
            for (int i = 0; i < ALIKE.size(); i++) {
                tx.insert(row("r" + i), unique("email", ALIKE.get(i)));
            }
        });
        for (int i = 0; i < ALIKE.size(); i++) {
            assertThat(owner("email", ALIKE.get(i))).contains("r" + i);
        }
        assertThat(owner("email", "aNN@x.y")).isEmpty();
        assertThat(owner("email", "ann@x.y  ")).isEmpty();
    }

    @Test
    default void lookupsThatDifferByCaseAccentOrSpaceAreDifferent() {
        run(tx -> {
            for (int i = 0; i < ALIKE.size(); i++) {
                tx.insert(row("r" + i), lookup("name", ALIKE.get(i)));
            }
        });
        for (int i = 0; i < ALIKE.size(); i++) {
            assertThat(found("name", ALIKE.get(i))).containsExactly("r" + i);
        }
        assertThat(found("name", "aNN@x.y", "ann@x.y  ")).isEmpty();
    }

    @Test
    default void longValuesWithTheSameBeginningAreDifferent() {
        List<String> values = List.of(LONG, LONG + "a", LONG + "b", LONG + "A", LONG + "a ", LONG + "y".repeat(3000));
        run(tx -> {
            for (int i = 0; i < values.size(); i++) {
                String value = values.get(i);
                tx.insert(row("r" + i), new Keys(Map.of("u", value), Map.of("l", Set.of(value)), null));
            }
        });
        for (int i = 0; i < values.size(); i++) {
            assertThat(owner("u", values.get(i))).contains("r" + i);
            assertThat(found("l", values.get(i))).containsExactly("r" + i);
            taken("u", "other", unique("u", values.get(i)));
        }
        assertThat(found("l", LONG + "a", LONG + "b")).containsExactly("r1", "r2");
        assertThat(found("l", LONG + "c")).isEmpty();
    }

    @Test
    default void noValueCanBeSpeltLikeTheStoredFormOfALongOne() throws Exception {
        String digest = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest((LONG + "a").getBytes(StandardCharsets.UTF_8)));
        run(tx -> tx.insert(row("long"), unique("u", LONG + "a")));
        for (String spelt : List.of(digest, "sha256:" + digest, LONG)) {
            assertThat(owner("u", spelt)).isEmpty();
            run(tx -> tx.insert(row("spelt-" + spelt.length()), unique("u", spelt)));
            assertThat(owner("u", spelt)).contains("spelt-" + spelt.length());
        }
        assertThat(owner("u", LONG + "a")).contains("long");
    }

    @Test
    default void aReplacementMovesUniqueKeysAndOthersMayHaveTheOldOnesAtOnce() {
        run(tx -> tx.insert(row("a"), new Keys(Map.of("email", "old", "name", "stays"), Map.of(), null)));
        run(tx -> {
            tx.replace(row("a"), new Keys(Map.of("email", "new", "name", "stays"), Map.of(), null));
            tx.insert(row("b"), unique("email", "old"));
        });
        assertThat(owner("email", "old")).contains("b");
        assertThat(owner("email", "new")).contains("a");
        assertThat(owner("name", "stays")).contains("a");
        run(tx -> tx.replace(row("a").withVersion(2), Keys.NONE));
        assertThat(owner("email", "new")).isEmpty();
        assertThat(owner("name", "stays")).isEmpty();
        run(tx -> tx.insert(row("c"), new Keys(Map.of("email", "new", "name", "stays"), Map.of(), null)));
    }

    @Test
    default void aReplacementMovesLookupsAndText() {
        run(tx -> tx.insert(
                row("a"), new Keys(Map.of(), Map.of("org", Set.of("o1", "o2"), "role", Set.of("r")), "old text")));
        run(tx -> tx.replace(body(row("a"), "{}"), new Keys(Map.of(), Map.of("org", Set.of("o2", "o3")), "new text")));
        assertThat(found("org", "o1")).isEmpty();
        assertThat(found("org", "o2")).containsExactly("a");
        assertThat(found("org", "o3")).containsExactly("a");
        assertThat(found("role", "r")).isEmpty();
        assertThat(found(PageContract.text("old"))).isEmpty();
        assertThat(found(PageContract.text("new"))).containsExactly("a");
        run(tx -> tx.replace(row("a").withVersion(2), Keys.NONE));
        assertThat(found("org", "o2", "o3")).isEmpty();
        assertThat(found(PageContract.text("text"))).isEmpty();
        assertThat(found(all())).containsExactly("a");
    }

    @Test
    default void twoRowsMaySwapTheirValuesInOneTransaction() {
        run(tx -> {
            tx.insert(row("a"), unique("email", "1"));
            tx.insert(row("b"), unique("email", "2"));
        });
        run(tx -> {
            Row a = tx.replace(row("a"), Keys.NONE);
            tx.replace(row("b"), unique("email", "1"));
            tx.replace(a, unique("email", "2"));
        });
        assertThat(owner("email", "1")).contains("b");
        assertThat(owner("email", "2")).contains("a");
    }

    @Test
    default void aDeletedRowFreesItsKeys() {
        Keys keys = new Keys(Map.of("email", "v"), Map.of("org", Set.of("o")), "text");
        run(tx -> tx.insert(row("a"), keys));
        run(tx -> {
            tx.delete(ENV, KIND, "a");
            tx.insert(row("b"), keys);
        });
        assertThat(owner("email", "v")).contains("b");
        assertThat(found("org", "o")).containsExactly("b");
    }

    @Test
    default void allLookupsMustMatchAndOneOfTheValuesOfEach() {
        run(tx -> {
            tx.insert(row("a"), new Keys(Map.of(), Map.of("org", Set.of("o1", "o2"), "role", Set.of("r1")), "ann"));
            tx.insert(row("b"), new Keys(Map.of(), Map.of("org", Set.of("o1"), "role", Set.of("r2")), "bob"));
            tx.insert(row("c"), new Keys(Map.of("org", "o1"), Map.of("role", Set.of("r1")), "ann"));
        });
        assertThat(found("org", "o1")).containsExactly("a", "b");
        assertThat(found("org", "o1", "o2", "o3")).containsExactly("a", "b");
        assertThat(found(where(Map.of("org", Set.of("o1"), "role", Set.of("r1")))))
                .containsExactly("a");
        assertThat(found(where(Map.of("org", Set.of("o1", "o2"), "role", Set.of("r1", "r2")))))
                .containsExactly("a", "b");
        assertThat(found(where(Map.of("org", Set.of("o2"), "role", Set.of("r2")))))
                .isEmpty();
        assertThat(found(where(Map.of("org", Set.of("r1"))))).isEmpty();
        assertThat(found(where(Map.of("absent", Set.of("o1"))))).isEmpty();
    }

    @Test
    default void anEmptySetOfValuesMatchesNothing() {
        run(tx -> tx.insert(row("a"), new Keys(Map.of(), Map.of("org", Set.of("o")), null)));
        assertThat(found("org")).isEmpty();
        assertThat(found(where(Map.of("org", Set.of("o"), "role", Set.of())))).isEmpty();
        assertThat(found(where(Map.of("org", Set.of("o"))))).containsExactly("a");
    }
}
