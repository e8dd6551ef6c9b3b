package dev.gatehouse.engine;

import dev.gatehouse.api.Problem;
import java.util.Optional;

/** A row of a file that passed every check which needs no database, and what can be done with it. */
public interface FileRow {
    /** Whether what it describes is there already. */
    boolean exists(Call call);

    /** Whether an earlier row of a rehearsal describes the same. */
    boolean rehearsed(Call call);

    /** What it is known by, which {@link #exists} asks for. */
    String knownBy();

    /** What says that it is there already. */
    Problem taken();

    /** What of it belongs to something else, or is not there. */
    Optional<Problem> conflict(Call call);

    /** Makes it, with its events. */
    void create(Call call);

    /** Gives what is there what the row has. */
    void update(Call call);
}
