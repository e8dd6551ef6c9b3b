package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import java.time.Duration;

/** Limits on what anybody may ask again and again (contract/behaviour/01 §1.11). */
final class Limits {
    private Limits() {}

    /**
     * Counts one use.
     *
     * @throws ApiException 429 {@code rate_limit_exceeded} with {@code Retry-After} beyond {@code most} in a window
     */
    static void count(Call call, String counter, long most, Duration window) {
        if (call.count(counter, 1, most, call.now().plus(window)).isEmpty()) {
            throw ApiException.of(429, "rate_limit_exceeded", "Too many requests.")
                    .in(ApiException.Dialect.MANAGEMENT)
                    .retryAfter((int) window.toSeconds());
        }
    }
}
