package dev.gatehouse.identity;

import dev.gatehouse.engine.Signals;
import dev.gatehouse.spi.Telemetry.Count;
import dev.gatehouse.spi.Telemetry.Signal;
import java.util.List;

/** How look-ups of one kind of credential are counted: what is told is made once, so that a hit allocates nothing. */
public final class Lookups {
    private final Signals signals;
    private final Count hit;
    private final Count miss;
    private final Count refused;

    /** @param credential word of the closed vocabulary */
    public Lookups(Signals signals, String credential) {
        this.signals = signals;
        this.hit = new Count(Signal.LOOKUPS, List.of(credential, "hit"));
        this.miss = new Count(Signal.LOOKUPS, List.of(credential, "miss"));
        this.refused = new Count(Signal.LOOKUPS, List.of(credential, "refused"));
    }

    /** It was seen a moment ago. */
    public void hit() {
        signals.count(hit);
    }

    /** It had to be looked up. */
    public void missed(boolean found) {
        signals.count(found ? miss : refused);
    }
}
