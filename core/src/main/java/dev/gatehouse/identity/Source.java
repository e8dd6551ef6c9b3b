package dev.gatehouse.identity;

import dev.gatehouse.api.Request;
import org.jspecify.annotations.Nullable;

/**
 * Where a sign-in comes from.
 *
 * @param ipAddress client's address; null if unknown
 * @param userAgent client's description of itself; null if unknown
 */
public record Source(@Nullable String ipAddress, @Nullable String userAgent) {
    /** Nothing known. */
    public static final Source UNKNOWN = new Source(null, null);

    /** Of a browser's own request. */
    public static Source of(Request request) {
        return new Source(request.remoteAddress(), request.userAgent().orElse(null));
    }
}
