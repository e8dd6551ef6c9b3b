package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import org.jspecify.annotations.Nullable;

/**
 * How a request names a resource: by its identifier, or by the application's own and the type.
 *
 * @param id null if the other two are given
 * @param externalId needs {@code type}
 * @param type slug
 */
record Locator(
        @Nullable String id,
        @Nullable String externalId,
        @Nullable String type) {
    boolean isEmpty() {
        return id == null && externalId == null && type == null;
    }

    /**
     * The resource of this organization.
     *
     * @throws ApiException 404 if it has none like that; 422 if the request names none, or names it twice
     */
    Resource find(Call call, String organizationId) {
        if (id != null && externalId == null) {
            return call.find(Resource.TYPE, id)
                    .filter(resource -> resource.organizationId().equals(organizationId))
                    .orElseThrow(() -> ApiException.notFound(Resource.TYPE.title(), id));
        }
        if (id == null && externalId != null && type != null) {
            return call.findBy(Resource.TYPE, "external", Resource.key(organizationId, type, externalId))
                    .orElseThrow(() -> ApiException.notFound(Resource.TYPE.title(), externalId));
        }
        throw ApiException.invalid(
                "resource_id",
                "resource_id_required",
                "Name the resource by its id, or by its external id and its type.");
    }
}
