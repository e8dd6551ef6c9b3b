package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import dev.gatehouse.crypto.PasswordHash;
import dev.gatehouse.crypto.PasswordPolicy;
import dev.gatehouse.engine.Call;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sets and checks passwords. Hashing happens between transactions, never inside one. */
final class Passwords {
    private final PasswordHash hashes;
    private final PasswordPolicy policy;

    Passwords(PasswordHash hashes, PasswordPolicy policy) {
        this.hashes = hashes;
        this.policy = policy;
    }

    PasswordPolicy policy() {
        return policy;
    }

    /**
     * Hashes a new password that the policy accepts.
     *
     * @throws ApiException 400 {@code password_strength_error} with every violation
     */
    String accept(String password, List<String> personal) {
        List<Problem> problems = problems(password, personal);
        if (!problems.isEmpty()) {
            throw ApiException.of(400, "password_strength_error", "Password does not meet strength requirements.")
                    .withProblems(problems);
        }
        return hash(password);
    }

    /** What the policy has against a password; empty for nothing. */
    List<Problem> problems(String password, List<String> personal) {
        return policy.violations(password, personal).stream()
                .map(violation -> new Problem("password", violation.code(), violation.text()))
                .toList();
    }

    String hash(String password) {
        try {
            return hashes.hash(password);
        } catch (PasswordHash.Busy e) {
            throw busy();
        }
    }

    /** Whether the password is right; the same cost when there is none to compare with. */
    boolean verify(String password, @Nullable String stored) {
        try {
            return stored == null ? hashes.verifyNobody(password) : hashes.verify(password, stored);
        } catch (PasswordHash.Busy e) {
            throw busy();
        }
    }

    boolean outdated(String stored) {
        return hashes.outdated(stored);
    }

    /** @throws ApiException 400 {@code invalid_password_hash} */
    String imported(String type, String hash, @Nullable String saltPosition) {
        try {
            return hashes.imported(type, hash, saltPosition == null ? "suffix" : saltPosition);
        } catch (IllegalArgumentException e) {
            throw ApiException.of(
                    400, "invalid_password_hash", "The password hash is not valid: " + e.getMessage() + ".");
        }
    }

    static Optional<String> stored(Call call, String userId) {
        return call.find(Password.TYPE, Password.idOf(userId)).map(Password::hash);
    }

    static void store(Call call, String userId, String hash) {
        String id = Password.idOf(userId);
        if (call.hold(Password.TYPE, id).isPresent()) {
            call.update(Password.TYPE, id, p -> new Password(id, hash, p.createdAt(), p.updatedAt()));
        } else {
            call.create(Password.TYPE, new Password(id, hash, call.now(), call.now()));
        }
    }

    static void forget(Call call, String userId) {
        call.find(Password.TYPE, Password.idOf(userId)).ifPresent(p -> call.delete(Password.TYPE, p));
    }

    private static ApiException busy() {
        return ApiException.of(503, "busy", "Too many passwords are being checked. Try again shortly.")
                .retryAfter(2);
    }
}
