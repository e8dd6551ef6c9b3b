package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.crypto.Jwt;
import dev.gatehouse.engine.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Access tokens: what they say (contract/behaviour/03 §3.1), signing and verifying them. */
public final class AccessTokens {
    private final Engine engine;
    private final Jwt jwt;
    private final SigningKeys keys;
    private final String issuer;
    private final Duration life;
    private final TokenClaims templates;

    AccessTokens(Engine engine, Jwt jwt, SigningKeys keys, String issuer, Duration life, TokenClaims templates) {
        this.engine = engine;
        this.jwt = jwt;
        this.keys = keys;
        this.issuer = issuer;
        this.life = life;
        this.templates = templates;
    }

    /** How long a token lives. */
    Duration life() {
        return life;
    }

    /**
     * Signs a token for a session.
     *
     * @throws dev.gatehouse.api.ApiException 400 {@code token_too_big}
     */
    String issue(String env, Sessions.Grant grant) {
        Instant now = engine.now();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("sub", grant.user().id());
        claims.put("sid", grant.session().id());
        claims.put("jti", engine.ids().ulid(now));
        if (grant.session().organizationId() != null) {
            List<String> roles = grant.standing().roles();
            claims.put("org_id", grant.session().organizationId());
            if (!roles.isEmpty()) {
                claims.put("role", roles.get(0));
            }
            claims.put("roles", roles);
            claims.put("permissions", grant.standing().permissions());
        }
        claims.put("client_id", grant.session().clientId());
        claims.put("auth_time", grant.session().createdAt().getEpochSecond());
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plus(life).getEpochSecond());
        Impersonator impersonator = grant.session().impersonator();
        if (impersonator != null) {
            claims.put("act", Map.of("sub", impersonator.email()));
        }
        TokenClaims.Added added = grant.claims() == null ? templates.of(env, grant) : grant.claims();
        added.claims().forEach(claims::put);
        return jwt.sign(keys.current(env, grant.session().clientId()), claims);
    }

    /** The claims of a token of this client that is in force; empty for anything else. */
    Optional<JsonNode> verify(String env, String clientId, String token) {
        return jwt.verify(token, keyId -> keys.find(env, clientId, keyId), issuer, engine.now());
    }

    /** The key set of a client (RFC 7517). */
    Map<String, Object> keySet(String env, String clientId) {
        return Map.of("keys", keys.published(env, clientId));
    }

    /** Makes a new signing key now, for when one may have leaked; the old one verifies until its tokens have ended. */
    public void rotate(String env, String clientId) {
        keys.rotate(env, clientId, true);
    }
}
