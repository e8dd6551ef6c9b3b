package dev.gatehouse.sso.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engine.Json;
import dev.gatehouse.spi.Outbound;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The checks of an ID token as {@link RelyingParty} makes them, without the exchange of the code around them. */
public final class IdToken {
    private final OidcClient client;
    private final Metadata metadata;
    private final SignedToken tokens;
    private final TokenChecks checks;

    /** @param keySet of the provider, as JSON */
    public IdToken(String issuer, String clientId, String keySet) {
        Json json = new Json();
        Outbound provider = request -> new Outbound.Response(200, Map.of(), keySet.getBytes(StandardCharsets.UTF_8));
        Clock clock = Clock.systemUTC();
        client =
                new OidcClient(issuer, clientId, null, "client_secret_basic", null, null, issuer, List.of(), List.of());
        metadata = new Metadata(issuer, issuer, issuer, issuer + "/keys", null, null, false);
        tokens = new SignedToken(json, new Providers(new Fetch(provider, json), clock));
        checks = new TokenChecks(clock);
    }

    /** The subject of a token that is right. */
    public String verify(String token, String accessToken) {
        SignedToken.Verified verified = tokens.read(token, metadata.issuer() + "/keys");
        JsonNode claims = verified.claims();
        checks.issuer(client, metadata, claims);
        checks.audience(client, claims);
        checks.time(claims);
        checks.accessToken(claims, verified.algorithm(), accessToken);
        return claims.path("sub").asText();
    }
}
