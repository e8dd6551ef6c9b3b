package dev.gatehouse.config;

/** A setting that cannot be used; says which, where it came from, and what to do. Thrown at start only. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
