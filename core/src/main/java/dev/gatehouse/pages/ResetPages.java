package dev.gatehouse.pages;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.identity.PasswordResets;
import dev.gatehouse.identity.Source;

/** Pages for a forgotten password. A link only opens a form: mail scanners that follow it spend nothing (ATTACKS P16). */
final class ResetPages {
    private final Frame frame;

    ResetPages(Frame frame) {
        this.frame = frame;
    }

    private PasswordResets resets() {
        return frame.identity().passwordResets();
    }

    Answer get(Request request, String page) {
        if (!frame.offers().password() || !frame.offers().mail()) {
            return frame.error(request, 404, "not_found");
        }
        if (page.equals("/forgot-password")) {
            String sealed = request.query().one("flow").orElse("");
            String email =
                    frame.state().flow(request, sealed).map(PageFlow::email).orElse("");
            return frame.render(
                    request, 200, "forgot-password", frame.view(request).typed(email));
        }
        String token = request.query().one("token").orElse("");
        return resets().good(frame.env(), token)
                ? frame.render(
                        request, 200, "reset-password", frame.view(request).leadingTo(token))
                : frame.error(request, "link_ended");
    }

    Answer post(Request request, String page, Parameters form) {
        if (page.equals("/forgot-password")) {
            String email = form.one("email").orElse("").strip();
            if (email.isEmpty() || email.length() > 254) {
                View again = frame.view(request).typed(email).wrong("email", "");
                return frame.render(request, 422, "forgot-password", again);
            }
            resets().send(frame.env(), email, Source.of(request));
            return frame.render(request, 200, "mail-sent", frame.view(request).typed(email));
        }
        String token = form.one("token").orElse("");
        try {
            resets().confirm(frame.env(), token, form.one("password").orElse(""));
        } catch (ApiException e) {
            if (e.problems().isEmpty()) {
                return e.status() == 404 ? frame.error(request, "link_ended") : frame.error(request, 503, "busy");
            }
            String detail = Integer.toString(frame.identity().passwordPolicy().minLength());
            View again = frame.view(request)
                    .leadingTo(token)
                    .wrong(e.problems().get(0).code(), detail);
            return frame.render(request, 422, "reset-password", again);
        }
        return frame.render(request, 200, "password-set", frame.view(request));
    }
}
