package dev.gatehouse.sso.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Json;
import dev.gatehouse.spi.Outbound;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A relying party by the authorization code flow with PKCE and nonce, and no other (OpenID Connect Core §3.1, RFC 9700). The
 * steps are numbered by {@link OidcStep}. Safe for many threads; it keeps nothing but descriptions and keys.
 */
public final class RelyingParty {
    /** Names that a caller's own parameters may not have (ATTACKS O21). */
    private static final Set<String> OURS = Set.of(
            "client_id",
            "redirect_uri",
            "response_type",
            "response_mode",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method",
            "request",
            "request_uri");

    private static final long ASSERTION_SECONDS = 60;
    private static final int MOST_SUBJECT = 255;

    private final Fetch fetch;
    private final Json json;
    private final Clock clock;
    private final RandomTokens random;
    private final Providers providers;
    private final SignedToken tokens;
    private final TokenChecks checks;

    public RelyingParty(Outbound outbound, Json json, Clock clock, RandomTokens random) {
        this.fetch = new Fetch(outbound, json);
        this.json = json;
        this.clock = clock;
        this.random = random;
        this.providers = new Providers(fetch, clock);
        this.tokens = new SignedToken(json, providers);
        this.checks = new TokenChecks(clock);
    }

    /**
     * What is asked beside the usual.
     *
     * @param state that comes back
     * @param loginHint whom to ask for; null if that is open
     * @param again whether the person must be asked anew
     * @param dated whether the provider then has to tell when it asked (OpenID Connect Core §2, {@code auth_time})
     * @param formPost whether the answer comes as a form ({@code response_mode=form_post})
     * @param parameters of the provider's own; those that are ours are left out
     */
    public record Ask(
            String state,
            @Nullable String loginHint,
            boolean again,
            boolean dated,
            boolean formPost,
            Map<String, String> parameters) {}

    /** Where the browser goes, and what the answer is checked with. */
    public record Request(String location, String nonce, String verifier) {}

    /**
     * What the provider sent the browser back with.
     *
     * @param issuer of RFC 9207; null for none
     */
    public record Answer(
            @Nullable String code,
            @Nullable String error,
            @Nullable String issuer) {
        /** Without the code. */
        @Override
        public String toString() {
            return "Answer[" + error + "]";
        }
    }

    /**
     * What a provider says of itself.
     *
     * @throws OidcRefusal of {@link OidcStep#DISCOVERY}
     */
    public Metadata describe(String issuer) {
        return providers.describe(issuer);
    }

    /**
     * The request to a provider.
     *
     * @param metadata {@link #describe}d, or known beforehand
     */
    public Request request(OidcClient client, Metadata metadata, Ask ask) {
        String nonce = random.base62(43);
        String verifier = random.base62(64);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("client_id", client.clientId());
        query.put("response_type", "code");
        query.put("redirect_uri", client.redirectUri());
        query.put("scope", String.join(" ", client.scopes()));
        query.put("state", ask.state);
        query.put("code_challenge", Digest.s256(verifier));
        query.put("code_challenge_method", "S256");
        if (metadata.jwksUri() != null) {
            query.put("nonce", nonce);
        }
        if (ask.formPost) {
            query.put("response_mode", "form_post");
        }
        if (ask.loginHint != null) {
            query.put("login_hint", ask.loginHint);
        }
        if (ask.again) {
            query.put("prompt", "login");
            if (ask.dated) {
                query.put("max_age", "0");
            }
        }
        ask.parameters.forEach((name, value) -> {
            if (!OURS.contains(name)) {
                query.putIfAbsent(name, value);
            }
        });
        String endpoint = metadata.authorizationEndpoint();
        return new Request(
                endpoint + (endpoint.indexOf('?') < 0 ? "?" : "&") + Parameters.encode(query), nonce, verifier);
    }

    /**
     * What was sent, for the answer to be checked with.
     *
     * @param verifier null if it was lost, which no provider accepts
     * @param askedAnewAt when the person was to be asked anew; null if an older authentication will do
     * @param dated whether the provider has to tell when it asked
     */
    public record Sent(
            String nonce,
            @Nullable String verifier,
            @Nullable Instant askedAnewAt,
            boolean dated) {
        /** Without the secrets. */
        @Override
        public String toString() {
            return "Sent";
        }
    }

    /**
     * Whom the provider named, all steps passed.
     *
     * @throws OidcRefusal of the first step that fails
     */
    public OidcIdentity identity(OidcClient client, Metadata metadata, Answer answer, Sent sent) {
        if (answer.error != null || answer.code == null) {
            throw new OidcRefusal(OidcStep.ANSWER, "a code", answer.error == null ? "none" : answer.error);
        }
        boolean otherIssuer = answer.issuer == null
                ? metadata.answersIssuer()
                : !metadata.templated() && !answer.issuer.equals(metadata.issuer());
        if (otherIssuer) {
            throw new OidcRefusal(OidcStep.ANSWER_ISSUER, "iss " + metadata.issuer(), "iss " + answer.issuer);
        }
        JsonNode got = exchange(client, metadata, answer.code, sent.verifier);
        String accessToken = got.path("access_token").asText();
        if (metadata.jwksUri() == null) {
            return identity(got, accessToken, userInfo(metadata, accessToken, null), null);
        }
        String idToken = got.path("id_token").asText();
        SignedToken.Verified verified = tokens.read(idToken, metadata.jwksUri());
        JsonNode claims = verified.claims();
        checks.issuer(client, metadata, claims);
        checks.audience(client, claims);
        checks.time(claims);
        checks.authenticated(claims, sent.askedAnewAt, sent.dated);
        if (!claims.path("nonce").isTextual()
                || !Digest.equal(claims.path("nonce").textValue(), sent.nonce)) {
            throw new OidcRefusal(OidcStep.NONCE, "the nonce of this request", "another, or none");
        }
        checks.accessToken(claims, verified.algorithm(), accessToken);
        String subject = subject(claims);
        JsonNode all = claims;
        if (metadata.userinfoEndpoint() != null && !claims.has("email")) {
            all = joined(claims, userInfo(metadata, accessToken, subject));
        }
        return identity(got, accessToken, all, idToken);
    }

    private OidcIdentity identity(JsonNode got, String accessToken, JsonNode claims, @Nullable String idToken) {
        String refresh = got.path("refresh_token").asText();
        String scopes = got.path("scope").asText();
        return new OidcIdentity(
                idToken == null ? "" : subject(claims),
                claims,
                accessToken,
                refresh.isEmpty() ? null : refresh,
                got.path("expires_in").asLong(),
                scopes.isEmpty() ? List.of() : Arrays.asList(scopes.split("[ ,]+")),
                idToken);
    }

    private static String subject(JsonNode claims) {
        String subject = claims.path("sub").asText();
        if (!claims.path("sub").isTextual() || subject.isEmpty() || subject.length() > MOST_SUBJECT) {
            throw new OidcRefusal(OidcStep.SUBJECT, "a sub of at most " + MOST_SUBJECT + " characters", null);
        }
        return subject;
    }

    private JsonNode exchange(OidcClient client, Metadata metadata, String code, @Nullable String verifier) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", client.redirectUri());
        form.put("code_verifier", verifier == null ? "" : verifier);
        Map<String, String> headers = authenticated(client, metadata, form);
        Fetch.Reply reply = fetch.post(OidcStep.TOKEN, metadata.tokenEndpoint(), headers, form);
        JsonNode body = reply.body();
        boolean good = reply.status() == 200
                && body.isObject()
                && !body.has("error")
                && body.path("access_token").isTextual();
        if (!good) {
            String error = body.path("error").asText();
            throw new OidcRefusal(
                    OidcStep.TOKEN,
                    "an access token",
                    "status " + reply.status() + (error.isEmpty() ? "" : ", error " + error));
        }
        return body;
    }

    private Map<String, String> authenticated(OidcClient client, Metadata metadata, Map<String, String> form) {
        if (client.authentication().equals("private_key_jwt") && client.key() != null) {
            form.put("client_id", client.clientId());
            form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            form.put("client_assertion", assertion(client, metadata));
            return Map.of();
        }
        if (client.clientSecret() == null || client.authentication().equals("client_secret_post")) {
            form.put("client_id", client.clientId());
            if (client.clientSecret() != null) {
                form.put("client_secret", client.clientSecret());
            }
            return Map.of();
        }
        // each half form-encoded first (RFC 6749 §2.3.1)
        String pair = Parameters.encode(client.clientId()) + ":" + Parameters.encode(client.clientSecret());
        return Map.of(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    /** Good for the issuer alone, whatever its token endpoint is called (ATTACKS O22). */
    private String assertion(OidcClient client, Metadata metadata) {
        Instant now = clock.instant();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", client.clientId());
        claims.put("sub", client.clientId());
        claims.put("aud", metadata.issuer());
        claims.put("jti", random.base62(22));
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.getEpochSecond() + ASSERTION_SECONDS);
        JWSObject token = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(client.keyId()).build(),
                new Payload(json.bytes(claims)));
        try {
            token.sign(new RSASSASigner(client.key()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("cannot sign a client assertion", e);
        }
    }

    /** Claims of the userinfo endpoint; of the same person, if one is named already. */
    private JsonNode userInfo(Metadata metadata, String accessToken, @Nullable String subject) {
        String endpoint = metadata.userinfoEndpoint();
        if (endpoint == null) {
            throw new OidcRefusal(OidcStep.USER_INFO, "an endpoint that says who it is", "none");
        }
        JsonNode body = fetchClaims(endpoint, accessToken);
        if (subject != null && !body.path("sub").asText().equals(subject)) {
            throw new OidcRefusal(OidcStep.USER_INFO, "the sub of the ID token", "another");
        }
        return body;
    }

    /**
     * Reads more of a person from a provider, with its access token.
     *
     * @throws OidcRefusal of {@link OidcStep#USER_INFO}
     */
    public JsonNode fetchClaims(String endpoint, String accessToken) {
        Fetch.Reply reply = fetch.get(OidcStep.USER_INFO, endpoint, Map.of("Authorization", "Bearer " + accessToken));
        if (reply.status() != 200) {
            throw new OidcRefusal(OidcStep.USER_INFO, "status 200", "status " + reply.status());
        }
        return reply.body();
    }

    /** Both, the ID token's first. An address and what is said of it stay together (ATTACKS O09). */
    private static JsonNode joined(JsonNode claims, JsonNode more) {
        ObjectNode all = claims.deepCopy();
        all.remove("email_verified");
        more.properties().forEach(claim -> {
            if (!all.has(claim.getKey())) {
                all.set(claim.getKey(), claim.getValue());
            }
        });
        return all;
    }

    /**
     * A logout token's session (OpenID Connect Back-Channel Logout §2.6).
     *
     * @param subject null if it names a session alone
     * @param sessionId null if it names a person alone
     * @param tokenId by which it is used once
     */
    public record Logout(@Nullable String subject, @Nullable String sessionId, String tokenId, Instant until) {}

    /**
     * Whom a logout token names.
     *
     * @throws OidcRefusal of the first step that fails
     */
    public Logout logout(OidcClient client, Metadata metadata, String token) {
        if (metadata.jwksUri() == null) {
            throw new OidcRefusal(OidcStep.SIGNATURE, "a provider with a key set", "none");
        }
        SignedToken.Verified verified = tokens.read(token, metadata.jwksUri());
        JsonNode claims = verified.claims();
        boolean typed = verified.type() == null
                || verified.type().equalsIgnoreCase("logout+jwt")
                || verified.type().equalsIgnoreCase("JWT");
        boolean event = claims.path("events")
                .path("http://schemas.openid.net/event/backchannel-logout")
                .isObject();
        // an ID token is none, and none is an ID token (ATTACKS J25, O19)
        if (!typed || !event || claims.has("nonce")) {
            throw new OidcRefusal(OidcStep.FORM, "a logout token without nonce", null);
        }
        checks.issuer(client, metadata, claims);
        checks.audience(client, claims);
        checks.time(claims);
        String subject = claims.path("sub").asText();
        String session = claims.path("sid").asText();
        String id = claims.path("jti").asText();
        if (id.isEmpty() || (subject.isEmpty() && session.isEmpty())) {
            throw new OidcRefusal(OidcStep.SUBJECT, "jti, and sub or sid", null);
        }
        return new Logout(
                subject.isEmpty() ? null : subject,
                session.isEmpty() ? null : session,
                id,
                Instant.ofEpochSecond(claims.path("exp").longValue()).plusSeconds(TokenChecks.SKEW_SECONDS));
    }
}
