package dev.gatehouse.engine;

import dev.gatehouse.api.ApiException;

/**
 * How a step ended. A refusal that must leave a trace (a failed sign-in's event, an attempt counter) is returned as
 * {@link Refused}, and the transaction commits before it is answered; throwing would roll the trace back.
 */
public sealed interface Outcome<T> {
    /** It worked. */
    record Done<T>(T value) implements Outcome<T> {}

    /** Refused, after its effects are kept. */
    record Refused<T>(ApiException error) implements Outcome<T> {}

    /** The value, or the refusal thrown. Call it after the transaction. */
    default T orThrow() {
        if (this instanceof Refused<T> refused) {
            throw refused.error();
        }
        return ((Done<T>) this).value();
    }
}
