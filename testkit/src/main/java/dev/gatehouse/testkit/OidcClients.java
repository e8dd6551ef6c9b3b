package dev.gatehouse.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Whether it is the application of {@link OidcIdp} that exchanges a code. */
final class OidcClients {
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final OidcBehaviour says;
    private final Set<String> audiences;
    private final Clock clock;
    private final Set<String> used = ConcurrentHashMap.newKeySet();

    /** @param audiences that an assertion may be for */
    OidcClients(OidcBehaviour says, Set<String> audiences, Clock clock) {
        this.says = says;
        this.audiences = audiences;
        this.clock = clock;
    }

    /**
     * The id of the client that authenticated itself; null if none did.
     *
     * @param authorization the header; null for none
     */
    @Nullable
    String authenticated(@Nullable String authorization, Map<String, String> form) throws IOException {
        if (says.clientKeys != null) {
            return asserts(form.getOrDefault("client_assertion", ""), says.clientKeys) ? says.clientId : null;
        }
        String id = form.getOrDefault("client_id", "");
        String secret = form.getOrDefault("client_secret", "");
        if (authorization != null && authorization.startsWith("Basic ")) {
            String pair = new String(Base64.getDecoder().decode(authorization.substring(6)), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            id = URLDecoder.decode(pair.substring(0, Math.max(colon, 0)), StandardCharsets.UTF_8);
            secret = URLDecoder.decode(pair.substring(colon + 1), StandardCharsets.UTF_8);
        }
        return id.equals(says.clientId) && secret.equals(says.clientSecret) ? id : null;
    }

    /** RFC 7523 §3. */
    private boolean asserts(String assertion, String jwksUri) throws IOException {
        try {
            JWSObject token = JWSObject.parse(assertion);
            JWK key = JWKSet.parse(
                            send(HttpRequest.newBuilder(URI.create(jwksUri))).body())
                    .getKeyByKeyId(token.getHeader().getKeyID());
            Map<String, Object> claims = token.getPayload().toJSONObject();
            long now = clock.instant().getEpochSecond();
            return key instanceof RSAKey rsa
                    && token.verify(new RSASSAVerifier(rsa.toRSAPublicKey()))
                    && says.clientId.equals(claims.get("iss"))
                    && says.clientId.equals(claims.get("sub"))
                    && claims.get("aud") instanceof String audience
                    && audiences.contains(audience)
                    && claims.get("exp") instanceof Number end
                    && end.longValue() > now
                    && claims.get("jti") instanceof String id
                    && used.add(id);
        } catch (ParseException | JOSEException e) {
            return false;
        }
    }

    /** Sends a form; the status of the answer. */
    int post(String url, String form) {
        try {
            return send(HttpRequest.newBuilder(URI.create(url))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(form)))
                    .statusCode();
        } catch (IOException e) {
            throw new IllegalStateException("no answer of " + url, e);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
