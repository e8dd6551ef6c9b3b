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

    private static final Duration FLOW = Duration.ofMinutes(20);
    private static final String PURPOSE = "page flow";

    private final Engine engine;
    private final Envelope envelope;
    private final Identity identity;
    private final RandomTokens random;
    private final String env;
    private final String clientId;
    private final boolean production;
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
        this.signUp = config.get(Setting.SIGN_UP);
        this.templates = TemplateEngine.createPrecompiled(
                null, ContentType.Html, Pages.class.getClassLoader(), "dev.gatehouse.pages.templates");
        try (InputStream in = Pages.class.getResourceAsStream("gatehouse.css")) {
            this.css = in == null ? new byte[0] : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Name of the session cookie: with {@code __Host-} wherever HTTPS is certain. */
    public String sessionCookie() {
        return cookie("session");
    }

    private String cookie(String what) {
        return (production ? "__Host-" : "") + "gatehouse_" + what;
    }

    /** Path of the pages. */
    public String path() {
        return base;
    }

    /** Where a browser is sent that must sign in first. */
    public String signInFor(String target) {
        return base + "/sign-in?return_to="
                + java.net.URLEncoder.encode(PageFlow.safe(target, home), StandardCharsets.UTF_8);
    }

    /** Answers a request below {@link #path()}. Never throws. */
    public Answer handle(Request request) {
        String page = request.path().substring(base.length());
        try {
            if (page.equals("/gatehouse.css") && request.method().equals("GET")) {
                return Answer.of(200, "text/css; charset=utf-8", css)
                        .with("Cache-Control", "max-age=3600")
                        .with("X-Content-Type-Options", "nosniff");
            }
            if (page.equals("/icon.svg") && request.method().equals("GET")) {
                return Answer.of(200, "image/svg+xml", ICON.getBytes(StandardCharsets.UTF_8))
                        .with("Cache-Control", "max-age=86400")
                        .with("Content-Security-Policy", "default-src 'none'");
            }
            if (request.method().equals("POST")) {
                return sameOrigin(request) ? post(request, page) : error(request, "other_site");
            }
            return request.method().equals("GET") || request.method().equals("HEAD")
                    ? get(request, page)
                    : Answer.empty(405).with("Allow", "GET, HEAD, POST");
        } catch (ApiException e) {
            return error(request, e.status() == 429 ? "too_many" : e.status() == 503 ? "busy" : "ended");
        } catch (Storage.StorageException e) {
            LOG.warn("{} {} failed in storage: {}", request.method(), page, e.getMessage(), e);
            return failed(request, 503, "busy");
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", request.method(), page, e);
            return failed(request, 500, "failed");
        }
    }

    /** A page that asks the storage nothing: that is what failed. */
    private Answer failed(Request request, int status, String code) {
        return show(request, status, "error", plain(request, code, null));
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
                String target = PageFlow.safe(query.one("return_to").orElse(null), home);
                yield who != null
                        ? Answer.seeOther(target)
                        : begin(request, new PageFlow(target, null, "", null, end()), template);
            }
            case "/password", "/organization" -> {
                String sealed = query.one("flow").orElse("");
                Optional<PageFlow> flow = flow(request, sealed);
                yield flow.isEmpty()
                        ? Answer.seeOther(base + "/sign-in")
                        : show(request, 200, page.substring(1), view(request, sealed, flow.get(), "", ""));
            }
            case "/signed-out" -> show(request, 200, "signed-out", plain(request, ""));
            case "/account" ->
                who(request) == null
                        ? Answer.seeOther(signInFor(base + "/account"))
                        : show(request, 200, "account", plain(request, ""));
            default -> show(request, 404, "error", plain(request, "not_found"));
        };
    }

    private Answer post(Request request, String page) {
        if (!request.mediaType().equals("application/x-www-form-urlencoded")) {
            return Answer.empty(415);
        }
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
            default -> show(request, 404, "error", plain(request, "not_found"));
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
            answer = Optional.ofNullable(who)
                    .flatMap(w -> identity.browserSessions().answer(env, w, authorization, Source.of(request)))
                    .orElseGet(() -> error(request, "ended"));
        }
        for (var cookie : SealedCookie.write(sessionCookie(), value)) {
            answer = answer.with("Set-Cookie", setCookie(cookie.getKey(), cookie.getValue(), 34_560_000));
        }
        return quiet(answer);
    }

    private Answer signedIn(Request request, String page, Parameters form) {
        SignedIn who = who(request);
        if (who == null || !Digest.equal(form.one("csrf").orElse(""), csrf(who))) {
            return page.equals("/sign-out") ? signedOut(request, base + "/signed-out") : error(request, "ended");
        }
        switch (page) {
            case "/sign-out" -> {
                identity.browserSessions().end(env, who.sessionId());
                return signedOut(request, base + "/signed-out");
            }
            case "/account/profile" ->
                identity.users(env).rename(who.user().id(), name(form, "first_name"), name(form, "last_name"));
            case "/account/sessions" ->
                identity.users(env)
                        .endSession(who.user().id(), form.one("session_id").orElse(""));
            default -> {
                return show(request, 404, "error", plain(request, "not_found"));
            }
        }
        return quiet(Answer.seeOther(base + "/account"));
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
        PageFlow flow = new PageFlow(home, authorization, hint, null, end());
        return begin(request, flow, wish.signUp() ? "sign-up" : "sign-in");
    }

    private Answer begin(Request request, PageFlow flow, String page) {
        String browser = browser(request).orElseGet(() -> random.base62(32));
        return quiet(Answer.found(base + "/" + page + "?flow=" + seal(flow, browser))
                .with("Set-Cookie", setCookie(cookie("browser"), browser, (int) FLOW.toSeconds() * 2)));
    }

    private Answer to(Request request, String page, PageFlow flow) {
        String browser = browser(request).orElse("");
        return quiet(Answer.seeOther(base + "/" + page + "?flow=" + seal(flow, browser)));
    }

    @Override
    public Answer error(Request request, String code) {
        return show(request, 400, "error", plain(request, code));
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
    public String signedOutPage() {
        return base + "/signed-out";
    }

    private String setCookie(String name, String value, int maxAge) {
        return name + "=" + value + "; Path=/; Max-Age=" + maxAge + "; HttpOnly; SameSite=Lax"
                + (production || origin.startsWith("https://") ? "; Secure" : "");
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
                base,
                home,
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

    private View plain(Request request, String error) {
        return plain(request, error, who(request));
    }

    private View plain(Request request, String error, @Nullable SignedIn who) {
        return new View(
                Texts.of(request),
                app,
                base,
                home,
                "",
                "",
                error,
                "",
                signUp,
                List.of(),
                who,
                who == null
                        ? List.of()
                        : identity.browserSessions().active(env, who.user().id()),
                who == null ? "" : csrf(who),
                "",
                "");
    }

    private Answer show(Request request, int status, String template, View view) {
        StringOutput out = new StringOutput();
        templates.render(template + ".jte", view, out);
        byte[] body =
                request.method().equals("HEAD") ? new byte[0] : out.toString().getBytes(StandardCharsets.UTF_8);
        return quiet(Answer.of(status, "text/html; charset=utf-8", body))
                .with("Content-Security-Policy", CSP)
                .with("X-Frame-Options", "DENY")
                .with("X-Content-Type-Options", "nosniff");
    }

    private static Answer quiet(Answer answer) {
        return answer.with("Cache-Control", "no-store")
                .with("Referrer-Policy", "no-referrer")
                .with("Vary", "Cookie");
    }
}
