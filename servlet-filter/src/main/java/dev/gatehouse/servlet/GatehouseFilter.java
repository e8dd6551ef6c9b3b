package dev.gatehouse.servlet;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.Authenticated;
import dev.gatehouse.pages.Pages;
import dev.gatehouse.spi.Mailer;
import dev.gatehouse.spi.Settings;
import dev.gatehouse.spi.Telemetry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Signs people in before a servlet application sees them. Map it to {@code /*}, first in the chain, for every dispatcher
 * type, with {@code async-supported}.
 *
 * <p>It answers the hosted pages and, where mounted, the REST API; for every other path it finds who is signed in, applies
 * the path rules, and passes on a request whose {@code getUserPrincipal()} is a {@link
 * dev.gatehouse.identity.SignedIn}, or the holder of a customer's API key where {@code api-key-paths} takes those. A browser
 * without a session is sent to sign in and comes back to where it was; a script gets 401 with a reason. What it cannot decide it
 * refuses: an exception here never lets a request through.
 *
 * <p>Forwards, includes, error pages and async dispatches are judged by the path they lead to; only what lies in
 * {@code /WEB-INF}, which no browser can ask for, is left to the code that led there. Who is signed in is found out once
 * and stays for the whole request.
 *
 * <p>Every setting is an init-param of the same name, see {@code docs/configuration.md}.
 */
public final class GatehouseFilter implements Filter {
    /** Request attribute that holds the {@link Authenticated}; absent when nobody is. */
    public static final String SIGNED_IN = "dev.gatehouse.signedIn";

    /** Servlet context attribute that holds the {@link Gatehouse}, for the application's own code. */
    public static final String GATEHOUSE = "dev.gatehouse";

    /** Servlet context attribute under which an application configured by {@code web.xml} may leave its {@link Mailer}. */
    public static final String MAILER = "dev.gatehouse.mailer";

    /** Request attribute that {@code logout()} leaves: a customer's API key, which no logout ends, says nothing any more. */
    static final String LOGGED_OUT = "dev.gatehouse.loggedOut";

    /** Servlet context attribute that holds what takes a {@code GatehouseAuthModule} back, where one is registered. */
    static final String CONTAINER_SIGN_IN = "dev.gatehouse.containerSignIn";

    /** Servlet context attribute under which an application configured by {@code web.xml} may leave its {@link Telemetry}. */
    public static final String TELEMETRY = "dev.gatehouse.telemetry";

    /** Which origins share passkeys (WebAuthn Level 3 §5.11). */
    private static final String RELATED_ORIGINS = "/.well-known/webauthn";

    private @Nullable Gatehouse given;
    private @Nullable Gatehouse owned;
    private @Nullable Room room;
    private @Nullable Runnable unregister;

    /** For {@code web.xml}: settings come from init-params, environment and system properties. */
    public GatehouseFilter() {}

    /** For programmatic registration, around an instance that the caller closes. */
    public GatehouseFilter(Gatehouse gatehouse) {
        given = gatehouse;
    }

    /** The Gatehouse in front of this application. */
    public static Gatehouse of(ServletContext context) {
        Object found = context.getAttribute(GATEHOUSE);
        if (found instanceof Gatehouse gatehouse) {
            return gatehouse;
        }
        throw new IllegalStateException("no GatehouseFilter has started in this context");
    }

    /**
     * The request as this filter passed it on, below whatever wraps it; empty if it came past the filter. For frameworks whose
     * wrapper answers {@code login}, {@code logout} and {@code authenticate} itself, as Spring Security's does.
     */
    public static Optional<HttpServletRequest> requestOf(ServletRequest request) {
        return Optional.ofNullable(ours(request));
    }

    private static @Nullable SignedInRequest ours(ServletRequest request) {
        ServletRequest at = request;
        while (!(at instanceof SignedInRequest) && at instanceof ServletRequestWrapper wrapper) {
            at = wrapper.getRequest();
        }
        return at instanceof SignedInRequest ours ? ours : null;
    }

    /**
     * Signs in a user whom the application itself has proved, in a way that Gatehouse does not know; the response gets the
     * session's cookie, and the request shows the principal. See {@link dev.gatehouse.identity.BrowserSessions#begin} for what
     * is checked. That the person meant to sign in is the application's to see to (login CSRF, ATTACKS F03).
     *
     * @param request from this filter, wrapped or not
     * @param organizationId selected organization; null for none
     * @throws ServletException if somebody is signed in already, the response is committed, or the user may not; its cause is
     *     the {@link dev.gatehouse.api.ApiException} that says why
     */
    public static void enter(ServletRequest request, String userId, @Nullable String organizationId)
            throws ServletException {
        SignedInRequest ours = ours(request);
        if (ours == null) {
            throw new ServletException("This request did not come through GatehouseFilter.");
        }
        ours.enter((pages, head) -> pages.enter(head, userId, organizationId));
    }

    @Override
    public void init(FilterConfig config) {
        JettyWebSockets.behind(config);
        ServletContext context = config.getServletContext();
        unregister = context.getAttribute(CONTAINER_SIGN_IN) instanceof Runnable registered ? registered : null;
        ServletRules servlets = ServletRules.of(context, unregister != null);
        Gatehouse gatehouse = given;
        if (gatehouse == null) {
            Gatehouse.Builder builder = Gatehouse.builder().settings(initParams(config));
            if (context.getAttribute(MAILER) instanceof Mailer mailer) {
                builder.mailer(mailer);
            }
            if (context.getAttribute(TELEMETRY) instanceof Telemetry telemetry) {
                builder.telemetry(telemetry);
            }
            gatehouse = builder.build();
            owned = gatehouse;
            if (!gatehouse.setting(Setting.API_PATH).isEmpty()) {
                // for whoever starts it, and never through a logger, whose files others keep and read
                gatehouse.firstApiKey().ifPresent(key -> System.out.println("API key, shown this once: " + key));
            }
        }
        room = new Room(
                gatehouse,
                new PathRules(
                        gatehouse.setting(Setting.PUBLIC_PATHS),
                        gatehouse.setting(Setting.ORGANIZATION_PATHS),
                        gatehouse.setting(Setting.ROLE_PATHS),
                        gatehouse.setting(Setting.API_KEY_PATHS)),
                servlets,
                new TrustedProxies(gatehouse.setting(Setting.TRUSTED_PROXIES)),
                gatehouse.pages().path(),
                gatehouse.setting(Setting.API_PATH),
                gatehouse.pages().sessionCookie(),
                gatehouse.environment().id(),
                gatehouse.environment().production(),
                gatehouse.setting(Setting.ORIGIN));
        context.setAttribute(GATEHOUSE, gatehouse);
        context.setAttribute(Room.ATTRIBUTE, room);
    }

    private static Settings initParams(FilterConfig config) {
        return new Settings() {
            @Override
            public Optional<String> value(String key) {
                return Optional.ofNullable(config.getInitParameter(key));
            }

            @Override
            public Set<String> keys() {
                return Set.copyOf(Collections.list(config.getInitParameterNames()));
            }

            @Override
            public String source() {
                return "a web.xml init-param";
            }
        };
    }

    @Override
    public void destroy() {
        if (unregister != null) {
            unregister.run();
        }
        if (owned != null) {
            owned.close();
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Room here = room;
        if (here == null
                || !(request instanceof HttpServletRequest http)
                || !(response instanceof HttpServletResponse answer)) {
            throw new ServletException("GatehouseFilter has not started, or this is not HTTP");
        }
        DispatcherType type = http.getDispatcherType();
        String path = path(http, type);
        if (!answers(here, http, answer, path, type)) {
            pass(here, http, answer, chain, path, type);
        }
    }

    /**
     * Answers what nobody need be signed in for: what cannot be judged, what does not come over HTTPS, and what is
     * Gatehouse's own.
     *
     * @return whether it has answered; else the request is the application's
     */
    static boolean answers(
            Room here, HttpServletRequest http, HttpServletResponse answer, String path, DispatcherType type)
            throws IOException {
        if (PathRules.ambiguous(http.getRequestURI())) {
            Refusals.refuse(
                    here.gatehouse(),
                    http,
                    answer,
                    400,
                    "ambiguous_path",
                    "The path can be read in more than one way.");
            return true;
        }
        if (type != DispatcherType.REQUEST) {
            return false;
        }
        if (here.production() && !here.secure(http)) {
            Refusals.insecure(here.gatehouse(), here.origin(), !api(here, path), http, answer);
            return true;
        }
        if (here.production()) {
            answer.setHeader("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
        }
        // before the pages: the contract has operations below /auth, and no page has the path of one
        if (api(here, path)) {
            String operation =
                    here.api().equals("/") ? path : path.substring(here.api().length());
            own(here, http, answer, operation, Request.MOST_BODY, here.gatehouse()::api);
            return true;
        }
        if (relatedOrigins(here, http, answer, path)) {
            return true;
        }
        if (below(path, here.pages())) {
            own(here, http, answer, path, Pages.MOST_FORM, here.gatehouse().pages()::handle);
            return true;
        }
        return false;
    }

    /**
     * Answers which origins share passkeys, if any do: to anybody, since browsers ask without cookies. Below a context path
     * nobody would find it (RFC 8615 §3).
     */
    private static boolean relatedOrigins(Room here, HttpServletRequest http, HttpServletResponse answer, String path)
            throws IOException {
        if (!path.equals(RELATED_ORIGINS)
                || !http.getMethod().equals("GET")
                || !http.getContextPath().isEmpty()) {
            return false;
        }
        Optional<Answer> origins = here.gatehouse().pages().relatedOrigins();
        if (origins.isPresent()) {
            RequestBridge.write(origins.get(), answer);
        }
        return origins.isPresent();
    }

    /** Lets the engine answer. */
    private static void own(
            Room here,
            HttpServletRequest http,
            HttpServletResponse answer,
            String path,
            int mostBody,
            Function<Request, Answer> engine)
            throws IOException {
        Request request = RequestBridge.read(here, http, path, mostBody);
        if (request == null) {
            Refusals.refuse(here.gatehouse(), http, answer, 408, "request_timeout", "The body did not arrive in time.");
            return;
        }
        Answer from;
        try {
            from = engine.apply(request);
        } catch (RuntimeException e) {
            Refusals.failed(here.gatehouse(), http, answer, path, e);
            return;
        }
        RequestBridge.write(from, answer);
    }

    /** Judges a request for the application, and passes it on or refuses it. */
    private static void pass(
            Room here,
            HttpServletRequest http,
            HttpServletResponse answer,
            FilterChain chain,
            String path,
            DispatcherType type)
            throws IOException, ServletException {
        Authenticated who;
        try {
            who = Credentials.who(here, http, path);
        } catch (RuntimeException e) {
            Refusals.failed(here.gatehouse(), http, answer, path, e);
            return;
        }
        // a view that the application's own code leads to, and the container serves to nobody else
        boolean view = type != DispatcherType.REQUEST && path.startsWith("/WEB-INF/");
        switch (view ? PathRules.Verdict.PASS : judge(here, http, path, type, who)) {
            case SIGN_IN -> challenge(here, http, answer, path);
            case ROLE ->
                Refusals.refuse(
                        here.gatehouse(),
                        http,
                        answer,
                        403,
                        "role_required",
                        "This needs a role that you do not have.");
            case ORGANIZATION ->
                Refusals.refuse(
                        here.gatehouse(),
                        http,
                        answer,
                        403,
                        "organization_required",
                        "This needs a selected organization.");
            case PASS -> {
                if (who != null && type == DispatcherType.REQUEST) {
                    // a page for one person must not be kept for another (ATTACKS C10), unless the application says so
                    answer.setHeader("Cache-Control", "no-store");
                }
                chain.doFilter(new SignedInRequest(here, http, answer, who), answer);
            }
        }
    }

    /** Asks whoever is not signed in to do so. */
    static void challenge(Room here, HttpServletRequest http, HttpServletResponse answer, String path)
            throws IOException {
        if (here.api().equals("/") && Credentials.bearer(http).startsWith("sk_")) {
            // an SDK that asks for an operation which is not there must not read that its key is wrong
            own(here, http, answer, path, Request.MOST_BODY, here.gatehouse()::api);
        } else {
            Refusals.challenge(here.gatehouse(), http, answer);
        }
    }

    /** What paths demand first, what annotations of the servlet demand beside. */
    private static PathRules.Verdict judge(
            Room here, HttpServletRequest http, String path, DispatcherType type, @Nullable Authenticated who) {
        ServletRules.Rule servlet = here.servlets().of(http, type);
        PathRules.Verdict verdict = here.rules().judge(path, who, servlet != null && servlet.open());
        return servlet == null || verdict != PathRules.Verdict.PASS ? verdict : servlet.judge(http.getMethod(), who);
    }

    private static boolean api(Room here, String path) {
        if (here.api().isEmpty()) {
            return false;
        }
        return here.api().equals("/") ? here.gatehouse().ownsApiPath(path) : below(path, here.api());
    }

    private static boolean below(String path, String base) {
        return path.startsWith(base) && (path.length() == base.length() || path.charAt(base.length()) == '/');
    }

    /** The decoded path that the container dispatches on. */
    static String path(HttpServletRequest http, DispatcherType type) {
        String servlet = http.getServletPath();
        String info = http.getPathInfo();
        // while including, the request's own paths are still those of the page that includes
        if (type == DispatcherType.INCLUDE
                && http.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH) instanceof String included) {
            servlet = included;
            info = http.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO) instanceof String rest ? rest : null;
        }
        return info == null ? servlet : servlet.isEmpty() ? info : servlet + info;
    }
}
