package dev.gatehouse.portability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.FileKind;
import dev.gatehouse.engine.FileRow;
import dev.gatehouse.identity.PortableUsers;
import dev.gatehouse.identity.User;
import dev.gatehouse.organizations.Organization;
import dev.gatehouse.organizations.PortableMemberships;
import dev.gatehouse.organizations.PortableOrganizations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What rows there are: a user with all that is a user's, an organization, and what the areas above these have. */
final class RowKinds {
    private final PortableUsers users;
    private final PortableMemberships memberships;
    private final PortableOrganizations organizations;
    private final Map<String, FileKind<?, ?>> more = new LinkedHashMap<>();

    RowKinds(
            PortableUsers users,
            PortableMemberships memberships,
            PortableOrganizations organizations,
            List<FileKind<?, ?>> more) {
        this.users = users;
        this.memberships = memberships;
        this.organizations = organizations;
        more.forEach(kind -> this.more.put(kind.object(), kind));
    }

    /** What later rows are built on, and a rehearsal keeps. */
    List<EntityType<?>> kept() {
        List<EntityType<?>> all = new ArrayList<>(List.of(Organization.TYPE));
        more.values().forEach(kind -> all.addAll(kind.kept()));
        return all;
    }

    /**
     * Checks a row by its member {@code object}: a user without it.
     *
     * @throws ApiException with what is wrong
     */
    FileRow check(Engine engine, ObjectNode row) {
        JsonNode object = row.path("object");
        String name = object.isMissingNode() || object.isNull() ? "user" : object.asText();
        FileKind<?, ?> kind = more.get(name);
        return kind != null ? kind.check(engine, row) : check(name, row);
    }

    private FileRow check(String object, ObjectNode row) {
        return switch (object) {
            case "user" -> new UserRow(users.check(row), memberships.check(row));
            case "organization" -> new OrganizationRow(organizations.check(row));
            default ->
                throw ApiException.invalid(
                        "object",
                        "object_not_supported",
                        "Object must be user, organization, " + String.join(", ", more.keySet()) + ".");
        };
    }

    /** Reads at once what the rows of a batch will ask for. */
    void prefetch(Call call, Stream<FileRow> rows) {
        List<UserRow> some =
                rows.filter(UserRow.class::isInstance).map(UserRow.class::cast).toList();
        users.prefetch(call, some.stream().map(row -> row.user).toList());
        memberships.prefetch(
                call, some.stream().flatMap(row -> row.seats.stream()).toList());
    }

    private final class UserRow implements FileRow {
        private final PortableUsers.Checked user;
        private final List<PortableMemberships.Checked> seats;

        UserRow(PortableUsers.Checked user, List<PortableMemberships.Checked> seats) {
            this.user = user;
            this.seats = seats;
        }

        @Override
        public boolean exists(Call call) {
            return users.existing(call, user).isPresent();
        }

        @Override
        public boolean rehearsed(Call call) {
            return users.rehearsed(call, user);
        }

        @Override
        public String knownBy() {
            return "email";
        }

        @Override
        public Problem taken() {
            return new Problem("email", "email_not_available", "This email is not available.");
        }

        @Override
        public Optional<Problem> conflict(Call call) {
            return users.conflict(call, user).or(() -> memberships.conflict(call, seats));
        }

        @Override
        public void create(Call call) {
            User made = users.create(call, user, memberships.organizations(call, seats));
            memberships.create(call, seats, made);
        }

        @Override
        public void update(Call call) {
            User known = users.existing(call, user).orElseThrow();
            users.update(call, known, user);
            memberships.update(call, seats, known);
        }
    }

    private final class OrganizationRow implements FileRow {
        private final PortableOrganizations.Checked organization;

        OrganizationRow(PortableOrganizations.Checked organization) {
            this.organization = organization;
        }

        @Override
        public boolean exists(Call call) {
            return organizations.existing(call, organization).isPresent();
        }

        @Override
        public boolean rehearsed(Call call) {
            return organizations.rehearsed(call, organization);
        }

        @Override
        public String knownBy() {
            return organization.knownBy();
        }

        @Override
        public Problem taken() {
            return new Problem(knownBy(), "organization_already_exists", "This organization is there already.");
        }

        @Override
        public Optional<Problem> conflict(Call call) {
            return organizations.conflict(call, organization);
        }

        @Override
        public void create(Call call) {
            organizations.create(call, organization);
        }

        @Override
        public void update(Call call) {
            organizations.update(
                    call, organizations.existing(call, organization).orElseThrow(), organization);
        }
    }
}
