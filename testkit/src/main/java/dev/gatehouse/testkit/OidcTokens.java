package dev.gatehouse.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.testkit.OidcIdp.Misbehaviour;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** What {@link OidcIdp} signs, right and wrong. */
final class OidcTokens {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OTHER = "another-client";

    private final OidcBehaviour says;
    private final String issuer;
    private final Clock clock;

    OidcTokens(OidcBehaviour says, String issuer, Clock clock) {
        this.says = says;
        this.issuer = issuer;
        this.clock = clock;
    }

    /**
     * Somebody who signed in.
     *
     * @param clientId to which application
     * @param redirectUri where it wanted the code
     * @param challenge of PKCE
     * @param nonce that it sent; null for none
     * @param subject who
     * @param person what is said of the person
     * @param sessionId the {@code sid}
     */
    record Grant(
            String clientId,
            String redirectUri,
            String challenge,
            @Nullable String nonce,
            String subject,
            Map<String, Object> person,
            String sessionId) {}

    /** OpenID Connect Core §2. */
    String idToken(OidcKey key, Grant grant, String accessToken) {
        Map<String, Object> claims = claims(grant.clientId, grant.subject);
        String nonce = says.does(Misbehaviour.WRONG_NONCE) ? "another" : grant.nonce;
        if (nonce != null && !says.does(Misbehaviour.NO_NONCE)) {
            claims.put("nonce", nonce);
        }
        claims.put("sid", grant.sessionId);
        claims.put("at_hash", hash(says.does(Misbehaviour.WRONG_AT_HASH) ? "another" : accessToken));
        if (says.does(Misbehaviour.NO_SUBJECT)) {
            claims.remove("sub");
        }
        if (!thin()) {
            claims.putAll(person(grant));
        }
        return signed(key, claims, "JWT");
    }

    /** Whether the ID token says the subject alone: what is wrong at the userinfo endpoint shows only then. */
    private boolean thin() {
        return says.thin || says.does(Misbehaviour.OTHER_SUBJECT) || says.does(Misbehaviour.USERINFO_DOWN);
    }

    private Map<String, Object> person(Grant grant) {
        Map<String, Object> person = new LinkedHashMap<>(grant.person);
        if (says.does(Misbehaviour.NO_EMAIL)) {
            person.remove("email");
        }
        if (person.containsKey("email")) {
            person.putIfAbsent("email_verified", true);
        }
        if (says.does(Misbehaviour.UNVERIFIED_EMAIL)) {
            person.put("email_verified", false);
        }
        return person;
    }

    /** OpenID Connect Core §5.3.2. */
    Map<String, Object> userInfo(Grant grant) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", says.does(Misbehaviour.OTHER_SUBJECT) ? "somebody-else" : grant.subject);
        claims.putAll(person(grant));
        says.userInfo.accept(claims);
        return claims;
    }

    /** OpenID Connect Back-Channel Logout §2.4. */
    String logoutToken(OidcKey key, @Nullable String subject, @Nullable String sessionId) {
        Map<String, Object> claims = claims(says.clientId, subject);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
        if (sessionId != null) {
            claims.put("sid", sessionId);
        }
        return signed(key, claims, "logout+jwt");
    }

    private Map<String, Object> claims(String audience, @Nullable String subject) {
        long now = clock.instant().getEpochSecond() - (says.does(Misbehaviour.EXPIRED) ? 3_600 : 0);
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", says.does(Misbehaviour.WRONG_ISSUER) ? "https://other.example" : issuer);
        if (subject != null) {
            claims.put("sub", subject);
        }
        claims.put("aud", says.does(Misbehaviour.WRONG_AUDIENCE) ? OTHER : audience);
        if (says.does(Misbehaviour.WRONG_PARTY)) {
            claims.put("aud", List.of(audience, OTHER));
            claims.put("azp", OTHER);
        }
        claims.put("iat", now);
        claims.put("exp", now + 300);
        if (says.does(Misbehaviour.NOT_YET_VALID)) {
            claims.put("nbf", now + 3_600);
        }
        return claims;
    }

    private String signed(OidcKey key, Map<String, Object> claims, String type) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", key.algorithm());
        header.put("typ", type);
        header.put("kid", key.id());
        if (says.does(Misbehaviour.ALG_NONE)) {
            header.put("alg", "none");
        } else if (says.does(Misbehaviour.HMAC_WITH_PUBLIC_KEY)) {
            header.put("alg", "HS256");
        }
        says.header.accept(header);
        says.claims.accept(claims);
        String signed = base64(json(header)) + "." + base64(json(claims));
        return says.wire.apply(signed + "." + base64(signature(key, signed.getBytes(StandardCharsets.US_ASCII))));
    }

    private byte[] signature(OidcKey key, byte[] what) {
        if (says.does(Misbehaviour.ALG_NONE)) {
            return new byte[0];
        }
        if (says.does(Misbehaviour.HMAC_WITH_PUBLIC_KEY)) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key.pair().getPublic().getEncoded(), "HmacSHA256"));
                return mac.doFinal(what);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
        return (says.does(Misbehaviour.WRONG_KEY) ? OidcKey.make(key.algorithm()) : key).sign(what);
    }

    /** The left half of a SHA-256 digest. */
    private static String hash(String accessToken) {
        return base64(Arrays.copyOf(sha256(accessToken), 16));
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON", e);
        }
    }
}
