package dev.gatehouse.engine;

import java.time.Instant;

/** What every stored resource has. Implemented by records whose components include these three. */
public interface Entity {
    /** Identifier with its prefix, for example {@code user_01J…}. */
    String id();

    /** When it was made. */
    Instant createdAt();

    /** When it last changed; kept by the engine. */
    Instant updatedAt();
}
