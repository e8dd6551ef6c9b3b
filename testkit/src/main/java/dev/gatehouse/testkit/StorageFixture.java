package dev.gatehouse.testkit;

import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the parts of the contract share. */
interface StorageFixture {
    Instant NOW = Instant.parse("2026-02-03T04:05:06.789Z");
    String ENV = "env_a";
    String OTHER = "env_b";
    String KIND = "user";

    /** The storage under test. */
    Storage storage();

    /** One transaction. */
    default <T extends @Nullable Object> T tx(Storage.Work<T> work) {
        return storage().inTransaction(work);
    }

    /** One transaction without a result. */
    default void run(Consumer<Storage.Tx> work) {
        storage().<Boolean>inTransaction(tx -> {
            work.accept(tx);
            return true;
        });
    }

    /** One transaction, run again as long as the storage gives it up for another one or a row was stale. */
    default <T extends @Nullable Object> T again(Storage.Work<T> work) {
        return Race.again(storage(), work);
    }

    static Row row(String id) {
        return row(ENV, id, "{}");
    }

    static Row row(String env, String id, String body) {
        return new Row(env, KIND, id, 1, NOW, NOW, null, body);
    }

    static Row ofKind(String kind, String id, String body) {
        return new Row(ENV, kind, id, 1, NOW, NOW, null, body);
    }

    static Row expiring(String id, @Nullable Instant expiresAt) {
        return new Row(ENV, KIND, id, 1, NOW, NOW, expiresAt, "{}");
    }

    /** The row with another body, as an update gives it. */
    static Row body(Row row, String body) {
        return new Row(
                row.env(),
                row.kind(),
                row.id(),
                row.version(),
                row.createdAt(),
                NOW.plusMillis(5),
                row.expiresAt(),
                body);
    }

    static Keys unique(String index, String value) {
        return new Keys(Map.of(index, value), Map.of(), null);
    }

    static Keys lookup(String index, String... values) {
        return new Keys(Map.of(), Map.of(index, Set.of(values)), null);
    }

    static Keys text(String text) {
        return new Keys(Map.of(), Map.of(), text);
    }

    static Query all() {
        return where(Map.of());
    }

    static Query where(Map<String, Set<String>> where) {
        return new Query(ENV, KIND, where, null, null, null, false, 1000);
    }

    static List<String> ids(List<Row> rows) {
        return rows.stream().map(Row::id).toList();
    }

    /** Identifiers of what a query finds. */
    default List<String> found(Query query) {
        return ids(tx(tx -> tx.find(query)));
    }

    /** Identifiers of what a lookup finds. */
    default List<String> found(String index, String... values) {
        return found(where(Map.of(index, Set.of(values))));
    }
}
