package dev.gatehouse.organizations;

import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Field;
import dev.gatehouse.engine.FileKind;
import dev.gatehouse.engine.FileTimes;
import dev.gatehouse.engine.FileValue;
import dev.gatehouse.engine.Json;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.Required;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Groups in files. Who is in them, its membership says. */
final class GroupRows extends FileKind<Group, GroupRows.Line> {
    private final GroupOperations operations;

    GroupRows(GroupOperations operations) {
        super(Group.TYPE, Line.class, "id");
        this.operations = operations;
    }

    record Line(
            @Nullable String object,
            @Required String id,
            @Required String organizationId,
            @Required @Limit(256) String name,
            @Limit(150) @Nullable String description,
            @Nullable String createdAt,
            @Nullable String updatedAt) {}

    @Override
    protected Group read(Line row, FileTimes times) {
        return new Group(
                FileValue.id(Group.TYPE, "id", row.id).orElse(""),
                row.organizationId,
                row.name,
                row.description,
                times.created(row.createdAt),
                times.updated(row.updatedAt, row.createdAt));
    }

    @Override
    protected Optional<Group> known(Call call, Group draft) {
        return call.find(Group.TYPE, draft.id());
    }

    @Override
    protected void needs(Call call, Group draft) {
        call.get(Organization.TYPE, draft.organizationId());
    }

    @Override
    protected void create(Call call, Group draft) {
        call.need(Organization.TYPE, draft.organizationId());
        call.create(Group.TYPE, draft);
    }

    @Override
    protected void update(Call call, Group known, Group draft) {
        operations.update(known, new GroupOperations.Update(draft.name(), Field.of(draft.description())), call);
    }

    @Override
    protected Line row(Group g) {
        return new Line(
                object(),
                g.id(),
                g.organizationId(),
                g.name(),
                g.description(),
                Json.time(g.createdAt()),
                Json.time(g.updatedAt()));
    }

    @Override
    protected String organizationOf(Group group) {
        return group.organizationId();
    }
}
