package dev.gatehouse.crypto;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Signs and verifies access tokens: compact JWS, RS256 and nothing else (RFC 8725). The reader is our own, since a token
 * must have one spelling and its header exactly the members we write.
 */
public final class Jwt {
    private static final Pattern COMPACT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
    private static final Set<String> HEADER = Set.of("alg", "kid", "typ");
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final long NODE_SKEW_SECONDS = 60;
    private static final int MOST_TEXT = 8_192;
    private static final long MOST_SECONDS = 253_402_300_800L;

    private final Json json;

    public Jwt(Json json) {
        this.json = json;
    }

    /** Signs these claims as they are. */
    public String sign(SigningKey key, Map<String, Object> claims) {
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.id()).build();
        JWSObject token = new JWSObject(header, new Payload(json.bytes(claims)));
        try {
            token.sign(new RSASSASigner(key.privateKey()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("cannot sign a token", e);
        }
    }

    /**
     * The claims of a token that is ours and in force; empty for anything else, without saying why.
     *
     * @param keys finds a key by its id among those that may verify here; null for an unknown one
     * @param issuer the exact {@code iss}
     * @param now refused from {@code exp} on, without leeway; {@code iat} and {@code nbf} may be up to a minute ahead, as
     *     another node's clock wrote them
     */
    public Optional<JsonNode> verify(
            String token, Function<String, @Nullable SigningKey> keys, String issuer, Instant now) {
        if (token.length() > MOST_TEXT || !COMPACT.matcher(token).matches()) {
            return Optional.empty();
        }
        try {
            int first = token.indexOf('.');
            int last = token.lastIndexOf('.');
            JsonNode header = json.readRequest(decode(token.substring(0, first)));
            if (!header.isObject()
                    || !header.path("alg").asText().equals("RS256")
                    || header.properties().stream().anyMatch(member -> !HEADER.contains(member.getKey()))
                    || (header.has("typ") && !header.path("typ").asText().equals("JWT"))) {
                return Optional.empty();
            }
            // a name of another form is nobody's key, and must not reach whatever looks keys up (ATTACKS J07)
            String keyId = header.path("kid").asText();
            SigningKey key = KEY_ID.matcher(keyId).matches() ? keys.apply(keyId) : null;
            if (key == null) {
                return Optional.empty();
            }
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key.publicKey());
            signature.update(token.substring(0, last).getBytes(StandardCharsets.US_ASCII));
            if (!signature.verify(decode(token.substring(last + 1)))) {
                return Optional.empty();
            }
            JsonNode claims = json.readRequest(decode(token.substring(first + 1, last)));
            return claims.isObject()
                            && claims.path("iss").isTextual()
                            && claims.path("iss").textValue().equals(issuer)
                            && Json.wellFormed(claims)
                            && inForce(claims, now)
                    ? Optional.of(claims)
                    : Optional.empty();
        } catch (GeneralSecurityException | IllegalArgumentException | ApiException e) {
            return Optional.empty();
        }
    }

    private static boolean inForce(JsonNode claims, Instant now) {
        JsonNode expires = claims.path("exp");
        JsonNode issued = claims.path("iat");
        JsonNode notBefore = claims.path("nbf").isMissingNode() ? issued : claims.path("nbf");
        long second = now.getEpochSecond();
        return expires.isIntegralNumber()
                && issued.isIntegralNumber()
                && expires.canConvertToLong()
                && issued.canConvertToLong()
                && expires.longValue() > second
                && expires.longValue() < MOST_SECONDS
                && expires.longValue() > issued.longValue()
                && issued.longValue() <= second + NODE_SKEW_SECONDS
                && issued.longValue() > 0
                && notBefore.isIntegralNumber()
                && notBefore.canConvertToLong()
                && notBefore.longValue() <= second + NODE_SKEW_SECONDS;
    }

    private static byte[] decode(String text) {
        byte[] bytes = Base64Url.decode(text);
        if (bytes == null) {
            throw new IllegalArgumentException("not canonical");
        }
        return bytes;
    }
}
