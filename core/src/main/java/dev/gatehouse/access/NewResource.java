package dev.gatehouse.access;

import org.jspecify.annotations.Nullable;

/**
 * A resource to be made.
 *
 * @param organizationId whose it is
 * @param type slug of its kind
 * @param externalId the application's own id, at most 128 ASCII characters
 * @param name for people, at most 48 characters
 * @param description at most 150 characters; null for none
 * @param parentId what it lies in; null for the organization itself
 */
public record NewResource(
        String organizationId,
        String type,
        String externalId,
        String name,
        @Nullable String description,
        @Nullable String parentId) {
    /** A resource that lies in its organization itself. */
    public static NewResource of(String organizationId, String type, String externalId, String name) {
        return new NewResource(organizationId, type, externalId, name, null, null);
    }

    /** The same within another one. */
    public NewResource in(Resource parent) {
        return new NewResource(organizationId, type, externalId, name, description, parent.id());
    }
}
