package dev.gatehouse.identity;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.environments.Environments;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a browser is led back to, and what is checked before it is (RFC 6749 §4.1.2). */
public final class Redirects {
    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");
    private static final int MOST_STATE = 4_000;

    private final Engine engine;
    private final Environments environments;

    Redirects(Engine engine, Environments environments) {
        this.engine = engine;
        this.environments = environments;
    }

    /**
     * A page that says why nothing may be redirected to; empty if the client is one of the pages' environment and the
     * redirect URI is registered.
     */
    public Optional<Answer> untrusted(
            HostedPages pages,
            Request request,
            @Nullable String clientId,
            @Nullable String redirectUri,
            @Nullable String state) {
        String env = pages.environment();
        // a client of another environment is none here: its people do not sign in with ours
        boolean known = environments
                .environmentOf(clientId == null ? "" : clientId)
                .filter(env::equals)
                .isPresent();
        if (!known) {
            return Optional.of(pages.error(request, "unknown_client"));
        }
        String uri = redirectUri == null ? "" : redirectUri;
        // before this point nothing may be redirected to (RFC 6749 §4.1.2.1)
        if (!engine.run(env, Actor.SYSTEM, call -> environments.allowsRedirect(call, uri))) {
            return Optional.of(pages.error(request, "unknown_redirect_uri"));
        }
        return state != null && state.length() > MOST_STATE
                ? Optional.of(pages.error(request, "state_too_long"))
                : Optional.empty();
    }

    /**
     * Where a sign-in leads that no application asked for (contract/behaviour/05 §5.6): to the address that was wanted, if it
     * is registered, else to the default; empty if none is registered.
     */
    public Optional<String> unasked(Call call, @Nullable String wanted) {
        return wanted != null && environments.allowsRedirect(call, wanted)
                ? Optional.of(wanted)
                : environments.defaultRedirect(call);
    }

    /** Tells an application that its request, or what came of it, is refused (RFC 6749 §4.1.2.1). */
    public static Answer refused(String redirectUri, ApiException problem, @Nullable String state) {
        return Answer.found(refusal(redirectUri, problem, state)).because(problem.code());
    }

    /** Where an application is told so. */
    public static String refusal(String redirectUri, ApiException problem, @Nullable String state) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("error", problem.code());
        parameters.put("error_description", problem.text());
        return location(redirectUri, parameters, state);
    }

    /**
     * The challenge of a request (RFC 7636 §4.3); null if it has none.
     *
     * @throws ApiException 400 {@code invalid_request} unless it is S256's
     */
    public static @Nullable String challenge(@Nullable String challenge, @Nullable String method) {
        if ((method != null && !method.equals("S256")) || (challenge == null) != (method == null)) {
            throw ApiException.oauth(400, "invalid_request", "A code_challenge needs code_challenge_method=S256.");
        }
        if (challenge != null && !CHALLENGE.matcher(challenge).matches()) {
            throw ApiException.oauth(400, "invalid_request", "The code_challenge is not the base64url of a SHA-256.");
        }
        return challenge;
    }

    /** Where an application awaits an answer through the browser. */
    public static String location(String redirectUri, Map<String, String> parameters, @Nullable String state) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        if (state != null) {
            all.put("state", state);
        }
        return redirectUri + (redirectUri.indexOf('?') < 0 ? "?" : "&") + Parameters.encode(all);
    }
}
