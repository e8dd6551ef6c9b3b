package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Reasons;
import dev.gatehouse.spi.Telemetry.Signal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sessions as browsers and API clients carry them: a sealed cookie that names the session, or an access token. No claims of
 * the cookie are believed: what a person may do is read from storage, at most a revocation bound ago.
 */
public final class BrowserSessions {
    private final Engine engine;
    private final SessionCookie cookie;
    private final SessionCache cache;
    private final Sessions sessions;
    private final SignIn signIn;
    private final Gates gates;
    private final AccessTokens accessTokens;
    private final RefreshTokens refreshTokens;
    private final Lookups cookies;
    private final Lookups tokens;

    BrowserSessions(
            Engine engine,
            SessionCookie cookie,
            SessionCache cache,
            Sessions sessions,
            SignIn signIn,
            Gates gates,
            AccessTokens accessTokens,
            RefreshTokens refreshTokens) {
        this.refreshTokens = refreshTokens;
        this.engine = engine;
        this.cookie = cookie;
        this.cache = cache;
        this.sessions = sessions;
        this.signIn = signIn;
        this.gates = gates;
        this.accessTokens = accessTokens;
        this.cookies = new Lookups(engine.signals(), "session_cookie");
        this.tokens = new Lookups(engine.signals(), "access_token");
    }

    /**
     * What the cookie of a session holds; it opens in this environment only, and under this cookie name unless {@code
     * cookie-password} shares it.
     *
     * @throws ApiException of a shared cookie: 401 if the session has ended, 400 {@code token_too_big}
     */
    public String seal(String env, String cookieName, String sessionId) {
        return cookie.seal(env, cookieName, sessionId);
    }

    /**
     * Begins a session for a user whom the application itself has proved, in a way of its own or in a test. No page, second
     * factor or address is asked for; what the organization's policy says of ways to sign in holds ({@code external-auth}).
     *
     * @param organizationId selected organization; null for none
     * @return {@code session_…}, to {@link #seal}
     * @throws ApiException 404 if there is no such user; 403 {@code organization_membership_required} if the user is no
     *     active member, {@code organization_authentication_methods_required} if the policy does not allow it
     */
    public String begin(String env, String clientId, String userId, @Nullable String organizationId, Source source) {
        return engine.run(env, Actor.SYSTEM, call -> {
            User user = call.need(User.TYPE, userId);
            if (organizationId != null && !gates.member(call, userId, organizationId)) {
                throw ApiException.of(
                        403, "organization_membership_required", "The user is no active member of the organization.");
            }
            Proof proof = Proof.of(Sessions.Method.EXTERNAL_AUTH).withSecondFactor();
            Session session = sessions.start(call, user, clientId, proof, organizationId, source)
                    .session();
            if (!gates.admits(call, session)) {
                throw ApiException.of(
                        403,
                        "organization_authentication_methods_required",
                        "The organization does not allow this way to sign in.");
            }
            // the contract has no authentication.* event for it: it knows no way to sign in but its own
            call.count(Signal.SIGN_INS, session.authMethod(), "ok", Reasons.NONE);
            return session.id();
        });
    }

    /** A text that only pages of this session know, for its forms. */
    public String formToken(String sessionId) {
        return refreshTokens.formToken(sessionId);
    }

    /** Who a cookie proves, or null. The request path: a hit does no I/O. */
    public @Nullable SignedIn byCookie(String env, String cookieName, String value) {
        SignedIn known = cache.hit(env, cookieName, value);
        if (known != null) {
            cookies.hit();
            return known;
        }
        SignedIn found =
                cache.miss(env, cookieName, value, v -> cookie.open(env, cookieName, v), claim -> read(env, claim));
        cookies.missed(found != null);
        return found;
    }

    /** Who an access token of this client proves, or null. The signature is checked on a miss only. */
    public @Nullable SignedIn byToken(String env, String clientId, String token) {
        SignedIn known = cache.hit(env, clientId, token);
        if (known != null) {
            tokens.hit();
            return known;
        }
        SignedIn found = cache.miss(env, clientId, token, t -> tokenClaim(env, clientId, t), claim -> read(env, claim));
        tokens.missed(found != null);
        return found;
    }

    private SessionCache.@Nullable Claim tokenClaim(String env, String clientId, String token) {
        return accessTokens
                .verify(env, clientId, token)
                .map(claims -> new SessionCache.Claim(
                        claims.path("sid").asText(), claims.path("exp").longValue() * 1_000))
                .orElse(null);
    }

    /**
     * What the running session of a cookie lacks since its organization's policy changed; empty if it lacks nothing, or does
     * not run. It proves what it proved when it began, so that only the rest is asked for.
     */
    public Optional<Step> lacking(String env, String cookieName, String value) {
        SessionCache.Claim claim = cookie.open(env, cookieName, value);
        return claim == null
                ? Optional.empty()
                : engine.run(env, Actor.SYSTEM, call -> {
                    Session session = call.find(Session.TYPE, claim.sessionId())
                            .filter(found -> proved(call, claim, found)
                                    && sessions.standing(call, found).isPresent())
                            .orElse(null);
                    User user = session == null
                            ? null
                            : call.find(User.TYPE, session.userId()).orElse(null);
                    return session == null || user == null
                            ? Optional.empty()
                            : gates.lacking(call, user, session, session.organizationId());
                });
    }

    private boolean proved(Call call, SessionCache.Claim claim, Session session) {
        return sessions.alive(call, session)
                && (claim.generation() == SessionCache.ANY || sessions.answersTo(call, session, claim.generation()));
    }

    private Optional<SignedIn> read(String env, SessionCache.Claim claim) {
        return engine.run(env, Actor.SYSTEM, call -> {
            Session session = call.find(Session.TYPE, claim.sessionId()).orElse(null);
            if (session == null || !proved(call, claim, session)) {
                return Optional.empty();
            }
            User user = call.find(User.TYPE, session.userId()).orElse(null);
            Affiliations.Standing standing = sessions.standing(call, session).orElse(null);
            // an organization's policy holds for who is signed in already, too
            if (user == null || standing == null || !gates.admits(call, session)) {
                return Optional.empty();
            }
            if (sessions.useIsDue(call, session)) {
                call.updateSilently(Session.TYPE, session.id(), s -> s.used(call.now()));
            }
            return Optional.of(new SignedIn(
                    env,
                    user,
                    session.id(),
                    session.organizationId(),
                    standing.roles(),
                    standing.permissions(),
                    session.expiresAt(),
                    session.impersonator()));
        });
    }

    /**
     * A fresh access token for a signed-in session, to call another service with.
     *
     * @throws ApiException 401 if the session has ended meanwhile
     */
    public String accessToken(String env, SignedIn who) {
        return accessTokens.issue(
                env,
                engine.run(env, Actor.SYSTEM, call -> sessions.grant(call, who.sessionId()))
                        .orElseThrow(BrowserSessions::ended));
    }

    /** The session now, held: {@code who} may be as old as the revocation bound, and must not beget what outlives it. */
    private Optional<Session> running(Call call, SignedIn who) {
        return call.hold(Session.TYPE, who.sessionId()).filter(session -> sessions.alive(call, session));
    }

    static ApiException ended() {
        return ApiException.of(401, "unauthorized", "The session has ended.");
    }

    /** Ends a session; harmless if it has ended. */
    public void end(String env, String sessionId) {
        engine.run(env, Actor.SYSTEM, call -> sessions.end(call, sessionId));
    }

    /** Active sessions of a user, newest first. */
    public List<Session> active(String env, String userId) {
        return engine.run(env, Actor.SYSTEM, call -> sessions.active(call, userId));
    }

    /** Selects another organization in a running session. */
    public boolean choose(String env, SignedIn who, String organizationId) {
        return engine.run(env, Actor.SYSTEM, call -> {
            Optional<Session> allowed = running(call, who)
                    .filter(session -> gates.member(call, session.userId(), organizationId)
                            && gates.admits(call, session, organizationId));
            allowed.ifPresent(session -> sessions.choose(call, session, organizationId));
            return allowed.isPresent();
        });
    }

    /**
     * Accepts an invitation for somebody who is signed in, and selects its organization unless that demands more of a
     * sign-in than this one proved. False if the session has ended, or an operator acts in it.
     *
     * @throws ApiException 400 {@code invitation_invalid} or {@code invitation_cannot_be_used_for_email}
     */
    public boolean join(String env, SignedIn who, String invitationToken) {
        return engine.run(env, Actor.SYSTEM, call -> {
            User user = call.need(User.TYPE, who.user().id());
            Session session =
                    running(call, who).filter(s -> s.impersonator() == null).orElse(null);
            if (session == null) {
                return false;
            }
            String organization = gates.join(call, user, invitationToken);
            if (organization != null && gates.admits(call, session, organization)) {
                sessions.choose(call, session, organization);
            }
            return true;
        });
    }

    /** When a running session began; empty if it has ended. */
    public Optional<Instant> since(String env, SignedIn who) {
        return engine.run(
                env,
                Actor.SYSTEM,
                call -> call.find(Session.TYPE, who.sessionId())
                        .filter(session -> sessions.alive(call, session))
                        .map(Session::createdAt));
    }

    /** Answers an application from a running session: a code to its redirect URI; empty if the session has ended. */
    public Optional<String> answer(String env, SignedIn who, Authorization request, Source source) {
        return engine.run(env, Actor.SYSTEM, call -> code(call, who, request, source))
                .map(code -> Redirects.location(request.redirectUri(), Map.of("code", code), request.state()));
    }

    private Optional<String> code(Call call, SignedIn who, Authorization request, Source source) {
        User user = call.hold(User.TYPE, who.user().id()).orElse(null);
        Session session = running(call, who).orElse(null);
        if (user == null || session == null) {
            return Optional.empty();
        }
        String organization = request.organizationId() == null ? who.organizationId() : request.organizationId();
        return Optional.of(signIn.code(call, Proof.of(session), user, request, organization, source));
    }
}
