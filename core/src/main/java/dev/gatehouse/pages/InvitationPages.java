package dev.gatehouse.pages;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.identity.Affiliations;
import dev.gatehouse.identity.Authorization;
import dev.gatehouse.identity.SignIn;
import dev.gatehouse.identity.SignedIn;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The page of an invitation. Whoever opens the link sees who invites where; joining takes a form, or a sign-in with a
 * fitting address, so that scanners of mails accept nothing (ATTACKS F05).
 */
final class InvitationPages {
    private final Frame frame;
    private final SignInPages signInPages;

    InvitationPages(Frame frame, SignInPages signInPages) {
        this.frame = frame;
        this.signInPages = signInPages;
    }

    private SignIn signIn() {
        return frame.identity().signIn();
    }

    /** An application asks for a sign-in with an invitation. */
    Answer begin(Request request, Authorization authorization) {
        return begin(request, String.valueOf(authorization.invitationToken()), authorization);
    }

    private Answer begin(Request request, String token, @Nullable Authorization authorization) {
        try {
            Affiliations.Invited invited = signIn().invited(frame.env(), token);
            PageFlow flow = PageFlow.begin(
                            frame.home(request),
                            authorization,
                            invited.email(),
                            frame.state().end())
                    .withInvitation(token);
            return signInPages.begin(request, flow, "invitation");
        } catch (ApiException e) {
            return ended(request);
        }
    }

    Answer get(Request request) {
        String token = request.query().one("invitation_token").orElse("");
        if (!token.isEmpty()) {
            return begin(request, token, null);
        }
        String sealed = request.query().one("flow").orElse("");
        PageFlow flow = frame.state().flow(request, sealed).orElse(null);
        if (flow == null || flow.invitation() == null) {
            return frame.error(request, "ended");
        }
        try {
            Affiliations.Invited invited = signIn().invited(frame.env(), flow.invitation());
            return frame.render(request, 200, "invitation", view(request, sealed, flow, invited));
        } catch (ApiException e) {
            return ended(request);
        }
    }

    private View view(Request request, String sealed, PageFlow flow, Affiliations.Invited invited) {
        View view = frame.view(request, sealed, flow).with(invited);
        SignedIn who = frame.state().who(request);
        return who == null || !signIn().fits(invited, who.user().email()) || who.impersonator() != null
                ? view
                : view.with(View.Account.of(who, false, frame.state().csrf(who)));
    }

    /** Somebody who is signed in joins. */
    Answer post(Request request, Parameters form) {
        PageFlow flow = frame.state().flow(request, form.one("flow").orElse("")).orElse(null);
        SignedIn who = frame.state().who(request);
        if (flow == null
                || flow.invitation() == null
                || who == null
                || !Digest.equal(form.one("csrf").orElse(""), frame.state().csrf(who))) {
            return frame.error(request, "ended");
        }
        if (who.impersonator() != null) {
            return frame.error(request, 403, "impersonating");
        }
        try {
            boolean joined = frame.identity()
                    .browserSessions()
                    .join(frame.env(), who, Objects.requireNonNull(flow.invitation()));
            return joined ? signInPages.arrive(request, flow, who.sessionId()) : frame.error(request, "ended");
        } catch (ApiException e) {
            return e.code().equals("invitation_cannot_be_used_for_email")
                    ? frame.error(request, "invitation_email")
                    : ended(request);
        }
    }

    private Answer ended(Request request) {
        return frame.error(request, "invitation_ended");
    }
}
