package dev.gatehouse.organizations;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.identity.SignInPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which policies an organization may have. */
final class Policies {
    private static final List<String> MFA = List.of("off", "optional", "required");

    private Policies() {}

    static void check(SignInPolicy policy) {
        if (policy.mfa() != null && !MFA.contains(policy.mfa())) {
            throw ApiException.invalid("mfa", "invalid_mfa", "MFA is one of " + String.join(", ", MFA) + ".");
        }
        Set<String> methods = policy.methods();
        if (methods != null && methods.isEmpty()) {
            throw ApiException.invalid(
                    "methods", "invalid_methods", "No method would let nobody in; null leaves it to sign-in-methods.");
        }
        if (methods != null && !SignInPolicy.METHODS.containsAll(methods)) {
            throw ApiException.invalid(
                    "methods",
                    "invalid_methods",
                    "Methods are some of " + String.join(", ", SignInPolicy.METHODS) + ".");
        }
        positive("session_length", policy.sessionLength());
        positive("session_inactivity", policy.sessionInactivity());
    }

    private static void positive(String field, @Nullable Duration time) {
        if (time != null && time.compareTo(Duration.ofMinutes(1)) < 0) {
            throw ApiException.invalid(field, "invalid_" + field, "The shortest time is a minute.");
        }
    }
}
