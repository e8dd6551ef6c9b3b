package dev.gatehouse.pages;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Signals;
import dev.gatehouse.environments.Environment;
import dev.gatehouse.identity.Authorization;
import dev.gatehouse.identity.BrowserSessions;
import dev.gatehouse.identity.BrowserTag;
import dev.gatehouse.identity.Destination;
import dev.gatehouse.identity.Federation;
import dev.gatehouse.identity.HostedPages;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.Interim;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.Source;
import dev.gatehouse.identity.Step;
import dev.gatehouse.identity.UserPasskeys;
import dev.gatehouse.mail.Mails;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.spi.Telemetry;
import dev.gatehouse.ui.Brand;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the hosted pages. State travels sealed in the forms; nothing is kept for people who are not signed in. */
public final class Pages implements HostedPages {
    private static final Logger LOG = LoggerFactory.getLogger(Pages.class);
    /** Most bytes of a form. */
    public static final int MOST_FORM = 1 << 16;

    private final Frame frame;
    private final SignInPages signIn;
    private final ResetPages reset;
    private final AccountPages account;
    private final DevicePages device;
    private final InvitationPages invitation;
    private final ImpersonationPages impersonation;
    private final PasskeyPages passkeys;
    private final FederatedPages federated;
    private final Signals signals;

    public Pages(
            Engine engine,
            Config config,
            Envelope envelope,
            Identity identity,
            Federation federation,
            Environment environment,
            String clientId,
            RandomTokens random,
            Mails mails) {
        this.signals = engine.signals();
        UserPasskeys userPasskeys = identity.passkeys(environment.id(), clientId);
        PageState state = new PageState(
                engine,
                envelope,
                new BrowserTag(config.get(Setting.ORIGIN).startsWith("https://"), random),
                identity.browserSessions(),
                environment.id(),
                config,
                environment.production());
        View.Offers offers = new View.Offers(
                config.get(Setting.SIGN_UP),
                identity.signIn().allows("password"),
                identity.signIn().allows("magic-code") && mails.enabled(),
                mails.enabled(),
                !config.get(Setting.MFA).equals("off"),
                userPasskeys.on(),
                config.get(Setting.ACCOUNT_DELETION));
        this.frame = new Frame(
                identity,
                new Renderer(config.get(Setting.BRAND_COLOR).map(Brand::of).orElse(null)),
                state,
                environment.id(),
                clientId,
                config.get(Setting.PAGES_PATH),
                config.get(Setting.HOME),
                config.get(Setting.APP_NAME),
                offers,
                federation);
        this.passkeys = new PasskeyPages(frame, userPasskeys);
        this.signIn = new SignInPages(frame, passkeys);
        this.reset = new ResetPages(frame);
        this.account = new AccountPages(frame, passkeys);
        this.device = new DevicePages(frame);
        this.federated = signIn.federated();
        this.invitation = new InvitationPages(frame, signIn);
        this.impersonation = new ImpersonationPages(frame, signIn);
    }

    /**
     * Name of the session cookie: with {@code __Host-} where the origin is HTTPS, as browsers demand; {@code cookie-name} where
     * it is shared.
     */
    public String sessionCookie() {
        return frame.state().sessionCookie();
    }

    /** Path of the pages, below the context path. */
    public String path() {
        return frame.base();
    }

    /** Where a browser is sent that must sign in first; {@code target} begins with the context path. */
    public String signInFor(String contextPath, String target) {
        return frame.signInFor(contextPath, target);
    }

    /**
     * Somebody whom the application's own form signed in.
     *
     * @param who signed in from now on
     * @param headers goes with whatever the application answers: the cookie of the session
     */
    public record Entered(SignedIn who, Answer headers) {}

    /**
     * Signs in by address and password where a form is the application's own, through the same checks as the page that asks
     * for a password.
     *
     * @throws ApiException as {@link dev.gatehouse.identity.SignIn#password}; 403 {@code other_site} if another site sent
     *     the form (login CSRF, ATTACKS F03); 403 with the code of {@link Interim} if a password is not enough
     */
    public Entered signIn(Request request, String email, String password) {
        if (!frame.state().sameOrigin(request)) {
            throw ApiException.of(403, "other_site", "The form was sent by another site.");
        }
        frame.federation().connectionOf(email).ifPresent(connection -> {
            throw ApiException.oauth(
                            403, "sso_required", "User must authenticate using one of the matching connections.")
                    .with("connection_ids", List.of(connection));
        });
        Step step = frame.identity()
                .signIn()
                .password(
                        frame.env(),
                        new Destination(frame.clientId(), null, null),
                        email,
                        password,
                        Source.of(request));
        if (!(step instanceof Step.Finished finished)) {
            throw Interim.refusal(step);
        }
        return entered(finished.grant().session().id());
    }

    /**
     * Signs in a user whom the application has proved itself, see {@link BrowserSessions#begin}.
     *
     * @throws ApiException as there
     */
    public Entered enter(Request request, String userId, @Nullable String organizationId) {
        return entered(frame.identity()
                .browserSessions()
                .begin(frame.env(), frame.clientId(), userId, organizationId, Source.of(request)));
    }

    private Entered entered(String sessionId) {
        BrowserSessions sessions = frame.identity().browserSessions();
        String value = sessions.seal(frame.env(), sessionCookie(), sessionId);
        SignedIn who = sessions.byCookie(frame.env(), sessionCookie(), value);
        if (who == null) {
            throw ApiException.of(401, "unauthorized", "The session has ended.");
        }
        return new Entered(who, frame.state().signedIn(Answer.empty(200), value));
    }

    /**
     * Ends a session where the button is the application's own; harmless if it has ended.
     *
     * @return headers that go with whatever the application answers: no session cookie is left
     */
    public Answer signOut(Request request, String sessionId) {
        frame.identity().browserSessions().end(frame.env(), sessionId);
        return frame.state().signedOut(Answer.empty(200), request);
    }

    /** Answers a request below {@link #path()}. Never throws. */
    public Answer handle(Request request) {
        String page = request.path().substring(frame.base().length());
        Telemetry.Span span = signals.begin(Telemetry.Signal.PAGES, signals.on() ? PageNames.of(page) : "");
        Answer answer;
        try {
            answer = guarded(request, page);
        } catch (Error e) {
            // a span that is left open would be the parent of what this thread does next
            signals.end(span, Answer.empty(500));
            throw e;
        }
        signals.end(span, answer);
        return answer;
    }

    private Answer guarded(Request request, String page) {
        try {
            return answer(request, page);
        } catch (ApiException e) {
            return switch (e.status()) {
                case 429 -> frame.error(request, 429, "too_many").because(e.code());
                case 503 -> frame.error(request, 503, "busy").because(e.code());
                default -> frame.error(request, "ended").because(e.code());
            };
        } catch (Storage.StorageException e) {
            // by its name: a path may hold whatever somebody typed
            LOG.atWarn()
                    .addKeyValue("page", PageNames.of(page))
                    .addKeyValue("reason", "unavailable")
                    .setCause(e)
                    .log("page {} failed in storage: {}", PageNames.of(page), e.getMessage());
            return frame.error(request, 503, "failed");
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("page", PageNames.of(page))
                    .addKeyValue("reason", "internal_error")
                    .setCause(e)
                    .log("page {} failed", PageNames.of(page));
            return frame.error(request, 500, "failed");
        }
    }

    private Answer answer(Request request, String page) {
        if (page.startsWith("/sso/")) {
            return federated.arrive(request, page);
        }
        boolean read = request.method().equals("GET") || request.method().equals("HEAD");
        if (read) {
            return get(request, page);
        }
        if (!request.method().equals("POST")) {
            return frame.error(request, 405, "method").with("Allow", "GET, HEAD, POST");
        }
        if (!frame.state().sameOrigin(request)) {
            return frame.error(request, 403, "other_site");
        }
        if (request.body().length > MOST_FORM) {
            return frame.error(request, 413, "too_large");
        }
        if (!request.mediaType().equals("application/x-www-form-urlencoded")) {
            return frame.error(request, 415, "form");
        }
        Parameters form = Parameters.parse(new String(request.body(), StandardCharsets.UTF_8));
        return switch (page) {
            case "/sign-out" -> account.signOut(request);
            case "/forgot-password", "/reset-password" -> reset.post(request, page, form);
            case "/device", "/device/decide" -> device.post(request, page, form);
            case "/invitation" -> invitation.post(request, form);
            case "/impersonate" -> impersonation.post(request, form);
            default ->
                page.startsWith("/account") ? account.post(request, page, form) : signIn.post(request, page, form);
        };
    }

    private Answer get(Request request, String page) {
        return switch (page) {
            case "/gatehouse.css" -> frame.renderer().style();
            case "/icon.svg" -> frame.renderer().icon();
            case "/passkeys.js" -> frame.renderer().script();
            case "/post.js" -> frame.renderer().postingScript();
            case "/passkey/options" -> passkeys.signInOptions(request);
            case "/sign-in",
                    "/sign-up",
                    "/password",
                    "/code",
                    "/verify-email",
                    "/mfa",
                    "/recovery",
                    "/mfa-enroll",
                    "/other-method",
                    "/organization" -> signIn.get(request, page);
            case "/federated" -> federated.leave(request);
            case "/forgot-password", "/reset-password" -> reset.get(request, page);
            // a page of the application may link here: one press more, since nothing may change by a link alone
            case "/sign-out" -> frame.render(request, 200, "sign-out", frame.view(request));
            case "/signed-out" -> frame.render(request, 200, "signed-out", frame.view(request));
            case "/account",
                    "/account/factor",
                    "/account/factor/remove",
                    "/account/recovery-codes",
                    "/account/password",
                    "/account/email",
                    "/account/delete",
                    "/account/passkeys",
                    "/account/passkeys/options" -> account.get(request, page);
            case "/invitation" -> invitation.get(request);
            case "/impersonate" -> impersonation.get(request);
            case "/device" -> device.get(request);
            default -> frame.error(request, 404, "not_found");
        };
    }

    /**
     * What {@code /.well-known/webauthn} at the root of the host answers: the origins that share passkeys (WebAuthn Level 3
     * §5.11). Empty if {@code passkey-origins} names none, so that the path is the application's own.
     */
    public Optional<Answer> relatedOrigins() {
        return passkeys.relatedOrigins();
    }

    @Override
    public String environment() {
        return frame.env();
    }

    @Override
    public Answer begin(Request request, Authorization authorization, Wish wish) {
        if (wish.leaves()) {
            Optional<Answer> left = federated.leave(request, authorization, wish);
            if (left.isPresent()) {
                return left.get();
            }
        }
        if (authorization.invitationToken() != null) {
            return invitation.begin(request, authorization);
        }
        SignedIn who = frame.state().who(request);
        if (who != null && !wish.again()) {
            Optional<String> location =
                    frame.identity().browserSessions().answer(frame.env(), who, authorization, Source.of(request));
            if (location.isPresent()) {
                return Renderer.quiet(Answer.found(location.get()));
            }
        }
        String hint = wish.loginHint() == null ? "" : wish.loginHint();
        PageFlow flow = PageFlow.begin(
                frame.home(request), authorization, hint, frame.state().end());
        return signIn.begin(request, flow, wish.signUp() ? "sign-up" : "sign-in");
    }

    @Override
    public Answer error(Request request, String code) {
        return frame.error(request, code);
    }

    @Override
    public Answer posting(Request request, String action, Map<String, String> fields) {
        return frame.renderer().posting(request, frame.view(request).posting(action, fields));
    }

    @Override
    public Answer signedOut(Request request, String location) {
        return frame.state().signedOut(Renderer.quiet(Answer.found(location)), request);
    }

    @Override
    public String signedOutPage(Request request) {
        return frame.page(request, "signed-out");
    }
}
