package dev.gatehouse.sso.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Base64Url;
import dev.gatehouse.engine.Json;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a token that a provider signed: one compact JWS in one spelling, with an algorithm of a list, by a key that the
 * provider publishes. What its header says of keys is not looked at (RFC 8725; ATTACKS J01 to J21).
 */
final class SignedToken {
    private static final Pattern COMPACT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
    private static final int MOST_TEXT = 64_000;
    private static final int MOST_KEY_ID = 512;
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private final Json json;
    private final Providers providers;

    SignedToken(Json json, Providers providers) {
        this.json = json;
        this.providers = providers;
    }

    /**
     * Claims of a token whose signature is right.
     *
     * @param type of the header; null if it names none
     */
    record Verified(
            JsonNode claims,
            JWSAlgorithm algorithm,
            @Nullable String type) {}

    /** @throws OidcRefusal of {@link OidcStep#FORM} or {@link OidcStep#SIGNATURE} */
    Verified read(String token, String jwksUri) {
        if (token.length() > MOST_TEXT || !COMPACT.matcher(token).matches()) {
            throw new OidcRefusal(OidcStep.FORM, "a compact JWS of at most " + MOST_TEXT + " characters", null);
        }
        int first = token.indexOf('.');
        int last = token.lastIndexOf('.');
        JsonNode header = object(token.substring(0, first));
        String name = header.path("alg").asText();
        JWSAlgorithm algorithm = ALGORITHMS.stream()
                .filter(one -> one.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new OidcRefusal(OidcStep.FORM, "alg " + ALGORITHMS, "alg " + name));
        if (header.has("crit") || header.has("b64") || header.has("zip")) {
            throw new OidcRefusal(OidcStep.FORM, "no crit, b64 or zip in the header", null);
        }
        String keyId = header.path("kid").isTextual() ? header.path("kid").textValue() : null;
        if (keyId != null && keyId.length() > MOST_KEY_ID) {
            throw new OidcRefusal(OidcStep.FORM, "a kid of at most " + MOST_KEY_ID + " characters", null);
        }
        byte[] signature = Base64Url.decode(token.substring(last + 1));
        JWK key = providers.key(jwksUri, algorithm, keyId);
        if (key == null || signature == null) {
            throw new OidcRefusal(
                    OidcStep.SIGNATURE, "a key of the provider's set for " + name, "kid " + String.valueOf(keyId));
        }
        if (!verifies(key, algorithm, token.substring(0, last).getBytes(StandardCharsets.US_ASCII), signature)) {
            throw new OidcRefusal(OidcStep.SIGNATURE, "a signature by kid " + String.valueOf(keyId), "another");
        }
        String type = header.path("typ").isTextual() ? header.path("typ").textValue() : null;
        return new Verified(object(token.substring(first + 1, last)), algorithm, type);
    }

    static boolean verifies(JWK key, JWSAlgorithm algorithm, byte[] signed, byte[] signature) {
        try {
            JWSVerifier verifier = key instanceof RSAKey rsa
                    ? new RSASSAVerifier(rsa.toRSAPublicKey())
                    : new ECDSAVerifier(((ECKey) key).toECPublicKey());
            // a header of ours: nothing in theirs may change how it is checked
            JWSHeader header = new JWSHeader.Builder(algorithm).build();
            return verifier.verify(header, signed, Base64URL.encode(signature));
        } catch (JOSEException e) {
            return false;
        }
    }

    private JsonNode object(String part) {
        byte[] bytes = Base64Url.decode(part);
        try {
            JsonNode node = bytes == null ? null : json.readRequest(bytes);
            if (node != null && node.isObject() && Json.wellFormed(node)) {
                return node;
            }
        } catch (ApiException e) {
            // told below
        }
        throw new OidcRefusal(OidcStep.FORM, "JSON objects in base64url", null);
    }
}
