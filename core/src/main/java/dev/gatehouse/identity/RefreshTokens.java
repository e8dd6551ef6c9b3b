package dev.gatehouse.identity;

import dev.gatehouse.spi.Keyring;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Refresh tokens are not stored at all: a token is the session, the number of the exchange it came from, and a MAC over
 * both under a root key. So the successor of a token is the same for everybody who asks, and a token of any earlier
 * exchange is recognised as such, not merely unknown.
 */
final class RefreshTokens {
    private static final Pattern FORM =
            Pattern.compile("([0-9A-HJKMNP-TV-Z]{26})\\.([0-9a-z]{1,6})\\.([a-z0-9]{1,16})\\.([A-Za-z0-9_-]{43})");

    private final Keyring keyring;

    RefreshTokens(Keyring keyring) {
        this.keyring = keyring;
    }

    /** A token that is ours: which session, and which exchange. */
    record Claim(String sessionId, int generation) {}

    String current(String env, Session session) {
        String payload = session.id().substring("session_".length()) + "." + Integer.toString(session.generation(), 36)
                + "." + session.refreshKeyId();
        return payload + "." + mac(env, session.refreshKeyId(), payload);
    }

    Optional<Claim> read(String env, String token) {
        Matcher form = FORM.matcher(token);
        if (!form.matches()) {
            return Optional.empty();
        }
        String payload = token.substring(0, form.end(3));
        try {
            byte[] expected = mac(env, form.group(3), payload).getBytes(StandardCharsets.US_ASCII);
            return MessageDigest.isEqual(expected, form.group(4).getBytes(StandardCharsets.US_ASCII))
                    ? Optional.of(new Claim("session_" + form.group(1), Integer.parseInt(form.group(2), 36)))
                    : Optional.empty();
        } catch (Keyring.UnknownKey e) {
            return Optional.empty();
        }
    }

    String primaryKey() {
        return keyring.primary();
    }

    /** A MAC over a session for its forms; under a root key, since the session's id alone is no secret. */
    String formToken(String sessionId) {
        return mac("form", keyring.primary(), sessionId);
    }

    private String mac(String env, String keyId, String payload) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(keyring.derive(keyId, "refresh token"), "HmacSHA256"));
            mac.update((env + "\0").getBytes(StandardCharsets.UTF_8));
            byte[] tag = mac.doFinal(payload.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(tag);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
