package dev.gatehouse.events;

import dev.gatehouse.engine.Call;
import java.util.List;

/** Hears of events in the transaction that publishes them, each exactly once. */
@FunctionalInterface
public interface Publication {
    /**
     * May store what follows from them; what it throws undoes the publication.
     *
     * @param events in their order
     */
    void published(Call call, List<Event> events);
}
