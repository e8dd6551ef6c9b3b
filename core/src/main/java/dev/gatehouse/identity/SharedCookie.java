package dev.gatehouse.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.crypto.IronSeal;
import dev.gatehouse.crypto.SealedCookie;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Json;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cookie of the vendor's Node SDKs (contract/behaviour/03 §3.8), for an application that shares its session with this one:
 * tokens and the user, under a password that both know. Whoever writes it, only its refresh token is read here, which no
 * password can forge: the newest of a running session, or the one before for as long as {@code refresh-window} lasts. So
 * reading never spends a token, and no access token must be renewed for pages in Java alone.
 */
final class SharedCookie implements SessionCookie {
    private static final Logger LOG = LoggerFactory.getLogger(SharedCookie.class);

    private final Engine engine;
    private final IronSeal seal;
    private final Sessions sessions;
    private final AccessTokens accessTokens;
    private final RefreshTokens refreshTokens;
    private final Json json = Json.camelCase();

    SharedCookie(
            Engine engine, IronSeal seal, Sessions sessions, AccessTokens accessTokens, RefreshTokens refreshTokens) {
        this.engine = engine;
        this.seal = seal;
        this.sessions = sessions;
        this.accessTokens = accessTokens;
        this.refreshTokens = refreshTokens;
    }

    @Override
    public String seal(String env, String cookieName, String sessionId) {
        Sessions.Grant grant = engine.run(env, Actor.SYSTEM, call -> sessions.grant(call, sessionId))
                .orElseThrow(BrowserSessions::ended);
        Session session = grant.session();
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("accessToken", accessTokens.issue(env, grant));
        content.put("refreshToken", sessions.refreshToken(env, session));
        content.put("user", User.View.of(grant.user()));
        content.put("authenticationMethod", session.authenticationMethod());
        if (session.organizationId() != null) {
            content.put("organizationId", session.organizationId());
        }
        if (session.impersonator() != null) {
            content.put("impersonator", session.impersonator());
        }
        String sealed = seal.seal(json.write(content));
        if (sealed.length() > SealedCookie.MOST_BYTES) {
            LOG.warn(
                    "a shared session cookie of {} characters is more than one cookie holds, and the Node SDK reads no more than"
                            + " one: its access token or its user has too many permissions, claims or metadata",
                    sealed.length());
        }
        return sealed;
    }

    @Override
    public SessionCache.@Nullable Claim open(String env, String cookieName, String value) {
        return seal.unseal(value, engine.now())
                .flatMap(this::refreshToken)
                .flatMap(token -> refreshTokens.read(env, token))
                .map(token -> new SessionCache.Claim(token.sessionId(), Long.MAX_VALUE, token.generation()))
                .orElse(null);
    }

    private Optional<String> refreshToken(String content) {
        try {
            return Optional.ofNullable(
                    json.read(content, JsonNode.class).path("refreshToken").textValue());
        } catch (UncheckedIOException e) {
            // what another program wrote is no fault of ours
            return Optional.empty();
        }
    }
}
