package dev.gatehouse.pages;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.identity.SignIn;
import dev.gatehouse.identity.Source;
import dev.gatehouse.identity.Step;
import java.util.Optional;

/** The page on which an operator begins to act as a user: the link says as whom and why, the form does it. */
final class ImpersonationPages {
    private final Frame frame;
    private final SignInPages signInPages;

    ImpersonationPages(Frame frame, SignInPages signInPages) {
        this.frame = frame;
        this.signInPages = signInPages;
    }

    Answer get(Request request) {
        String code = request.query().one("code").orElse("");
        Optional<SignIn.Impersonation> found = frame.identity().signIn().impersonation(frame.env(), code);
        return found.map(impersonation -> frame.render(
                        request,
                        200,
                        "impersonate",
                        frame.view(request)
                                .typed(impersonation.user().email())
                                .leadingTo(code)
                                .with(impersonation.by())))
                .orElseGet(() -> frame.error(request, "link_ended"));
    }

    Answer post(Request request, Parameters form) {
        String code = form.one("code").orElse("");
        PageFlow flow =
                PageFlow.begin(frame.home(request), null, "", frame.state().end());
        try {
            Step step = frame.identity().signIn().impersonate(frame.env(), frame.clientId(), code, Source.of(request));
            return step instanceof Step.Finished finished
                    ? signInPages.arrive(
                            request, flow, finished.grant().session().id())
                    : frame.error(request, "link_ended");
        } catch (ApiException e) {
            return frame.error(request, "link_ended");
        }
    }
}
