package dev.gatehouse.sso.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSAlgorithm;
import dev.gatehouse.crypto.Base64Url;
import dev.gatehouse.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What must hold of a token whose signature is right (OpenID Connect Core §3.1.3.7). */
final class TokenChecks {
    static final long SKEW_SECONDS = 60;
    private static final long MOST_AGE_SECONDS = 600;
    private static final long MOST_LIFE_SECONDS = 366L * 24 * 3_600;

    private final Clock clock;

    TokenChecks(Clock clock) {
        this.clock = clock;
    }

    void issuer(OidcClient client, Metadata metadata, JsonNode claims) {
        String issuer = claims.path("iss").asText();
        String tenant = claims.path("tid").asText();
        // one description for many tenants: the token says whose it is, and the list says who may come (ATTACKS O23)
        String expected = metadata.templated() ? metadata.issuer().replace(Metadata.TENANT, tenant) : metadata.issuer();
        boolean welcome = client.tenants().isEmpty() || client.tenants().contains(tenant);
        if (!issuer.equals(expected) || (metadata.templated() && tenant.isEmpty())) {
            throw new OidcRefusal(OidcStep.ISSUER, "iss " + expected, "iss " + issuer);
        }
        if (!welcome) {
            throw new OidcRefusal(OidcStep.ISSUER, "a tenant of the list", "tid " + tenant);
        }
    }

    void audience(OidcClient client, JsonNode claims) {
        JsonNode audience = claims.path("aud");
        boolean ours = audience.isTextual() && audience.textValue().equals(client.clientId());
        boolean several = audience.isArray() && audience.size() > 1;
        if (audience.isArray()) {
            for (JsonNode one : audience) {
                ours |= one.isTextual() && one.textValue().equals(client.clientId());
            }
        }
        JsonNode party = claims.path("azp");
        boolean otherParty = party.isMissingNode()
                ? several
                : !party.isTextual() || !party.textValue().equals(client.clientId());
        if (!ours || otherParty) {
            throw new OidcRefusal(
                    OidcStep.AUDIENCE,
                    "aud and azp " + client.clientId(),
                    "aud " + audience + (party.isMissingNode() ? "" : ", azp " + party));
        }
    }

    void time(JsonNode claims) {
        long now = clock.instant().getEpochSecond();
        JsonNode expires = claims.path("exp");
        JsonNode issued = claims.path("iat");
        JsonNode notBefore = claims.path("nbf");
        boolean good = expires.isIntegralNumber()
                && issued.isIntegralNumber()
                && expires.longValue() > now - SKEW_SECONDS
                && expires.longValue() < now + MOST_LIFE_SECONDS
                && issued.longValue() <= now + SKEW_SECONDS
                && issued.longValue() >= now - MOST_AGE_SECONDS
                && (notBefore.isMissingNode()
                        || (notBefore.isIntegralNumber() && notBefore.longValue() <= now + SKEW_SECONDS));
        if (!good) {
            throw new OidcRefusal(
                    OidcStep.TIME,
                    "in force at " + Instant.ofEpochSecond(now),
                    "iat " + issued + ", nbf " + notBefore + ", exp " + expires);
        }
    }

    /**
     * A provider that tells when somebody authenticated must not tell of an older time than that of a request to do so anew
     * (OpenID Connect Core §3.1.2.1, ATTACKS S97).
     *
     * @param dated whether a provider that does not tell is refused, too
     */
    void authenticated(JsonNode claims, @Nullable Instant since, boolean dated) {
        JsonNode at = claims.path("auth_time");
        if (since == null || (at.isMissingNode() && !dated)) {
            return;
        }
        if (!at.isIntegralNumber() || at.longValue() < since.getEpochSecond() - SKEW_SECONDS) {
            throw new OidcRefusal(OidcStep.TIME, "auth_time after " + since, "auth_time " + at);
        }
    }

    void accessToken(JsonNode claims, JWSAlgorithm algorithm, String accessToken) {
        JsonNode hash = claims.path("at_hash");
        if (hash.isMissingNode()) {
            return;
        }
        String digest = "SHA-" + algorithm.getName().substring(2);
        try {
            byte[] whole = MessageDigest.getInstance(digest).digest(accessToken.getBytes(StandardCharsets.US_ASCII));
            String half = Base64Url.encode(Arrays.copyOf(whole, whole.length / 2));
            if (!hash.isTextual() || !Digest.equal(hash.textValue(), half)) {
                throw new OidcRefusal(OidcStep.ACCESS_TOKEN, "at_hash of the access token", "another");
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(digest, e);
        }
    }
}
