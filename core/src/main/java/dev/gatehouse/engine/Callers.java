package dev.gatehouse.engine;

import dev.gatehouse.api.Request;
import java.util.Optional;

/** Proves who calls, and which browser origins may read answers. */
public interface Callers {
    /** The owner of the bearer key in {@code Authorization}; empty if there is none or it is not ours. */
    Optional<Caller> caller(Request request);

    /** Whether pages of this origin may call {@code env}; with an empty {@code env}, whether any environment allows it. */
    boolean allowsOrigin(String env, String origin);
}
