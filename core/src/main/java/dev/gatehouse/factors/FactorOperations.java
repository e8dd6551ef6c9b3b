package dev.gatehouse.factors;

import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.OneOf;
import dev.gatehouse.engine.Outcome;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import org.jspecify.annotations.Nullable;

/** The operations on factors and challenges. */
final class FactorOperations {
    private static final String WRITE = "authentication_factor:write";

    private final Factors factors;

    FactorOperations(Factors factors) {
        this.factors = factors;
    }

    record Enroll(
            @Required @OneOf(Factor.TOTP) String type,
            @Nullable String totpIssuer,
            @Nullable String totpUser,
            @Nullable String userId) {}

    /** The template is for text messages, and means nothing to an app. */
    record Ask(@Nullable String smsTemplate) {}

    record Answer(@Required String code) {}

    record NamedAnswer(
            @Required String authenticationChallengeId,
            @Required String code) {}

    record Out(Challenge.View challenge, boolean valid) {}

    void routes(Routes r) {
        r.action("POST /auth/factors/enroll", Enroll.class, Enrolled.View.class, this::enroll)
                .status(201)
                .permission(WRITE);
        r.get("GET /auth/factors/{id}", Factor.TYPE);
        r.delete("DELETE /auth/factors/{id}", Factor.TYPE, (factor, call) -> factors.delete(call, factor));
        r.action(
                        "POST /auth/factors/{id}/challenge",
                        Ask.class,
                        Challenge.View.class,
                        (in, flow) -> flow.run(call -> Challenge.View.of(factors.challenge(call, flow.variable("id")))))
                .status(201)
                .permission(WRITE);
        r.action(
                        "POST /auth/challenges/{id}/verify",
                        Answer.class,
                        Out.class,
                        (in, flow) -> verify(flow, flow.variable("id"), in.code))
                .status(201)
                .permission(WRITE);
        r.action(
                        "POST /auth/challenges/verify",
                        NamedAnswer.class,
                        Out.class,
                        (in, flow) -> verify(flow, in.authenticationChallengeId, in.code))
                .status(201)
                .permission(WRITE);
    }

    private Enrolled.View enroll(Enroll in, Flow flow) {
        EnrollInput.needTotp(in.type);
        EnrollInput input = EnrollInput.of(in.userId, given(in.totpIssuer), given(in.totpUser));
        Enrolled enrolled = flow.run(call -> factors.enroll(call, input));
        // drawn after the transaction
        return enrolled.view();
    }

    /** Absent is as bad as blank, and said by {@link EnrollInput#check}. */
    private static String given(@Nullable String text) {
        return text == null ? "" : text;
    }

    private Out verify(Flow flow, String challengeId, String code) {
        Outcome<Factors.Verification> outcome = flow.run(call -> factors.verify(call, challengeId, code));
        Factors.Verification verified = outcome.orThrow();
        return new Out(Challenge.View.of(verified.challenge()), verified.valid());
    }
}
