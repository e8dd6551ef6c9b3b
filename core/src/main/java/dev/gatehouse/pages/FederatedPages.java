package dev.gatehouse.pages;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Request;
import dev.gatehouse.identity.Authorization;
import dev.gatehouse.identity.Destination;
import dev.gatehouse.identity.Federation;
import dev.gatehouse.identity.Federation.Arrival;
import dev.gatehouse.identity.HostedPages;
import dev.gatehouse.identity.Redirects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Pages of sign-ins that leave for somebody else's, and come back. */
final class FederatedPages {
    /** Why nobody was proved, where there is a text of its own for it. */
    private static final Set<String> TOLD = Set.of(
            "access_denied",
            "connection_invalid",
            "connection_unlinked",
            "ended",
            "idp_initiated_sso_disabled",
            "profile_not_allowed_outside_organization",
            "sign_up_not_allowed",
            "signin_consent_denied");

    private final Frame frame;
    private final SignInPages signIn;

    FederatedPages(Frame frame, SignInPages signIn) {
        this.frame = frame;
        this.signIn = signIn;
    }

    /**
     * Leaves at once for what an application asked for; empty if that is the pages.
     *
     * @throws ApiException if there is no such connection; with the code of the redirect
     */
    Optional<Answer> leave(Request request, Authorization authorization, HostedPages.Wish wish) {
        Federation federation = frame.federation();
        boolean named = wish.connectionId() != null || wish.provider() != null;
        String organization = named ? null : authorization.organizationId();
        if (!named && (organization == null || !federation.serves(organization))) {
            return Optional.empty();
        }
        String connection = federation.choose(wish.connectionId(), wish.provider(), organization);
        String hint = wish.loginHint() == null ? "" : wish.loginHint();
        PageFlow flow = PageFlow.begin(
                frame.home(request), authorization, hint, frame.state().end());
        if (authorization.invitationToken() != null) {
            flow = flow.withInvitation(authorization.invitationToken());
        }
        return Optional.of(depart(request, connection, flow, wish.again(), true));
    }

    /** A button of ours was pressed. */
    Answer leave(Request request) {
        return frame.state()
                .flow(request, request.query().one("flow").orElse(""))
                .map(flow -> depart(request, request.query().one("connection").orElse(""), flow, false, false))
                .orElseGet(() -> frame.error(request, "ended"));
    }

    /** Leaves after a form, which may not lead to another site by a redirect. */
    Answer leaveFromForm(Request request, String connectionId, PageFlow flow) {
        Answer left = depart(request, connectionId, flow, false, false);
        return left.header("location")
                .map(location -> signIn.leave(request, location))
                .orElse(left);
    }

    private Answer depart(Request request, String connectionId, PageFlow flow, boolean again, boolean direct) {
        String organization =
                flow.authorization() == null ? null : flow.authorization().organizationId();
        try {
            return show(
                    request,
                    frame.federation()
                            .depart(
                                    request,
                                    new Federation.Departure(
                                            connectionId,
                                            flow.email().isEmpty() ? null : flow.email(),
                                            again,
                                            new Destination(frame.clientId(), organization, flow.invitation()),
                                            frame.state().departing(flow, direct))));
        } catch (ApiException e) {
            if (direct || e.status() == 429) {
                throw e;
            }
            return failed(request, e.code(), null);
        }
    }

    /** What providers send browsers to. */
    Answer arrive(Request request, String path) {
        // forms of ours; providers may send theirs across sites
        boolean ours = path.startsWith("/sso/test/") || path.equals("/sso/consent");
        if (ours && request.method().equals("POST") && !frame.state().sameOrigin(request)) {
            return frame.error(request, 403, "other_site");
        }
        Answer shown = show(request, frame.federation().arrive(request, path));
        boolean elsewhere = shown.header("location")
                .filter(location -> !frame.state().ours(location))
                .isPresent();
        return ours && elsewhere && request.method().equals("POST")
                ? signIn.leave(request, shown.header("location").orElseThrow())
                : shown;
    }

    private Answer show(Request request, Arrival arrival) {
        if (arrival instanceof Arrival.Kept kept) {
            return show(request, kept.arrival()).with("Set-Cookie", kept.cookie());
        }
        if (arrival instanceof Arrival.Answered answered) {
            return Renderer.quiet(answered.answer());
        }
        if (arrival instanceof Arrival.Proved proved) {
            PageFlow flow = frame.state()
                    .departed(proved.continuation())
                    .map(PageState.Departed::flow)
                    .orElseGet(() -> PageFlow.begin(
                            frame.home(request),
                            proved.asked(),
                            "",
                            frame.state().end()));
            return signIn.resume(request, flow, proved.step());
        }
        if (arrival instanceof Arrival.Report report) {
            return frame.render(request, 200, "sso-report", frame.view(request).with(report));
        }
        if (arrival instanceof Arrival.Consent consent) {
            return frame.render(request, 200, "sso-consent", frame.view(request).with(consent));
        }
        if (arrival instanceof Arrival.TestForm form) {
            return frame.render(
                    request,
                    form.problem() ? 422 : 200,
                    "sso-test",
                    frame.view(request).with(form));
        }
        Arrival.Refused refused = (Arrival.Refused) arrival;
        Optional<PageState.Departed> departed = frame.state().departed(refused.continuation());
        Authorization authorization =
                departed.map(d -> d.flow().authorization()).orElse(null);
        if (authorization != null && departed.orElseThrow().direct()) {
            return Renderer.quiet(Redirects.refused(
                    authorization.redirectUri(),
                    ApiException.oauth(
                            400,
                            refused.code(),
                            frame.view(request).wrong(text(refused.code()), "").problem()),
                    authorization.state()));
        }
        return failed(request, refused.code(), refused.reference());
    }

    private Answer failed(Request request, String code, @Nullable String reference) {
        return frame.render(
                        request,
                        400,
                        "error",
                        frame.view(request).wrong(text(code), "").referring(reference))
                .because(code);
    }

    private static String text(String code) {
        return code.equals("ended") ? code : TOLD.contains(code) ? "sso_" + code : "sso_failed";
    }
}
