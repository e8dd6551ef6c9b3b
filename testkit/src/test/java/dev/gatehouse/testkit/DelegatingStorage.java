package dev.gatehouse.testkit;

import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.ViewSpec;
import java.util.List;
import java.util.function.UnaryOperator;

/** A storage whose transactions are wrapped: by default it behaves as the one behind it. */
class DelegatingStorage implements Storage {
    final Storage inner;
    private final UnaryOperator<Tx> wrapper;

    DelegatingStorage(Storage inner, UnaryOperator<Tx> wrapper) {
        this.inner = inner;
        this.wrapper = wrapper;
    }

    @Override
    public <T> T inTransaction(Work<T> work) {
        return inner.inTransaction(tx -> work.run(wrapper.apply(tx)));
    }

    @Override
    public void prepare(List<ViewSpec> views) {
        inner.prepare(views);
    }

    @Override
    public void close() {
        inner.close();
    }
}
