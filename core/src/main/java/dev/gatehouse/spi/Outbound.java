package dev.gatehouse.spi;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * The one way Gatehouse calls out over HTTP (identity providers, webhooks, metadata). An implementation resolves the host
 * itself, refuses private and special addresses, connects to the address it checked, follows no redirect to another host
 * and honours the limits.
 */
@FunctionalInterface
public interface Outbound {
    /** @throws java.io.IOException if the call was refused, timed out, or its answer exceeded the limit */
    Response call(Request request) throws java.io.IOException;

    /**
     * @param method HTTP method
     * @param uri absolute {@code https} URI
     * @param headers header names to values
     * @param body empty for none
     * @param timeout for the whole call
     * @param maxBytes largest body that is read; 0 if the body is of no interest and is not read
     */
    record Request(String method, URI uri, Map<String, String> headers, byte[] body, Duration timeout, int maxBytes) {}

    /**
     * @param status HTTP status
     * @param headers lower-case names to first values
     * @param body at most {@code maxBytes}
     */
    record Response(int status, Map<String, String> headers, byte[] body) {}
}
