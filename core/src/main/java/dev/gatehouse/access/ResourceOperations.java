package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Field;
import dev.gatehouse.engine.Filled;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.engine.Routes.Nothing;
import dev.gatehouse.organizations.Organization;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The operations on resources (contract/behaviour/07 §7.7). */
final class ResourceOperations {
    private static final String BY_ID = "/authorization/resources/{resource_id}";
    private static final String BY_EXTERNAL_ID =
            "/authorization/organizations/{organization_id}/resources/{resource_type_slug}/{external_id}";

    private ResourceOperations() {}

    record Create(
            @Required @Limit(value = 128, ascii = true) String externalId,
            @Required @Limit(48) String name,
            @Limit(150) @Nullable String description,
            @Required String resourceTypeSlug,
            @Required String organizationId,
            @Nullable String parentResourceId,
            @Nullable String parentResourceExternalId,
            @Nullable String parentResourceTypeSlug) {
        Locator parent() {
            return new Locator(parentResourceId, parentResourceExternalId, parentResourceTypeSlug);
        }
    }

    record Update(
            @Filled @Limit(48) @Nullable String name,
            @Limit(150) Field<String> description,
            @Nullable String parentResourceId,
            @Nullable String parentResourceExternalId,
            @Nullable String parentResourceTypeSlug) {
        Locator parent() {
            return new Locator(parentResourceId, parentResourceExternalId, parentResourceTypeSlug);
        }
    }

    static void routes(Routes r) {
        r.page("GET /authorization/resources", Resource.TYPE, ResourceOperations::list)
                .with(
                        "organization_id",
                        "resource_type_slug",
                        "resource_external_id",
                        "parent_resource_id",
                        "parent_resource_type_slug",
                        "parent_external_id");
        r.create("POST /authorization/resources", Resource.TYPE, Create.class, ResourceOperations::create);
        one(r, BY_ID, (flow, call) -> call.get(Resource.TYPE, flow.variable("resource_id")));
        one(r, BY_EXTERNAL_ID, ResourceOperations::byExternalId);
    }

    private static void one(Routes r, String path, BiFunction<Flow, Call, Resource> subject) {
        r.get("GET " + path, Resource.TYPE).found(subject);
        r.update("PATCH " + path, Resource.TYPE, Update.class, ResourceOperations::update)
                .found(subject);
        r.action("DELETE " + path, Nothing.class, null, (in, flow) -> {
                    boolean cascade = flow.request()
                            .query()
                            .one("cascade_delete")
                            .filter("true"::equals)
                            .isPresent();
                    flow.run(call -> {
                        delete(call, subject.apply(flow, call), cascade);
                        return true;
                    });
                    return null;
                })
                .status(204)
                .with("cascade_delete")
                .permission("authorization_resource:write");
    }

    /** The resource that a path names by organization, type and external id. */
    static Resource byExternalId(Flow flow, Call call) {
        Organization organization = call.get(Organization.TYPE, flow.variable("organization_id"));
        return new Locator(null, flow.variable("external_id"), flow.variable("resource_type_slug"))
                .find(call, organization.id());
    }

    private static List<Resource> list(Flow flow, Call call, Call.Window window) {
        Parameters query = flow.request().query();
        Map<String, List<String>> where = new LinkedHashMap<>();
        for (String filter :
                List.of("organization_id", "resource_type_slug", "resource_external_id", "parent_resource_id")) {
            query.one(filter).ifPresent(value -> where.put(filter, List.of(value)));
        }
        if (!where.containsKey("organization_id") && !where.containsKey("resource_type_slug")) {
            throw ApiException.of(
                    400,
                    "missing_organization_id_or_resource_type_slug",
                    "Either organization_id or resource_type_slug is required.");
        }
        String parent = query.one("parent_external_id").orElse(null);
        if (parent != null) {
            String organization = query.one("organization_id")
                    .orElseThrow(() ->
                            ApiException.of(400, "bad_request", "parent_external_id needs organization_id beside it."));
            String type = query.one("parent_resource_type_slug").orElse(null);
            where.put(
                    "parent_resource_id",
                    List.of(new Locator(null, parent, type)
                            .find(call, organization)
                            .id()));
        }
        return call.page(Resource.TYPE, where, null, window);
    }

    static Resource create(Create in, Call call) {
        Organization organization = call.need(Organization.TYPE, in.organizationId);
        ResourceType type = type(call, in.resourceTypeSlug);
        Resource parent = in.parent().isEmpty()
                ? call.get(Resource.TYPE, Resource.ofOrganization(organization.id()))
                : in.parent().find(call, organization.id());
        lies(type, parent);
        // held, so that it cannot go while something is laid into it
        call.need(Resource.TYPE, parent.id());
        return call.create(
                Resource.TYPE,
                new Resource(
                        call.newId(Resource.TYPE),
                        in.externalId,
                        in.name,
                        in.description,
                        type.slug(),
                        organization.id(),
                        parent.id(),
                        call.now(),
                        call.now()));
    }

    private static ResourceType type(Call call, String slug) {
        return call.findBy(ResourceType.TYPE, "slug", slug)
                .orElseThrow(() -> ApiException.invalid(
                        "resource_type_slug",
                        "invalid_resource_type",
                        "There is no resource type '" + slug + "' that resources can be made of."));
    }

    /** @throws ApiException 422 unless resources of this type lie in such as the parent */
    static void lies(Call call, String type, Resource parent) {
        lies(type(call, type), parent);
    }

    private static void lies(ResourceType type, Resource parent) {
        if (!type.parents().contains(parent.resourceTypeSlug())) {
            throw ApiException.invalid(
                    "parent_resource_id",
                    "invalid_parent_resource_type",
                    "A '" + type.slug() + "' does not lie in a '" + parent.resourceTypeSlug() + "'.");
        }
    }

    static Resource update(Resource resource, Update in, Call call) {
        notOrganization(resource);
        String parent = resource.parentId();
        if (!in.parent().isEmpty()) {
            Resource other = in.parent().find(call, resource.organizationId());
            // kinds form no circle, so neither do resources
            lies(call, resource.resourceTypeSlug(), other);
            call.need(Resource.TYPE, other.id());
            parent = other.id();
        }
        String above = parent;
        Resource changed = call.update(
                Resource.TYPE,
                resource.id(),
                r -> r.named(in.name == null ? r.name() : in.name, in.description.or(r.description()), above));
        if (!Objects.equals(above, resource.parentId())) {
            for (EntityType<Assignment> type : List.of(Assignment.DIRECT, Assignment.GROUP)) {
                call.all(type, "resource_id", resource.id())
                        .forEach(a -> call.updateSilently(type, a.id(), one -> one.under(above)));
            }
        }
        return changed;
    }

    /**
     * Deletes a resource.
     *
     * @param cascade with all that lies in it and all that is granted there; otherwise there must be nothing
     * @throws ApiException 409 {@code resource_has_dependents}
     */
    static void delete(Call call, Resource found, boolean cascade) {
        notOrganization(found);
        Resource resource = call.need(Resource.TYPE, found.id());
        if (!cascade && hasDependents(call, resource)) {
            throw ApiException.of(
                    409, "resource_has_dependents", "Something lies in the resource, or is granted on it.");
        }
        for (Resource child : call.all(Resource.TYPE, "parent_resource_id", resource.id())) {
            delete(call, child, true);
        }
        for (EntityType<Assignment> type : List.of(Assignment.DIRECT, Assignment.GROUP)) {
            call.all(type, "resource_id", resource.id()).forEach(a -> call.delete(type, a));
        }
        call.delete(Resource.TYPE, resource);
    }

    private static boolean hasDependents(Call call, Resource resource) {
        return some(call, Resource.TYPE, "parent_resource_id", resource)
                || some(call, Assignment.DIRECT, "resource_id", resource)
                || some(call, Assignment.GROUP, "resource_id", resource);
    }

    private static boolean some(Call call, EntityType<?> type, String index, Resource resource) {
        Call.Window one = new Call.Window(null, null, false, 1);
        return !call.page(type, Map.of(index, List.of(resource.id())), null, one)
                .isEmpty();
    }

    private static void notOrganization(Resource resource) {
        if (resource.isOrganization()) {
            throw ApiException.of(
                    400, "bad_request", "The resource of an organization changes and goes with the organization.");
        }
    }
}
