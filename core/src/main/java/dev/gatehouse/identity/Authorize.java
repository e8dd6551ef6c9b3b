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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The browser's endpoints: authorize, sign-out, and the key set. */
final class Authorize {
    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final int MOST_STATE = 4_000;
    private static final int MOST_ID = 80;
    private static final int MOST_HINT = 254;

    private final Engine engine;
    private final Environments environments;
    private final Sessions sessions;
    private final AccessTokens accessTokens;
    private final RefreshCookie cookie;
    private final List<String> signOutRedirects;
    private final String home;
    private volatile @Nullable HostedPages pages;

    Authorize(
            Engine engine,
            Environments environments,
            Sessions sessions,
            AccessTokens accessTokens,
            RefreshCookie cookie,
            Config config) {
        this.engine = engine;
        this.environments = environments;
        this.sessions = sessions;
        this.accessTokens = accessTokens;
        this.cookie = cookie;
        this.signOutRedirects = config.get(Setting.SIGN_OUT_REDIRECTS);
        this.home = config.get(Setting.ORIGIN);
    }

    void pages(HostedPages hosted) {
        pages = hosted;
    }

    private HostedPages pages() {
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
        String clientId = in.clientId == null ? "" : in.clientId;
        String env = pages().environment();
        // a client of another environment is none here: its people do not sign in with ours
        if (!environments.environmentOf(clientId).filter(env::equals).isPresent()) {
            return pages().error(flow.request(), "unknown_client");
        }
        String redirectUri = in.redirectUri == null ? "" : in.redirectUri;
        boolean trusted = engine.run(env, Actor.SYSTEM, call -> environments.allowsRedirect(call, redirectUri));
        // before this point nothing may be redirected to (RFC 6749 §4.1.2.1)
        if (!trusted) {
            return pages().error(flow.request(), "unknown_redirect_uri");
        }
        if (in.state != null && in.state.length() > MOST_STATE) {
            return pages().error(flow.request(), "state_too_long");
        }
        ApiException problem = problem(in);
        if (problem != null) {
            return Answer.found(location(
                    redirectUri, Map.of("error", problem.code(), "error_description", problem.text()), in.state));
        }
        boolean again = "login".equals(in.prompt) || Integer.valueOf(0).equals(in.maxAge);
        return pages().begin(
                        flow.request(),
                        new Authorization(
                                clientId,
                                redirectUri,
                                in.state,
                                in.codeChallenge,
                                in.organizationId,
                                in.invitationToken),
                        new HostedPages.Wish("sign-up".equals(in.screenHint), in.loginHint, again));
    }

    private static @Nullable ApiException problem(Query in) {
        if (!"code".equals(in.responseType)) {
            return ApiException.oauth(400, "invalid_request", "The response_type must be code.");
        }
        if (longer(in.organizationId, MOST_ID)
                || longer(in.loginHint, MOST_HINT)
                || longer(in.invitationToken, MOST_HINT)) {
            return ApiException.oauth(400, "invalid_request", "A parameter is too long.");
        }
        if (in.connectionId != null || (in.provider != null && !in.provider.equals("authkit"))) {
            return ApiException.oauth(
                    400,
                    "invalid_connection_selector",
                    "A valid connection selector is required: this environment signs in with provider=authkit.");
        }
        if (in.provider == null && in.organizationId == null) {
            return ApiException.oauth(
                    400,
                    "invalid_connection_selector",
                    "A valid connection selector is required: provider or organization_id.");
        }
        boolean method = in.codeChallengeMethod == null || in.codeChallengeMethod.equals("S256");
        if (!method || (in.codeChallenge == null) != (in.codeChallengeMethod == null)) {
            return ApiException.oauth(400, "invalid_request", "A code_challenge needs code_challenge_method=S256.");
        }
        if (in.codeChallenge != null && !CHALLENGE.matcher(in.codeChallenge).matches()) {
            return ApiException.oauth(400, "invalid_request", "The code_challenge is not the base64url of a SHA-256.");
        }
        return null;
    }

    private static boolean longer(@Nullable String text, int most) {
        return text != null && text.length() > most;
    }

    /** Where the application awaits an answer through the browser. */
    static String location(String redirectUri, Map<String, String> parameters, @Nullable String state) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        if (state != null) {
            all.put("state", state);
        }
        StringBuilder location = new StringBuilder(redirectUri);
        char separator = redirectUri.indexOf('?') < 0 ? '?' : '&';
        for (Map.Entry<String, String> parameter : all.entrySet()) {
            location.append(separator)
                    .append(parameter.getKey())
                    .append('=')
                    .append(URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8)
                            .replace("+", "%20"));
            separator = '&';
        }
        return location.toString();
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
