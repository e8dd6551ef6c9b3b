package dev.gatehouse.testkit;

import dev.gatehouse.engine.ForwardingTx;
import dev.gatehouse.spi.Storage;
import java.util.List;

/** Passes everything on; a planted defect overrides one method. */
class DelegatingTx extends ForwardingTx {
    DelegatingTx(Storage.Tx tx) {
        super(tx);
    }

    /** One by one, so that a defect of {@link #insert} is one of this, too. */
    @Override
    public void insertAll(List<Storage.Insert> rows) {
        rows.forEach(one -> insert(one.row(), one.keys()));
    }
}
