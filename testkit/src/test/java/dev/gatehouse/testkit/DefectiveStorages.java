package dev.gatehouse.testkit;

import dev.gatehouse.spi.JournalEntry;
import dev.gatehouse.spi.Keys;
import dev.gatehouse.spi.Row;
import dev.gatehouse.spi.Storage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** Storages with one defect each that does not lie in a single method of a transaction. */
final class DefectiveStorages {
    private DefectiveStorages() {}

    /** Commits each call by itself. */
    static final class KeepsOnRollback extends DelegatingStorage {
        KeepsOnRollback(Storage inner) {
            super(inner, tx -> tx);
        }

        @Override
        public <T> T inTransaction(Work<T> work) {
            return work.run((Tx) Proxy.newProxyInstance(
                    Tx.class.getClassLoader(),
                    new Class<?>[] {Tx.class},
                    (proxy, method, arguments) -> inner.inTransaction(tx -> {
                        try {
                            return method.invoke(tx, arguments);
                        } catch (InvocationTargetException e) {
                            throw (RuntimeException) e.getCause();
                        } catch (IllegalAccessException e) {
                            throw new IllegalStateException(e);
                        }
                    })));
        }
    }

    /** Lets the next who appends hear of the last one's duplicate. */
    static final class TellsEverybody extends DelegatingStorage {
        private final AtomicReference<Duplicate> last = new AtomicReference<>();

        TellsEverybody(Storage inner) {
            super(inner, tx -> tx);
        }

        @Override
        public void append(JournalEntry entry) {
            Duplicate before = last.getAndSet(null);
            try {
                inner.append(entry);
            } catch (Duplicate e) {
                last.set(e);
                throw e;
            }
            if (before != null) {
                throw before;
            }
        }
    }

    /** Commits what went well before the failure that was swallowed. */
    static final class RevivesTheDead extends DelegatingStorage {
        RevivesTheDead(Storage inner) {
            super(inner, tx -> tx);
        }

        @Override
        public <T> T inTransaction(Work<T> work) {
            List<Row> inserted = new ArrayList<>();
            List<T> result = new ArrayList<>();
            try {
                return inner.inTransaction(tx -> {
                    T value = work.run(new DelegatingTx(tx) {
                        @Override
                        public void insert(Row row, Keys keys) {
                            super.insert(row, keys);
                            inserted.add(row);
                        }
                    });
                    result.add(value);
                    return value;
                });
            } catch (StorageException e) {
                if (result.isEmpty()) {
                    throw e;
                }
                return inner.inTransaction(tx -> {
                    inserted.forEach(row -> tx.insert(row, Keys.NONE));
                    return result.get(0);
                });
            }
        }
    }

    /** Joins the transaction that is open on this thread. */
    static final class LetsNestedCallsIn extends DelegatingStorage {
        private static final ThreadLocal<Tx> OPEN = new ThreadLocal<>();

        LetsNestedCallsIn(Storage inner) {
            super(inner, tx -> tx);
        }

        @Override
        public <T> T inTransaction(Work<T> work) {
            Tx outer = OPEN.get();
            if (outer != null) {
                return work.run(outer);
            }
            return inner.inTransaction(tx -> {
                OPEN.set(tx);
                try {
                    return work.run(tx);
                } finally {
                    OPEN.remove();
                }
            });
        }
    }

    /** Shows the inserts of open transactions to everybody. */
    static final class SeesTheDirty extends DelegatingStorage {
        private final Map<String, Row> dirty = new ConcurrentHashMap<>();

        SeesTheDirty(Storage inner) {
            super(inner, tx -> tx);
        }

        @Override
        public <T> T inTransaction(Work<T> work) {
            List<String> mine = new ArrayList<>();
            try {
                return inner.inTransaction(tx -> work.run(new DelegatingTx(tx) {
                    @Override
                    public void insert(Row row, Keys keys) {
                        super.insert(row, keys);
                        dirty.put(row.id(), row);
                        mine.add(row.id());
                    }

                    @Override
                    public Optional<Row> get(String env, String kind, String id) {
                        return super.get(env, kind, id).or(() -> Optional.ofNullable(dirty.get(id)));
                    }
                }));
            } finally {
                mine.forEach(dirty::remove);
            }
        }
    }

    /** Publishes an event as soon as it is written to the outbox: its number is older than its commit. */
    static final class NumbersBeforeCommit extends DelegatingStorage {
        NumbersBeforeCommit(Storage inner) {
            this(inner, new AtomicLong());
        }

        private NumbersBeforeCommit(Storage inner, AtomicLong number) {
            super(inner, tx -> new DelegatingTx(tx) {
                @Override
                public void insert(Row row, Keys keys) {
                    boolean outbox = row.kind().equals("outbox");
                    String id = "%012d".formatted(number.incrementAndGet());
                    super.insert(outbox ? StorageFixture.ofKind("event", id, row.id()) : row, keys);
                }
            });
        }
    }
}
