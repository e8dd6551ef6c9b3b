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
import dev.gatehouse.crypto.SealedCookie;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.environments.Environment;
import dev.gatehouse.identity.Affiliations;
import dev.gatehouse.identity.Authorization;
import dev.gatehouse.identity.HostedPages;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SignIn;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.Source;
import dev.gatehouse.spi.Storage;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the hosted pages. State travels sealed in the forms; nothing is kept for people who are not signed in. */
public final class Pages implements HostedPages {
    private static final Logger LOG = LoggerFactory.getLogger(Pages.class);
    private static final String CSP =
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    /** A plain gate, so that browsers do not ask the application for an icon of its own. */
    private static final String ICON = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">"
            + "<path fill=\"#2c5a9e\" d=\"M4 31V14a12 12 0 0 1 24 0v17h-6V15a6 6 0 0 0-12 0v16z\"/></svg>";

    /** Most bytes of a form. */
    public static final int MOST_FORM = 1 << 16;

    private static final Duration FLOW = Duration.ofMinutes(20);
    private static final String PURPOSE = "page flow";

    private final Engine engine;
    private final Envelope envelope;
    private final Identity identity;
    private final RandomTokens random;
    private final String env;
    private final String clientId;
    private final boolean production;
    private final boolean https;
    private final String base;
    private final String home;
    private final String app;
    private final String origin;
    private final boolean signUp;
    private final TemplateEngine templates;
    private final byte[] css;

    public Pages(
            Engine engine,
            Config config,
            Envelope envelope,
            Identity identity,
            Environment environment,
            String clientId,
            RandomTokens random) {
        this.engine = engine;
        this.envelope = envelope;
        this.identity = identity;
        this.random = random;
        this.env = environment.id();
        this.clientId = clientId;
        this.production = environment.production();
        this.base = config.get(Setting.PAGES_PATH);
        this.home = config.get(Setting.HOME);
        this.app = config.get(Setting.APP_NAME);
        this.origin = config.get(Setting.ORIGIN);
        this.https = origin.startsWith("https://");
        this.signUp = config.get(Setting.SIGN_UP);
        this.templates = TemplateEngine.createPrecompiled(
                null, ContentType.Html, Pages.class.getClassLoader(), "dev.gatehouse.pages.templates");
        try (InputStream in = Pages.class.getResourceAsStream("gatehouse.css")) {
            this.css = in == null ? new byte[0] : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Name of the session cookie: with {@code __Host-} where the origin is HTTPS, as browsers demand. */
    public String sessionCookie() {
        return cookie("session");
    }

    private String cookie(String what) {
        return (https ? "__Host-" : "") + "gatehouse_" + what;
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
            return guarded(Answer.of(200, "text/css; charset=utf-8", css)).with("Cache-Control", "max-age=3600");
        }
        if (read && page.equals("/icon.svg")) {
            return guarded(Answer.of(200, "image/svg+xml", ICON.getBytes(StandardCharsets.UTF_8)))
                    .with("Cache-Control", "max-age=86400");
        }
        if (read) {
            return get(request, page);
        }
        if (!request.method().equals("POST")) {
            return error(request, 405, "method").with("Allow", "GET, HEAD, POST");
        }
        if (!sameOrigin(request)) {
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
        return switch (page) {
            case "/sign-in", "/sign-up" -> {
                Optional<PageFlow> running = flow(request, query.one("flow").orElse(""));
                String template = page.substring(1);
                if (running.isPresent()) {
                    yield show(
                            request,
                            200,
                            template,
                            view(request, query.one("flow").orElse(""), running.get(), "", ""));
                }
                SignedIn who = who(request);
                String target = PageFlow.safe(query.one("return_to").orElse(null), home(request));
                yield who != null
                        ? quiet(Answer.seeOther(target))
                        : begin(request, new PageFlow(target, null, "", null, end()), template);
            }
            case "/password", "/organization" -> {
                String sealed = query.one("flow").orElse("");
                Optional<PageFlow> flow = flow(request, sealed);
                yield flow.isEmpty()
                        ? quiet(Answer.seeOther(base(request) + "/sign-in"))
                        : show(request, 200, page.substring(1), view(request, sealed, flow.get(), "", ""));
            }
            case "/signed-out" -> show(request, 200, "signed-out", plain(request, ""));
            case "/account" -> {
                SignedIn who = who(request);
                yield who == null
                        ? quiet(Answer.seeOther(signInFor(request.contextPath(), base(request) + "/account")))
                        : show(request, 200, "account", account(request, who));
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
        Optional<PageFlow> flow = flow(request, sealed);
        if (flow.isEmpty()) {
            return error(request, "ended");
        }
        return switch (page) {
            case "/sign-in" -> {
                String email = form.one("email").orElse("").strip();
                if (email.isEmpty() || email.length() > 254) {
                    yield show(request, 422, "sign-in", view(request, sealed, flow.get(), "email", ""));
                }
                yield to(request, "password", flow.get().withEmail(email));
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
            return show(request, 422, "password", view(request, sealed, flow, error, ""));
        }
    }

    private Answer signUp(Request request, String sealed, PageFlow flow, Parameters form) {
        if (!signUp) {
            return error(request, "no_sign_up");
        }
        String email = form.one("email").orElse("").strip();
        String password = form.one("password").orElse("");
        PageFlow typed = flow.withEmail(email);
        try {
            identity.users(env)
                    .create(NewUser.of(email)
                            .withPassword(password)
                            .withName(name(form, "first_name"), name(form, "last_name")));
        } catch (ApiException e) {
            String code = e.problems().isEmpty() ? "email" : e.problems().get(0).code();
            String error = code.startsWith("password_") ? code : code.equals("email_not_available") ? "taken" : "email";
            String detail = Integer.toString(identity.passwordPolicy().minLength());
            View again = view(request, sealed, typed, error, detail)
                    .named(
                            form.one("first_name").orElse(""),
                            form.one("last_name").orElse(""));
            return show(request, 422, "sign-up", again);
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
            return to(request, "organization", flow.withPending(choose.pendingToken()));
        }
        return arrive(
                request, flow, ((SignIn.Step.Finished) step).grant().session().id());
    }

    /** The sign-in is done: the browser gets its cookie, and goes where it wanted. */
    private Answer arrive(Request request, PageFlow flow, String sessionId) {
        String value = identity.browserSessions().seal(env, sessionCookie(), sessionId);
        Authorization authorization = flow.authorization();
        Answer answer = Answer.seeOther(flow.returnTo());
        if (authorization != null) {
            SignedIn who = identity.browserSessions().byCookie(env, sessionCookie(), value);
            Optional<Answer> code = Optional.ofNullable(who)
                    .flatMap(w -> identity.browserSessions().answer(env, w, authorization, Source.of(request)));
            if (code.isEmpty()) {
                return error(request, "ended");
            }
            answer = code.get();
        }
        for (var cookie : SealedCookie.write(sessionCookie(), value)) {
            answer = answer.with("Set-Cookie", setCookie(cookie.getKey(), cookie.getValue(), 34_560_000));
        }
        return quiet(answer);
    }

    private Answer signedIn(Request request, String page, Parameters form) {
        SignedIn who = who(request);
        if (who == null || !Digest.equal(form.one("csrf").orElse(""), csrf(who))) {
            return page.equals("/sign-out") ? signedOut(request, signedOutPage(request)) : error(request, "ended");
        }
        switch (page) {
            case "/sign-out" -> {
                identity.browserSessions().end(env, who.sessionId());
                return signedOut(request, signedOutPage(request));
            }
            case "/account/profile" ->
                identity.users(env).rename(who.user().id(), name(form, "first_name"), name(form, "last_name"));
            case "/account/sessions" ->
                identity.users(env)
                        .endSession(who.user().id(), form.one("session_id").orElse(""));
            default -> {
                return error(request, 404, "not_found");
            }
        }
        return quiet(Answer.seeOther(base(request) + "/account"));
    }

    @Override
    public String environment() {
        return env;
    }

    @Override
    public Answer begin(Request request, Authorization authorization, Wish wish) {
        SignedIn who = who(request);
        if (who != null && !wish.again()) {
            Optional<Answer> answer = identity.browserSessions().answer(env, who, authorization, Source.of(request));
            if (answer.isPresent()) {
                return quiet(answer.get());
            }
        }
        String hint = wish.loginHint() == null ? "" : wish.loginHint();
        PageFlow flow = new PageFlow(home(request), authorization, hint, null, end());
        return begin(request, flow, wish.signUp() ? "sign-up" : "sign-in");
    }

    private Answer begin(Request request, PageFlow flow, String page) {
        String browser = browser(request).orElseGet(() -> random.base62(32));
        return quiet(Answer.found(base(request) + "/" + page + "?flow=" + seal(flow, browser))
                .with("Set-Cookie", setCookie(cookie("browser"), browser, (int) FLOW.toSeconds() * 2)));
    }

    private Answer to(Request request, String page, PageFlow flow) {
        String browser = browser(request).orElse("");
        return quiet(Answer.seeOther(base(request) + "/" + page + "?flow=" + seal(flow, browser)));
    }

    @Override
    public Answer error(Request request, String code) {
        return error(request, 400, code);
    }

    private Answer error(Request request, int status, String code) {
        return show(request, status, "error", plain(request, code));
    }

    @Override
    public Answer signedOut(Request request, String location) {
        Answer answer = Answer.seeOther(location);
        if (request.method().equals("GET")) {
            answer = Answer.found(location);
        }
        for (String name : SealedCookie.names(sessionCookie())) {
            boolean there = request.cookies().stream().anyMatch(c -> c.getKey().equals(name));
            answer = there || name.equals(sessionCookie()) ? answer.with("Set-Cookie", setCookie(name, "", 0)) : answer;
        }
        return quiet(answer);
    }

    @Override
    public String signedOutPage(Request request) {
        return base(request) + "/signed-out";
    }

    private String setCookie(String name, String value, int maxAge) {
        return name + "=" + value + "; Path=/; Max-Age=" + maxAge + "; HttpOnly; SameSite=Lax"
                + (https ? "; Secure" : "");
    }

    private long end() {
        return engine.now().plus(FLOW).toEpochMilli();
    }

    private Optional<String> browser(Request request) {
        return SealedCookie.read(cookie("browser"), request.cookies()).filter(b -> b.length() == 32);
    }

    private String seal(PageFlow flow, String browser) {
        return envelope.seal(PURPOSE, env + " " + browser, engine.json().bytes(flow));
    }

    private Optional<PageFlow> flow(Request request, String sealed) {
        return browser(request)
                .flatMap(browser -> envelope.open(PURPOSE, env + " " + browser, sealed))
                .map(bytes -> engine.json().read(new String(bytes, StandardCharsets.UTF_8), PageFlow.class))
                .filter(flow -> flow.expiresAt() > engine.now().toEpochMilli());
    }

    private @Nullable SignedIn who(Request request) {
        return SealedCookie.read(sessionCookie(), request.cookies())
                .map(value -> identity.browserSessions().byCookie(env, sessionCookie(), value))
                .orElse(null);
    }

    /** Whether a form was sent by a page of ours (Fetch Metadata, else Origin). */
    private boolean sameOrigin(Request request) {
        String site = request.header("sec-fetch-site").orElse("");
        if (!site.isEmpty()) {
            return site.equals("same-origin") || site.equals("none");
        }
        String from = request.header("origin").orElse("");
        String host = request.header("host").orElse("");
        return from.isEmpty() || from.equals(origin) || (!production && from.equals("http://" + host));
    }

    private String csrf(SignedIn who) {
        return Digest.of("csrf " + env, identity.browserSessions().formToken(who.sessionId()));
    }

    private View view(Request request, String sealed, PageFlow flow, String error, String detail) {
        List<Affiliations.Choice> choices =
                flow.pending() == null ? List.of() : identity.signIn().choices(env, clientId, flow.pending());
        return new View(
                Texts.of(request),
                app,
                base(request),
                home(request),
                sealed,
                flow.email(),
                error,
                detail,
                signUp,
                choices,
                null,
                List.of(),
                "",
                "",
                "");
    }

    /** A page about nobody: it asks no storage, so that it can tell of a failed one. */
    private View plain(Request request, String error) {
        return new View(
                Texts.of(request),
                app,
                base(request),
                home(request),
                "",
                "",
                error,
                "",
                signUp,
                List.of(),
                null,
                List.of(),
                "",
                "",
                "");
    }

    private View account(Request request, SignedIn who) {
        return new View(
                Texts.of(request),
                app,
                base(request),
                home(request),
                "",
                "",
                "",
                "",
                signUp,
                List.of(),
                who,
                identity.browserSessions().active(env, who.user().id()),
                csrf(who),
                "",
                "");
    }

    private Answer show(Request request, int status, String template, View view) {
        StringOutput out = new StringOutput();
        templates.render(template + ".jte", view, out);
        byte[] body =
                request.method().equals("HEAD") ? new byte[0] : out.toString().getBytes(StandardCharsets.UTF_8);
        return quiet(Answer.of(status, "text/html; charset=utf-8", body));
    }

    /** For this person and this moment only. */
    private static Answer quiet(Answer answer) {
        return guarded(answer).with("Cache-Control", "no-store").with("Vary", "Cookie");
    }

    private static Answer guarded(Answer answer) {
        return answer.with("Content-Security-Policy", CSP)
                .with("X-Frame-Options", "DENY")
                .with("X-Content-Type-Options", "nosniff")
                .with("Referrer-Policy", "no-referrer");
    }
}
