package dev.gatehouse.factors;

import dev.gatehouse.crypto.RevealSecret;
import dev.gatehouse.crypto.Secret;
import dev.gatehouse.engine.Omittable;
import dev.gatehouse.engine.OneOf;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A factor that was enrolled just now: the only time its secret can be seen (ATTACKS P27).
 *
 * @param factor what is stored of it
 * @param secret base 32, for a person who cannot scan
 * @param uri {@code otpauth://…}, which holds the secret
 */
public record Enrolled(Factor factor, Secret secret, Secret uri) {

    /** The URI as a picture, {@code data:image/png;base64,…}. Some milliseconds of work, so not inside a transaction. */
    public String qrCode() {
        return QrImage.dataUri(uri.text(RevealSecret.access()));
    }

    /** What the wire shows, once. Draws the picture. */
    public View view() {
        return new View(
                "authentication_factor",
                factor.id(),
                factor.type(),
                factor.userId(),
                new Shown(
                        factor.issuer(),
                        factor.account(),
                        secret.text(RevealSecret.access()),
                        qrCode(),
                        uri.text(RevealSecret.access())),
                factor.createdAt(),
                factor.updatedAt());
    }

    /** A factor with its secret. */
    public record View(
            String object,
            String id,
            @OneOf(Factor.TOTP) String type,
            @Omittable @Nullable String userId,
            Shown totp,
            Instant createdAt,
            Instant updatedAt) {}

    /** What the person needs to set up the app. */
    public record Shown(String issuer, String user, String secret, String qrCode, String uri) {
        @Override
        public String toString() {
            return "Shown[" + issuer + ", " + user + "]";
        }
    }
}
