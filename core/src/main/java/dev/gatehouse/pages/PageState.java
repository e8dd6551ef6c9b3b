package dev.gatehouse.pages;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.SealedCookie;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.identity.BrowserSessions;
import dev.gatehouse.identity.BrowserTag;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.Step;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a browser carries for the pages, so that they keep nothing: the session cookie, a cookie that tells browsers apart,
 * and the flow, sealed for that browser alone.
 */
final class PageState {
    private static final Duration FLOW = Duration.ofMinutes(20);
    private static final int LIFE_SECONDS = 34_560_000;
    private static final String PURPOSE = "page flow";
    private static final String DEPARTED = "departed page flow";

    private final Engine engine;
    private final Envelope envelope;
    private final BrowserTag tag;
    private final BrowserSessions sessions;
    private final String env;
    private final String origin;
    private final boolean https;
    private final boolean production;
    private final String sessionCookie;
    private final String cookieDomain;

    PageState(
            Engine engine,
            Envelope envelope,
            BrowserTag tag,
            BrowserSessions sessions,
            String env,
            Config config,
            boolean production) {
        this.engine = engine;
        this.envelope = envelope;
        this.tag = tag;
        this.sessions = sessions;
        this.env = env;
        this.origin = config.get(Setting.ORIGIN);
        this.https = origin.startsWith("https://");
        this.production = production;
        boolean shared = config.get(Setting.COOKIE_PASSWORD).isPresent();
        this.sessionCookie = shared ? config.get(Setting.COOKIE_NAME) : (https ? "__Host-" : "") + "gatehouse_session";
        this.cookieDomain = shared ? domain(config) : "";
        if (sessionCookie.startsWith("__") && !(https && cookieDomain.isEmpty())) {
            throw config.refused(
                    Setting.COOKIE_NAME,
                    "browsers take names with __Host- and __Secure- over HTTPS and of one host alone");
        }
    }

    private String domain(Config config) {
        String domain = config.get(Setting.COOKIE_DOMAIN).orElse("");
        String host = String.valueOf(URI.create(origin).getHost());
        if (!domain.isEmpty() && !host.equals(domain) && !host.endsWith("." + domain)) {
            // browsers would drop the cookie, and nobody could stay signed in (RFC 6265 §5.3)
            throw config.refused(Setting.COOKIE_DOMAIN, "the host of the origin, " + host + ", is not within");
        }
        return domain;
    }

    /**
     * Name of the session cookie: with {@code __Host-} where the origin is HTTPS, as browsers demand; the other application's
     * where it is shared.
     */
    String sessionCookie() {
        return sessionCookie;
    }

    /** Who is signed in, or null. */
    @Nullable
    SignedIn who(Request request) {
        return SealedCookie.read(sessionCookie(), request.cookies())
                .map(value -> sessions.byCookie(env, sessionCookie(), value))
                .orElse(null);
    }

    /** What this browser's session lacks to go on by the policy of its organization; empty for nothing, or no session. */
    Optional<Step> lacking(Request request) {
        return SealedCookie.read(sessionCookie(), request.cookies())
                .flatMap(value -> sessions.lacking(env, sessionCookie(), value));
    }

    /** The answer with the cookie of a session. */
    Answer signedIn(Answer answer, String value) {
        Answer with = answer;
        for (var cookie : SealedCookie.write(sessionCookie(), value)) {
            with = with.with("Set-Cookie", setCookie(cookie.getKey(), cookie.getValue(), LIFE_SECONDS));
        }
        return with;
    }

    /** The answer without any session cookie left. */
    Answer signedOut(Answer answer, Request request) {
        Answer without = answer;
        for (String name : SealedCookie.names(sessionCookie())) {
            boolean there = request.cookies().stream().anyMatch(c -> c.getKey().equals(name));
            if (there || name.equals(sessionCookie())) {
                without = without.with("Set-Cookie", setCookie(name, "", 0));
            }
        }
        return without;
    }

    /** Begins a flow at a page; the browser is told apart from now on. */
    Answer begin(Request request, String page, PageFlow flow) {
        String browser = tag.ofOrNew(request);
        return tag.keep(Answer.found(page + "?flow=" + seal(flow, browser)), browser);
    }

    /** Carries the flow on to a page. */
    Answer to(Request request, String page, PageFlow flow) {
        return Answer.seeOther(page + "?flow=" + seal(flow, browserOf(request)));
    }

    /** The flow that this browser began and that has not ended. */
    Optional<PageFlow> flow(Request request, String sealed) {
        return tag.of(request)
                .flatMap(browser -> envelope.openText(PURPOSE, env + " " + browser, sealed))
                .map(text -> engine.json().read(text, PageFlow.class))
                .filter(flow -> flow.expiresAt() > engine.now().toEpochMilli());
    }

    /**
     * A flow that is at a provider's.
     *
     * @param direct whether an application named the provider, so that it is told when that fails
     */
    record Departed(PageFlow flow, boolean direct) {}

    /** A flow to be kept while the browser is at a provider's; what keeps it knows the browser. */
    String departing(PageFlow flow, boolean direct) {
        return envelope.seal(DEPARTED, env, engine.json().bytes(new Departed(flow, direct)));
    }

    /** The flow that {@link #departing} kept; empty for none. */
    Optional<Departed> departed(@Nullable String kept) {
        return kept == null
                ? Optional.empty()
                : envelope.openText(DEPARTED, env, kept)
                        .map(text -> engine.json().read(text, Departed.class));
    }

    /** The current time. */
    Instant now() {
        return engine.now();
    }

    /** When a flow that begins now ends. */
    long end() {
        return engine.now().plus(FLOW).toEpochMilli();
    }

    /** Whether a form was sent by a page of ours (Fetch Metadata, else Origin). */
    boolean sameOrigin(Request request) {
        String site = request.header("sec-fetch-site").orElse("");
        if (!site.isEmpty()) {
            return site.equals("same-origin") || site.equals("none");
        }
        String from = request.header("origin").orElse("");
        String host = request.header("host").orElse("");
        return from.isEmpty() || from.equals(origin) || (!production && from.equals("http://" + host));
    }

    /** Whether an address is this application's own. */
    boolean ours(String location) {
        return (location.startsWith("/") && !location.startsWith("//")) || location.startsWith(origin + "/");
    }

    /** What a form of this session must carry. */
    String csrf(SignedIn who) {
        return Digest.of("csrf " + env, sessions.formToken(who.sessionId()));
    }

    /** The browser that a flow of this request belongs to; empty text for none. */
    String browserOf(Request request) {
        return tag.of(request).orElse("");
    }

    private String seal(PageFlow flow, String browser) {
        return envelope.seal(PURPOSE, env + " " + browser, engine.json().bytes(flow));
    }

    private String setCookie(String name, String value, int maxAge) {
        return name + "=" + value + "; Path=/; Max-Age=" + maxAge + "; HttpOnly; SameSite=Lax"
                + (cookieDomain.isEmpty() ? "" : "; Domain=" + cookieDomain) + (https ? "; Secure" : "");
    }
}
