package dev.gatehouse.testkit;

import dev.gatehouse.spi.Storage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A storage that counts every call in its transactions, and the rows that they return. */
final class CallCounter extends DelegatingStorage {
    private final AtomicLong calls;
    private final AtomicLong rows;

    CallCounter(Storage inner) {
        this(inner, new AtomicLong(), new AtomicLong());
    }

    private CallCounter(Storage inner, AtomicLong calls, AtomicLong rows) {
        super(inner, tx -> counting(tx, calls, rows));
        this.calls = calls;
        this.rows = rows;
    }

    /** Calls so far. */
    long calls() {
        return calls.get();
    }

    /** Rows that were returned so far. */
    long rows() {
        return rows.get();
    }

    private static Storage.Tx counting(Storage.Tx tx, AtomicLong calls, AtomicLong rows) {
        return (Storage.Tx) Proxy.newProxyInstance(
                CallCounter.class.getClassLoader(), new Class<?>[] {Storage.Tx.class}, (proxy, method, arguments) -> {
                    Object result;
                    try {
                        result = method.invoke(tx, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    calls.incrementAndGet();
                    rows.addAndGet(rowsOf(result));
                    return result;
                });
    }

    private static int rowsOf(Object result) {
        if (result instanceof Optional<?> row) {
            return row.isPresent() ? 1 : 0;
        }
        if (result instanceof Collection<?> page) {
            return page.size();
        }
        return result instanceof Map<?, ?> found ? found.size() : 0;
    }
}
