package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Omittable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A person.
 *
 * @param id {@code user_…}
 * @param email as typed; unique in its environment without regard to case
 * @param emailVerified whether the person proved to read its mailbox
 * @param firstName may be null
 * @param lastName may be null
 * @param name full name; may be null
 * @param profilePictureUrl may be null
 * @param externalId the application's own id, at most 128 ASCII characters, unique; may be null
 * @param metadata the application's own pairs
 * @param locale BCP 47 tag; may be null
 * @param lastSignInAt null before the first sign-in
 * @param organizationIds organizations the user belongs to in any state; kept by memberships
 */
public record User(
        String id,
        String email,
        boolean emailVerified,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String name,
        @Nullable String profilePictureUrl,
        @Nullable String externalId,
        Map<String, String> metadata,
        @Nullable String locale,
        @Nullable Instant lastSignInAt,
        List<String> organizationIds,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {

    public User {
        metadata = Map.copyOf(metadata);
        organizationIds = List.copyOf(organizationIds);
    }

    /** The resource. */
    public static final EntityType<User> TYPE = EntityType.of("user", "user", User.class)
            .unique("email", User::email, Email::fold, User::emailTaken)
            .unique(
                    "external_id",
                    User::externalId,
                    u -> ApiException.of(400, "external_id_already_used", "This external_id belongs to another user."))
            // the same value again as lookups, so that it can be combined with other filters
            .lookup("email", User::email, Email::fold)
            .lookups("organization_id", User::organizationIds, id -> id)
            .events("user")
            .view(View.class, (u, call) -> View.of(u));

    private static ApiException emailTaken(User user) {
        boolean fresh = user.createdAt.equals(user.updatedAt);
        return fresh
                ? ApiException.of(400, "user_creation_error", "Could not create user.")
                        .withProblems(
                                List.of(new Problem("email", "email_not_available", "This email is not available.")))
                : ApiException.of(400, "email_not_available", "This email is not available.");
    }

    /** The full name, or what stands in for it: never empty. */
    public String displayName() {
        if (name != null && !name.isBlank()) {
            return name;
        }
        String both = ((firstName == null ? "" : firstName) + " " + (lastName == null ? "" : lastName)).strip();
        return both.isEmpty() ? email : both;
    }

    /** Somebody of whom only an address is known, which nobody has proved. */
    static User of(String id, String email, Instant now) {
        return new User(id, email, false, null, null, null, null, null, Map.of(), null, null, List.of(), now, now);
    }

    /** With a name, of somebody who is new. */
    User called(@Nullable String first, @Nullable String last, @Nullable String whole) {
        return new User(
                id,
                email,
                emailVerified,
                first,
                last,
                whole,
                profilePictureUrl,
                externalId,
                metadata,
                locale,
                lastSignInAt,
                organizationIds,
                createdAt,
                updatedAt);
    }

    User signedIn(Instant at) {
        return with(email, emailVerified, locale, at, organizationIds);
    }

    /** With another language; null for none. */
    User speaking(@Nullable String tag) {
        return with(email, emailVerified, tag, lastSignInAt, organizationIds);
    }

    /** With an address that is known to be the person's. */
    User at(String address) {
        return with(address, true, locale, lastSignInAt, organizationIds);
    }

    /** This user in these organizations. */
    public User in(List<String> organizations) {
        return with(email, emailVerified, locale, lastSignInAt, organizations);
    }

    private User with(
            String address,
            boolean verified,
            @Nullable String tag,
            @Nullable Instant signInAt,
            List<String> organizations) {
        return new User(
                id,
                address,
                verified,
                firstName,
                lastName,
                name,
                profilePictureUrl,
                externalId,
                metadata,
                tag,
                signInAt,
                organizations,
                createdAt,
                updatedAt);
    }

    /** What the wire shows of a user. */
    public record View(
            String object,
            String id,
            String email,
            boolean emailVerified,
            @Nullable String firstName,
            @Nullable String lastName,
            @Omittable @Nullable String name,
            @Nullable String profilePictureUrl,
            @Nullable Instant lastSignInAt,
            @Nullable String externalId,
            @Omittable Map<String, String> metadata,
            @Omittable @Nullable String locale,
            Instant createdAt,
            Instant updatedAt) {

        /** The view of a user. */
        public static View of(User user) {
            return new View(
                    "user",
                    user.id,
                    user.email,
                    user.emailVerified,
                    user.firstName,
                    user.lastName,
                    user.name,
                    user.profilePictureUrl,
                    user.lastSignInAt,
                    user.externalId,
                    user.metadata,
                    user.locale,
                    user.createdAt,
                    user.updatedAt);
        }
    }
}
