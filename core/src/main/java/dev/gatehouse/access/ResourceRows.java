package dev.gatehouse.access;

import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Field;
import dev.gatehouse.engine.FileKind;
import dev.gatehouse.engine.FileTimes;
import dev.gatehouse.engine.FileValue;
import dev.gatehouse.engine.Json;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.Required;
import dev.gatehouse.organizations.Organization;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Resources in files, each after what it lies in. Those that organizations are come with these. */
final class ResourceRows extends FileKind<Resource, ResourceRows.Line> {
    ResourceRows() {
        super(Resource.TYPE, Line.class, "external_id");
    }

    record Line(
            @Nullable String object,
            @Nullable String id,
            @Required String organizationId,
            @Required @Limit(48) String resourceTypeSlug,
            @Required @Limit(value = 128, ascii = true) String externalId,
            @Required @Limit(48) String name,
            @Limit(150) @Nullable String description,
            @Required String parentResourceId,
            @Nullable String createdAt,
            @Nullable String updatedAt) {}

    @Override
    protected Resource read(Line row, FileTimes times) {
        return new Resource(
                FileValue.id(Resource.TYPE, "id", row.id).orElse(""),
                row.externalId,
                row.name,
                row.description,
                row.resourceTypeSlug,
                row.organizationId,
                row.parentResourceId,
                times.created(row.createdAt),
                times.updated(row.updatedAt, row.createdAt));
    }

    @Override
    protected Optional<Resource> known(Call call, Resource draft) {
        return call.findBy(
                Resource.TYPE,
                "external",
                Resource.key(draft.organizationId(), draft.resourceTypeSlug(), draft.externalId()));
    }

    @Override
    protected void needs(Call call, Resource draft) {
        call.get(Organization.TYPE, draft.organizationId());
        ResourceOperations.lies(call, draft.resourceTypeSlug(), parent(call, draft));
    }

    private static Resource parent(Call call, Resource draft) {
        return new Locator(draft.parentId(), null, null).find(call, draft.organizationId());
    }

    @Override
    protected void create(Call call, Resource draft) {
        // held, so that it cannot go while something is laid into it
        call.need(Resource.TYPE, parent(call, draft).id());
        call.create(Resource.TYPE, draft.of(idOf(call, draft)));
    }

    @Override
    protected void update(Call call, Resource known, Resource draft) {
        ResourceOperations.update(
                known,
                new ResourceOperations.Update(
                        draft.name(), Field.of(draft.description()), draft.parentId(), null, null),
                call);
    }

    @Override
    protected @Nullable Line row(Resource r) {
        return r.parentId() == null
                ? null
                : new Line(
                        object(),
                        r.id(),
                        r.organizationId(),
                        r.resourceTypeSlug(),
                        r.externalId(),
                        r.name(),
                        r.description(),
                        r.parentId(),
                        Json.time(r.createdAt()),
                        Json.time(r.updatedAt()));
    }

    @Override
    protected String organizationOf(Resource resource) {
        return resource.organizationId();
    }

    /** In the order of their identifiers, but what was laid into something younger, and all in that, comes at the end. */
    @Override
    public void write(Engine engine, String env, Sink out) throws IOException {
        Map<String, Resource> waiting = new LinkedHashMap<>();
        engine.each(env, Resource.TYPE, resource -> {
            String parent = resource.parentId();
            if (parent != null && (waiting.containsKey(parent) || parent.compareTo(resource.id()) > 0)) {
                waiting.put(resource.id(), resource);
            } else {
                write(resource, out);
            }
        });
        while (!waiting.isEmpty()) {
            List<Resource> ready = new ArrayList<>(waiting.values());
            ready.removeIf(resource -> waiting.containsKey(String.valueOf(resource.parentId())));
            for (Resource resource : ready) {
                write(resource, out);
                waiting.remove(resource.id());
            }
        }
    }
}
