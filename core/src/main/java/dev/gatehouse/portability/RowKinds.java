package dev.gatehouse.portability;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import dev.gatehouse.engine.Call;
import dev.gatehouse.identity.PortableUsers;
import dev.gatehouse.identity.User;
import dev.gatehouse.organizations.PortableMemberships;
import dev.gatehouse.organizations.PortableOrganizations;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What rows there are: a user with all that is a user's, and an organization. */
final class RowKinds {
    private final PortableUsers users;
    private final PortableMemberships memberships;
    private final PortableOrganizations organizations;

    RowKinds(PortableUsers users, PortableMemberships memberships, PortableOrganizations organizations) {
        this.users = users;
        this.memberships = memberships;
        this.organizations = organizations;
    }

    /**
     * Checks a row by its member {@code object}: a user without it.
     *
     * @throws ApiException with what is wrong
     */
    CheckedRow check(ObjectNode row) {
        JsonNode object = row.path("object");
        return switch (object.isMissingNode() || object.isNull() ? "user" : object.asText()) {
            case "user" -> new UserRow(users.check(row), memberships.check(row));
            case "organization" -> new OrganizationRow(organizations.check(row));
            default ->
                throw ApiException.invalid("object", "object_not_supported", "Object must be user or organization.");
        };
    }

    /** Reads at once what the rows of a batch will ask for. */
    void prefetch(Call call, Stream<CheckedRow> rows) {
        List<UserRow> some =
                rows.filter(UserRow.class::isInstance).map(UserRow.class::cast).toList();
        users.prefetch(call, some.stream().map(row -> row.user).toList());
        memberships.prefetch(
                call, some.stream().flatMap(row -> row.seats.stream()).toList());
    }

    private final class UserRow implements CheckedRow {
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

    private final class OrganizationRow implements CheckedRow {
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
