package dev.gatehouse.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatehouse.spi.Outbound;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An OpenID provider without a network, whose ID tokens are signed before they are asked for. */
final class Provider implements Outbound {
    static final String ISSUER = "https://idp.example.test";
    static final String CLIENT = "client-at-idp";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RSAKey key;
    /** Answers of the token endpoint by code. */
    private final Map<String, byte[]> tokens = new ConcurrentHashMap<>();

    Provider() throws JOSEException {
        key = Tokens.key();
    }

    /** A browser was sent here; what it is sent back with. */
    String authorize(String location) throws JOSEException, IOException {
        Instant now = Instant.now();
        String state = Visitor.parameter(location, "state");
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .audience(CLIENT)
                        .subject("ada-at-idp")
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plusSeconds(300)))
                        .claim("nonce", Visitor.parameter(location, "nonce"))
                        .claim("email", "ada@acme.com")
                        .claim("given_name", "Ada")
                        .build());
        token.sign(new RSASSASigner(key));
        String code = "code" + tokens.size();
        tokens.put(
                code,
                JSON.writeValueAsBytes(
                        Map.of("access_token", "access", "token_type", "Bearer", "id_token", token.serialize())));
        return "code=" + code + "&state=" + state;
    }

    @Override
    public Response call(Request request) throws IOException {
        return switch (request.uri().getPath()) {
            case "/.well-known/openid-configuration" ->
                reply(JSON.writeValueAsBytes(Map.of(
                        "issuer", ISSUER,
                        "authorization_endpoint", ISSUER + "/authorize",
                        "token_endpoint", ISSUER + "/token",
                        "jwks_uri", ISSUER + "/keys")));
            case "/keys" ->
                reply(JSON.writeValueAsBytes(
                        Map.of("keys", List.of(key.toPublicJWK().toJSONObject()))));
            case "/token" -> {
                String form = "?" + new String(request.body(), StandardCharsets.UTF_8);
                yield reply(tokens.getOrDefault(Visitor.parameter(form, "code"), new byte[0]));
            }
            default -> throw new IOException("nothing at " + request.uri());
        };
    }

    private static Response reply(byte[] body) {
        return new Response(200, Map.of("content-type", "application/json"), body);
    }
}
