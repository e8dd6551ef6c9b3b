package dev.gatehouse.access;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.FileKind;
import dev.gatehouse.engine.FileTimes;
import dev.gatehouse.engine.FileValue;
import dev.gatehouse.engine.Json;
import dev.gatehouse.engine.Limit;
import dev.gatehouse.engine.Required;
import dev.gatehouse.organizations.Group;
import dev.gatehouse.organizations.Membership;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is granted to groups, and to memberships on resources, in files. What a membership has on its organization is in its
 * own row.
 */
final class AssignmentRows extends FileKind<Assignment, AssignmentRows.Line> {
    private final EntityType<Assignment> type;

    AssignmentRows(EntityType<Assignment> type) {
        super(type, Line.class, "role_slug");
        this.type = type;
    }

    record Line(
            @Nullable String object,
            @Nullable String id,
            @Nullable String groupId,
            @Nullable String organizationMembershipId,
            @Required @Limit(48) String roleSlug,
            @Required String resourceId,
            @Nullable List<String> sources,
            @Nullable String createdAt,
            @Nullable String updatedAt) {}

    /** There are many, and nothing is built on them. */
    @Override
    public List<EntityType<?>> kept() {
        return List.of();
    }

    private boolean ofGroups() {
        return type == Assignment.GROUP;
    }

    @Override
    protected Assignment read(Line row, FileTimes times) {
        String subject = ofGroups() ? row.groupId : row.organizationMembershipId;
        if (subject == null || (row.groupId != null && row.organizationMembershipId != null)) {
            throw ApiException.invalid(
                    ofGroups() ? "group_id" : "organization_membership_id",
                    "subject_required",
                    "A " + object() + " is of a " + (ofGroups() ? "group." : "membership."));
        }
        return new Assignment(
                FileValue.id(type, "id", row.id).orElse(""),
                subject,
                "",
                row.roleSlug,
                row.resourceId,
                null,
                sources(row.sources),
                times.created(row.createdAt),
                times.updated(row.updatedAt, row.createdAt));
    }

    private static List<String> sources(@Nullable List<String> texts) {
        if (texts == null || texts.isEmpty()) {
            return List.of(RoleSource.MANUAL.text());
        }
        try {
            return texts.stream()
                    .map(text -> RoleSource.of(text).text())
                    .distinct()
                    .toList();
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid("sources", "source_invalid", "A source has a kind and an id: " + e.getMessage());
        }
    }

    @Override
    protected Optional<Assignment> known(Call call, Assignment draft) {
        return call.findBy(
                type, "grant", Assignment.place(draft.subjectId(), draft.resourceId()) + " " + draft.roleSlug());
    }

    @Override
    protected void needs(Call call, Assignment draft) {
        Resource resource = call.get(Resource.TYPE, draft.resourceId());
        if (resource.isOrganization() && !ofGroups()) {
            throw ApiException.invalid(
                    "resource_id", "invalid_resource", "What a membership has on its organization is in its own row.");
        }
        Optional<String> organization = ofGroups()
                ? call.find(Group.TYPE, draft.subjectId()).map(Group::organizationId)
                : call.find(Membership.TYPE, draft.subjectId()).map(Membership::organizationId);
        if (organization.isEmpty() && !ofGroups() && call.rehearsed(Membership.TYPE, "id", draft.subjectId())) {
            // all that a rehearsal knows of it
            organization = Optional.of(resource.organizationId());
        }
        if (!organization.equals(Optional.of(resource.organizationId()))) {
            throw ApiException.notFound(ofGroups() ? Group.TYPE.title() : Membership.TYPE.title(), draft.subjectId());
        }
        AssignmentOperations.role(call, resource, draft.roleSlug());
    }

    @Override
    protected void create(Call call, Assignment draft) {
        // held, so that they cannot go while something is granted on them
        EntityType<?> subjects = ofGroups() ? Group.TYPE : Membership.TYPE;
        call.hold(subjects, draft.subjectId());
        Resource resource = call.need(Resource.TYPE, draft.resourceId());
        call.create(
                type,
                new Assignment(
                        idOf(call, draft),
                        draft.subjectId(),
                        resource.organizationId(),
                        draft.roleSlug(),
                        resource.id(),
                        resource.parentId(),
                        draft.sources(),
                        draft.createdAt(),
                        draft.updatedAt()));
    }

    @Override
    protected void update(Call call, Assignment known, Assignment draft) {
        call.update(type, known.id(), a -> a.with(draft.sources()));
    }

    @Override
    protected @Nullable Line row(Assignment a) {
        boolean byHand = a.sources().equals(List.of(RoleSource.MANUAL.text()));
        return a.parentId() == null && !ofGroups()
                ? null
                : new Line(
                        object(),
                        a.id(),
                        ofGroups() ? a.subjectId() : null,
                        ofGroups() ? null : a.subjectId(),
                        a.roleSlug(),
                        a.resourceId(),
                        byHand ? null : a.sources(),
                        Json.time(a.createdAt()),
                        Json.time(a.updatedAt()));
    }

    @Override
    protected String organizationOf(Assignment assignment) {
        return assignment.organizationId();
    }
}
