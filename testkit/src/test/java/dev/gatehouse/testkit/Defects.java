package dev.gatehouse.testkit;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Transactions with one defect each. */
final class Defects {
    private Defects() {}

    private static Row with(Row row, Instant createdAt, Instant expiresAt, long version) {
        return new Row(row.env(), row.kind(), row.id(), version, createdAt, row.updatedAt(), expiresAt, row.body());
    }

    /** Looks a unique key up in the other environment too. */
    static final class ForgetsEnvironmentInGetByKey extends DelegatingTx {
        ForgetsEnvironmentInGetByKey(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public Optional<Row> getByKey(String env, String kind, String index, String value) {
            return tx.getByKey(env, kind, index, value).or(() -> tx.getByKey(StorageFixture.ENV, kind, index, value));
        }
    }

    /** Looks many unique keys up in the other environment too. */
    static final class ForgetsEnvironmentInGetAllByKey extends DelegatingTx {
        ForgetsEnvironmentInGetAllByKey(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public Map<String, Row> getAllByKey(String env, String kind, String index, Collection<String> values) {
            Map<String, Row> found = new LinkedHashMap<>(tx.getAllByKey(StorageFixture.OTHER, kind, index, values));
            found.putAll(tx.getAllByKey(env, kind, index, values));
            return found;
        }
    }

    static final class AppendsSome extends DelegatingTx {
        AppendsSome(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public void appendAll(List<JournalEntry> entries) {
            tx.appendAll(entries.subList(0, entries.size() - 1));
        }
    }

    /** Adds no more than a thousand rows at once. */
    static final class InsertsSome extends DelegatingTx {
        InsertsSome(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public void insertAll(List<Storage.Insert> rows) {
            tx.insertAll(rows.subList(0, Math.min(rows.size(), 1_000)));
        }
    }

    /** Adds what it can. */
    static final class PassesOverTaken extends DelegatingTx {
        PassesOverTaken(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public void insertAll(List<Storage.Insert> rows) {
            rows.stream()
                    .filter(one -> tx.get(
                                    one.row().env(), one.row().kind(), one.row().id())
                            .isEmpty())
                    .forEach(one -> tx.insert(one.row(), one.keys()));
        }
    }

    /** Deletes in whatever environment has the row. */
    static final class ForgetsEnvironmentInDelete extends DelegatingTx {
        ForgetsEnvironmentInDelete(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public boolean delete(String env, String kind, String id) {
            return tx.delete(env, kind, id) || tx.delete(StorageFixture.ENV, kind, id);
        }
    }

    /** Counts for all environments together. */
    static final class ForgetsEnvironmentInAdd extends DelegatingTx {
        ForgetsEnvironmentInAdd(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public OptionalLong add(String env, String counter, long delta, long max, Instant now, Instant until) {
            return tx.add("all", counter, delta, max, now, until);
        }
    }

    /** Reads and then deletes, without looking whether it was the one that deleted. */
    static final class LetsTwoTake extends DelegatingTx {
        LetsTwoTake(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public Optional<Row> take(String env, String kind, String id, Instant now) {
            Optional<Row> row = tx.get(env, kind, id)
                    .filter(r -> r.expiresAt() == null || r.expiresAt().isAfter(now));
            row.ifPresent(r -> tx.delete(env, kind, id));
            return row;
        }
    }

    /** Takes whatever is there. */
    static final class TakesExpired extends DelegatingTx {
        TakesExpired(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public Optional<Row> take(String env, String kind, String id, Instant now) {
            return tx.take(env, kind, id, Instant.EPOCH.minus(Duration.ofDays(99_999)));
        }
    }

    /** Hides what has expired before it is swept. */
    static final class HidesExpired extends DelegatingTx {
        HidesExpired(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public Optional<Row> get(String env, String kind, String id) {
            return tx.get(env, kind, id)
                    .filter(r -> r.expiresAt() == null || r.expiresAt().isAfter(StorageFixture.NOW));
        }
    }

    /** Writes over whatever version is there. */
    static final class ReplacesWithoutCompare extends DelegatingTx {
        ReplacesWithoutCompare(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public Row replace(Row row, Keys keys) {
            long version =
                    tx.hold(row.env(), row.kind(), row.id()).map(Row::version).orElse(row.version());
            return tx.replace(row.withVersion(version), keys);
        }
    }

    /** Inserts the keys of a replacement beside the old ones. */
    static final class ReplaceLeavesLookups extends DelegatingTx {
        private static final Map<String, Map<String, Set<String>>> OLD = new java.util.concurrent.ConcurrentHashMap<>();

        ReplaceLeavesLookups(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public void insert(Row row, Keys keys) {
            OLD.put(row.id(), keys.lookup());
            tx.insert(row, keys);
        }

        @Override
        public Row replace(Row row, Keys keys) {
            Map<String, Set<String>> both = new java.util.HashMap<>(OLD.getOrDefault(row.id(), Map.of()));
            both.putAll(keys.lookup());
            return tx.replace(row, new Keys(keys.unique(), both, keys.text()));
        }
    }

    /** Does not lock. */
    static final class HoldDoesNotLock extends DelegatingTx {
        HoldDoesNotLock(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public Optional<Row> hold(String env, String kind, String id) {
            return tx.get(env, kind, id);
        }
    }

    /** Adds without a guard. */
    static final class UnguardedCounter extends DelegatingTx {
        UnguardedCounter(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public OptionalLong add(String env, String counter, long delta, long max, Instant now, Instant until) {
            return tx.add(env, counter, delta, Long.MAX_VALUE / 2, now, until);
        }
    }

    /** Adds first, and refuses afterwards. */
    static final class RefusalCounts extends DelegatingTx {
        RefusalCounts(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public OptionalLong add(String env, String counter, long delta, long max, Instant now, Instant until) {
            OptionalLong value = tx.add(env, counter, delta, Long.MAX_VALUE / 2, now, until);
            return value.orElse(0) > max ? OptionalLong.empty() : value;
        }
    }

    /** A counter's window never ends. */
    static final class WindowNeverRestarts extends DelegatingTx {
        WindowNeverRestarts(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public OptionalLong add(String env, String counter, long delta, long max, Instant now, Instant until) {
            return tx.add(env, counter, delta, max, now, now.plus(Duration.ofDays(36_500)));
        }
    }

    /** A counter kept by reading and writing a row, which two may do at once. */
    static final class CountsByReadAndWrite extends DelegatingTx {
        CountsByReadAndWrite(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public OptionalLong add(String env, String counter, long delta, long max, Instant now, Instant until) {
            Optional<Row> found = tx.get(env, "counter", counter);
            long value = found.map(row -> Long.parseLong(row.body())).orElse(0L) + delta;
            if (value > max) {
                return OptionalLong.empty();
            }
            Race.linger();
            tx.delete(env, "counter", counter);
            tx.insert(new Row(env, "counter", counter, 1, now, now, null, Long.toString(value)), Keys.NONE);
            return OptionalLong.of(value);
        }
    }

    /** Keys without regard to case. */
    static final class IgnoresCase extends DelegatingTx {
        IgnoresCase(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public Optional<Row> getByKey(String env, String kind, String index, String value) {
            return tx.getByKey(env, kind, index, value)
                    .or(() -> tx.getByKey(env, kind, index, value.toLowerCase(Locale.ROOT)));
        }
    }

    /** Cuts long values for the sake of an index. */
    static final class CutsLongValues extends DelegatingTx {
        CutsLongValues(Storage.Tx tx) {
            super(tx);
        }

        private static String cut(String value) {
            return value.substring(0, Math.min(200, value.length()));
        }

        @Override
        public void insert(Row row, Keys keys) {
            Map<String, String> unique = new java.util.HashMap<>(keys.unique());
            unique.replaceAll((index, value) -> cut(value));
            tx.insert(row, new Keys(unique, keys.lookup(), keys.text()));
        }

        @Override
        public Optional<Row> getByKey(String env, String kind, String index, String value) {
            return tx.getByKey(env, kind, index, cut(value));
        }
    }

    /** Stores local time: what the zone of the machine makes of it. */
    static final class StoresLocalTime extends DelegatingTx {
        StoresLocalTime(Storage.Tx tx) {
            super(tx);
        }

        private static long offset(Instant at) {
            return java.util.TimeZone.getDefault().getOffset(at.toEpochMilli());
        }

        @Override
        public void insert(Row row, Keys keys) {
            tx.insert(
                    with(row, row.createdAt().plusMillis(offset(row.createdAt())), row.expiresAt(), row.version()),
                    keys);
        }

        @Override
        public Optional<Row> get(String env, String kind, String id) {
            return tx.get(env, kind, id)
                    .map(r -> with(r, r.createdAt().minusMillis(offset(r.createdAt())), r.expiresAt(), r.version()));
        }
    }

    /** Keeps seconds only. */
    static final class KeepsSeconds extends DelegatingTx {
        KeepsSeconds(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public void insert(Row row, Keys keys) {
            tx.insert(with(row, row.createdAt().truncatedTo(ChronoUnit.SECONDS), row.expiresAt(), row.version()), keys);
        }
    }

    /** A page begins with the row that the page before ended with. */
    static final class PageIncludesItsBound extends DelegatingTx {
        PageIncludesItsBound(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public List<Row> find(Query query) {
            List<Row> found = new ArrayList<>(tx.find(query));
            if (query.after() != null && !query.descending()) {
                tx.get(query.env(), query.kind(), query.after()).ifPresent(row -> found.add(0, row));
            }
            return found.subList(0, Math.min(found.size(), query.limit()));
        }
    }

    /** Changes what is asked before it is answered. */
    static final class AsksOtherwise extends DelegatingTx {
        private final java.util.function.UnaryOperator<Query> change;

        AsksOtherwise(Storage.Tx tx, java.util.function.UnaryOperator<Query> change) {
            super(tx);
            this.change = change;
        }

        @Override
        public List<Row> find(Query query) {
            return tx.find(change.apply(query));
        }
    }

    /** Sweeps what has not expired yet. */
    static final class SweepsTooEarly extends DelegatingTx {
        SweepsTooEarly(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public int sweep(Instant now, int atMost) {
            return tx.sweep(now.plusMillis(1), atMost);
        }
    }

    /** Sweeps more than it was asked to. */
    static final class SweepsEverything extends DelegatingTx {
        SweepsEverything(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public int sweep(Instant now, int atMost) {
            return tx.sweep(now, Integer.MAX_VALUE);
        }
    }

    /** Gives a lease to everybody. */
    static final class LeaseForTwo extends DelegatingTx {
        LeaseForTwo(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public boolean lease(String name, String owner, Instant now, Instant until) {
            return tx.lease(name, owner, now, until) || tx.lease(name + "-2", owner, now, until);
        }
    }

    /** Gives the rows of the first hundred identifiers only. */
    static final class GetsSome extends DelegatingTx {
        GetsSome(Storage.Tx tx) {
            super(tx);
        }

        @Override
        public Map<String, Row> getAll(String env, String kind, Collection<String> ids) {
            return tx.getAll(env, kind, ids.stream().limit(100).toList());
        }
    }
}
