package dev.gatehouse.servlet;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.SealedCookie;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.spi.Settings;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Signs people in before a servlet application sees them. Map it to {@code /*}, first in the chain, for the dispatcher
 * types that the application uses; {@code async-supported} should be true.
 *
 * <p>It answers the hosted pages and, where mounted, the REST API; for every other path it finds who is signed in, applies
 * the path rules, and passes on a request whose {@code getUserPrincipal()} is a {@link SignedIn}. A browser without a
 * session is sent to sign in and comes back to where it was; a script gets 401 with a reason. What it cannot decide it
 * refuses: an exception here never lets a request through.
 *
 * <p>Every setting is an init-param of the same name, see {@code docs/configuration.md}.
 */
public final class GatehouseFilter implements Filter {
    /** Request attribute that holds the {@link SignedIn}; absent when nobody is. */
    public static final String SIGNED_IN = "dev.gatehouse.signedIn";

    /** Servlet context attribute that holds the {@link Gatehouse}, for the application's own code. */
    public static final String GATEHOUSE = "dev.gatehouse";

    private static final int MOST_BODY = 1 << 20;

    private @Nullable Gatehouse given;
    private @Nullable Gatehouse owned;
    private @Nullable Room room;

    /** For {@code web.xml}: settings come from init-params, environment and system properties. */
    public GatehouseFilter() {}

    /** For programmatic registration, around an instance that the caller closes. */
    public GatehouseFilter(Gatehouse gatehouse) {
        given = gatehouse;
    }

    /** What a request needs, read once. */
    private record Room(
            Gatehouse gatehouse,
            PathRules rules,
            TrustedProxies proxies,
            String pages,
            String api,
            String cookie,
            String env,
            boolean production,
            String origin) {}

    /** The Gatehouse in front of this application. */
    public static Gatehouse of(jakarta.servlet.ServletContext context) {
        Object found = context.getAttribute(GATEHOUSE);
        if (found instanceof Gatehouse gatehouse) {
            return gatehouse;
        }
        throw new IllegalStateException("no GatehouseFilter has started in this context");
    }

    @Override
    public void init(FilterConfig config) {
        Gatehouse gatehouse = given;
        if (gatehouse == null) {
            gatehouse = Gatehouse.builder().settings(initParams(config)).build();
            owned = gatehouse;
        }
        room = new Room(
                gatehouse,
                new PathRules(
                        gatehouse.setting(Setting.PUBLIC_PATHS),
                        gatehouse.setting(Setting.ORGANIZATION_PATHS),
                        gatehouse.setting(Setting.ROLE_PATHS)),
                new TrustedProxies(gatehouse.setting(Setting.TRUSTED_PROXIES)),
                gatehouse.pages().path(),
                gatehouse.setting(Setting.API_PATH),
                gatehouse.pages().sessionCookie(),
                gatehouse.environment().id(),
                gatehouse.environment().production(),
                gatehouse.setting(Setting.ORIGIN));
        config.getServletContext().setAttribute(GATEHOUSE, gatehouse);
    }

    private static Settings initParams(FilterConfig config) {
        return new Settings() {
            @Override
            public Optional<String> value(String key) {
                return Optional.ofNullable(config.getInitParameter(key));
            }

            @Override
            public String source() {
                return "a web.xml init-param";
            }
        };
    }

    @Override
    public void destroy() {
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
        if (http.getDispatcherType() == DispatcherType.ERROR) {
            // the error page of a request that was judged already
            chain.doFilter(new SignedInRequest(http, attribute(http)), answer);
            return;
        }
        if (PathRules.ambiguous(http.getRequestURI())) {
            plain(answer, 400, "ambiguous_path", "The path can be read in more than one way.");
            return;
        }
        boolean secure = secure(here, http);
        if (here.production) {
            answer.setHeader("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
            if (!secure) {
                insecure(here, http, answer);
                return;
            }
        }
        String path = path(http);
        boolean first = http.getDispatcherType() == DispatcherType.REQUEST;
        if (first && below(path, here.pages)) {
            write(here.gatehouse.pages().handle(read(here, http, path, secure)), answer);
        } else if (first && api(here, path)) {
            Request whole = read(here, http, path.substring(here.api.equals("/") ? 0 : here.api.length()), secure);
            write(here.gatehouse.api(whole), answer);
        } else {
            pass(here, http, answer, chain, path);
        }
    }

    private static void pass(
            Room here, HttpServletRequest http, HttpServletResponse answer, FilterChain chain, String path)
            throws IOException, ServletException {
        SignedIn who = attribute(http);
        if (who == null) {
            who = find(here, http);
        }
        if (!here.rules.open(path)) {
            if (who == null) {
                challenge(here, http, answer);
                return;
            }
            String role = here.rules.role(path);
            if (role != null && !who.hasRole(role)) {
                plain(answer, 403, "role_required", "This needs the role '" + role + "'.");
                return;
            }
            if (here.rules.needsOrganization(path) && who.organizationId() == null) {
                plain(answer, 403, "organization_required", "This needs a selected organization.");
                return;
            }
        }
        if (who == null) {
            chain.doFilter(new SignedInRequest(http, null), answer);
            return;
        }
        http.setAttribute(SIGNED_IN, who);
        if (!answer.containsHeader("Cache-Control")) {
            // a page for one person must not be kept for another (ATTACKS C10)
            answer.setHeader("Cache-Control", "no-store");
        }
        chain.doFilter(new SignedInRequest(http, who), answer);
    }

    private static @Nullable SignedIn attribute(HttpServletRequest http) {
        return http.getAttribute(SIGNED_IN) instanceof SignedIn who ? who : null;
    }

    private static @Nullable SignedIn find(Room here, HttpServletRequest http) {
        Cookie[] cookies = http.getCookies();
        String value = cookies == null ? null : cookie(here.cookie, cookies);
        if (value != null) {
            return here.gatehouse.sessions().byCookie(here.env, here.cookie, value);
        }
        String header = http.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? here.gatehouse
                        .sessions()
                        .byToken(
                                here.env,
                                here.gatehouse.clientId(),
                                header.substring(7).trim())
                : null;
    }

    private static @Nullable String cookie(String name, Cookie[] cookies) {
        String found = null;
        for (Cookie cookie : cookies) {
            if (cookie.getName().equals(name)) {
                if (found != null && !found.equals(cookie.getValue())) {
                    return null;
                }
                found = cookie.getValue();
            }
        }
        if (found == null || found.length() < 2 || found.charAt(1) != '!') {
            return found;
        }
        List<Map.Entry<String, String>> all = new ArrayList<>();
        for (Cookie cookie : cookies) {
            all.add(new AbstractMap.SimpleEntry<>(cookie.getName(), cookie.getValue()));
        }
        return SealedCookie.read(name, all).orElse(null);
    }

    /** A browser that navigates is sent to sign in; anything else is told. */
    private static void challenge(Room here, HttpServletRequest http, HttpServletResponse answer) throws IOException {
        String mode = http.getHeader("Sec-Fetch-Mode");
        String accept = http.getHeader("Accept");
        boolean get = http.getMethod().equals("GET") || http.getMethod().equals("HEAD");
        boolean script = "XMLHttpRequest".equals(http.getHeader("X-Requested-With"));
        boolean page = mode != null ? mode.equals("navigate") : accept != null && accept.contains("text/html");
        if (get && page && !script) {
            String query = http.getQueryString();
            String target = http.getRequestURI() + (query == null ? "" : "?" + query);
            answer.setHeader("Cache-Control", "no-store");
            answer.setStatus(302);
            answer.setHeader(
                    "Location", http.getContextPath() + here.gatehouse.pages().signInFor(target));
            return;
        }
        answer.setHeader("WWW-Authenticate", "Bearer realm=\"gatehouse\"");
        plain(answer, 401, "not_signed_in", "Sign in first.");
    }

    private static void insecure(Room here, HttpServletRequest http, HttpServletResponse answer) throws IOException {
        if (http.getMethod().equals("GET") && !api(here, path(http))) {
            String query = http.getQueryString();
            answer.setStatus(308);
            answer.setHeader("Location", here.origin + http.getRequestURI() + (query == null ? "" : "?" + query));
            return;
        }
        plain(answer, 403, "https_required", "This answers over HTTPS only.");
    }

    private static boolean secure(Room here, HttpServletRequest http) {
        if (here.proxies.none() || !here.proxies.trusts(http.getRemoteAddr())) {
            return http.isSecure();
        }
        String proto = http.getHeader("X-Forwarded-Proto");
        return proto == null ? http.isSecure() : proto.equals("https");
    }

    private static boolean api(Room here, String path) {
        if (here.api.isEmpty()) {
            return false;
        }
        return here.api.equals("/") ? here.gatehouse.ownsApiPath(path) : below(path, here.api);
    }

    private static boolean below(String path, String base) {
        return path.startsWith(base) && (path.length() == base.length() || path.charAt(base.length()) == '/');
    }

    /** The decoded path that the container dispatches on. */
    private static String path(HttpServletRequest http) {
        String info = http.getPathInfo();
        return info == null ? http.getServletPath() : http.getServletPath() + info;
    }

    private static Request read(Room here, HttpServletRequest http, String path, boolean secure) throws IOException {
        Map<String, List<String>> headers = new TreeMap<>();
        for (String name : Collections.list(http.getHeaderNames())) {
            headers.put(name.toLowerCase(Locale.ROOT), Collections.list(http.getHeaders(name)));
        }
        String query = http.getQueryString();
        return new Request(
                http.getMethod(),
                path,
                query == null ? "" : query,
                headers,
                http.getInputStream().readNBytes(MOST_BODY),
                here.proxies.client(http.getRemoteAddr(), http.getHeader("X-Forwarded-For")),
                secure);
    }

    private static void write(Answer from, HttpServletResponse to) throws IOException {
        to.setStatus(from.status());
        for (Map.Entry<String, String> header : from.headers()) {
            if (header.getKey().equals("Content-Type")) {
                to.setContentType(header.getValue());
            } else {
                to.addHeader(header.getKey(), header.getValue());
            }
        }
        if (from.body().length > 0) {
            to.setContentLength(from.body().length);
            to.getOutputStream().write(from.body());
        }
    }

    private static void plain(HttpServletResponse to, int status, String code, String message) throws IOException {
        write(
                Answer.of(
                                status,
                                "application/json; charset=utf-8",
                                ("{\"message\":\"" + message.replace("\"", "'") + "\",\"code\":\"" + code + "\"}")
                                        .getBytes(StandardCharsets.UTF_8))
                        .with("Cache-Control", "no-store")
                        .with("X-Content-Type-Options", "nosniff"),
                to);
    }
}
