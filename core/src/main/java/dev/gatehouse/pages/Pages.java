package dev.gatehouse.pages;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.environments.Environment;
import dev.gatehouse.identity.Affiliations;
import dev.gatehouse.identity.Authorization;
import dev.gatehouse.identity.HostedPages;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.Session;
import dev.gatehouse.identity.SignIn;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.Source;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.ui.Brand;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the hosted pages. State travels sealed in the forms; nothing is kept for people who are not signed in. */
public final class Pages implements HostedPages {
    private static final Logger LOG = LoggerFactory.getLogger(Pages.class);
    /** Most bytes of a form. */
    public static final int MOST_FORM = 1 << 16;

    private final Identity identity;
    private final String env;
    private final String clientId;
    private final String base;
    private final String home;
    private final String app;
    private final boolean signUp;
    private final Renderer renderer;
    private final PageState state;

    public Pages(
            Engine engine,
            Config config,
            Envelope envelope,
            Identity identity,
            Environment environment,
            String clientId,
            RandomTokens random) {
        this.identity = identity;
        this.env = environment.id();
        this.clientId = clientId;
        this.base = config.get(Setting.PAGES_PATH);
        this.home = config.get(Setting.HOME);
        this.app = config.get(Setting.APP_NAME);
        this.signUp = config.get(Setting.SIGN_UP);
        this.renderer =
                new Renderer(config.get(Setting.BRAND_COLOR).map(Brand::of).orElse(null));
        this.state = new PageState(
                engine,
                envelope,
                random,
                identity.browserSessions(),
                env,
                config.get(Setting.ORIGIN),
                environment.production());
    }

    /** Name of the session cookie: with {@code __Host-} where the origin is HTTPS, as browsers demand. */
    public String sessionCookie() {
        return state.sessionCookie();
    }

    /** Path of the pages, below the context path. */
    public String path() {
        return base;
    }

    private String base(Request request) {
        return request.contextPath() + base;
    }

    private String home(Request request) {
        return request.contextPath() + home;
    }

    /** Where a browser is sent that must sign in first; {@code target} begins with the context path. */
    public String signInFor(String contextPath, String target) {
        String safe = PageFlow.safe(target, contextPath + home);
        return contextPath + base + "/sign-in?return_to=" + URLEncoder.encode(safe, StandardCharsets.UTF_8);
    }

    /** Answers a request below {@link #path()}. Never throws. */
    public Answer handle(Request request) {
        try {
            return answer(request, request.path().substring(base.length()));
        } catch (ApiException e) {
            return switch (e.status()) {
                case 429 -> error(request, 429, "too_many");
                case 503 -> error(request, 503, "busy");
                default -> error(request, "ended");
            };
        } catch (Storage.StorageException e) {
            LOG.warn("page {} failed in storage: {}", request.path(), e.getMessage(), e);
            return error(request, 503, "failed");
        } catch (RuntimeException e) {
            LOG.error("page {} failed", request.path(), e);
            return error(request, 500, "failed");
        }
    }

    private Answer answer(Request request, String page) {
        boolean read = request.method().equals("GET") || request.method().equals("HEAD");
        if (read && page.equals("/gatehouse.css")) {
            return renderer.style();
        }
        if (read && page.equals("/icon.svg")) {
            return renderer.icon();
        }
        if (read) {
            return get(request, page);
        }
        if (!request.method().equals("POST")) {
            return error(request, 405, "method").with("Allow", "GET, HEAD, POST");
        }
        if (!state.sameOrigin(request)) {
            return error(request, 403, "other_site");
        }
        if (request.body().length > MOST_FORM) {
            return error(request, 413, "too_large");
        }
        if (!request.mediaType().equals("application/x-www-form-urlencoded")) {
            return error(request, 415, "form");
        }
        return post(request, page);
    }

    private Answer get(Request request, String page) {
        Parameters query = request.query();
        String sealed = query.one("flow").orElse("");
        return switch (page) {
            case "/sign-in", "/sign-up" -> {
                Optional<PageFlow> running = state.flow(request, sealed);
                String template = page.substring(1);
                if (running.isPresent()) {
                    yield renderer.page(request, 200, template, view(request, sealed, running.get()));
                }
                SignedIn who = state.who(request);
                String target = PageFlow.safe(query.one("return_to").orElse(null), home(request));
                yield who != null
                        ? Renderer.quiet(Answer.seeOther(target))
                        : begin(request, new PageFlow(target, null, "", null, state.end()), template);
            }
            case "/password", "/organization" -> {
                Optional<PageFlow> flow = state.flow(request, sealed);
                yield flow.isEmpty()
                        ? Renderer.quiet(Answer.seeOther(base(request) + "/sign-in"))
                        : renderer.page(request, 200, page.substring(1), view(request, sealed, flow.get()));
            }
            case "/signed-out" -> renderer.page(request, 200, "signed-out", view(request));
            case "/account" -> {
                SignedIn who = state.who(request);
                yield who == null
                        ? Renderer.quiet(Answer.seeOther(signInFor(request.contextPath(), base(request) + "/account")))
                        : renderer.page(request, 200, "account", account(request, who));
            }
            default -> error(request, 404, "not_found");
        };
    }

    private Answer post(Request request, String page) {
        Parameters form = Parameters.parse(new String(request.body(), StandardCharsets.UTF_8));
        if (page.equals("/sign-out") || page.startsWith("/account")) {
            return signedIn(request, page, form);
        }
        String sealed = form.one("flow").orElse("");
        Optional<PageFlow> flow = state.flow(request, sealed);
        if (flow.isEmpty()) {
            return error(request, "ended");
        }
        return switch (page) {
            case "/sign-in" -> {
                String email = form.one("email").orElse("").strip();
                if (email.isEmpty() || email.length() > 254) {
                    yield renderer.page(
                            request,
                            422,
                            "sign-in",
                            view(request, sealed, flow.get()).wrong("email", ""));
                }
                yield Renderer.quiet(
                        state.to(request, page(request, "password"), flow.get().withEmail(email)));
            }
            case "/password" -> password(request, sealed, flow.get(), form);
            case "/sign-up" -> signUp(request, sealed, flow.get(), form);
            case "/organization" -> organization(request, flow.get(), form);
            default -> error(request, 404, "not_found");
        };
    }

    private Answer password(Request request, String sealed, PageFlow flow, Parameters form) {
        try {
            return proceed(
                    request,
                    flow,
                    identity.signIn()
                            .password(
                                    env,
                                    clientId,
                                    flow.email(),
                                    form.one("password").orElse(""),
                                    organizationOf(flow),
                                    Source.of(request)));
        } catch (ApiException e) {
            String error = e.code().equals("rate_limit_exceeded")
                    ? "too_many"
                    : e.status() == 503 ? "busy" : e.status() == 400 ? "credentials" : "ended";
            return renderer.page(
                    request, 422, "password", view(request, sealed, flow).wrong(error, ""));
        }
    }

    private Answer signUp(Request request, String sealed, PageFlow flow, Parameters form) {
        if (!signUp) {
            return error(request, "no_sign_up");
        }
        String email = form.one("email").orElse("").strip();
        String password = form.one("password").orElse("");
        PageFlow typed = flow.withEmail(email);
        identity.signIn().countSignUp(env, Source.of(request));
        try {
            identity.users(env)
                    .create(NewUser.of(email)
                            .withPassword(password)
                            .withName(name(form, "first_name"), name(form, "last_name")));
        } catch (ApiException e) {
            String code = e.problems().isEmpty() ? "email" : e.problems().get(0).code();
            String error = code.startsWith("password_") ? code : code.equals("email_not_available") ? "taken" : "email";
            String detail = Integer.toString(identity.passwordPolicy().minLength());
            View again = view(request, sealed, typed)
                    .wrong(error, detail)
                    .named(
                            form.one("first_name").orElse(""),
                            form.one("last_name").orElse(""));
            return renderer.page(request, 422, "sign-up", again);
        }
        return password(request, sealed, typed, form);
    }

    private static @Nullable String name(Parameters form, String field) {
        return form.one(field)
                .map(String::strip)
                .filter(text -> !text.isEmpty() && text.length() <= 200)
                .orElse(null);
    }

    private Answer organization(Request request, PageFlow flow, Parameters form) {
        if (flow.pending() == null) {
            return error(request, "ended");
        }
        var grant = identity.signIn()
                .chooseOrganization(
                        env,
                        clientId,
                        flow.pending(),
                        form.one("organization_id").orElse(""),
                        Source.of(request));
        return arrive(request, flow, grant.session().id());
    }

    private static @Nullable String organizationOf(PageFlow flow) {
        return flow.authorization() == null ? null : flow.authorization().organizationId();
    }

    private Answer proceed(Request request, PageFlow flow, SignIn.Step step) {
        if (step instanceof SignIn.Step.ChooseOrganization choose) {
            return Renderer.quiet(
                    state.to(request, page(request, "organization"), flow.withPending(choose.pendingToken())));
        }
        return arrive(
                request, flow, ((SignIn.Step.Finished) step).grant().session().id());
    }

    /** The sign-in is done: the browser gets its cookie, and goes where it wanted. */
    private Answer arrive(Request request, PageFlow flow, String sessionId) {
        String value = identity.browserSessions().seal(env, sessionCookie(), sessionId);
        Authorization authorization = flow.authorization();
        if (authorization == null) {
            return Renderer.quiet(state.signedIn(Answer.seeOther(flow.returnTo()), value));
        }
        SignedIn who = identity.browserSessions().byCookie(env, sessionCookie(), value);
        return Optional.ofNullable(who)
                .flatMap(w -> identity.browserSessions().answer(env, w, authorization, Source.of(request)))
                .map(location -> state.signedIn(leave(request, location), value))
                .orElseGet(() -> error(request, "ended"));
    }

    /**
     * Leads a browser from a form to another application. Not by a redirect: browsers hold every redirect that follows a
     * form, those of the application included, to {@code form-action}, which is ourselves alone.
     */
    private Answer leave(Request request, String location) {
        return renderer.page(request, 200, "leaving", view(request).leadingTo(location))
                .with("Refresh", "0;url=" + location);
    }

    private Answer signedIn(Request request, String page, Parameters form) {
        SignedIn who = state.who(request);
        if (page.equals("/sign-out")) {
            // any form of the application may: a Lax cookie and the check of the origin keep other sites from asking
            if (who != null) {
                identity.browserSessions().end(env, who.sessionId());
            }
            return state.signedOut(Renderer.quiet(Answer.seeOther(signedOutPage(request))), request);
        }
        if (who == null || !Digest.equal(form.one("csrf").orElse(""), state.csrf(who))) {
            return error(request, "ended");
        }
        switch (page) {
            case "/account/profile" ->
                identity.users(env).rename(who.user().id(), name(form, "first_name"), name(form, "last_name"));
            case "/account/sessions" ->
                identity.users(env)
                        .endSession(who.user().id(), form.one("session_id").orElse(""));
            default -> {
                return error(request, 404, "not_found");
            }
        }
        return Renderer.quiet(Answer.seeOther(base(request) + "/account"));
    }

    @Override
    public String environment() {
        return env;
    }

    @Override
    public Answer begin(Request request, Authorization authorization, Wish wish) {
        SignedIn who = state.who(request);
        if (who != null && !wish.again()) {
            Optional<String> location = identity.browserSessions().answer(env, who, authorization, Source.of(request));
            if (location.isPresent()) {
                return Renderer.quiet(Answer.found(location.get()));
            }
        }
        String hint = wish.loginHint() == null ? "" : wish.loginHint();
        PageFlow flow = new PageFlow(home(request), authorization, hint, null, state.end());
        return begin(request, flow, wish.signUp() ? "sign-up" : "sign-in");
    }

    private Answer begin(Request request, PageFlow flow, String page) {
        return Renderer.quiet(state.begin(request, page(request, page), flow));
    }

    private String page(Request request, String name) {
        return base(request) + "/" + name;
    }

    @Override
    public Answer error(Request request, String code) {
        return error(request, 400, code);
    }

    private Answer error(Request request, int status, String code) {
        return renderer.page(request, status, "error", view(request).wrong(code, ""));
    }

    @Override
    public Answer signedOut(Request request, String location) {
        return state.signedOut(Renderer.quiet(Answer.found(location)), request);
    }

    @Override
    public String signedOutPage(Request request) {
        return base(request) + "/signed-out";
    }

    private View view(Request request, String sealed, PageFlow flow) {
        List<Affiliations.Choice> choices =
                flow.pending() == null ? List.of() : identity.signIn().choices(env, clientId, flow.pending());
        return view(request).at(sealed, flow, choices);
    }

    /** A page about nobody: it asks no storage, so that it can tell of a failed one. */
    private View view(Request request) {
        return View.of(Texts.of(request), new View.Site(app, base(request), home(request), signUp));
    }

    private View account(Request request, SignedIn who) {
        List<Session> sessions =
                identity.browserSessions().active(env, who.user().id());
        return view(request).with(new View.Account(who, sessions, state.csrf(who)));
    }
}
