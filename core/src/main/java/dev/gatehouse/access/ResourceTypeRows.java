package dev.gatehouse.access;

import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.FileKind;
import dev.gatehouse.engine.FileTimes;
import dev.gatehouse.engine.Json;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.Required;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Kinds of resources in files, each after those that it lies in. */
final class ResourceTypeRows extends FileKind<ResourceType, ResourceTypeRows.Line> {
    ResourceTypeRows() {
        super(ResourceType.TYPE, Line.class, "slug");
    }

    record Line(
            @Nullable String object,
            @Required @Limit(48) String slug,
            @Required List<String> parents,
            @Nullable String createdAt,
            @Nullable String updatedAt) {}

    @Override
    protected ResourceType read(Line row, FileTimes times) {
        return new ResourceType(
                "", row.slug, row.parents, times.created(row.createdAt), times.updated(row.updatedAt, row.createdAt));
    }

    @Override
    protected Optional<ResourceType> known(Call call, ResourceType draft) {
        return call.findBy(ResourceType.TYPE, "slug", draft.slug());
    }

    @Override
    protected void needs(Call call, ResourceType draft) {
        draft.parents().forEach(parent -> ResourceType.known(call, parent));
    }

    @Override
    protected void create(Call call, ResourceType draft) {
        ResourceType made = ResourceTypes.define(call, draft.slug(), draft.parents());
        call.updateSilently(
                ResourceType.TYPE,
                made.id(),
                t -> new ResourceType(t.id(), t.slug(), t.parents(), draft.createdAt(), draft.updatedAt()));
    }

    @Override
    protected void update(Call call, ResourceType known, ResourceType draft) {
        ResourceTypes.define(call, draft.slug(), draft.parents());
    }

    @Override
    protected Line row(ResourceType type) {
        return new Line(
                object(), type.slug(), type.parents(), Json.time(type.createdAt()), Json.time(type.updatedAt()));
    }

    @Override
    protected @Nullable String organizationOf(ResourceType type) {
        return null;
    }

    @Override
    public void write(Engine engine, String env, Sink out) throws IOException {
        List<ResourceType> waiting = new ArrayList<>();
        engine.each(env, ResourceType.TYPE, waiting::add);
        Set<String> written = new HashSet<>(Set.of(ResourceType.ORGANIZATION));
        while (!waiting.isEmpty()) {
            List<ResourceType> ready = waiting.stream()
                    .filter(type -> written.containsAll(type.parents()))
                    .toList();
            for (ResourceType type : ready) {
                write(type, out);
                written.add(type.slug());
            }
            if (!waiting.removeAll(ready)) {
                throw new IllegalStateException("resource types lie in each other");
            }
        }
    }
}
