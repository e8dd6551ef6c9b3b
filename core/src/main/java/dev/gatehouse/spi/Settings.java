package dev.gatehouse.spi;

import java.util.Optional;
import java.util.Set;

/**
 * A source of configuration values, by kebab-case key (see {@code docs/configuration.md}). Sources are layered; a later
 * one wins.
 */
public interface Settings {
    /** The raw text, or empty if this source does not set the key. */
    Optional<String> value(String key);

    /**
     * Every key that this source sets for Gatehouse; one that no setting has stops the start. Empty if it cannot tell, or
     * holds other things too, as the environment of a process does.
     */
    default Set<String> keys() {
        return Set.of();
    }

    /** What to call this source in an error, for example {@code web.xml init-param} or {@code environment variable}. */
    String source();
}
