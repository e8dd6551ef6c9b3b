package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How a caller that can show no page is told that a sign-in needs another step (contract/behaviour/02 §2.4). */
public final class Interim {
    private Interim() {}

    /**
     * What a sign-in still needs, as a refusal in the contract's words with the token that continues it.
     *
     * @throws IllegalArgumentException if it is finished
     */
    public static ApiException refusal(Step step) {
        if (step instanceof Step.VerifyEmail verify) {
            return interim(
                            "email_verification_required",
                            "Email ownership must be verified before authentication.",
                            verify.pendingToken())
                    .with("email", verify.user().email())
                    .with("email_verification_id", verify.verificationId());
        }
        if (step instanceof Step.EnrollFactor enroll) {
            return interim(
                            "mfa_enrollment",
                            "The user must enroll in MFA to finish authenticating.",
                            enroll.pendingToken())
                    .with("user", User.View.of(enroll.user()));
        }
        if (step instanceof Step.SecondFactor second) {
            return interim(
                            "mfa_challenge",
                            "The user must complete an MFA challenge to finish authenticating.",
                            second.pendingToken())
                    .with(
                            "authentication_factors",
                            second.factors().stream()
                                    .map(f -> Map.of("id", f.id(), "type", f.type()))
                                    .toList())
                    .with("user", User.View.of(second.user()));
        }
        if (step instanceof Step.OtherMethod other) {
            List<String> connections = other.connections().stream()
                    .map(Profiles.Button::connectionId)
                    .toList();
            if (other.methods().equals(Set.of("sso"))) {
                return ApiException.oauth(
                                403, "sso_required", "User must authenticate using one of the matching connections.")
                        .with("pending_authentication_token", other.pendingToken())
                        .with("email", other.user().email())
                        .with("connection_ids", connections);
            }
            return ApiException.oauth(
                            403,
                            "organization_authentication_methods_required",
                            "User must authenticate using one of the methods allowed by the organization.")
                    .with("pending_authentication_token", other.pendingToken())
                    .with("email", other.user().email())
                    .with("sso_connection_ids", connections)
                    .with("auth_methods", methods(other.methods()));
        }
        if (!(step instanceof Step.ChooseOrganization choose)) {
            throw new IllegalArgumentException("the sign-in is finished");
        }
        return interim(
                        "organization_selection_required",
                        "The user must choose an organization to finish their authentication.",
                        choose.pendingToken())
                .with(
                        "organizations",
                        choose.choices().stream()
                                .map(c -> Map.of("id", c.id(), "name", c.name()))
                                .toList())
                .with("user", User.View.of(choose.user()));
    }

    private static Map<String, Boolean> methods(Set<String> allowed) {
        Map<String, Boolean> methods = new TreeMap<>();
        for (String provider : List.of("apple", "github", "google", "microsoft")) {
            methods.put(provider + "_oauth", allowed.contains(provider + "-oauth"));
        }
        methods.put("magic_auth", allowed.contains("magic-code"));
        methods.put("password", allowed.contains("password"));
        return methods;
    }

    private static ApiException interim(String code, String message, String pendingToken) {
        return ApiException.of(403, code, message)
                .in(ApiException.Dialect.MANAGEMENT)
                .with("pending_authentication_token", pendingToken);
    }
}
