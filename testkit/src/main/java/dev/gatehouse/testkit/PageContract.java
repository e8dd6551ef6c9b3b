package dev.gatehouse.testkit;

import static dev.gatehouse.testkit.StorageFixture.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pages both ways, and text search. */
interface PageContract extends StorageFixture {

    /** A search for text alone. */
    static Query text(String text) {
        return new Query(ENV, KIND, Map.of(), text, null, null, false, 100);
    }

    /** As many values as the parents of a page of children, and among them two of the same row. */
    Set<String> MANY = Stream.concat(
                    Stream.of("o", "x"), IntStream.range(0, 150).mapToObj(i -> "other" + i))
            .collect(Collectors.toUnmodifiableSet());

    /** Without a lookup, with a driving one, with one of several values, and of many: ways through a database. */
    List<Map<String, Set<String>>> WAYS = List.of(
            Map.of(),
            Map.of("org", Set.of("o")),
            Map.of("org", Set.of("o", "p")),
            Map.of("org", MANY),
            Map.of("n", Set.of("a", "b")),
            Map.of("org", MANY, "n", Set.of("a", "b")));

    private List<String> page(
            Map<String, Set<String>> where, @Nullable String after, @Nullable String before, boolean down, int limit) {
        return found(new Query(ENV, KIND, where, null, after, before, down, limit));
    }

    /** Ten rows r0 to r9, inserted out of order, all with the same lookups; and others that must not show. */
    default void tenRows() {
        Keys keys = new Keys(Map.of(), Map.of("org", Set.of("o", "x"), "n", Set.of("a", "b")), "text");
        run(tx -> {
            for (int i : new int[] {5, 1, 9, 0, 7, 3, 8, 2, 6, 4}) {
                tx.insert(row("r" + i), keys);
            }
            tx.insert(new Row(ENV, "role", "r5x", 1, NOW, NOW, null, "{}"), keys);
            tx.insert(new Row(OTHER, KIND, "r5y", 1, NOW, NOW, null, "{}"), keys);
        });
    }

    @Test
    default void rowsComeInIdentifierOrderBothWaysUpToTheLimit() {
        tenRows();
        for (Map<String, Set<String>> where : WAYS) {
            assertThat(page(where, null, null, false, 100))
                    .containsExactly("r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9");
            assertThat(page(where, null, null, false, 3)).containsExactly("r0", "r1", "r2");
            assertThat(page(where, null, null, true, 3)).containsExactly("r9", "r8", "r7");
            assertThat(page(where, null, null, true, 10)).hasSize(10);
            assertThat(page(where, null, null, true, 1)).containsExactly("r9");
        }
    }

    @Test
    default void boundsAreExclusiveBothWays() {
        tenRows();
        for (Map<String, Set<String>> where : WAYS) {
            assertThat(page(where, "r6", null, false, 100)).containsExactly("r7", "r8", "r9");
            assertThat(page(where, null, "r3", false, 100)).containsExactly("r0", "r1", "r2");
            assertThat(page(where, null, "r3", true, 2)).containsExactly("r2", "r1");
            assertThat(page(where, "r6", null, true, 2)).containsExactly("r9", "r8");
            assertThat(page(where, "r2", "r6", false, 2)).containsExactly("r3", "r4");
            assertThat(page(where, "r2", "r6", true, 2)).containsExactly("r5", "r4");
            assertThat(page(where, "r2", "r3", false, 2)).isEmpty();
            assertThat(page(where, "r6", "r2", true, 2)).isEmpty();
            assertThat(page(where, "r6", "r6", false, 2)).isEmpty();
            assertThat(page(where, "r9", null, false, 2)).isEmpty();
            assertThat(page(where, null, "r0", true, 2)).isEmpty();
            assertThat(page(where, "r5a", "r7a", false, 9)).containsExactly("r6", "r7");
        }
    }

    @Test
    default void aWalkThroughAllPagesMeetsEachRowOnce() {
        List<String> all = new ArrayList<>();
        run(tx -> {
            for (int i = 0; i < 57; i++) {
                all.add("r%03d".formatted(i));
                tx.insert(row(all.get(i)), StorageFixture.lookup("org", "o"));
            }
        });
        for (boolean down : List.of(false, true)) {
            List<String> met = new ArrayList<>();
            List<String> page = page(WAYS.get(1), null, null, down, 10);
            while (!page.isEmpty()) {
                met.addAll(page);
                String last = page.get(page.size() - 1);
                page = page(WAYS.get(1), down ? null : last, down ? last : null, down, 10);
            }
            List<String> wanted = new ArrayList<>(all);
            if (down) {
                Collections.reverse(wanted);
            }
            assertThat(met).isEqualTo(wanted);
        }
    }

    @Test
    default void identifiersAreOrderedByCodePointNotByLanguage() {
        List<String> ordered = List.of("-", "0", "9", "A", "B", "Z", "_", "a", "b", "z", "ä");
        List<String> shuffled = new ArrayList<>(ordered);
        Collections.reverse(shuffled);
        run(tx -> shuffled.forEach(id -> tx.insert(row(id), StorageFixture.lookup("org", "o"))));
        for (Map<String, Set<String>> where : WAYS.subList(0, 4)) {
            assertThat(page(where, null, null, false, 100)).isEqualTo(ordered);
            assertThat(page(where, "B", "b", false, 100)).containsExactly("Z", "_", "a");
        }
    }

    @Test
    default void textIsFoundAnywhereAndTakenLiterally() {
        Map<String, String> texts = Map.of(
                "a",
                "100% sure",
                "b",
                "100 sure",
                "c",
                "a_b",
                "d",
                "axb",
                "e",
                "wow!",
                "f",
                "wow",
                "g",
                "back\\slash",
                "h",
                "it's \"so\"",
                "i",
                "äöü \uD83D\uDE00",
                "j",
                "!%");
        run(tx -> {
            texts.forEach((id, text) -> tx.insert(row(id), StorageFixture.text(text)));
            tx.insert(row("none"), Keys.NONE);
        });
        assertThat(found(text("0%"))).containsExactly("a");
        assertThat(found(text("%"))).containsExactly("a", "j");
        assertThat(found(text("_"))).containsExactly("c");
        assertThat(found(text("a_b"))).containsExactly("c");
        assertThat(found(text("!"))).containsExactly("e", "j");
        assertThat(found(text("!%"))).containsExactly("j");
        assertThat(found(text("\\"))).containsExactly("g");
        assertThat(found(text("k\\s"))).containsExactly("g");
        assertThat(found(text("'s \"s"))).containsExactly("h");
        assertThat(found(text("öü \uD83D\uDE00"))).containsExactly("i");
        assertThat(found(text("sure"))).containsExactly("a", "b");
        assertThat(found(text("SURE"))).isEmpty();
        assertThat(found(text("ao"))).isEmpty();
        assertThat(found(text("a\u0000"))).isEmpty();
    }

    @Test
    default void textGoesWithLookupsBoundsAndLimit() {
        run(tx -> {
            for (int i = 0; i < 9; i++) {
                tx.insert(
                        row("r" + i),
                        new Keys(Map.of(), Map.of("org", Set.of("o" + i % 2)), i % 3 == 0 ? "ann" : "bob"));
            }
        });
        Map<String, Set<String>> even = Map.of("org", Set.of("o0"));
        assertThat(found(new Query(ENV, KIND, even, "bob", null, null, false, 9)))
                .containsExactly("r2", "r4", "r8");
        assertThat(found(new Query(ENV, KIND, even, "bob", "r2", "r8", false, 9)))
                .containsExactly("r4");
        assertThat(found(new Query(ENV, KIND, even, "ob", null, null, true, 2))).containsExactly("r8", "r4");
        assertThat(found(new Query(ENV, KIND, Map.of(), "ann", "r0", null, false, 1)))
                .containsExactly("r3");
    }

    @Test
    default void longTextIsKeptUpToFiveHundredCharacters() {
        String emoji = "\uD83D\uDE00";
        run(tx -> {
            tx.insert(row("a"), StorageFixture.text("x".repeat(499) + "y" + "z"));
            // the cut would go through the middle of a character
            tx.insert(row("b"), StorageFixture.text("x".repeat(499) + emoji + "z"));
            tx.insert(row("c"), StorageFixture.text(emoji.repeat(400)));
        });
        assertThat(found(text("xy"))).containsExactly("a");
        assertThat(found(text("x".repeat(499)))).containsExactly("a", "b");
        assertThat(found(text("z"))).isEmpty();
        assertThat(found(text(emoji.repeat(249)))).containsExactly("c");
    }
}
