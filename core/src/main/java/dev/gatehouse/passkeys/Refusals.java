package dev.gatehouse.passkeys;

import dev.gatehouse.api.ApiException;

/** Refusals of this area. The contract has no operations on passkeys, so the codes are our own. */
final class Refusals {
    private Refusals() {}

    /** The answer is not what the ceremony needs; {@code why} says which check failed, for who reads events and logs. */
    static ApiException invalid(String why) {
        return of(400, "invalid_passkey", "The passkey was refused: " + why + ".");
    }

    /** {@code credentialId} goes with it: a browser can be told that it need not offer that one again. */
    static ApiException unknown(String credentialId) {
        return of(400, "unknown_passkey", "Nobody has this passkey here.").with("credential_id", credentialId);
    }

    static ApiException ended() {
        return of(400, "passkey_challenge_expired", "The challenge has expired, or was made for something else.");
    }

    static ApiException spent() {
        return of(400, "passkey_challenge_previously_used", "This challenge was answered before. Ask for a new one.");
    }

    static ApiException registered() {
        return of(409, "passkey_already_registered", "This passkey is registered already.");
    }

    static ApiException tooMany() {
        return of(422, "too_many_passkeys", "A user has at most " + Passkeys.MOST_OF_A_USER + " passkeys.");
    }

    static ApiException off() {
        return of(
                403,
                "authentication_method_not_allowed",
                "Passkeys are switched off, or cannot work at this origin: see the settings sign-in-methods and origin.");
    }

    private static ApiException of(int status, String code, String message) {
        return ApiException.of(status, code, message).in(ApiException.Dialect.MANAGEMENT);
    }
}
