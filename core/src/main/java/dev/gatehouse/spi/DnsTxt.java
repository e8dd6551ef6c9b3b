package dev.gatehouse.spi;

import java.util.List;

/** Reads DNS TXT records, to prove that a domain belongs to somebody. */
@FunctionalInterface
public interface DnsTxt {
    /**
     * The TXT strings at {@code name}; empty if there are none.
     *
     * @throws java.io.IOException if the question could not be answered (time-out, server failure)
     */
    List<String> lookup(String name) throws java.io.IOException;
}
