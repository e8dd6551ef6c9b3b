package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Request;
import dev.gatehouse.engine.Caller;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Omittable;
import dev.gatehouse.engine.Outcome;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.environments.Environments;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /user_management/authenticate}: one endpoint, dispatched on {@code grant_type}
 * (contract/behaviour/02). The caller proves itself with client id and API key, or with a PKCE verifier alone.
 */
final class Authenticate {
    private static final String GRANT = "urn:workos:oauth:grant-type:";
    private static final String SELECTION = GRANT + "organization-selection";
    private static final String MAGIC_CODE = GRANT + "magic-auth:code";
    private static final String SECOND_FACTOR = GRANT + "mfa-totp";
    /** Beyond the contract: a second factor that was written down. */
    private static final String RECOVERY = "urn:gatehouse:oauth:grant-type:mfa-recovery-code";

    private static final String DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
    private static final String VERIFICATION = GRANT + "email-verification:code";

    private final Environments environments;
    private final SignIn signIn;
    private final Sessions sessions;
    private final AccessTokens accessTokens;
    private final RefreshCookie cookie;
    private final Devices devices;
    private final SecondFactors secondFactors;
    private final Profiles profiles;

    Authenticate(
            Environments environments,
            SignIn signIn,
            Sessions sessions,
            AccessTokens accessTokens,
            RefreshCookie cookie,
            Devices devices,
            SecondFactors secondFactors,
            Profiles profiles) {
        this.profiles = profiles;
        this.secondFactors = secondFactors;
        this.devices = devices;
        this.environments = environments;
        this.signIn = signIn;
        this.sessions = sessions;
        this.accessTokens = accessTokens;
        this.cookie = cookie;
    }

    record In(
            @Nullable String clientId,
            @Nullable String clientSecret,
            @Nullable String grantType,
            @Nullable String code,
            @Nullable String codeVerifier,
            @Nullable String email,
            @Nullable String password,
            @Nullable String refreshToken,
            @Nullable String organizationId,
            @Nullable String pendingAuthenticationToken,
            @Nullable String authenticationChallengeId,
            @Nullable String deviceCode,
            @Nullable String invitationToken,
            @Nullable String ipAddress,
            @Nullable String userAgent,
            @Nullable String deviceId,
            @Nullable String signalsId,
            @Nullable String radarAuthAttemptId) {}

    record Out(
            User.View user,
            @Omittable @Nullable String organizationId,
            String accessToken,
            String refreshToken,
            @Omittable String authenticationMethod,
            @Omittable @Nullable Impersonator impersonator,
            String tokenType,
            long expiresIn,
            @Omittable @Nullable OauthTokens oauthTokens) {
        /** Without tokens. */
        @Override
        public String toString() {
            return "Out[" + user.id() + "]";
        }
    }

    void routes(Routes r) {
        r.action("POST /user_management/authenticate", In.class, Out.class, this::authenticate)
                .open()
                .oauth()
                .form()
                .alias("POST /user_management/sessions")
                .alias("POST /x/authkit/users/authenticate");
        // the older name of one grant, which the body need not repeat
        r.action("POST /magic_auth/verify_code", In.class, Out.class, (in, flow) -> authenticate(in, MAGIC_CODE, flow))
                .open()
                .oauth()
                .form();
    }

    private Object authenticate(In in, Flow flow) {
        return authenticate(in, given("grant_type", in.grantType), flow);
    }

    private Object authenticate(In in, String grant, Flow flow) {
        String clientId = given("client_id", in.clientId);
        String env = environments
                .environmentOf(clientId)
                .orElseThrow(() -> ApiException.oauth(400, "invalid_client", "Invalid client ID."));
        String clientSecret = in.clientSecret == null ? "" : in.clientSecret;
        boolean secret = !clientSecret.isEmpty();
        if (secret && !proves(clientSecret, env)) {
            throw ApiException.oauth(400, "invalid_client", "Invalid client secret.");
        }
        // the server of an application speaks for a browser only when it proved itself
        Request request = flow.request();
        Source source = secret ? new Source(in.ipAddress, in.userAgent) : Source.of(request);
        boolean page = !secret && cookie.serves(request, env);
        // a page of the application: its refresh token lives in a cookie, and is also told for SDKs that keep it
        // themselves
        String token =
                page && in.refreshToken == null ? cookie.read(request, clientId).orElse(null) : in.refreshToken;
        Asked asked = new Asked(in, grant, env, clientId, secret, token, source);
        if (!page) {
            return grant(asked, flow);
        }
        try {
            Out out = grant(asked, flow);
            return cookie.keep(flow.answer(200, out), request, clientId, out.refreshToken);
        } catch (ApiException e) {
            throw e.code().equals("invalid_grant") ? cookie.drop(e, request, clientId) : e;
        }
    }

    /** A request whose client is known: {@code secret} tells whether it proved itself, or is anybody with its id. */
    private record Asked(
            In in,
            String grant,
            String env,
            String clientId,
            boolean secret,
            @Nullable String refreshToken,
            Source source) {
        Destination to() {
            return new Destination(clientId, null, in.invitationToken);
        }
    }

    private Out grant(Asked asked, Flow flow) {
        In in = asked.in;
        return switch (asked.grant) {
            case "password", MAGIC_CODE, VERIFICATION, SECOND_FACTOR, RECOVERY, SELECTION -> {
                needSecret(asked.secret);
                yield finish(flow, asked.env, step(asked), true);
            }
            case "authorization_code" -> {
                String code = given("code", in.code);
                if (!asked.secret && in.codeVerifier == null) {
                    throw ApiException.oauth(400, "invalid_request", "A client_secret or a code_verifier is required.");
                }
                Outcome<Step> step = flow.run(
                        asked.env, call -> signIn.exchange(call, asked.to(), code, in.codeVerifier, asked.source));
                yield finish(flow, asked.env, step.orThrow(), true);
            }
            case "refresh_token" -> {
                String token = given("refresh_token", asked.refreshToken);
                Outcome<Step> refreshed =
                        flow.run(asked.env, call -> signIn.refresh(call, token, asked.clientId, in.organizationId));
                yield finish(flow, asked.env, refreshed.orThrow(), false);
            }
            case DEVICE -> {
                String code = given("device_code", in.deviceCode);
                Outcome<Sessions.Grant> granted =
                        flow.run(asked.env, call -> devices.exchange(call, asked.clientId, code, asked.source));
                yield out(asked.env, granted.orThrow(), null);
            }
            default -> throw ApiException.oauth(400, "invalid_request", "The grant_type is not supported.");
        };
    }

    /** One step of a sign-in, asked for by the application's server. */
    private Step step(Asked asked) {
        In in = asked.in;
        String env = asked.env;
        String client = asked.clientId;
        Source source = asked.source;
        return switch (asked.grant) {
            case "password" ->
                signIn.password(env, asked.to(), given("email", in.email), given("password", in.password), source);
            case MAGIC_CODE ->
                signIn.magicCode(env, asked.to(), given("email", in.email), given("code", in.code), source);
            case VERIFICATION -> signIn.verifyEmail(env, client, pending(in), given("code", in.code), source);
            case SECOND_FACTOR ->
                secondFactors.challenge(
                        env,
                        client,
                        pending(in),
                        given("authentication_challenge_id", in.authenticationChallengeId),
                        given("code", in.code),
                        source);
            case RECOVERY -> secondFactors.recovery(env, client, pending(in), given("code", in.code), source);
            default ->
                signIn.chooseOrganization(
                        env, client, pending(in), given("organization_id", in.organizationId), source);
        };
    }

    private static String pending(In in) {
        return given("pending_authentication_token", in.pendingAuthenticationToken);
    }

    private boolean proves(String secret, String env) {
        return environments.caller(secret).map(Caller::env).filter(env::equals).isPresent();
    }

    private static void needSecret(boolean secret) {
        if (!secret) {
            throw ApiException.oauth(400, "invalid_request", "A client_secret is required for this grant_type.");
        }
    }

    private static String given(String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw ApiException.oauth(400, "invalid_request", "The parameter '" + name + "' is required.");
        }
        return value;
    }

    /** @param first whether the session is told of for the first time */
    private Out finish(Flow flow, String env, Step step, boolean first) {
        if (step instanceof Step.Finished finished) {
            String profile = first ? finished.grant().session().profileId() : null;
            try {
                return out(
                        env,
                        finished.grant(),
                        profile == null
                                ? null
                                : flow.run(env, call -> profiles.takeTokens(call, profile))
                                        .orElse(null));
            } catch (ApiException e) {
                // nobody will ever hold the tokens of that session
                flow.run(
                        env,
                        call -> sessions.end(call, finished.grant().session().id()));
                throw e;
            }
        }
        throw Interim.refusal(step);
    }

    private Out out(String env, Sessions.Grant grant, @Nullable OauthTokens tokens) {
        return new Out(
                User.View.of(grant.user()),
                grant.session().organizationId(),
                accessTokens.issue(env, grant),
                sessions.refreshToken(env, grant.session()),
                grant.session().authenticationMethod(),
                grant.session().impersonator(),
                "Bearer",
                accessTokens.life().toSeconds(),
                tokens);
    }
}
