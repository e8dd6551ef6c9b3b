package dev.gatehouse.pages;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.identity.Session;
import dev.gatehouse.identity.SignedIn;
import java.util.List;

/** Pages for somebody who is signed in: the account, and signing out. */
final class AccountPages {
    private final Frame frame;

    AccountPages(Frame frame) {
        this.frame = frame;
    }

    Answer get(Request request) {
        SignedIn who = frame.state().who(request);
        if (who == null) {
            String account = frame.page(request, "account");
            return Renderer.quiet(Answer.seeOther(frame.signInFor(request.contextPath(), account)));
        }
        List<Session> sessions = frame.identity()
                .browserSessions()
                .active(frame.env(), who.user().id());
        View.Account shown = new View.Account(who, sessions, frame.state().csrf(who));
        return frame.render(request, 200, "account", frame.view(request).with(shown));
    }

    Answer post(Request request, String page, Parameters form) {
        SignedIn who = frame.state().who(request);
        if (who == null
                || !Digest.equal(form.one("csrf").orElse(""), frame.state().csrf(who))) {
            return frame.error(request, "ended");
        }
        var users = frame.identity().users(frame.env());
        String id = who.user().id();
        switch (page) {
            case "/account/profile" ->
                users.rename(id, SignInPages.name(form, "first_name"), SignInPages.name(form, "last_name"));
            case "/account/sessions" ->
                users.endSession(id, form.one("session_id").orElse(""));
            default -> {
                return frame.error(request, 404, "not_found");
            }
        }
        return Renderer.quiet(Answer.seeOther(frame.page(request, "account")));
    }

    /** Any form of the application may: a Lax cookie and the check of the origin keep other sites from asking. */
    Answer signOut(Request request) {
        SignedIn who = frame.state().who(request);
        if (who != null) {
            frame.identity().browserSessions().end(frame.env(), who.sessionId());
        }
        return frame.state().signedOut(Renderer.quiet(Answer.seeOther(frame.page(request, "signed-out"))), request);
    }
}
