package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A device without a browser that waits for somebody to sign it in (RFC 8628): five minutes, one decision, one exchange.
 *
 * @param digest of the device code
 * @param userCode what the person types, without its hyphen
 * @param sessionId session of the person who decided; null before
 * @param approved what was decided; meaningless before
 * @param askedAt when the device asked last; null before
 * @param ipAddress of the device, as the person is shown it
 */
record DeviceAuthorization(
        String id,
        String digest,
        String userCode,
        String clientId,
        @Nullable String sessionId,
        boolean approved,
        @Nullable Instant askedAt,
        @Nullable String ipAddress,
        @Nullable String userAgent,
        Instant expiresAt,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    static final EntityType<DeviceAuthorization> TYPE = EntityType.of(
                    "device_authorization", "device_authorization", DeviceAuthorization.class)
            .unique("digest", DeviceAuthorization::digest, d -> ApiException.of(409, "conflict", "Try again."))
            .unique("user_code", DeviceAuthorization::userCode, d -> ApiException.of(409, "conflict", "Try again."))
            .expires(DeviceAuthorization::expiresAt);

    DeviceAuthorization decided(String session, boolean yes) {
        return with(session, yes, askedAt);
    }

    DeviceAuthorization asked(Instant at) {
        return with(sessionId, approved, at);
    }

    private DeviceAuthorization with(@Nullable String session, boolean yes, @Nullable Instant asked) {
        return new DeviceAuthorization(
                id, digest, userCode, clientId, session, yes, asked, ipAddress, userAgent, expiresAt, createdAt,
                updatedAt);
    }

    /** Without what a secret is recognised by. */
    @Override
    public String toString() {
        return "DeviceAuthorization[" + id + "]";
    }
}
