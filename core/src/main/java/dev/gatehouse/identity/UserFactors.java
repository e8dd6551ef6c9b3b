package dev.gatehouse.identity;

import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.OneOf;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.engine.Routes.Nothing;
import dev.gatehouse.factors.Challenge;
import dev.gatehouse.factors.EnrollInput;
import dev.gatehouse.factors.Enrolled;
import dev.gatehouse.factors.Factor;
import dev.gatehouse.factors.Factors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations on a user's factors. */
final class UserFactors {
    private final Factors factors;
    private final String issuer;

    /** @param issuer what apps call the service unless the request says otherwise */
    UserFactors(Factors factors, String issuer) {
        this.factors = factors;
        this.issuer = issuer;
    }

    /** An application's name as authenticator apps can show it. */
    static String issuer(String appName) {
        String plain = appName.replace(':', ' ').strip();
        return plain.length() > 64 ? plain.substring(0, 64) : plain;
    }

    record Enroll(
            @Required @OneOf(Factor.TOTP) String type,
            @Nullable String totpIssuer,
            @Nullable String totpUser,
            @Nullable String totpSecret) {}

    /** Recovery codes, shown this once. */
    record Codes(String object, List<String> codes) {}

    record Out(Enrolled.View authenticationFactor, Challenge.View authenticationChallenge) {}

    void routes(Routes r) {
        r.list("GET /user_management/users/{id}/auth_factors", Factor.TYPE).under("id", User.TYPE, "user_id");
        r.action("POST /user_management/users/{id}/auth_factors", Enroll.class, Out.class, this::enroll)
                .status(201)
                .permission("authentication_factor:write");
        // beyond the contract
        r.action(
                        "POST /user_management/users/{id}/recovery_codes",
                        Nothing.class,
                        Codes.class,
                        (in, flow) -> new Codes(
                                "recovery_codes",
                                flow.run(call -> factors.newRecoveryCodes(call, flow.variable("id")))))
                .status(201)
                .permission("authentication_factor:write");
    }

    private Out enroll(Enroll in, Flow flow) {
        EnrollInput.needTotp(in.type);
        record Made(Enrolled enrolled, Challenge challenge) {}
        Made made = flow.run(call -> {
            Enrolled enrolled = factors.enroll(call, input(in, flow, call));
            return new Made(enrolled, factors.challenge(call, enrolled.factor().id()));
        });
        // drawn after the transaction
        return new Out(made.enrolled.view(), Challenge.View.of(made.challenge));
    }

    private EnrollInput input(Enroll in, Flow flow, Call call) {
        User user = call.need(User.TYPE, flow.variable("id"));
        return new EnrollInput(
                user.id(),
                in.totpIssuer == null ? issuer : in.totpIssuer,
                in.totpUser == null ? user.email() : in.totpUser,
                in.totpSecret == null ? null : EnrollInput.secret(in.totpSecret));
    }
}
