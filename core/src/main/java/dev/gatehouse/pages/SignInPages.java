package dev.gatehouse.pages;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.crypto.RevealSecret;
import dev.gatehouse.factors.Factors;
import dev.gatehouse.identity.Authorization;
import dev.gatehouse.identity.Destination;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SecondFactors;
import dev.gatehouse.identity.SignIn;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.Source;
import dev.gatehouse.identity.Step;
import dev.gatehouse.identity.TakenAddress;
import dev.gatehouse.identity.User;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Pages that sign somebody in. Each form proves one thing; what comes next, identity says. */
final class SignInPages {
    /** Ids of texts for what identity refuses. */
    private static final Map<String, String> PROBLEMS = Map.ofEntries(
            Map.entry("rate_limit_exceeded", "too_many"),
            Map.entry("busy", "busy"),
            Map.entry("invalid_credentials", "credentials"),
            Map.entry("invalid_one_time_code", "code_wrong"),
            Map.entry("one_time_code_expired", "code_expired"),
            Map.entry("one_time_code_previously_used", "code_used"),
            Map.entry("one_time_code_too_many_attempts", "code_too_many"),
            Map.entry("invalid_passkey", "passkey_refused"),
            Map.entry("unknown_passkey", "passkey_unknown"),
            Map.entry("passkey_challenge_expired", "passkey_expired"),
            Map.entry("passkey_challenge_previously_used", "passkey_expired"),
            Map.entry("invitation_invalid", "invitation_ended"),
            Map.entry("invitation_cannot_be_used_for_email", "invitation_email"));

    private final Frame frame;
    private final PasskeyPages passkeys;
    private final FederatedPages federated;

    SignInPages(Frame frame, PasskeyPages passkeys) {
        this.frame = frame;
        this.federated = new FederatedPages(frame, this);
        this.passkeys = passkeys;
    }

    private SignIn signIn() {
        return frame.identity().signIn();
    }

    private TakenAddress taken() {
        return frame.identity().takenAddress();
    }

    private SecondFactors secondFactors() {
        return frame.identity().secondFactors();
    }

    Answer get(Request request, String page) {
        Parameters query = request.query();
        String sealed = query.one("flow").orElse("");
        Optional<PageFlow> flow = frame.state().flow(request, sealed);
        String template = page.substring(1);
        if (flow.isPresent()) {
            return frame.render(request, 200, template, view(request, sealed, flow.get()));
        }
        if (!page.equals("/sign-in") && !page.equals("/sign-up")) {
            return Renderer.quiet(Answer.seeOther(frame.page(request, "sign-in")));
        }
        String target = PageFlow.safe(query.one("return_to").orElse(null), frame.home(request));
        if (frame.state().who(request) != null) {
            return Renderer.quiet(Answer.seeOther(target));
        }
        PageFlow begun = PageFlow.begin(target, null, "", frame.state().end());
        Optional<Step> lacking = page.equals("/sign-in") ? frame.state().lacking(request) : Optional.empty();
        return lacking.map(step -> next(begun.fromRunning(), step))
                .map(next -> begin(request, next.flow, next.page))
                .orElseGet(() -> begin(request, begun, template));
    }

    Answer begin(Request request, PageFlow flow, String page) {
        return Renderer.quiet(frame.state().begin(request, frame.page(request, page), flow));
    }

    /** The page that a sign-in goes on with, and its flow. */
    private record Next(String page, PageFlow flow) {}

    Answer post(Request request, String page, Parameters form) {
        String sealed = form.one("flow").orElse("");
        Optional<PageFlow> running = frame.state().flow(request, sealed);
        if (running.isEmpty()) {
            return frame.error(request, "ended");
        }
        PageFlow flow = running.get();
        Source source = Source.of(request);
        String code = form.one("code").orElse("").replaceAll("[ -]", "");
        return switch (page) {
            case "/sign-in" -> identify(request, sealed, flow, form);
            case "/password" -> password(request, sealed, flow, form);
            case "/passkey" ->
                attempt(
                        request,
                        sealed,
                        flow,
                        "sign-in",
                        () -> proceed(request, flow, passkeys.signIn(request, destination(flow), form)));
            case "/sign-up" -> signUp(request, sealed, flow, form);
            case "/send-code" ->
                attempt(request, sealed, flow, "code", () -> {
                    signIn().sendCode(frame.env(), flow.email(), flow.invitation(), source);
                    return to(request, "code", flow);
                });
            case "/code" ->
                attempt(
                        request,
                        sealed,
                        flow,
                        "code",
                        () -> proceed(
                                request,
                                flow,
                                signIn().magicCode(frame.env(), destination(flow), flow.email(), code, source)));
            case "/verify-email" ->
                attempt(request, sealed, flow, "verify-email", () -> {
                    if (taken().is(pending(flow))) {
                        throw taken().refusal(frame.env(), pending(flow), flow.email(), source);
                    }
                    return proceed(
                            request,
                            flow,
                            signIn().verifyEmail(frame.env(), frame.clientId(), pending(flow), code, source));
                });
            case "/verify-email/send" ->
                attempt(request, sealed, flow, "verify-email", () -> {
                    if (taken().is(pending(flow))) {
                        String token = taken().again(frame.env(), pending(flow), flow.email());
                        return to(request, "verify-email", flow.withPending(token));
                    }
                    signIn().sendVerification(frame.env(), frame.clientId(), pending(flow));
                    return to(request, "verify-email", flow);
                });
            case "/mfa" ->
                attempt(
                        request,
                        sealed,
                        flow,
                        "mfa",
                        () -> proceed(
                                request,
                                flow,
                                secondFactors().code(frame.env(), frame.clientId(), pending(flow), code, source)));
            case "/recovery" ->
                attempt(
                        request,
                        sealed,
                        flow,
                        "recovery",
                        () -> proceed(
                                request,
                                flow,
                                secondFactors().recovery(frame.env(), frame.clientId(), pending(flow), code, source)));
            case "/mfa-enroll" ->
                attempt(
                        request,
                        sealed,
                        flow,
                        "mfa-enroll",
                        () -> proceed(
                                request,
                                flow,
                                secondFactors()
                                        .enroll(
                                                frame.env(),
                                                frame.clientId(),
                                                pending(flow),
                                                flow.secret() == null ? "" : flow.secret(),
                                                code,
                                                source)));
            case "/organization" ->
                proceed(
                        request,
                        flow,
                        signIn().chooseOrganization(
                                        frame.env(),
                                        frame.clientId(),
                                        pending(flow),
                                        form.one("organization_id").orElse(""),
                                        source));
            default -> frame.error(request, 404, "not_found");
        };
    }

    FederatedPages federated() {
        return federated;
    }

    /** A page of this flow; where an app is set up, with what it needs. */
    private View view(Request request, String sealed, PageFlow flow) {
        View view = frame.view(request, sealed, flow);
        if (flow.secret() == null) {
            return view;
        }
        Factors.Offer offer = frame.identity().secondFactors().offer(flow.email(), flow.secret());
        return view.with(new View.Enrollment(offer.qrCode(), flow.secret()));
    }

    /** What a form leads to, or its page again with what is wrong. */
    private Answer attempt(Request request, String sealed, PageFlow flow, String page, Supplier<Answer> step) {
        try {
            return step.get();
        } catch (ApiException e) {
            String problem = PROBLEMS.get(e.code());
            if (problem == null) {
                return frame.error(request, "ended");
            }
            // codes that nobody sends are told apart: another one of an app comes by itself, of those written down it
            // is the next
            boolean app = problem.startsWith("code_") && !page.equals("code") && !page.equals("verify-email");
            String kind = page.equals("recovery") ? "recovery_" : "app_";
            return frame.render(
                    request,
                    422,
                    page,
                    view(request, sealed, flow)
                            .wrong(
                                    app ? kind + problem : problem,
                                    String.valueOf(e.extras().getOrDefault("credential_id", ""))));
        }
    }

    private Answer to(Request request, String page, PageFlow flow) {
        return Renderer.quiet(frame.state().to(request, frame.page(request, page), flow));
    }

    private Answer identify(Request request, String sealed, PageFlow flow, Parameters form) {
        String email = form.one("email").orElse("").strip();
        if (email.isEmpty() || email.length() > 254) {
            View again = frame.view(request, sealed, flow).wrong("email", "");
            return frame.render(request, 422, "sign-in", again);
        }
        PageFlow typed = flow.withEmail(email);
        Optional<String> connection = frame.federation().connectionOf(email);
        if (connection.isPresent()) {
            return federated.leaveFromForm(request, connection.get(), typed);
        }
        if (frame.offers().password()) {
            return to(request, "password", typed);
        }
        return attempt(request, sealed, typed, "sign-in", () -> {
            signIn().sendCode(frame.env(), email, flow.invitation(), Source.of(request));
            return to(request, "code", typed);
        });
    }

    private Answer password(Request request, String sealed, PageFlow flow, Parameters form) {
        return attempt(
                request,
                sealed,
                flow,
                "password",
                () -> proceed(
                        request,
                        flow,
                        signIn().password(
                                        frame.env(),
                                        destination(flow),
                                        flow.email(),
                                        form.one("password").orElse(""),
                                        Source.of(request))));
    }

    private Answer signUp(Request request, String sealed, PageFlow flow, Parameters form) {
        if (!frame.offers().signUp() && flow.invitation() == null) {
            return frame.error(request, "no_sign_up");
        }
        String email = form.one("email").orElse("").strip();
        PageFlow typed = flow.withEmail(email);
        signIn().countSignUp(frame.env(), Source.of(request));
        // before anything is made: an account that the invitation then does not fit would be left behind
        if (flow.invitation() != null && !signIn().fits(signIn().invited(frame.env(), flow.invitation()), email)) {
            return frame.render(
                    request, 422, "sign-up", frame.view(request, sealed, typed).wrong("invitation_email", ""));
        }
        try {
            frame.identity()
                    .users(frame.env())
                    .create(NewUser.of(email)
                            .withPassword(form.one("password").orElse(""))
                            .withName(name(form, "first_name"), name(form, "last_name")));
        } catch (ApiException e) {
            String code = e.problems().isEmpty() ? "email" : e.problems().get(0).code();
            if (code.equals("email_not_available") && flow.invitation() == null && taken().hidden()) {
                String token =
                        taken().begin(frame.env(), email, form.one("password").orElse(""));
                return to(request, "verify-email", typed.withPending(token));
            }
            String error = code.startsWith("password_") ? code : code.equals("email_not_available") ? "taken" : "email";
            String detail = Integer.toString(frame.identity().passwordPolicy().minLength());
            View again = frame.view(request, sealed, typed)
                    .wrong(error, detail)
                    .named(
                            form.one("first_name").orElse(""),
                            form.one("last_name").orElse(""));
            return frame.render(request, 422, "sign-up", again);
        }
        return password(request, sealed, typed, form);
    }

    static @Nullable String name(Parameters form, String field) {
        return form.one(field)
                .map(String::strip)
                .filter(text -> !text.isEmpty() && text.length() <= 200)
                .orElse(null);
    }

    private static String pending(PageFlow flow) {
        return flow.pending() == null ? "" : flow.pending();
    }

    private Destination destination(PageFlow flow) {
        String organization =
                flow.authorization() == null ? null : flow.authorization().organizationId();
        return new Destination(frame.clientId(), organization, flow.invitation());
    }

    private Answer proceed(Request request, PageFlow flow, Step step) {
        if (step instanceof Step.Finished finished) {
            return arrive(request, flow, finished.grant().session().id());
        }
        Next next = next(flow, step);
        return to(request, next.page, next.flow);
    }

    private Next next(PageFlow flow, Step step) {
        if (step instanceof Step.ChooseOrganization choose) {
            return new Next("organization", flow.withPending(choose.pendingToken()));
        }
        if (step instanceof Step.SecondFactor second) {
            return new Next("mfa", known(flow, second.user()).withPending(second.pendingToken()));
        }
        if (step instanceof Step.EnrollFactor enroll) {
            PageFlow known = known(flow, enroll.user());
            String secret = secondFactors().offer(known.email(), null).secret().text(RevealSecret.access());
            return new Next(
                    "mfa-enroll", known.withPending(enroll.pendingToken()).withSecret(secret));
        }
        if (step instanceof Step.VerifyEmail verify) {
            return new Next("verify-email", known(flow, verify.user()).withPending(verify.pendingToken()));
        }
        if (step instanceof Step.OtherMethod other) {
            return new Next("other-method", known(flow, other.user()).allowing(other.methods(), other.connections()));
        }
        throw new IllegalStateException("nothing follows " + step.getClass().getSimpleName());
    }

    /** Who signs in with a passkey has typed no address. */
    private static PageFlow known(PageFlow flow, User user) {
        return flow.email().isEmpty() ? flow.withEmail(user.email()) : flow;
    }

    /** Goes on with a sign-in that a provider's answer continues. */
    Answer resume(Request request, PageFlow flow, Step step) {
        if (step instanceof Step.Finished finished) {
            return arrive(request, flow, finished.grant().session().id());
        }
        Next next = next(flow, step);
        return begin(request, next.flow, next.page);
    }

    /** The sign-in is done: the browser gets its cookie, and goes where it wanted. */
    Answer arrive(Request request, PageFlow flow, String sessionId) {
        PageState state = frame.state();
        var sessions = frame.identity().browserSessions();
        String value = sessions.seal(frame.env(), state.sessionCookie(), sessionId);
        Authorization authorization = flow.authorization();
        if (authorization == null) {
            return Renderer.quiet(state.signedIn(Answer.seeOther(flow.returnTo()), value));
        }
        SignedIn who = sessions.byCookie(frame.env(), state.sessionCookie(), value);
        return Optional.ofNullable(who)
                .flatMap(w -> sessions.answer(frame.env(), w, authorization, Source.of(request)))
                .map(location -> state.signedIn(leave(request, location), value))
                .orElseGet(() -> frame.error(request, "ended"));
    }

    /**
     * Leads a browser from a form to another application. Not by a redirect: browsers hold every redirect that follows a
     * form, those of the application included, to {@code form-action}, which is ourselves alone.
     */
    Answer leave(Request request, String location) {
        View view = frame.view(request).leadingTo(location);
        return frame.render(request, 200, "leaving", view).with("Refresh", "0;url=" + location);
    }
}
