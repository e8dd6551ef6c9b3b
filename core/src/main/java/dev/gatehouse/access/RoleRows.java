package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Field;
import dev.gatehouse.engine.FileKind;
import dev.gatehouse.engine.FileTimes;
import dev.gatehouse.engine.Json;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.Required;
import dev.gatehouse.organizations.Organization;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Roles in files: of the environment, or of organizations. Their slugs are what everything names them by, so they get
 * identifiers of their own. Of the roles that every environment begins with, those have a row which are no longer so.
 */
final class RoleRows extends FileKind<Role, RoleRows.Line> {
    private final EntityType<Role> type;

    RoleRows(EntityType<Role> type) {
        super(type, Line.class, "slug");
        this.type = type;
    }

    record Line(
            @Nullable String object,
            @Nullable String organizationId,
            @Required @Limit(48) String slug,
            @Required @Limit(48) String name,
            @Limit(150) @Nullable String description,
            @Limit(48) @Nullable String resourceTypeSlug,
            @Nullable List<String> permissions,
            @Nullable Integer priority,
            @Nullable String createdAt,
            @Nullable String updatedAt) {}

    @Override
    protected Role read(Line row, FileTimes times) {
        boolean own = type == Role.ORGANIZATION;
        if (own == (row.organizationId == null)) {
            throw ApiException.invalid(
                    "organization_id",
                    "organization_id_required",
                    "A role has no organization_id, an organization_role has one.");
        }
        if (own && !row.slug.startsWith(Slugs.OF_ORGANIZATION)) {
            throw ApiException.invalid(
                    "slug", "invalid_slug", "Slugs of an organization's roles begin with " + Slugs.OF_ORGANIZATION);
        }
        return new Role(
                        "",
                        row.organizationId,
                        own ? Slugs.ofOrganization(row.slug) : Slugs.role(row.slug),
                        row.name,
                        row.description,
                        row.resourceTypeSlug == null ? ResourceType.ORGANIZATION : row.resourceTypeSlug,
                        List.of(),
                        row.priority == null ? Integer.MAX_VALUE : row.priority,
                        times.created(row.createdAt),
                        times.updated(row.updatedAt, row.createdAt))
                .allowing(row.permissions == null ? List.of() : row.permissions);
    }

    @Override
    protected Optional<Role> known(Call call, Role draft) {
        return RoleCatalog.find(call, draft.organizationId(), draft.slug())
                .filter(role -> !RoleCatalog.asItBegan(role));
    }

    @Override
    protected void needs(Call call, Role draft) {
        if (draft.organizationId() != null) {
            call.get(Organization.TYPE, draft.organizationId());
        }
        ResourceType.known(call, draft.resourceTypeSlug());
        draft.permissions().forEach(slug -> PermissionOperations.check(call, draft.resourceTypeSlug(), slug));
    }

    @Override
    protected void create(Call call, Role draft) {
        List<Role> others = draft.organizationId() == null
                ? RoleCatalog.environment(call)
                : RoleCatalog.own(call, draft.organizationId());
        Role ready = draft.at(draft.priority() == Integer.MAX_VALUE ? RoleCatalog.last(others) : draft.priority());
        Optional<Role> began = RoleCatalog.find(call, draft.organizationId(), draft.slug());
        if (began.isEmpty()) {
            call.create(type, ready.of(idOf(call, draft)));
            return;
        }
        String id = began.get().id();
        call.update(type, id, r -> ready.of(id));
        // told of as of now, kept as it was
        call.updateSilently(type, id, r -> ready.of(id));
    }

    @Override
    protected void update(Call call, Role known, Role draft) {
        Role named = RoleOperations.update(
                known, new RoleOperations.Update(draft.name(), Field.of(draft.description())), call);
        RoleOperations.allow(call, named, draft.permissions());
    }

    @Override
    protected @Nullable Line row(Role r) {
        return RoleCatalog.asItBegan(r)
                ? null
                : new Line(
                        object(),
                        r.organizationId(),
                        r.slug(),
                        r.name(),
                        r.description(),
                        r.resourceTypeSlug(),
                        r.permissions(),
                        r.priority(),
                        Json.time(r.createdAt()),
                        Json.time(r.updatedAt()));
    }

    @Override
    protected @Nullable String organizationOf(Role role) {
        return role.organizationId();
    }
}
