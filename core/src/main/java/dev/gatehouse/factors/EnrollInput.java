package dev.gatehouse.factors;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import dev.gatehouse.crypto.Totp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an authenticator app is enrolled with.
 *
 * @param userId whose it becomes; null for nobody's
 * @param issuer what the app shall call the service: at most 64 characters, no colon
 * @param account what the app shall call the account: at most 254 ASCII characters, 150 otherwise
 * @param secret one that exists already, from another system; null for a new one
 */
public record EnrollInput(
        @Nullable String userId,
        String issuer,
        String account,
        @Nullable Totp secret) {
    private static final int MOST_ISSUER = 64;
    // all of them percent-encoded, issuer and account must fit into a QR code
    private static final int MOST_ACCOUNT = 150;
    private static final int MOST_ASCII_ACCOUNT = 254;

    /** With a new secret. */
    public static EnrollInput of(@Nullable String userId, String issuer, String account) {
        return new EnrollInput(userId, issuer, account, null);
    }

    /**
     * A secret that was given as text.
     *
     * @throws ApiException 422 {@code totp_secret_invalid}
     */
    public static Totp secret(String base32) {
        try {
            return Totp.parse(base32);
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid(
                    "totp_secret", "totp_secret_invalid", "Totp secret must be base 32 of 16 to 64 bytes.");
        }
    }

    /**
     * Refuses every kind of factor but {@code totp}.
     *
     * @throws ApiException 422 {@code type_not_supported} or {@code type_invalid}
     */
    public static void needTotp(String type) {
        switch (type) {
            case Factor.TOTP -> {}
            case "sms", "generic_otp" ->
                throw ApiException.invalid(
                        "type",
                        "type_not_supported",
                        "Type '" + type
                                + "' needs a sender of text messages, which Gatehouse does not have. Use totp.");
            default -> throw ApiException.invalid("type", "type_invalid", "Type must be totp.");
        }
    }

    /** @throws ApiException 422 with everything that an app or a QR code could not hold */
    public void check() {
        List<Problem> problems = new ArrayList<>();
        if (issuer.isBlank()) {
            problems.add(required("totp_issuer", "Totp issuer"));
        } else if (issuer.length() > MOST_ISSUER || issuer.indexOf(':') >= 0) {
            problems.add(new Problem(
                    "totp_issuer",
                    "totp_issuer_invalid",
                    "Totp issuer must have at most " + MOST_ISSUER + " characters and no colon."));
        }
        int most = account.chars().allMatch(c -> c < 0x80) ? MOST_ASCII_ACCOUNT : MOST_ACCOUNT;
        if (account.isBlank()) {
            problems.add(required("totp_user", "Totp user"));
        } else if (account.length() > most) {
            problems.add(new Problem(
                    "totp_user", "totp_user_too_long", "Totp user must have at most " + most + " characters."));
        }
        if (!problems.isEmpty()) {
            throw ApiException.invalid(problems);
        }
    }

    private static Problem required(String field, String words) {
        return new Problem(field, field + "_string_required", words + " must be a non-empty string.");
    }
}
