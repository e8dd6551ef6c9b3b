package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Entity;
import dev.gatehouse.engine.EntityType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something of an organization's that permissions are about: a project, a document. An organization itself is one, and the
 * root of its others.
 *
 * @param id {@code authz_resource_…}
 * @param externalId the application's own id, unique among the organization's resources of its kind; never changes
 * @param name for people, at most 48 characters
 * @param description at most 150 characters; may be null
 * @param resourceTypeSlug its kind; never changes
 * @param parentId what it lies in; null for an organization
 */
public record Resource(
        String id,
        String externalId,
        String name,
        @Nullable String description,
        String resourceTypeSlug,
        String organizationId,
        @Nullable String parentId,
        Instant createdAt,
        Instant updatedAt)
        implements Entity {
    private static final String PREFIX = "authz_resource";

    static final EntityType<Resource> TYPE = EntityType.of("authorization_resource", PREFIX, Resource.class)
            .unique(
                    "external",
                    r -> key(r.organizationId, r.resourceTypeSlug, r.externalId),
                    r -> ApiException.of(
                            409,
                            "authorization_resource_external_id_conflict",
                            "The organization has a resource of this type and external_id."))
            .lookup("organization_id", Resource::organizationId)
            .lookup("resource_type_slug", Resource::resourceTypeSlug)
            .lookup("resource_external_id", Resource::externalId)
            .lookup("parent_resource_id", Resource::parentId)
            .view(
                    View.class,
                    (r, call) -> new View(
                            "authorization_resource",
                            r.name,
                            r.description,
                            r.organizationId,
                            r.parentId,
                            r.id,
                            r.externalId,
                            r.resourceTypeSlug,
                            r.createdAt,
                            r.updatedAt));

    static String key(String organizationId, String type, String externalId) {
        return organizationId + " " + type + " " + externalId;
    }

    /** The identifier of the resource that an organization is. */
    static String ofOrganization(String organizationId) {
        return PREFIX + organizationId.substring(organizationId.lastIndexOf('_'));
    }

    /** Whether it is an organization itself. */
    boolean isOrganization() {
        return parentId == null;
    }

    /** It and all that it lies in, itself first. At most {@value ResourceType#DEEPEST} and the organization. */
    List<Resource> chain(Call call) {
        List<Resource> all = new ArrayList<>(List.of(this));
        String next = parentId;
        while (next != null) {
            Resource above = call.get(TYPE, next);
            all.add(above);
            next = above.parentId;
        }
        return all;
    }

    /** The same resource under an identifier. */
    Resource of(String newId) {
        return new Resource(
                newId, externalId, name, description, resourceTypeSlug, organizationId, parentId, createdAt, updatedAt);
    }

    Resource named(String newName, @Nullable String newDescription, @Nullable String newParent) {
        return new Resource(
                id,
                externalId,
                newName,
                newDescription,
                resourceTypeSlug,
                organizationId,
                newParent,
                createdAt,
                updatedAt);
    }

    record View(
            String object,
            String name,
            @Nullable String description,
            String organizationId,
            @Nullable String parentResourceId,
            String id,
            String externalId,
            String resourceTypeSlug,
            Instant createdAt,
            Instant updatedAt) {}
}
