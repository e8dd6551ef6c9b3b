package dev.gatehouse.portability;

/** The file as a whole cannot be imported; the message says why and where, for people. */
public final class ImportException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ImportException(String message) {
        super(message);
    }
}
