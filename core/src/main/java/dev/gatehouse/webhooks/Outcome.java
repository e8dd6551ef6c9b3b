package dev.gatehouse.webhooks;

import dev.gatehouse.engine.Reasons;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt went.
 *
 * @param status HTTP status; null if there was no answer
 * @param error why not, as {@link WebhookDelivery#lastError()}; null if there was one
 */
record Outcome(@Nullable Integer status, @Nullable String error) {
    static Outcome answered(int status) {
        return new Outcome(status, null);
    }

    static Outcome failed(String error) {
        return new Outcome(null, error);
    }

    /** A redirect is no success: it is not followed. */
    boolean delivered() {
        return status != null && status >= 200 && status < 300;
    }

    /** Why it was not, in a word that counts whole classes of statuses as one. */
    String reason() {
        if (delivered()) {
            return Reasons.NONE;
        }
        return error != null || status == null ? String.valueOf(error) : "answered_" + status / 100 + "xx";
    }
}
