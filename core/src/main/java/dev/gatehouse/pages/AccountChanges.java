package dev.gatehouse.pages;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.identity.OwnAccount;
import dev.gatehouse.identity.SignedIn;
import java.util.Map;

/** Pages that change what opens an account: its password, its address; and the one that deletes it. */
final class AccountChanges {
    /** Ids of texts for what identity refuses. */
    private static final Map<String, String> PROBLEMS = Map.of(
            "rate_limit_exceeded", "too_many",
            "busy", "busy",
            "invalid_credentials", "current_password",
            "invalid_email", "email",
            "email_change_not_needed", "same_email",
            "email_not_available", "email_unavailable",
            "email_change_code_expired", "code_expired",
            "email_change_code_previously_used", "code_used",
            "email_change_too_many_attempts", "code_too_many");

    private final Frame frame;

    AccountChanges(Frame frame) {
        this.frame = frame;
    }

    private OwnAccount own() {
        return frame.identity().ownAccount();
    }

    /** Whether this is a page of ours. */
    boolean serves(String page) {
        return switch (page) {
            case "/account/password" -> frame.offers().password();
            case "/account/email", "/account/email/confirm" -> frame.offers().mail();
            case "/account/delete" -> frame.offers().deletion();
            default -> false;
        };
    }

    Answer get(Request request, SignedIn who, String page) {
        return frame.render(request, 200, "account-" + page.substring("/account/".length()), view(request, who));
    }

    private View view(Request request, SignedIn who) {
        boolean password = own().hasPassword(frame.env(), who);
        return frame.view(request, who)
                .typed(who.user().email())
                .with(View.Account.of(who, password, frame.state().csrf(who)));
    }

    /** Does it; the person signed in a moment ago. */
    Answer post(Request request, SignedIn who, String page, Parameters form) {
        String template = page.equals("/account/email/confirm")
                ? "account-email-code"
                : "account-" + page.substring("/account/".length());
        String email = form.one("email").orElse("").strip();
        try {
            return switch (page) {
                case "/account/password" -> {
                    String current = form.one("current").orElse("");
                    own().changePassword(
                                    frame.env(),
                                    who,
                                    current,
                                    form.one("password").orElse(""));
                    yield done(request);
                }
                case "/account/email" -> {
                    own().sendEmailChange(frame.env(), who, email);
                    yield frame.render(
                            request,
                            200,
                            "account-email-code",
                            view(request, who).typed(email));
                }
                case "/account/email/confirm" -> {
                    String code = form.one("code").orElse("").replaceAll("[ -]", "");
                    own().changeEmail(frame.env(), who, code);
                    yield done(request);
                }
                default -> {
                    own().delete(frame.env(), who);
                    yield frame.state()
                            .signedOut(frame.render(request, 200, "account-deleted", frame.view(request)), request);
                }
            };
        } catch (ApiException e) {
            String shown = email.isEmpty() ? who.user().email() : email;
            return frame.render(
                    request, 422, template, view(request, who).typed(shown).wrong(problem(e), least()));
        }
    }

    private static String problem(ApiException e) {
        String code = e.problems().isEmpty() ? e.code() : e.problems().get(0).code();
        return code.startsWith("password_") ? code : PROBLEMS.getOrDefault(code, "code_wrong");
    }

    private String least() {
        return Integer.toString(frame.identity().passwordPolicy().minLength());
    }

    private Answer done(Request request) {
        return Renderer.quiet(Answer.seeOther(frame.page(request, "account")));
    }
}
