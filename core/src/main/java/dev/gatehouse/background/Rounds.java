package dev.gatehouse.background;

import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Goes through what is due in a queue of {@link DueIds}, on the caller's thread, for twenty seconds or two hundred rows; the
 * rest stays due. Any number of nodes may go round at once.
 */
public final class Rounds {
    private static final Duration BUDGET = Duration.ofSeconds(20);
    private static final int MOST = 200;
    private static final int PAGE = 20;

    private Rounds() {}

    /** What one look into the queue found: work, or nothing but rows that nobody needs any more. */
    private record Look(@Nullable Runnable work, boolean more) {}

    /**
     * @param claim claims a due row, by replacing it with one that is due when the claim is over, and returns what is to be
     *     done then, outside of the transaction; empty if the row is no longer needed, or somebody else's
     */
    public static <C extends Entity> void run(
            Engine engine, String env, EntityType<C> type, BiFunction<Call, C, Optional<Runnable>> claim) {
        long end = System.nanoTime() + BUDGET.toNanos();
        for (int i = 0; i < MOST && System.nanoTime() - end < 0; i++) {
            Look look = engine.run(env, Actor.SYSTEM, call -> look(call, type, claim));
            if (look.work() != null) {
                look.work().run();
            } else if (!look.more()) {
                return;
            }
        }
    }

    private static <C extends Entity> Look look(
            Call call, EntityType<C> type, BiFunction<Call, C, Optional<Runnable>> claim) {
        List<C> first = call.page(type, Map.of(), null, new Call.Window(null, null, false, PAGE));
        for (C row : first) {
            if (DueIds.due(row.id()).isAfter(call.now())) {
                return new Look(null, false);
            }
            Optional<Runnable> work = claim.apply(call, row);
            if (work.isPresent()) {
                return new Look(work.get(), true);
            }
        }
        return new Look(null, first.size() == PAGE);
    }
}
