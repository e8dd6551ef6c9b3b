package dev.gatehouse.testkit;

import dev.gatehouse.engine.ForwardingTx;
import dev.gatehouse.spi.Query;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A storage that counts what is read from it: statements, and the rows that they return. */
final class ReadCounter extends DelegatingStorage {
    private final AtomicLong count;

    ReadCounter(Storage inner) {
        this(inner, new AtomicLong());
    }

    private ReadCounter(Storage inner, AtomicLong count) {
        super(inner, tx -> new Counting(tx, count));
        this.count = count;
    }

    /** Statements and rows so far. */
    long total() {
        return count.get();
    }

    private static final class Counting extends ForwardingTx {
        private final AtomicLong count;

        Counting(Storage.Tx tx, AtomicLong count) {
            super(tx);
            this.count = count;
        }

        private void add(int rows) {
            count.addAndGet(1L + rows);
        }

        private Optional<Row> one(Optional<Row> row) {
            add(row.isPresent() ? 1 : 0);
            return row;
        }

        @Override
        public Optional<Row> get(String env, String kind, String id) {
            return one(super.get(env, kind, id));
        }

        @Override
        public Optional<Row> getByKey(String env, String kind, String index, String value) {
            return one(super.getByKey(env, kind, index, value));
        }

        @Override
        public Map<String, Row> getAll(String env, String kind, Collection<String> ids) {
            Map<String, Row> rows = super.getAll(env, kind, ids);
            add(rows.size());
            return rows;
        }

        @Override
        public List<Row> find(Query query) {
            List<Row> rows = super.find(query);
            add(rows.size());
            return rows;
        }
    }
}
