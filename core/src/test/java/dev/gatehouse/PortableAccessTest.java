package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.access.Access;
import dev.gatehouse.access.NewResource;
import dev.gatehouse.access.Resource;
import dev.gatehouse.access.RoleSource;
import dev.gatehouse.organizations.Membership;
import dev.gatehouse.portability.Format;
import dev.gatehouse.portability.ImportListener;
import dev.gatehouse.portability.ImportOptions;
import dev.gatehouse.portability.ImportOptions.Existing;
import dev.gatehouse.portability.ImportProgress;
import dev.gatehouse.portability.Portability.ExportOptions;
import dev.gatehouse.portability.RefusedRow;
import dev.gatehouse.store.MemoryStorage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Permissions, roles, groups, resources and what is granted on them, in files. */
class PortableAccessTest {
    @TempDir
    Path folder;

    private final Rest rest = new Rest(new MemoryStorage(), "staging");
    private final Access access = rest.gatehouse.access();
    private final List<String> refused = new ArrayList<>();
    private int files;
    private String ada = "";
    private String bob = "";
    private Resource manual = none();

    private static Resource none() {
        return null;
    }

    @AfterEach
    void close() {
        rest.close();
    }

    private ImportProgress take(Rest into, Existing existing, boolean dry, String rows) throws IOException {
        refused.clear();
        Path file = Files.writeString(folder.resolve("file" + files++), rows);
        ImportOptions options =
                ImportOptions.of("import " + files, Format.JSON_LINES).existing(existing);
        return into.gatehouse.portability().importUsers(file, dry ? options.dry() : options, new ImportListener() {
            @Override
            public void refused(RefusedRow r) {
                refused.add(r.field() + " " + r.code());
            }
        });
    }

    private static String export(Rest from) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        from.gatehouse.portability().exportUsers(out, new ExportOptions(Format.JSON_LINES, false));
        return out.toString(StandardCharsets.UTF_8);
    }

    private String seat(String email, String organization) {
        return rest.gatehouse
                .organizations()
                .addMember(organization, rest.user(email), null)
                .id();
    }

    private void everything() {
        String acme = rest.organization("Acme");
        access.defineResourceType("folder", List.of("organization"));
        access.defineResourceType("document", List.of("organization", "folder"));
        access.defineResourceType("shelf", List.of("organization"));
        access.defineResourceType("folder", List.of("organization", "shelf"));
        access.createPermission("billing:read", "Read bills");
        access.createPermission("document:view", "View", "document");
        access.createRole("viewer", "Viewer", "document", List.of("document:view"));
        access.createRole("librarian", "Librarian", "folder", List.of("document:view"));
        access.createRole("accountant", "Accountant", List.of("billing:read"));
        access.setPermissions(null, "admin", List.of("billing:read"));
        access.createOrganizationRole(acme, "org-clerk", "Clerk", List.of("billing:read"));
        ada = seat("ada@example.com", acme);
        bob = seat("bob@example.com", acme);
        access.setRoles(ada, RoleSource.MANUAL, List.of("accountant", "org-clerk"));
        Resource inbox = access.createResource(NewResource.of(acme, "folder", "inbox", "Inbox"));
        manual = access.createResource(
                NewResource.of(acme, "document", "manual", "Manual").in(inbox));
        Resource shelf = access.createResource(NewResource.of(acme, "shelf", "old", "Old"));
        // what an older one was laid into is younger now
        rest.call(
                "PATCH",
                "/authorization/resources/" + inbox.id(),
                "{\"parent_resource_id\":\"" + shelf.id() + "\",\"description\":\"Moved\"}");
        String team =
                rest.gatehouse.groups().create(acme, "Team", "Those who read").id();
        rest.gatehouse.groups().add(team, bob);
        access.assignGroup(team, "librarian", inbox.id());
        access.assignGroup(team, "accountant", access.organizationResource(acme));
        access.assign(ada, "viewer", manual.id());
    }

    private Set<String> may(Rest where, String membership) {
        Set<String> all = new TreeSet<>();
        if (where.gatehouse.access().check(membership, "document:view", manual.id())) {
            all.add("document:view");
        }
        if (where.gatehouse.access().check(membership, "billing:read")) {
            all.add("billing:read");
        }
        return all;
    }

    @Test
    @DisplayName("what goes out comes in and out again the same, byte for byte, and allows the same")
    void roundTrip() throws IOException {
        everything();
        assertThat(may(rest, ada)).containsExactly("billing:read", "document:view");
        assertThat(may(rest, bob)).containsExactly("billing:read", "document:view");
        String first = export(rest);
        assertThat(first.lines().map(line -> line.replaceAll("^.\"object\":\"([a-z_]*)\".*", "$1")))
                .as("each after what it needs")
                .containsExactly(
                        "authorization_resource_type",
                        "authorization_resource_type",
                        "authorization_resource_type",
                        "permission",
                        "permission",
                        "role",
                        "role",
                        "role",
                        "role",
                        "organization",
                        "organization_role",
                        "authorization_resource",
                        "authorization_resource",
                        "authorization_resource",
                        "group",
                        "group_role_assignment",
                        "group_role_assignment",
                        "user",
                        "user",
                        "role_assignment");
        int rows = (int) first.lines().count();
        try (Rest into = new Rest(new MemoryStorage(), "staging")) {
            assertThat(take(into, Existing.SKIP, true, first).refused())
                    .as("dry: " + refused)
                    .isZero();
            assertThat(export(into)).as("a dry run stores nothing").isEmpty();
            ImportProgress done = take(into, Existing.SKIP, false, first);
            assertThat(done).as("" + refused).isEqualTo(new ImportProgress(rows, rows, rows, 0, 0, 0));
            assertThat(export(into)).isEqualTo(first);
            assertThat(may(into, ada)).containsExactly("billing:read", "document:view");
            assertThat(may(into, bob)).containsExactly("billing:read", "document:view");
            assertThat(into.gatehouse.groups().ofMember(bob)).hasSize(1);
            assertThat(into.events("permission.created")).isEqualTo(2);
            assertThat(into.events("role.created"))
                    .as("three and the two there are")
                    .isEqualTo(5);
            assertThat(into.events("role.updated")).as("admin").isEqualTo(1);
            assertThat(into.events("organization_role.created")).isEqualTo(1);
            assertThat(into.events("group.member_added")).isEqualTo(1);

            assertThat(take(into, Existing.SKIP, false, first).skipped()).isEqualTo(rows);
            assertThat(take(into, Existing.REFUSE, false, first).refused()).isEqualTo(rows);
            assertThat(refused)
                    .contains("slug role_already_exists", "external_id authorization_resource_already_exists");
            assertThat(take(into, Existing.UPDATE, false, first))
                    .as("" + refused)
                    .isEqualTo(new ImportProgress(rows, rows, 0, rows, 0, 0));
            assertThat(export(into))
                    .as("an update with the same changes nothing")
                    .isEqualTo(first);
            String changed = first.replace("\"name\":\"Inbox\"", "\"name\":\"Outbox\"")
                    .replace("\"name\":\"Team\"", "\"name\":\"Crew\"")
                    .replace("\"name\":\"Clerk\"", "\"name\":\"Writer\"")
                    .replace("\"name\":\"Read bills\"", "\"name\":\"See bills\"");
            assertThat(take(into, Existing.UPDATE, false, changed).updated()).isEqualTo(rows);
            assertThat(export(into)).contains("Outbox", "Crew", "Writer", "See bills");
        }
    }

    @ParameterizedTest
    @DisplayName("a row that does not fit is refused with a reason, in a dry run as in an import, and spoils no other")
    @CsvSource(
            delimiter = ';',
            value = {
                "\"resource_type_slug\":\"document\",\"cre; \"resource_type_slug\":\"none\",\"cre; invalid_resource_type",
                "\"permissions\":[\"billing:read\"]; \"permissions\":[\"none\"]; entity_not_found",
                "\"parent_resource_id\":\"authz; \"parent_resource_id\":\"x_; entity_not_found",
                "\"role_slug\":\"viewer\"; \"role_slug\":\"accountant\"; invalid_role",
                "\"role_slug\":\"librarian\"; \"role_slug\":\"none\"; entity_not_found",
                "\"group_ids\":[\"gr; \"group_ids\":[\"x; group_not_found",
                "\"slug\":\"org-clerk\"; \"slug\":\"clerk\"; invalid_slug",
                "\"name\":\"Team\"; \"nome\":\"Team\"; unknown_field",
                "\"object\":\"group\"; \"object\":\"herd\"; object_not_supported"
            })
    void whatDoesNotFit(String right, String wrong, String code) throws IOException {
        everything();
        String file = export(rest);
        assertThat(file).contains(right);
        try (Rest into = new Rest(new MemoryStorage(), "staging")) {
            assertThat(take(into, Existing.SKIP, true, file).refused()).isZero();
            take(into, Existing.SKIP, true, file.replace(right, wrong));
            List<String> dry = List.copyOf(refused);
            assertThat(dry).anySatisfy(line -> assertThat(line).endsWith(" " + code));
            take(into, Existing.SKIP, false, file.replace(right, wrong));
            assertThat(refused).isEqualTo(dry);
        }
    }

    @Test
    @DisplayName("T01 what is granted stays within one organization, also when a file says otherwise")
    void acrossOrganizations() throws IOException {
        everything();
        String other = rest.organization("Other");
        String stranger = seat("eve@example.com", other);
        Membership eve = rest.gatehouse.organizations().members(other).get(0);
        assertThat(eve.id()).isEqualTo(stranger);
        String file = export(rest);
        try (Rest into = new Rest(new MemoryStorage(), "staging")) {
            take(
                    into,
                    Existing.SKIP,
                    false,
                    file.replace(
                            "\"organization_membership_id\":\"" + ada, "\"organization_membership_id\":\"" + stranger));
            assertThat(refused).containsExactly("role_slug entity_not_found");
            String group = into.gatehouse.groups().ofMember(bob).get(0).id();
            take(
                    into,
                    Existing.UPDATE,
                    false,
                    "{\"email\":\"eve@example.com\",\"organization_memberships\":[" + "{\"organization_id\":\"" + other
                            + "\",\"group_ids\":[\"" + group + "\"]}]}");
            assertThat(refused).containsExactly("organization_memberships.group_ids group_not_found");
            assertThat(into.gatehouse.groups().ofMember(stranger)).isEmpty();
        }
    }
}
