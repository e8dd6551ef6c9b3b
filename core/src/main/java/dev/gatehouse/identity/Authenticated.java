package dev.gatehouse.identity;

import java.security.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whoever a request to the application comes from: a person, {@link SignedIn}, or the holder of a customer's API key. */
public interface Authenticated extends Principal {
    /** Environment that the credential belongs to. */
    String environmentId();

    /** Organization that the request is about; null for none. */
    @Nullable
    String organizationId();

    /** Slugs in that organization, highest first; an API key has none. */
    List<String> roles();

    /** Slugs of what may be done in that organization. */
    List<String> permissions();

    /** Whether this role is among them. */
    default boolean hasRole(String role) {
        return roles().contains(role);
    }

    /** Whether this permission is among them. */
    default boolean hasPermission(String permission) {
        return permissions().contains(permission);
    }
}
