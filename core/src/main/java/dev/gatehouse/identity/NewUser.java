package dev.gatehouse.identity;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A user to be made.
 *
 * @param email address, unique in its environment
 * @param password plain; null for none
 * @param firstName may be null
 * @param lastName may be null
 * @param emailVerified whether the address is known to be the person's
 * @param externalId the application's own id; may be null
 * @param metadata the application's own pairs
 */
public record NewUser(
        String email,
        @Nullable String password,
        @Nullable String firstName,
        @Nullable String lastName,
        boolean emailVerified,
        @Nullable String externalId,
        Map<String, String> metadata) {

    public NewUser {
        metadata = Map.copyOf(metadata);
    }

    /** A user with an address and nothing else. */
    public static NewUser of(String email) {
        return new NewUser(email, null, null, null, false, null, Map.of());
    }

    /** With this password; the policy decides whether it may be. */
    public NewUser withPassword(String plain) {
        return new NewUser(email, plain, firstName, lastName, emailVerified, externalId, metadata);
    }

    /** With this name. */
    public NewUser withName(@Nullable String first, @Nullable String last) {
        return new NewUser(email, password, first, last, emailVerified, externalId, metadata);
    }

    /** With an address that is known to be the person's. */
    public NewUser verified() {
        return new NewUser(email, password, firstName, lastName, true, externalId, metadata);
    }

    /** With the application's own id. */
    public NewUser withExternalId(String id) {
        return new NewUser(email, password, firstName, lastName, emailVerified, id, metadata);
    }

    @Override
    public String toString() {
        return "NewUser[" + email + "]";
    }
}
