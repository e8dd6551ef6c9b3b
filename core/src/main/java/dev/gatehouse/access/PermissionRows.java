package dev.gatehouse.access;

import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Field;
import dev.gatehouse.engine.FileKind;
import dev.gatehouse.engine.FileTimes;
import dev.gatehouse.engine.Json;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.Required;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Permissions in files. Their slugs are what everything names them by, so they get identifiers of their own. */
final class PermissionRows extends FileKind<Permission, PermissionRows.Line> {
    PermissionRows() {
        super(Permission.TYPE, Line.class, "slug");
    }

    record Line(
            @Nullable String object,
            @Required @Limit(48) String slug,
            @Required @Limit(48) String name,
            @Limit(150) @Nullable String description,
            @Limit(48) @Nullable String resourceTypeSlug,
            @Nullable String createdAt,
            @Nullable String updatedAt) {}

    @Override
    protected Permission read(Line row, FileTimes times) {
        return new Permission(
                "",
                Slugs.permission(row.slug),
                row.name,
                row.description,
                false,
                row.resourceTypeSlug == null ? ResourceType.ORGANIZATION : row.resourceTypeSlug,
                times.created(row.createdAt),
                times.updated(row.updatedAt, row.createdAt));
    }

    @Override
    protected Optional<Permission> known(Call call, Permission draft) {
        return call.findBy(Permission.TYPE, "slug", draft.slug());
    }

    @Override
    protected void needs(Call call, Permission draft) {
        ResourceType.known(call, draft.resourceTypeSlug());
    }

    @Override
    protected void create(Call call, Permission draft) {
        call.create(
                Permission.TYPE,
                new Permission(
                        idOf(call, draft),
                        draft.slug(),
                        draft.name(),
                        draft.description(),
                        false,
                        draft.resourceTypeSlug(),
                        draft.createdAt(),
                        draft.updatedAt()));
    }

    @Override
    protected void update(Call call, Permission known, Permission draft) {
        PermissionOperations.update(
                known, new PermissionOperations.Update(draft.name(), Field.of(draft.description())), call);
    }

    @Override
    protected @Nullable Line row(Permission p) {
        return p.system()
                ? null
                : new Line(
                        object(),
                        p.slug(),
                        p.name(),
                        p.description(),
                        p.resourceTypeSlug(),
                        Json.time(p.createdAt()),
                        Json.time(p.updatedAt()));
    }

    @Override
    protected @Nullable String organizationOf(Permission permission) {
        return null;
    }
}
