package dev.gatehouse.factors;

import dev.gatehouse.api.ApiException;

/** Refusals in the words of the contract's one-time codes (errors.tsv, authenticate and challenge verification). */
final class Refusals {
    private Refusals() {}

    static ApiException wrong() {
        return of("invalid_one_time_code", "The one-time code is not right.");
    }

    static ApiException used() {
        return of("one_time_code_previously_used", "This one-time code was used before. Wait for the next one.");
    }

    static ApiException expired() {
        return of("one_time_code_expired", "The challenge has expired. Ask for a new one.");
    }

    static ApiException exhausted() {
        return of("one_time_code_too_many_attempts", "Too many wrong codes.");
    }

    private static ApiException of(String code, String message) {
        return ApiException.of(400, code, message).in(ApiException.Dialect.MANAGEMENT);
    }
}
