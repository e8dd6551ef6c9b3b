package dev.gatehouse.testkit;

import com.sun.net.httpserver.HttpExchange;
import dev.gatehouse.testkit.OidcIdp.Misbehaviour;
import dev.gatehouse.testkit.OidcTokens.Grant;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What {@link OidcIdp} answers at its addresses. */
final class OidcEndpoints implements AutoCloseable {
    final List<OidcKey> keys = new CopyOnWriteArrayList<>(List.of(OidcKey.make("RS256")));
    final OidcClients clients;
    volatile @Nullable Grant lastGrant;
    volatile Map<String, String> lastRequest = Map.of();

    private final Loopback server = new Loopback();
    private final OidcBehaviour behaviour;
    private final OidcTokens tokens;
    private final Map<String, Grant> codes = new ConcurrentHashMap<>();
    private final Map<String, Grant> accessTokens = new ConcurrentHashMap<>();

    OidcEndpoints(OidcBehaviour behaviour, Clock clock) {
        this.behaviour = behaviour;
        tokens = new OidcTokens(behaviour, issuer(), clock);
        clients = new OidcClients(behaviour, Set.of(issuer(), url("/token")), clock);
        server.at("/.well-known/openid-configuration", exchange -> answer(exchange, 200, discovery()));
        server.at("/keys", exchange -> answer(exchange, 200, keySet()));
        server.at("/authorize", this::authorize);
        server.at("/token", this::token);
        server.at("/userinfo", this::userInfo);
        server.at("/logout", this::endSession);
    }

    String issuer() {
        return server.url();
    }

    String url(String path) {
        return server.url() + path;
    }

    String logoutToken(@Nullable String subject, @Nullable String sessionId) {
        return tokens.logoutToken(keys.get(0), subject, sessionId);
    }

    @Override
    public void close() {
        server.close();
    }

    private Map<String, Object> discovery() {
        Map<String, Object> all = new LinkedHashMap<>();
        boolean other = behaviour.does(Misbehaviour.WRONG_DISCOVERY_ISSUER);
        all.put("issuer", other ? "https://other.example" : issuer());
        all.put("authorization_endpoint", url("/authorize"));
        all.put("token_endpoint", url("/token"));
        all.put("userinfo_endpoint", url("/userinfo"));
        all.put("jwks_uri", url("/keys"));
        all.put("end_session_endpoint", url("/logout"));
        all.put("response_types_supported", List.of("code"));
        all.put("subject_types_supported", List.of("public"));
        all.put(
                "id_token_signing_alg_values_supported",
                keys.stream().map(OidcKey::algorithm).distinct().toList());
        all.put(
                "token_endpoint_auth_methods_supported",
                behaviour.clientKeys == null
                        ? List.of("client_secret_basic", "client_secret_post")
                        : List.of("private_key_jwt"));
        all.put("code_challenge_methods_supported", List.of("S256"));
        all.put("authorization_response_iss_parameter_supported", true);
        all.put("backchannel_logout_supported", true);
        all.put("backchannel_logout_session_supported", true);
        behaviour.discovery.accept(all);
        return all;
    }

    private Map<String, Object> keySet() {
        return Map.of("keys", keys.stream().map(OidcKey::published).toList());
    }

    /** Where a request leads; lets the person in. */
    String location(Map<String, String> asked) {
        String redirectUri = asked.getOrDefault("redirect_uri", "");
        boolean good = asked.getOrDefault("client_id", "").equals(behaviour.clientId)
                && !redirectUri.isEmpty()
                && asked.getOrDefault("response_type", "").equals("code")
                && asked.getOrDefault("code_challenge_method", "").equals("S256")
                && asked.getOrDefault("code_challenge", "").length() == 43
                && List.of(asked.getOrDefault("scope", "").split(" ")).contains("openid");
        if (!good) {
            throw new IllegalArgumentException("no request of this application for a code with PKCE: " + asked);
        }
        lastRequest = Map.copyOf(asked);
        Map<String, String> answer = new LinkedHashMap<>();
        if (behaviour.does(Misbehaviour.DENIED)) {
            answer.put("error", "access_denied");
        } else {
            String code = UUID.randomUUID().toString();
            Grant grant = new Grant(
                    behaviour.clientId,
                    redirectUri,
                    asked.getOrDefault("code_challenge", ""),
                    asked.get("nonce"),
                    behaviour.subject,
                    behaviour.person,
                    UUID.randomUUID().toString());
            codes.put(code, grant);
            lastGrant = grant;
            answer.put("code", code);
        }
        if (asked.containsKey("state")) {
            answer.put("state", asked.getOrDefault("state", ""));
        }
        if (!behaviour.does(Misbehaviour.NO_ISS_PARAMETER)) {
            boolean other = behaviour.does(Misbehaviour.WRONG_ISS_PARAMETER);
            answer.put("iss", other ? "https://other.example" : issuer());
        }
        StringBuilder location = new StringBuilder(redirectUri);
        answer.forEach((name, value) -> location.append(location.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return location.toString();
    }

    private void authorize(HttpExchange exchange) throws IOException {
        Map<String, String> asked = Loopback.parameters(exchange);
        String location;
        try {
            location = location(asked);
        } catch (IllegalArgumentException e) {
            Loopback.send(exchange, 400, "text/plain; charset=utf-8", String.valueOf(e.getMessage()));
            return;
        }
        if (asked.getOrDefault("response_mode", "").equals("form_post")) {
            int question = location.indexOf('?');
            Map<String, String> fields = Loopback.parameters(location.substring(question + 1));
            Loopback.send(exchange, "text/html; charset=utf-8", Loopback.page(location.substring(0, question), fields));
        } else {
            Loopback.redirect(exchange, 302, location);
        }
    }

    private void token(HttpExchange exchange) throws IOException {
        if (behaviour.does(Misbehaviour.REDIRECTING)
                && exchange.getRequestURI().getPath().equals("/token")) {
            Loopback.redirect(exchange, 307, url("/token/elsewhere"));
            return;
        }
        Map<String, String> form = Loopback.parameters(exchange);
        String client = clients.authenticated(exchange.getRequestHeaders().getFirst("Authorization"), form);
        if (client == null) {
            answer(exchange, 401, Map.of("error", "invalid_client"));
            return;
        }
        Grant grant = codes.remove(form.getOrDefault("code", ""));
        boolean good = grant != null
                && !behaviour.does(Misbehaviour.CODE_REFUSED)
                && grant.clientId().equals(client)
                && form.getOrDefault("grant_type", "").equals("authorization_code")
                && form.getOrDefault("redirect_uri", "").equals(grant.redirectUri())
                && OidcTokens.base64(OidcTokens.sha256(form.getOrDefault("code_verifier", "")))
                        .equals(grant.challenge());
        if (!good) {
            answer(exchange, 400, Map.of("error", "invalid_grant"));
            return;
        }
        answer(exchange, 200, tokens(Objects.requireNonNull(grant)));
    }

    private Map<String, Object> tokens(Grant grant) throws IOException {
        if (behaviour.does(Misbehaviour.SLOW)) {
            try {
                Thread.sleep(10_000);
            } catch (InterruptedException e) {
                throw new IOException("closed", e);
            }
        }
        String accessToken = UUID.randomUUID().toString();
        accessTokens.put(accessToken, grant);
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("access_token", accessToken);
        all.put("token_type", "Bearer");
        all.put("expires_in", 3_600);
        all.put("id_token", tokens.idToken(keys.get(0), grant, accessToken));
        if (behaviour.does(Misbehaviour.HUGE)) {
            all.put("padding", "x".repeat(2 << 20));
        }
        behaviour.tokens.accept(all);
        return all;
    }

    private void userInfo(HttpExchange exchange) throws IOException {
        String sent = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        Grant grant = accessTokens.get(sent.replaceFirst("^Bearer ", ""));
        if (behaviour.does(Misbehaviour.USERINFO_DOWN)) {
            answer(exchange, 503, Map.of("error", "temporarily_unavailable"));
        } else if (grant == null) {
            answer(exchange, 401, Map.of("error", "invalid_token"));
        } else {
            answer(exchange, 200, tokens.userInfo(grant));
        }
    }

    /** Ends nothing, for it keeps no sessions. */
    private void endSession(HttpExchange exchange) throws IOException {
        String back = Loopback.parameters(exchange).get("post_logout_redirect_uri");
        if (back == null) {
            Loopback.send(exchange, "text/plain", "signed out");
        } else {
            Loopback.redirect(exchange, 302, back);
        }
    }

    private static void answer(HttpExchange exchange, int status, Map<String, Object> body) throws IOException {
        Loopback.send(exchange, status, "application/json", new String(OidcTokens.json(body), StandardCharsets.UTF_8));
    }
}
