package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Somebody at an identity provider, as it described the person last (contract/behaviour/05 §5.3). One for each subject of a
 * connection, for good: the address may change, the subject may not.
 *
 * @param id {@code prof_…}
 * @param connectionId who vouches
 * @param organizationId whose connection it is; null for a provider that anybody may choose
 * @param subject digest of what the person is known by again at this connection
 * @param idpId the person's immutable identifier at the provider
 * @param email as the provider gave it
 * @param mailboxOwner whether the provider gives out that mailbox itself, and says that it is the person's
 * @param groups as the provider names them
 * @param roles slugs that the groups gave at the last sign-in, most important first
 * @param customAttributes of the connection's mapping
 * @param rawAttributes as the provider gave them
 * @param userId whose profile it is; null until a sign-in has proved that
 * @param link why it is that user's; null without one
 * @param logoutHint what the provider recognises its session by; null if it gave nothing
 */
public record Profile(
        String id,
        String connectionId,
        @Nullable String organizationId,
        String subject,
        String idpId,
        String email,
        boolean mailboxOwner,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String name,
        List<String> groups,
        List<String> roles,
        Map<String, Object> customAttributes,
        Map<String, Object> rawAttributes,
        @Nullable String userId,
        @Nullable Link link,
        @Nullable String logoutHint,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {

    /**
     * A decision that a profile is a user's, with its evidence.
     *
     * @param reason {@code verified_domain}: the provider's organization owns the address's domain; {@code mailbox_owner}:
     *     the provider gives out the mailbox; {@code mailed_code}: the person read a code in the mailbox
     * @param evidence what was seen: the domain, or the address
     * @param at when
     */
    public record Link(String reason, String evidence, Instant at) {}

    /** The resource. */
    public static final EntityType<Profile> TYPE = EntityType.of("profile", "prof", Profile.class)
            .unique("subject", Profile::subject, p -> ApiException.of(409, "conflict", "Try again."))
            .lookup("connection_id", Profile::connectionId)
            .lookup("user_id", Profile::userId)
            .lookup("logout", p -> p.logoutHint == null ? null : logout(p.connectionId, p.logoutHint));

    public Profile {
        groups = List.copyOf(groups);
        roles = List.copyOf(roles);
        // values may be null
        customAttributes = Collections.unmodifiableMap(new LinkedHashMap<>(customAttributes));
        rawAttributes = Collections.unmodifiableMap(new LinkedHashMap<>(rawAttributes));
    }

    /** What one subject of a connection is found by, whatever a provider puts into it (ATTACKS O12: case counts). */
    static String subject(String connectionId, String subject) {
        return connectionId + " " + Digest.of("profile", subject);
    }

    /** What the profiles of one session at a provider are found by. */
    static String logout(String connectionId, String logoutHint) {
        return Digest.of("logout hint", connectionId + " " + logoutHint);
    }

    Profile of(String user, Link why) {
        return with(user, why);
    }

    /** Nobody's any more. */
    Profile unlinked() {
        return with(null, null);
    }

    private Profile with(@Nullable String user, @Nullable Link why) {
        return new Profile(
                id,
                connectionId,
                organizationId,
                subject,
                idpId,
                email,
                mailboxOwner,
                firstName,
                lastName,
                name,
                groups,
                roles,
                customAttributes,
                rawAttributes,
                user,
                why,
                logoutHint,
                createdAt,
                updatedAt);
    }

    /** Without what the provider said of the person. */
    @Override
    public String toString() {
        return "Profile[" + id + "]";
    }
}
