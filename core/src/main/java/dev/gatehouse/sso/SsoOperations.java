package dev.gatehouse.sso;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Caller;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Omittable;
import dev.gatehouse.engine.Outcome;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.engine.Routes.Nothing;
import dev.gatehouse.environments.Environments;
import dev.gatehouse.identity.Authorization;
import dev.gatehouse.identity.Federation.Arrival;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.OauthTokens;
import dev.gatehouse.identity.Redirects;
import dev.gatehouse.identity.User;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Single sign-on without users: an application asks for a profile, and does the rest itself (contract/behaviour/05). */
final class SsoOperations {
    private static final String AUTHORIZATION = "Bearer ";

    private final Engine engine;
    private final Envelope envelope;
    private final RandomTokens random;
    private final Environments environments;
    private final Identity identity;
    private final ProfileBook profiles;
    private final Supplier<SsoFlow> flows;

    SsoOperations(
            Engine engine,
            Envelope envelope,
            RandomTokens random,
            Environments environments,
            Identity identity,
            ProfileBook profiles,
            Supplier<SsoFlow> flows) {
        this.engine = engine;
        this.envelope = envelope;
        this.random = random;
        this.environments = environments;
        this.identity = identity;
        this.profiles = profiles;
        this.flows = flows;
    }

    record Query(
            @Nullable String clientId,
            @Nullable String redirectUri,
            @Nullable String responseType,
            @Nullable String connection,
            @Nullable String organization,
            @Nullable String provider,
            @Nullable String domain,
            @Nullable String state,
            @Nullable String nonce,
            @Nullable String loginHint,
            @Nullable String domainHint,
            @Nullable String prompt,
            @Nullable String codeChallenge,
            @Nullable String codeChallengeMethod) {}

    record TokenIn(
            @Nullable String clientId,
            @Nullable String clientSecret,
            @Nullable String grantType,
            @Nullable String code,
            @Nullable String codeVerifier) {}

    record SlimRole(String slug) {}

    record ProfileView(
            String object,
            String id,
            @Nullable String organizationId,
            String connectionId,
            String connectionType,
            String idpId,
            String email,
            @Nullable String firstName,
            @Nullable String lastName,
            @Nullable String name,
            @Nullable SlimRole role,
            @Nullable List<SlimRole> roles,
            List<String> groups,
            Map<String, Object> customAttributes,
            Map<String, Object> rawAttributes) {}

    record IdentityView(String idpId, String type, String provider) {}

    record TokenOut(
            String tokenType,
            String accessToken,
            long expiresIn,
            ProfileView profile,
            @Omittable @Nullable OauthTokens oauthTokens) {
        @Override
        public String toString() {
            return "TokenOut";
        }
    }

    void routes(Routes r) {
        r.action("GET /sso/authorize", Query.class, null, this::authorize)
                .with("provider_scopes", "provider_query_params")
                .open();
        r.action("POST /sso/token", TokenIn.class, TokenOut.class, this::token)
                .with("client_id", "client_secret", "code", "grant_type")
                .open()
                .oauth()
                .form();
        r.action("GET /sso/profile", Nothing.class, ProfileView.class, (in, flow) -> profile(flow))
                .open();
        r.action(
                        "GET /user_management/users/{id}/identities",
                        Nothing.class,
                        IdentityView.class,
                        (in, flow) -> flow.run(call -> identities(call, flow.variable("id"))))
                .permission("user:read");
    }

    private static IdentityView[] identities(Call call, String userId) {
        User user = call.get(User.TYPE, userId);
        return call.all(Profile.TYPE, "user_id", user.id()).stream()
                .flatMap(p -> call
                        .find(Connection.TYPE, p.connectionId())
                        .filter(c -> c.type().protocol() == ConnectionType.Protocol.SOCIAL)
                        .map(c -> new IdentityView(p.idpId(), "OAuth", c.type().identityWord()))
                        .stream())
                .toArray(IdentityView[]::new);
    }

    private Object authorize(Query in, Flow flow) {
        Optional<Answer> untrusted =
                identity.redirects().untrusted(identity.pages(), flow.request(), in.clientId, in.redirectUri, in.state);
        if (untrusted.isPresent() || in.clientId == null || in.redirectUri == null) {
            return untrusted.orElseThrow();
        }
        try {
            return leave(in, in.clientId, in.redirectUri, flow);
        } catch (ApiException e) {
            if (e.status() == 429) {
                throw e;
            }
            return Redirects.refused(in.redirectUri, e, in.state);
        }
    }

    private Object leave(Query in, String clientId, String redirectUri, Flow flow) {
        if (!"code".equals(in.responseType)) {
            throw ApiException.oauth(400, "invalid_request", "The response_type must be code.");
        }
        if (in.domain != null) {
            throw ApiException.oauth(
                    400, "domain_connection_selector_not_allowed", "The domain parameter is no longer accepted.");
        }
        String challenge = Redirects.challenge(in.codeChallenge, in.codeChallengeMethod);
        if (in.loginHint != null && in.loginHint.length() > 254) {
            throw ApiException.oauth(400, "invalid_request", "A parameter is too long.");
        }
        SsoFlow departures = flows.get();
        String connectionId = departures.choose(in.connection, in.provider, in.organization);
        Parameters query = flow.request().query();
        Arrival left = departures.leave(
                flow.request(),
                connectionId,
                Errand.profile(new Authorization(clientId, redirectUri, in.state, challenge, in.organization, null)),
                new Protocol.Ask(
                        in.loginHint,
                        "login".equals(in.prompt),
                        query.list("provider_scopes"),
                        providerParameters(query)));
        if (left instanceof Arrival.Answered answered) {
            return answered.answer();
        }
        throw new IllegalStateException("an application is told by a redirect whatever comes of it");
    }

    /** {@code provider_query_params[hd]=example.com}. */
    private static Map<String, String> providerParameters(Parameters query) {
        Map<String, String> all = new HashMap<>();
        String prefix = "provider_query_params[";
        for (String name : query.names()) {
            if (name.startsWith(prefix) && name.endsWith("]") && all.size() < 20) {
                query.one(name)
                        .filter(value -> value.length() <= 500)
                        .ifPresent(value -> all.put(name.substring(prefix.length(), name.length() - 1), value));
            }
        }
        return all;
    }

    private Object token(TokenIn body, Flow flow) {
        Parameters query = flow.request().query();
        String clientId = given(body.clientId, query, "client_id");
        String env = environments
                .environmentOf(clientId)
                .orElseThrow(() -> ApiException.oauth(400, "invalid_client", "Invalid client ID."));
        String verifier = body.codeVerifier;
        String secret = body.clientSecret != null
                ? body.clientSecret
                : query.one("client_secret").orElse("");
        if (!secret.isEmpty()
                && environments
                        .caller(secret)
                        .map(Caller::env)
                        .filter(env::equals)
                        .isEmpty()) {
            throw ApiException.oauth(400, "invalid_client", "Invalid client ID or secret.");
        }
        if (secret.isEmpty() && verifier == null) {
            throw ApiException.oauth(400, "invalid_client", "A client_secret or a code_verifier is required.");
        }
        if (!given(body.grantType, query, "grant_type").equals("authorization_code")) {
            throw ApiException.oauth(400, "unsupported_grant_type", "The grant type must be authorization_code.");
        }
        String code = given(body.code, query, "code");
        Outcome<TokenOut> out =
                engine.run(env, Actor.SYSTEM, call -> exchange(call, clientId, code, verifier, secret.isEmpty()));
        return out.orThrow();
    }

    private static String given(@Nullable String inBody, Parameters query, String name) {
        String value = inBody == null ? query.one(name).orElse("") : inBody;
        if (value.isBlank()) {
            throw ApiException.oauth(400, "invalid_request", "The parameter '" + name + "' is required.");
        }
        return value;
    }

    private Outcome<TokenOut> exchange(
            Call call, String clientId, String code, @Nullable String verifier, boolean publicClient) {
        ApiException refusal =
                ApiException.oauth(400, "invalid_grant", "The code has expired or has already been used.");
        // taken whatever comes of it: a code that somebody shows with a wrong verifier is known to a stranger
        ProfileGrant grant = call.takeBy(ProfileGrant.TYPE, "digest", Digest.of("profile code", code))
                .orElse(null);
        Profile profile = grant == null
                ? null
                : call.find(Profile.TYPE, grant.profileId()).orElse(null);
        if (grant == null || profile == null || !grant.clientId().equals(clientId)) {
            return new Outcome.Refused<>(refusal);
        }
        String challenge = grant.codeChallenge();
        if (challenge == null ? publicClient : verifier == null || !Digest.equal(challenge, Digest.s256(verifier))) {
            return new Outcome.Refused<>(refusal);
        }
        String token = random.base62(43);
        call.create(
                ProfileGrant.TYPE,
                new ProfileGrant(
                        call.newId(ProfileGrant.TYPE),
                        Digest.of("profile token", token),
                        clientId,
                        profile.id(),
                        null,
                        null,
                        call.now().plus(Completion.GRANT),
                        call.now(),
                        call.now()));
        OauthTokens tokens = grant.tokens() == null
                ? null
                : envelope.openText(Completion.TOKENS, grant.id(), grant.tokens())
                        .map(text -> engine.json().read(text, OauthTokens.class))
                        .orElse(null);
        return new Outcome.Done<>(
                new TokenOut("Bearer", token, Completion.GRANT.toSeconds(), view(call, profile), tokens));
    }

    private ProfileView view(Call call, Profile p) {
        List<SlimRole> roles =
                profiles.rolesOf(call, p).stream().map(SlimRole::new).toList();
        return new ProfileView(
                "profile",
                p.id(),
                p.organizationId(),
                p.connectionId(),
                call.get(Connection.TYPE, p.connectionId()).type().wire(),
                p.idpId(),
                p.email(),
                p.firstName(),
                p.lastName(),
                p.name(),
                roles.isEmpty() ? null : roles.get(0),
                roles.isEmpty() ? null : roles,
                p.groups(),
                p.customAttributes(),
                p.rawAttributes());
    }

    private Object profile(Flow flow) {
        String header = flow.request().header("authorization").orElse("");
        String digest = Digest.of(
                "profile token", header.startsWith(AUTHORIZATION) ? header.substring(AUTHORIZATION.length()) : "");
        return environments.all().stream()
                .flatMap(e -> engine
                        .run(
                                e.id(),
                                Actor.SYSTEM,
                                call -> call.findBy(ProfileGrant.TYPE, "digest", digest)
                                        .filter(grant -> call.now().isBefore(grant.expiresAt()))
                                        .flatMap(grant -> call.find(Profile.TYPE, grant.profileId()))
                                        .map(found -> view(call, found)))
                        .stream())
                .findFirst()
                .orElseThrow(() ->
                        ApiException.oauth(401, "Unauthorized", "Unauthorized").in(ApiException.Dialect.OAUTH));
    }
}
