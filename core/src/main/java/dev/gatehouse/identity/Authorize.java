package dev.gatehouse.identity;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.engine.Routes.Nothing;
import dev.gatehouse.environments.Environments;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The browser's endpoints: authorize, sign-out, and the key set. */
final class Authorize {
    private static final int MOST_ID = 80;
    private static final int MOST_HINT = 254;

    private final Engine engine;
    private final Environments environments;
    private final Redirects redirects;
    private final Sessions sessions;
    private final AccessTokens accessTokens;
    private final RefreshCookie cookie;
    private final List<String> signOutRedirects;
    private final String home;
    private volatile @Nullable HostedPages pages;

    Authorize(
            Engine engine,
            Environments environments,
            Redirects redirects,
            Sessions sessions,
            AccessTokens accessTokens,
            RefreshCookie cookie,
            Config config) {
        this.engine = engine;
        this.environments = environments;
        this.redirects = redirects;
        this.sessions = sessions;
        this.accessTokens = accessTokens;
        this.cookie = cookie;
        this.signOutRedirects = config.get(Setting.SIGN_OUT_REDIRECTS);
        this.home = config.get(Setting.ORIGIN);
    }

    void pages(HostedPages hosted) {
        pages = hosted;
    }

    HostedPages pages() {
        HostedPages hosted = pages;
        if (hosted == null) {
            throw ApiException.of(404, "not_found", "Hosted pages are off.");
        }
        return hosted;
    }

    /** Query of the authorization request (contract/behaviour/04 §4.1). */
    record Query(
            @Nullable String clientId,
            @Nullable String redirectUri,
            @Nullable String responseType,
            @Nullable String provider,
            @Nullable String connectionId,
            @Nullable String organizationId,
            @Nullable String state,
            @Nullable String codeChallenge,
            @Nullable String codeChallengeMethod,
            @Nullable String screenHint,
            @Nullable String loginHint,
            @Nullable String domainHint,
            @Nullable String prompt,
            @Nullable Integer maxAge,
            @Nullable String invitationToken) {}

    record SignOut(@Nullable String sessionId, @Nullable String returnTo) {}

    record KeySet(List<Map<String, Object>> keys) {}

    void routes(Routes r) {
        r.action("GET /user_management/authorize", Query.class, null, this::authorize)
                .with("provider_scopes", "provider_query_params")
                .open();
        r.action("GET /user_management/sessions/logout", SignOut.class, null, this::signOut)
                .open();
        r.action("GET /sso/jwks/{clientId}", Nothing.class, KeySet.class, (in, flow) -> {
                    String clientId = flow.variable("clientId");
                    String env = environments
                            .environmentOf(clientId)
                            .orElseThrow(() -> ApiException.notFound("Client", clientId));
                    return accessTokens.keySet(env, clientId);
                })
                .open();
    }

    private Object authorize(Query in, Flow flow) {
        Optional<Answer> untrusted =
                redirects.untrusted(pages(), flow.request(), in.clientId, in.redirectUri, in.state);
        if (untrusted.isPresent() || in.clientId == null || in.redirectUri == null) {
            return untrusted.orElseThrow();
        }
        String redirectUri = in.redirectUri;
        ApiException problem = problem(in);
        if (problem != null) {
            return Redirects.refused(redirectUri, problem, in.state);
        }
        boolean again = "login".equals(in.prompt) || Integer.valueOf(0).equals(in.maxAge);
        try {
            return pages().begin(
                            flow.request(),
                            new Authorization(
                                    in.clientId,
                                    redirectUri,
                                    in.state,
                                    in.codeChallenge,
                                    in.organizationId,
                                    in.invitationToken),
                            new HostedPages.Wish(
                                    "sign-up".equals(in.screenHint),
                                    in.loginHint,
                                    again,
                                    in.connectionId,
                                    in.provider));
        } catch (ApiException e) {
            return Redirects.refused(redirectUri, e, in.state);
        }
    }

    private static @Nullable ApiException problem(Query in) {
        if (!"code".equals(in.responseType)) {
            return ApiException.oauth(400, "invalid_request", "The response_type must be code.");
        }
        if (longer(in.organizationId, MOST_ID)
                || longer(in.connectionId, MOST_ID)
                || longer(in.loginHint, MOST_HINT)
                || longer(in.invitationToken, MOST_HINT)) {
            return ApiException.oauth(400, "invalid_request", "A parameter is too long.");
        }
        boolean none = in.provider == null && in.organizationId == null && in.connectionId == null;
        if (none || (in.provider != null && in.connectionId != null)) {
            return ApiException.oauth(
                    400,
                    "invalid_connection_selector",
                    "A valid connection selector is required: connection_id, organization_id or provider.");
        }
        try {
            Redirects.challenge(in.codeChallenge, in.codeChallengeMethod);
        } catch (ApiException e) {
            return e;
        }
        return null;
    }

    private static boolean longer(@Nullable String text, int most) {
        return text != null && text.length() > most;
    }

    private Object signOut(SignOut in, Flow flow) {
        // first of all: a request that is refused signs nobody out
        String target = signOutTarget(flow.request(), in.returnTo == null ? "" : in.returnTo);
        String sessionId = in.sessionId == null ? "" : in.sessionId;
        // an unknown or ended session is no error: signing out must be safe to repeat
        Optional<Session> ended =
                engine.run(pages().environment(), Actor.SYSTEM, call -> sessions.end(call, sessionId));
        Answer answer = pages().signedOut(flow.request(), target);
        return ended.isEmpty()
                ? answer
                : cookie.drop(answer, flow.request(), ended.get().clientId());
    }

    private String signOutTarget(Request request, String wanted) {
        if (wanted.isEmpty()) {
            return signOutRedirects.isEmpty() ? pages().signedOutPage(request) : signOutRedirects.get(0);
        }
        if (!signOutRedirects.contains(wanted) && !wanted.equals(home)) {
            throw ApiException.of(422, "invalid_return_to", "The return_to is not a configured sign-out redirect.");
        }
        return wanted;
    }
}
