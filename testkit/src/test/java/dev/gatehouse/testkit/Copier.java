package dev.gatehouse.testkit;

import dev.gatehouse.crypto.Ulid;
import dev.gatehouse.engine.ForwardingTx;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Grows a storage by copies of rows that Gatehouse made itself, bodies and keys with them, so that a million of them take
 * minutes and look as if they had come one by one. What is to differ from copy to copy are ULIDs, also as the
 * application's own words.
 */
final class Copier {
    private static final int BATCH = 20_000;
    private static final Pattern ULID = Pattern.compile("[0-9A-Za-z]{26}");

    private final Storage inner;
    private final Ulid ids = new Ulid();
    private final Map<String, Storage.Insert> seen = new LinkedHashMap<>();
    private final List<Storage.Insert> waiting = new ArrayList<>();

    Copier(Storage inner) {
        this.inner = inner;
    }

    /** The storage to be used, which notes what is stored. */
    Storage storage() {
        return new DelegatingStorage(inner, Noting::new);
    }

    private final class Noting extends ForwardingTx {
        Noting(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public void insert(Row row, Keys keys) {
            super.insert(row, keys);
            seen.put(row.kind() + row.id(), new Storage.Insert(row, keys));
        }

        @Override
        public Row replace(Row row, Keys keys) {
            Row replaced = super.replace(row, keys);
            seen.put(row.kind() + row.id(), new Storage.Insert(replaced, keys));
            return replaced;
        }

        @Override
        public boolean delete(String env, String kind, String id) {
            seen.remove(kind + id);
            return super.delete(env, kind, id);
        }
    }

    /** A new ULID, greater than all before. */
    String ulid() {
        return ids.ulid(Instant.now());
    }

    /** What was stored so far is none of what a step makes. */
    void forget() {
        seen.clear();
    }

    /** What a step stored, of these kinds. */
    List<Storage.Insert> made(Set<String> kinds, Runnable step) {
        forget();
        step.run();
        return seen.values().stream()
                .filter(one -> kinds.contains(one.row().kind()))
                .toList();
    }

    /**
     * Copies what was made once more.
     *
     * @param own ULIDs that are the application's words and differ, too
     * @return the ULIDs of the copy by those of the original
     */
    Map<String, String> copy(List<Storage.Insert> made, Set<String> own) {
        Map<String, String> others = new HashMap<>();
        own.forEach(ulid -> others.put(ulid, ulid()));
        made.forEach(one -> others.computeIfAbsent(ulid(one.row().id()), id -> ulid()));
        UnaryOperator<String> renamed = text -> ULID.matcher(text).replaceAll(match -> other(others, match.group()));
        for (Storage.Insert one : made) {
            waiting.add(copy(one, renamed));
        }
        if (waiting.size() >= BATCH) {
            flush();
        }
        return others;
    }

    private static String ulid(String id) {
        return id.substring(id.lastIndexOf('_') + 1);
    }

    private static String other(Map<String, String> others, String text) {
        String upper = text.toUpperCase(Locale.ROOT);
        String other = others.getOrDefault(upper, text);
        return text.equals(upper) ? other : other.toLowerCase(Locale.ROOT);
    }

    private static Storage.Insert copy(Storage.Insert one, UnaryOperator<String> renamed) {
        Row row = one.row();
        Map<String, String> unique = new LinkedHashMap<>();
        one.keys().unique().forEach((index, value) -> unique.put(index, renamed.apply(value)));
        Map<String, Set<String>> lookup = new LinkedHashMap<>();
        one.keys()
                .lookup()
                .forEach((index, values) -> lookup.put(
                        index, values.stream().map(renamed).collect(Collectors.toCollection(LinkedHashSet::new))));
        String text = one.keys().text();
        return new Storage.Insert(
                new Row(
                        row.env(),
                        row.kind(),
                        renamed.apply(row.id()),
                        1,
                        row.createdAt(),
                        row.updatedAt(),
                        row.expiresAt(),
                        renamed.apply(row.body())),
                new Keys(unique, lookup, text == null ? null : renamed.apply(text)));
    }

    /** Stores what was copied. */
    void flush() {
        List<Storage.Insert> batch = List.copyOf(waiting);
        waiting.clear();
        inner.<Boolean>inTransaction(tx -> {
            tx.insertAll(batch);
            return true;
        });
    }
}
