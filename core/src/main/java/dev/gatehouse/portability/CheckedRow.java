package dev.gatehouse.portability;

import dev.gatehouse.api.Problem;
import dev.gatehouse.engine.Call;
import java.util.Optional;

/** A row that passed every check which needs no database, and what can be done with it. */
interface CheckedRow {
    /** Whether what it describes is there already. */
    boolean exists(Call call);

    /** Whether an earlier row of a rehearsal describes the same. */
    boolean rehearsed(Call call);

    /** What it is known by, which {@link #exists} asks for. */
    String knownBy();

    /** What says that it is there already. */
    Problem taken();

    /** What of it belongs to something else. */
    Optional<Problem> conflict(Call call);

    void create(Call call);

    /** Gives what is there what the row has. */
    void update(Call call);
}
