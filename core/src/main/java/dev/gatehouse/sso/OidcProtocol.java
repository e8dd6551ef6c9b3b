package dev.gatehouse.sso;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.engine.Json;
import dev.gatehouse.engine.Lazy;
import dev.gatehouse.identity.Federation.Arrival;
import dev.gatehouse.identity.OauthTokens;
import dev.gatehouse.identity.Redirects;
import dev.gatehouse.identity.Source;
import dev.gatehouse.sso.oidc.Metadata;
import dev.gatehouse.sso.oidc.OidcClient;
import dev.gatehouse.sso.oidc.OidcIdentity;
import dev.gatehouse.sso.oidc.OidcRefusal;
import dev.gatehouse.sso.oidc.OidcStep;
import dev.gatehouse.sso.oidc.RelyingParty;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Sign-ins through OpenID providers, and through OAuth 2.0 providers that tell who it is. */
final class OidcProtocol implements Protocol {
    private final RelyingParty party;
    private final Lazy<Presets> presets;
    private final ConnectionSecrets secrets;
    private final Json json;
    private final Clock clock;
    private final String pages;

    OidcProtocol(
            RelyingParty party,
            Lazy<Presets> presets,
            ConnectionSecrets secrets,
            Json json,
            Clock clock,
            String pages) {
        this.party = party;
        this.presets = presets;
        this.secrets = secrets;
        this.json = json;
        this.clock = clock;
        this.pages = pages;
    }

    private String callback(Connection connection) {
        return String.valueOf(Addresses.of(connection, pages).redirectUri());
    }

    private static OidcProvider provider(Connection connection) {
        return Objects.requireNonNull(connection.oidc(), "an OpenID connection has a provider");
    }

    private OidcClient client(Connection connection, List<String> scopes) {
        OidcProvider provider = provider(connection);
        Presets.Preset preset = presets.get().of(connection.type());
        List<String> asked = new ArrayList<>(provider.scopes().isEmpty() ? preset.scopes() : provider.scopes());
        scopes.stream().filter(scope -> !asked.contains(scope)).forEach(asked::add);
        boolean signs = provider.clientAuthentication().equals("private_key_jwt");
        Connection.OwnKey pair = signs ? connection.keys().get(0) : null;
        return new OidcClient(
                issuer(provider, preset),
                String.valueOf(provider.clientId()),
                secrets.secret(connection),
                provider.clientAuthentication(),
                pair == null ? null : secrets.keys().open(connection, pair),
                pair == null ? null : keyId(pair),
                callback(connection),
                asked,
                provider.tenants());
    }

    private static String issuer(OidcProvider provider, Presets.Preset preset) {
        if (provider.issuer() != null) {
            return provider.issuer();
        }
        return preset.issuer() != null
                ? preset.issuer()
                : Objects.requireNonNull(preset.endpoints(), "a row has one of both")
                        .issuer();
    }

    private Metadata metadata(Connection connection) {
        OidcProvider provider = provider(connection);
        Presets.Preset preset = presets.get().of(connection.type());
        return preset.endpoints() != null && provider.issuer() == null
                ? preset.endpoints()
                : party.describe(issuer(provider, preset));
    }

    @Override
    public Leaving leave(Connection connection, String token, Ask ask) {
        try {
            RelyingParty.Request request = party.request(
                    client(connection, ask.scopes()),
                    metadata(connection),
                    new RelyingParty.Ask(
                            token,
                            ask.loginHint(),
                            ask.again(),
                            dated(connection),
                            presets.get().of(connection.type()).formPost(),
                            ask.parameters()));
            return new Leaving(request.location(), null, request.nonce(), request.verifier(), ask.again());
        } catch (OidcRefusal e) {
            throw refusal("oauth_failed", e);
        }
    }

    /** Those that keep to the specification; the large ones do not tell when they asked, or not without more settings. */
    private static boolean dated(Connection connection) {
        return connection.type() == ConnectionType.GENERIC_OIDC || connection.type() == ConnectionType.OKTA_OIDC;
    }

    @Override
    public List<Check> checks() {
        return Arrays.stream(OidcStep.values())
                .map(step -> new Check(step.number(), step.heading()))
                .toList();
    }

    private static Refusal refusal(String code, OidcRefusal e) {
        return new Refusal(code, e.step().number(), e.step().title(), e.expected(), e.found(), Map.of(), e);
    }

    /** What a provider sent a browser back with. */
    Arrival callback(SsoFlow flow, Request request, Connection connection) {
        if (request.method().equals("POST")) {
            return again(connection, SsoFlow.form(request));
        }
        Parameters query = request.query();
        Optional<SsoSignIn> begun =
                flow.take(request, connection, query.one("state").orElse(""));
        if (begun.isEmpty()) {
            return Arrivals.refused("ended");
        }
        Source source = Source.of(request);
        RelyingParty.Answer answer = new RelyingParty.Answer(
                query.one("code").orElse(null),
                query.one("error").orElse(null),
                query.one("iss").orElse(null));
        Asserted said;
        try {
            said = said(flow, connection, begun.get(), answer);
        } catch (OidcRefusal e) {
            boolean denied = e.step() == OidcStep.ANSWER && "access_denied".equals(answer.error());
            return flow.completion()
                    .refuse(begun.get(), refusal(denied ? "access_denied" : "oauth_failed", e), null, source);
        }
        return flow.completion().finish(begun.get(), said, source);
    }

    /** A form comes across sites, where the browser shows no cookie: the same once more, from here. */
    private Arrival again(Connection connection, Parameters form) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String name : List.of("code", "state", "error", "iss")) {
            form.one(name).filter(value -> value.length() <= 4_000).ifPresent(value -> query.put(name, value));
        }
        return new Arrival.Answered(Answer.seeOther(Redirects.location(callback(connection), query, null)));
    }

    private Asserted said(SsoFlow flow, Connection connection, SsoSignIn begun, RelyingParty.Answer answer) {
        Presets.Preset preset = presets.get().of(connection.type());
        OidcIdentity identity = party.identity(
                client(connection, List.of()),
                metadata(connection),
                answer,
                new RelyingParty.Sent(
                        String.valueOf(begun.message()),
                        flow.verifier(begun),
                        begun.again() ? begun.createdAt() : null,
                        dated(connection)));
        Claims claims = new Claims(
                preset.emails() == null || identity.idToken() != null
                        ? identity.claims()
                        : withEmail(identity.claims(), party.fetchClaims(preset.emails(), identity.accessToken())),
                preset.claims(),
                connection,
                json);
        String subject = identity.idToken() != null && !connection.attributes().containsKey("id")
                ? identity.subject()
                : claims.text("id");
        if (subject == null || subject.length() > 255) {
            throw OidcRefusal.nobody();
        }
        return claims.of(
                subject,
                preset.vouches().test(claims.all()),
                provider(connection).returnTokens() ? tokens(connection, identity) : null);
    }

    private OauthTokens tokens(Connection connection, OidcIdentity identity) {
        long until = identity.expiresIn() == 0 ? 0 : clock.instant().getEpochSecond() + identity.expiresIn();
        return new OauthTokens(
                connection.type().wire(),
                Objects.requireNonNullElse(identity.refreshToken(), ""),
                identity.accessToken(),
                until,
                identity.scopes());
    }

    /** The primary mailbox of a list, as GitHub and Bitbucket write theirs. */
    private static JsonNode withEmail(JsonNode claims, JsonNode list) {
        ObjectNode all = claims.deepCopy();
        JsonNode each = list.isArray() ? list : list.path("values");
        for (JsonNode mailbox : each) {
            if (mailbox.path("primary").asBoolean()
                    || mailbox.path("is_primary").asBoolean()) {
                all.set("primary_email", mailbox.path("email"));
                all.put(
                        "primary_email_verified",
                        mailbox.path("verified").asBoolean()
                                || mailbox.path("is_confirmed").asBoolean());
            }
        }
        return all;
    }

    @Override
    public Optional<String> signedOutAt(Connection connection, Profile profile) {
        String endpoint;
        try {
            endpoint = metadata(connection).endSessionEndpoint();
        } catch (OidcRefusal e) {
            throw refusal("oauth_failed", e);
        }
        Map<String, String> query = new LinkedHashMap<>();
        query.put("client_id", String.valueOf(provider(connection).clientId()));
        query.put("post_logout_redirect_uri", pages + "/signed-out");
        return endpoint == null ? Optional.empty() : Optional.of(Redirects.location(endpoint, query, null));
    }

    /** Public halves of our keys, for providers that check our client assertions (RFC 7523). */
    Arrival keySet(Connection connection) {
        List<Map<String, Object>> set = new ArrayList<>();
        for (Connection.OwnKey pair : connection.keys()) {
            RSAPublicKey key =
                    (RSAPublicKey) OwnKeys.certificate(pair.certificate()).getPublicKey();
            set.add(new RSAKey.Builder(key)
                    .keyID(keyId(pair))
                    .keyUse(KeyUse.SIGNATURE)
                    .build()
                    .toJSONObject());
        }
        return new Arrival.Answered(Answer.of(200, "application/json", json.bytes(Map.of("keys", set))));
    }

    private static String keyId(Connection.OwnKey pair) {
        return Digest.s256(pair.certificate());
    }

    /** A provider ends sessions (OpenID Connect Back-Channel Logout). */
    Arrival logout(SsoFlow flow, Request request, Connection connection) {
        String token = SsoFlow.form(request).one("logout_token").orElse("");
        try {
            RelyingParty.Logout logout = party.logout(client(connection, List.of()), metadata(connection), token);
            boolean ended =
                    flow.logout(connection, logout.subject(), logout.sessionId(), logout.tokenId(), logout.until());
            return new Arrival.Answered(ended ? Answer.empty(200).with("Cache-Control", "no-store") : refused());
        } catch (OidcRefusal e) {
            return new Arrival.Answered(refused());
        }
    }

    private Answer refused() {
        return Answer.of(
                        400,
                        "application/json",
                        json.bytes(Map.of(
                                "error", "invalid_request", "error_description", "The logout token is refused.")))
                .with("Cache-Control", "no-store");
    }
}
