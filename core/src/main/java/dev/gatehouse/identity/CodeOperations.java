package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Outcome;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.engine.Routes.Nothing;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The operations on codes by mail: magic codes, verification of an address, change of an address. */
final class CodeOperations {
    private final SignIn signIn;
    private final MailCodes codes;
    private final MailboxProof proof;
    private final Sessions sessions;
    private final Notices notices;

    CodeOperations(SignIn signIn, MailCodes codes, MailboxProof proof, Sessions sessions, Notices notices) {
        this.signIn = signIn;
        this.codes = codes;
        this.proof = proof;
        this.sessions = sessions;
        this.notices = notices;
    }

    record SendCode(
            @Required String email,
            @Nullable String invitationToken,
            @Nullable String ipAddress,
            @Nullable String userAgent,
            @Nullable String radarAuthAttemptId,
            @Nullable String signalsId) {}

    record Code(@Required String code) {}

    record NewEmail(@Required String newEmail) {}

    record UserAnswer(User.View user) {}

    record EmailChange(String object, User.View user, String newEmail, Instant expiresAt, Instant createdAt) {}

    record EmailChanged(String object, User.View user) {}

    void routes(Routes r) {
        r.action(
                        "POST /user_management/magic_auth",
                        SendCode.class,
                        MailCodes.View.class,
                        (in, flow) -> flow.run(call -> codes.view(
                                MailCode.Purpose.MAGIC_AUTH, signIn.sendCode(call, in.email, in.invitationToken))))
                .status(201)
                .permission("magic_auth:write")
                .alias("POST /magic_auth/send_code");
        get(r, "magic_auth", MailCode.Purpose.MAGIC_AUTH);
        get(r, "email_verification", MailCode.Purpose.EMAIL_VERIFICATION);
        String user = "POST /user_management/users/{id}";
        r.action(
                        user + "/email_verification/send",
                        Nothing.class,
                        UserAnswer.class,
                        (in, flow) -> flow.run(call -> sendVerification(call, user(call, flow))))
                .permission("user:write");
        r.action(
                        user + "/email_verification/confirm",
                        Code.class,
                        UserAnswer.class,
                        (in, flow) -> flow.run(call -> verify(call, user(call, flow), in.code))
                                .orThrow())
                .permission("user:write");
        r.action(
                        user + "/email_change/send",
                        NewEmail.class,
                        EmailChange.class,
                        (in, flow) -> flow.run(call -> sendChange(call, user(call, flow), in.newEmail)))
                .permission("user:write");
        r.action(
                        user + "/email_change/confirm",
                        Code.class,
                        EmailChanged.class,
                        (in, flow) -> flow.run(call -> change(call, user(call, flow), in.code))
                                .orThrow())
                .permission("user:write");
    }

    private void get(Routes r, String kind, MailCode.Purpose purpose) {
        r.action(
                        "GET /user_management/" + kind + "/{id}",
                        Nothing.class,
                        MailCodes.View.class,
                        (in, flow) ->
                                flow.run(call -> codes.view(purpose, call.get(purpose.type(), flow.variable("id")))))
                .permission(kind + ":read");
    }

    private static User user(Call call, Flow flow) {
        return call.need(User.TYPE, flow.variable("id"));
    }

    private UserAnswer sendVerification(Call call, User user) {
        if (user.emailVerified()) {
            throw ApiException.of(400, "email_already_verified", "The email address is verified already.");
        }
        codes.issue(call, MailCode.Purpose.EMAIL_VERIFICATION, user, user.email());
        return new UserAnswer(User.View.of(user));
    }

    private Outcome<UserAnswer> verify(Call call, User user, String code) {
        if (user.emailVerified()) {
            return refused(400, "email_previously_verified", "The email address is verified already.");
        }
        return switch (codes.redeem(call, MailCode.Purpose.EMAIL_VERIFICATION, user, code)) {
            case RIGHT -> new Outcome.Done<>(new UserAnswer(User.View.of(proof.byOwner(call, user))));
            case EXPIRED -> refused(400, "email_verification_code_expired", "The code has expired.");
            case SPENT -> refused(400, "email_verification_code_previously_used", "The code has been used already.");
            default -> refused(400, "email_verification_code_incorrect", "The code is not right.");
        };
    }

    EmailChange sendChange(Call call, User user, String email) {
        if (!Email.valid(email)) {
            throw ApiException.invalid("new_email", "invalid_email", "New email is not a valid e-mail address.");
        }
        if (Email.fold(email).equals(Email.fold(user.email()))) {
            throw ApiException.of(409, "email_change_not_needed", "The user has this address already.");
        }
        if (call.findBy(User.TYPE, "email", email).isPresent()) {
            throw notAvailable();
        }
        MailCode code = codes.issue(call, MailCode.Purpose.EMAIL_CHANGE, user, email);
        return new EmailChange("email_change", User.View.of(user), email, code.expiresAt(), code.createdAt());
    }

    /** The address changes with the code that proves it; what was mailed to the old one is void. */
    Outcome<EmailChanged> change(Call call, User user, String tried) {
        MailCode pending = MailCodes.newest(call, MailCode.Purpose.EMAIL_CHANGE, user.id());
        return switch (codes.redeem(call, MailCode.Purpose.EMAIL_CHANGE, user, tried)) {
            case RIGHT -> {
                String email = pending == null ? user.email() : pending.email();
                if (call.findBy(User.TYPE, "email", email).isPresent()) {
                    throw notAvailable();
                }
                User changed = call.update(User.TYPE, user.id(), u -> u.at(email));
                MailCodes.forget(call, user.id());
                PasswordReset.forget(call, user.id());
                sessions.recheck(call, user.id());
                // whoever reads the old mailbox learns that it opens nothing any more (ATTACKS P24)
                notices.emailChanged(call, user);
                yield new Outcome.Done<>(new EmailChanged("email_change_confirmation", User.View.of(changed)));
            }
            case EXPIRED -> refused(400, "email_change_code_expired", "The code has expired.");
            case SPENT -> refused(409, "email_change_code_previously_used", "The code has been used already.");
            case TOO_MANY ->
                refused(429, "email_change_too_many_attempts", "Too many wrong codes. Ask for another one.");
            case NONE -> refused(409, "no_pending_email_change", "No change of the address is under way.");
            case WRONG -> refused(400, "email_change_code_incorrect", "The code is not right.");
        };
    }

    private static ApiException notAvailable() {
        return ApiException.of(409, "email_not_available", "This email is not available.");
    }

    private static <T> Outcome<T> refused(int status, String code, String message) {
        return new Outcome.Refused<>(ApiException.of(status, code, message));
    }
}
