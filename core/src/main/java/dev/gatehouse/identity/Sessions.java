package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Outcome;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sessions: beginning, refreshing, and ending them. */
public final class Sessions {
    private static final Duration STORE_USE = Duration.ofMinutes(5);
    /** Longest time that an operator may act as somebody (contract/behaviour/04 §4.14). */
    private static final Duration IMPERSONATED = Duration.ofMinutes(60);

    private final RefreshTokens refreshTokens;
    private final Affiliations affiliations;
    private final SessionCache cache;
    private final Duration length;
    private final Duration inactivity;
    private final Duration window;
    private final boolean reuseRevokes;

    Sessions(RefreshTokens refreshTokens, Affiliations affiliations, SessionCache cache, Config config) {
        this.refreshTokens = refreshTokens;
        this.affiliations = affiliations;
        this.cache = cache;
        this.length = config.get(Setting.SESSION_LENGTH);
        this.inactivity = config.get(Setting.SESSION_INACTIVITY);
        this.window = config.get(Setting.REFRESH_WINDOW);
        this.reuseRevokes = config.get(Setting.REFRESH_REUSE).equals("revoke");
    }

    /** How somebody signed in. */
    public enum Method {
        /** E-mail address and password. */
        PASSWORD("password", "Password"),
        /** A code by mail. */
        MAGIC_CODE("magic_code", "MagicAuth"),
        /** A passkey that verified its user. */
        PASSKEY("passkey", "Passkey"),
        /** An organization's identity provider. */
        SSO("sso", "SSO"),
        /** An account at one of the providers that anybody may choose. */
        APPLE_OAUTH("oauth", "AppleOAuth"),
        BITBUCKET_OAUTH("oauth", "BitbucketOAuth"),
        DISCORD_OAUTH("oauth", "DiscordOAuth"),
        GITHUB_OAUTH("oauth", "GitHubOAuth"),
        GITLAB_OAUTH("oauth", "GitLabOAuth"),
        GOOGLE_OAUTH("oauth", "GoogleOAuth"),
        INTUIT_OAUTH("oauth", "IntuitOAuth"),
        LINKEDIN_OAUTH("oauth", "LinkedInOAuth"),
        MICROSOFT_OAUTH("oauth", "MicrosoftOAuth"),
        SALESFORCE_OAUTH("oauth", "SalesforceOAuth"),
        SLACK_OAUTH("oauth", "SlackOAuth"),
        VERCEL_OAUTH("oauth", "VercelOAuth"),
        X_OAUTH("oauth", "XOAuth"),
        XERO_OAUTH("oauth", "XeroOAuth"),
        /** What the application itself asks for, outside of Gatehouse. */
        EXTERNAL_AUTH("external_auth", "ExternalAuth"),
        /** An operator who acts as somebody. */
        IMPERSONATION("impersonation", "Impersonation");

        private final String session;
        private final String authentication;

        Method(String session, String authentication) {
            this.session = session;
            this.authentication = authentication;
        }

        /** As the setting {@code sign-in-methods} calls it. */
        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** How a session was begun. */
        static Method of(Session session) {
            return of(session.authenticationMethod())
                    .orElseThrow(() -> new IllegalStateException("no method " + session.authenticationMethod()));
        }

        /** The method that authenticate answers spell like this ({@code GoogleOAuth}). */
        public static Optional<Method> of(String spelled) {
            return Arrays.stream(values())
                    .filter(method -> method.authentication.equals(spelled))
                    .findFirst();
        }

        /** Whether an account at a provider that anybody may choose was proved. */
        public boolean social() {
            return session.equals("oauth");
        }
    }

    /**
     * A session with what its tokens are made of. Tokens are signed after the transaction.
     *
     * @param standing in the selected organization; empty lists without one
     * @param claims what the application's template adds, if that was asked already; null if signing has to ask
     */
    public record Grant(
            User user, Session session, Affiliations.Standing standing, TokenClaims.@Nullable Added claims) {}

    static void routes(Routes r, Sessions sessions) {
        r.list("GET /user_management/users/{id}/sessions", Session.TYPE)
                .under("id", User.TYPE, "user_id")
                .permission("session:read");
        r.action(
                        "POST /user_management/sessions/revoke",
                        Revoke.class,
                        null,
                        (in, flow) -> flow.run(call -> {
                            Session session = call.need(Session.TYPE, in.sessionId);
                            return call.view(Session.TYPE, sessions.end(call, session));
                        }))
                .permission("session:write");
    }

    /** Ends the sessions that were begun with a profile at an identity provider. */
    public void endOfProfile(Call call, String profileId) {
        call.all(Session.TYPE, "profile_id", profileId).forEach(session -> end(call, session.id()));
    }

    record Revoke(@Required String sessionId) {}

    /** Begins a session and emits {@code session.created}. */
    Grant start(Call call, User user, String clientId, Proof proof, @Nullable String organizationId, Source source) {
        User signedIn = call.updateSilently(User.TYPE, user.id(), u -> u.signedIn(call.now()));
        Session session = call.create(
                Session.TYPE,
                new Session(
                        call.newId(Session.TYPE),
                        user.id(),
                        clientId,
                        organizationId,
                        proof.method().session,
                        proof.method().authentication,
                        source.ipAddress(),
                        source.userAgent(),
                        first(end(call, call.now(), organizationId, proof.impersonator()), proof.notAfter()),
                        null,
                        call.now(),
                        0,
                        refreshTokens.primaryKey(),
                        null,
                        proof.secondFactor(),
                        proof.impersonator(),
                        proof.profileId(),
                        call.now(),
                        call.now()));
        call.emit("session.created", call.view(Session.TYPE, session));
        if (proof.impersonator() == null) {
            MonthlyActive.note(call, user.id());
        }
        return new Grant(signedIn, session, standing(call, session).orElseThrow(), null);
    }

    private static Instant first(Instant one, @Nullable Instant other) {
        return other == null || one.isBefore(other) ? one : other;
    }

    /** When a session that began then ends at the latest. */
    private Instant end(
            Call call, Instant begun, @Nullable String organizationId, @Nullable Impersonator impersonator) {
        Duration longest =
                SignInPolicy.shorter(length, policy(call, organizationId).sessionLength());
        return begun.plus(impersonator == null ? longest : SignInPolicy.shorter(longest, IMPERSONATED));
    }

    /** When a session ends that goes on in another organization: an operator's never later than before. */
    private Instant endIn(Call call, Session session, @Nullable String organizationId) {
        Instant end = end(call, session.createdAt(), organizationId, session.impersonator());
        return session.impersonator() == null ? end : first(end, session.expiresAt());
    }

    /** What the organization of a session demands. */
    SignInPolicy policy(Call call, @Nullable String organizationId) {
        return organizationId == null ? SignInPolicy.NONE : affiliations.policy(call, organizationId);
    }

    /** Whether a session is neither revoked, nor over, nor unused for too long, by its organization's policy of now. */
    boolean alive(Call call, Session session) {
        return session.status(call.now()).equals("active")
                && call.now().isBefore(end(call, session.createdAt(), session.organizationId(), session.impersonator()))
                && call.now().isBefore(session.usedAt().plus(inactivity(call, session)));
    }

    private Duration inactivity(Call call, Session session) {
        return SignInPolicy.shorter(
                inactivity, policy(call, session.organizationId()).sessionInactivity());
    }

    /**
     * Whether the last use that is stored is so long ago that this one must be stored too: after five minutes, and often
     * enough for a session in use never to look unused.
     */
    boolean useIsDue(Call call, Session session) {
        Duration tenth = inactivity(call, session).dividedBy(10);
        return session.usedAt()
                .plus(tenth.compareTo(STORE_USE) < 0 ? tenth : STORE_USE)
                .isBefore(call.now());
    }

    /** Empty if the session's organization is one that its user is no longer active in. */
    Optional<Affiliations.Standing> standing(Call call, Session session) {
        return session.organizationId() == null
                ? Optional.of(new Affiliations.Standing(List.of(), List.of()))
                : affiliations.standing(call, session.userId(), session.organizationId());
    }

    /** A running session with what its tokens are made of; empty if it has ended. */
    Optional<Grant> grant(Call call, String sessionId) {
        return call.find(Session.TYPE, sessionId)
                .filter(session -> alive(call, session))
                .flatMap(session -> call.find(User.TYPE, session.userId())
                        .flatMap(user ->
                                standing(call, session).map(standing -> new Grant(user, session, standing, null))));
    }

    /** Whether the refresh token of an exchange is the newest, or the one before and the window has not ended. */
    boolean answersTo(Call call, Session session, int generation) {
        Instant refreshed = session.refreshedAt();
        return generation == session.generation()
                || (generation == session.generation() - 1
                        && refreshed != null
                        && !call.now().isAfter(refreshed.plus(window)));
    }

    /** The refresh token that a session answers to now. */
    String refreshToken(String env, Session session) {
        return refreshTokens.current(env, session);
    }

    /**
     * Exchanges a refresh token. The first exchange makes a successor; every other holder of the same token gets that
     * same successor for as long as the window lasts, and one row changes once. A token that comes back later was
     * stolen or kept: its session ends (or not, as the setting says).
     *
     * @param organizationId organization to switch to; null keeps the selected one
     * @param policies asked before anything changes: what the session still lacks
     */
    Outcome<Step> refresh(
            Call call, String token, String clientId, @Nullable String organizationId, Policies policies) {
        RefreshTokens.Claim claim = refreshTokens.read(call.env(), token).orElse(null);
        Session session = claim == null
                ? null
                : call.hold(Session.TYPE, claim.sessionId()).orElse(null);
        if (claim == null
                || session == null
                || !session.clientId().equals(clientId)
                || !alive(call, session)
                || claim.generation() > session.generation()) {
            return refused("Invalid refresh token.");
        }
        boolean first = claim.generation() == session.generation();
        if (!answersTo(call, session, claim.generation())) {
            if (reuseRevokes) {
                end(call, session);
            }
            return refused("Refresh token already exchanged.");
        }
        User user = call.find(User.TYPE, session.userId()).orElse(null);
        if (user == null || standing(call, session).isEmpty()) {
            end(call, session);
            return refused("Invalid refresh token.");
        }
        if (organizationId != null
                && affiliations.standing(call, user.id(), organizationId).isEmpty()) {
            throw ApiException.oauth(
                    400, "organization_membership_not_found", "The user is not an active member of that organization.");
        }
        String organization = organizationId == null ? session.organizationId() : organizationId;
        Optional<Step> lacking = policies.lacking(call, user, session, organization);
        if (lacking.isPresent()) {
            return new Outcome.Done<>(lacking.get());
        }
        // a token that could not be signed must not cost the session its refresh token
        TokenClaims.Added claims = policies.claims(call, user, organization);
        MonthlyActive.goesOn(call, session);
        Instant end = endIn(call, session, organization);
        Session next = call.updateSilently(Session.TYPE, session.id(), s -> {
            Session switched = s.in(organization, end);
            return first ? switched.refreshed(refreshTokens.primaryKey(), call.now()) : switched;
        });
        call.afterCommit(() -> cache.forget(next.id()));
        return new Outcome.Done<>(
                new Step.Finished(new Grant(user, next, standing(call, next).orElseThrow(), claims)));
    }

    /** What a session must have to go on, and what its next token says. */
    interface Policies {
        /** The step that is missing before the session may go on in this organization. */
        Optional<Step> lacking(Call call, User user, Session session, @Nullable String organizationId);

        /**
         * What the application's template adds to the token.
         *
         * @throws ApiException 400 {@code token_too_big}
         */
        TokenClaims.Added claims(Call call, User user, @Nullable String organizationId);
    }

    private static Outcome<Step> refused(String why) {
        return new Outcome.Refused<>(ApiException.oauth(400, "invalid_grant", why));
    }

    /** Selects an organization in a running session, or none. */
    Session choose(Call call, Session session, @Nullable String organizationId) {
        Instant end = endIn(call, session, organizationId);
        Session next = call.updateSilently(Session.TYPE, session.id(), s -> s.in(organizationId, end));
        call.afterCommit(() -> cache.forget(session.id()));
        return next;
    }

    /** Ends a session, on this node at once; emits {@code session.revoked}. Harmless when it has ended already. */
    public Session end(Call call, Session session) {
        if (session.endedAt() != null) {
            return session;
        }
        Session ended = call.update(Session.TYPE, session.id(), s -> s.ended(call.now()));
        call.emit("session.revoked", call.view(Session.TYPE, ended));
        call.afterCommit(() -> cache.forget(session.id()));
        return ended;
    }

    /** As the other, by its identifier; empty if there is no such session here. */
    Optional<Session> end(Call call, String sessionId) {
        return call.hold(Session.TYPE, sessionId).map(session -> end(call, session));
    }

    /** Signs a user out everywhere: ends the sessions, and the codes, links and half sign-ins that would begin new ones. */
    public void endAll(Call call, String userId) {
        call.all(Session.TYPE, "user_id", userId).forEach(session -> end(call, session));
        endUnfinished(call, userId);
    }

    private static void endUnfinished(Call call, String userId) {
        call.all(PendingAuthentication.TYPE, "user_id", userId)
                .forEach(pending -> call.delete(PendingAuthentication.TYPE, pending));
        call.all(AuthorizationCode.TYPE, "user_id", userId).forEach(code -> call.delete(AuthorizationCode.TYPE, code));
        MailCodes.forget(call, userId);
        PasswordReset.forget(call, userId);
    }

    /** Signs a user out everywhere but here. */
    void endOthers(Call call, String userId, String sessionId) {
        call.all(Session.TYPE, "user_id", userId).stream()
                .filter(session -> !session.id().equals(sessionId))
                .forEach(session -> end(call, session));
        endUnfinished(call, userId);
    }

    /** Ends the sessions in which a user has selected this organization. */
    public void endIn(Call call, String userId, String organizationId) {
        call.all(Session.TYPE, "user_id", userId).stream()
                .filter(session -> organizationId.equals(session.organizationId()))
                .forEach(session -> end(call, session));
    }

    /** A user's sessions are stale in the caches of this node: read them again (roles changed, say). */
    public void recheck(Call call, String userId) {
        List<String> ids = new ArrayList<>();
        call.each(Session.TYPE, "user_id", userId, s -> ids.add(s.id()));
        call.afterCommit(() -> ids.forEach(cache::forget));
    }

    /** What many sessions are held to has changed: this node reads each again after the commit. */
    public void recheckAll(Call call) {
        call.afterCommit(cache::forgetAll);
    }

    /** Removes the sessions of a user who goes. */
    void forget(Call call, String userId) {
        endAll(call, userId);
        call.all(Session.TYPE, "user_id", userId).forEach(session -> call.delete(Session.TYPE, session));
    }

    /** Active sessions of a user, newest first. */
    List<Session> active(Call call, String userId) {
        List<Session> all = new ArrayList<>();
        call.each(Session.TYPE, "user_id", userId, s -> {
            if (alive(call, s)) {
                all.add(0, s);
            }
        });
        return all;
    }
}
