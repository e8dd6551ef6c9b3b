package dev.gatehouse.spi;

import java.util.Optional;

/**
 * A source of configuration values, by kebab-case key (see {@code docs/configuration.md}). Sources are layered; a later
 * one wins.
 */
public interface Settings {
    /** The raw text, or empty if this source does not set the key. */
    Optional<String> value(String key);

    /** What to call this source in an error, for example {@code web.xml init-param} or {@code environment variable}. */
    String source();
}
