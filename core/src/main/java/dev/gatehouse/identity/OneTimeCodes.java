package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;

/** How {@code authenticate} refuses a code (contract/behaviour/02 §2.5). */
final class OneTimeCodes {
    private OneTimeCodes() {}

    static ApiException refusal(MailCodes.Result result, String email) {
        return switch (result) {
            case EXPIRED -> of("one_time_code_expired", "One-time code for '" + email + "' has expired.");
            case SPENT -> of("one_time_code_previously_used", "The one-time code has been used already.");
            case TOO_MANY -> of("one_time_code_too_many_attempts", "Too many wrong codes. Ask for another one.");
            default -> of("invalid_one_time_code", "Invalid one-time code.");
        };
    }

    private static ApiException of(String code, String message) {
        return ApiException.of(400, code, message).in(ApiException.Dialect.MANAGEMENT);
    }
}
