package dev.gatehouse.benchmarks;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.JournalQuery;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** By the storage SPI. */
final class OurRows implements Rows {
    private static final String ENV = "env_bench";
    private static final String KIND = "user";
    private final Instant now = Instant.now();

    private final Storage storage;

    OurRows(String url) {
        storage = Ours.storage(url);
        storage.prepare(List.of());
    }

    private void run(Consumer<Storage.Tx> work) {
        storage.<Boolean>inTransaction(tx -> {
            work.accept(tx);
            return true;
        });
    }

    private Storage.Insert made(int n, @Nullable Instant expiresAt) {
        return new Storage.Insert(new Row(ENV, KIND, Rows.id(n), 1, now, now, expiresAt, BODY), keys(n));
    }

    private static Keys keys(int n) {
        return new Keys(Map.of("email", Rows.email(n)), Map.of("organization", Set.of(Rows.organization(n))), null);
    }

    @Override
    public void insert(int n) {
        Storage.Insert one = made(n, null);
        run(tx -> tx.insert(one.row(), one.keys()));
    }

    @Override
    public void insertAll(int from, int to) {
        run(tx -> tx.insertAll(
                IntStream.range(from, to).mapToObj(n -> made(n, null)).toList()));
    }

    @Override
    public void insertExpired(int from, int to) {
        run(tx -> tx.insertAll(IntStream.range(from, to)
                .mapToObj(n -> made(n, now.minusSeconds(1)))
                .toList()));
    }

    @Override
    public boolean get(int n) {
        return storage.inTransaction(tx -> tx.get(ENV, KIND, Rows.id(n)).isPresent());
    }

    @Override
    public int getAll(List<Integer> numbers) {
        return storage.inTransaction(tx ->
                tx.getAll(ENV, KIND, numbers.stream().map(Rows::id).toList()).size());
    }

    @Override
    public boolean hold(int n) {
        return storage.inTransaction(tx -> tx.hold(ENV, KIND, Rows.id(n)).isPresent());
    }

    @Override
    public boolean getByKey(int n) {
        return storage.inTransaction(
                tx -> tx.getByKey(ENV, KIND, "email", Rows.email(n)).isPresent());
    }

    @Override
    public int getAllByKey(List<Integer> numbers) {
        return storage.inTransaction(tx -> tx.getAllByKey(
                        ENV, KIND, "email", numbers.stream().map(Rows::email).toList())
                .size());
    }

    @Override
    public void replace(int n) {
        run(tx -> tx.replace(tx.get(ENV, KIND, Rows.id(n)).orElseThrow(), keys(n)));
    }

    @Override
    public boolean delete(int n) {
        return storage.inTransaction(tx -> tx.delete(ENV, KIND, Rows.id(n)));
    }

    @Override
    public boolean take(int n) {
        return storage.inTransaction(tx -> tx.take(ENV, KIND, Rows.id(n), now).isPresent());
    }

    @Override
    public int page(int n) {
        Query query = new Query(ENV, KIND, Map.of(), null, Rows.id(n), null, false, 100);
        return storage.inTransaction(tx -> tx.find(query).size());
    }

    @Override
    public int pageOf(int n) {
        Query query = Query.by(ENV, KIND, "organization", Rows.organization(n), 20);
        return storage.inTransaction(tx -> tx.find(query).size());
    }

    @Override
    public boolean count(String counter) {
        return storage.inTransaction(tx -> tx.add(ENV, counter, 1, Long.MAX_VALUE, now, now.plusSeconds(3_600))
                .isPresent());
    }

    @Override
    public boolean lease(String name) {
        return storage.inTransaction(tx -> tx.lease(name, "me", now, now.plusSeconds(60)));
    }

    @Override
    public int sweep(int most) {
        return storage.inTransaction(tx -> tx.sweep(now, most));
    }

    @Override
    public void append(int n) {
        storage.append(new JournalEntry(ENV, "org_1", Rows.id(n), now, BODY));
    }

    @Override
    public int read() {
        JournalQuery query = new JournalQuery(ENV, "org_1", null, null, true, 100);
        return storage.inTransaction(tx -> tx.read(query).size());
    }

    @Override
    public void close() {
        storage.close();
    }
}
