package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.access.Access;
import dev.gatehouse.access.EffectiveRole;
import dev.gatehouse.access.NewResource;
import dev.gatehouse.access.Resource;
import dev.gatehouse.access.RoleSource;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.store.MemoryStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what, and why. */
class AccessTest {
    private static final String EDIT = "document:edit";

    private Rest rest = rest(builder -> builder);
    private Access access = rest.gatehouse.access();
    private String acme = "";
    private String ada = "";
    private String bob = "";
    private Resource project = NONE;
    private Resource document = NONE;

    private static final Resource NONE =
            new Resource("", "", "", null, "", "", null, java.time.Instant.EPOCH, java.time.Instant.EPOCH);

    private static Rest rest(UnaryOperator<Gatehouse.Builder> more) {
        return new Rest(new MemoryStorage(), LocalKeyring.random(), new SteerableClock(), more);
    }

    @BeforeEach
    void begin() {
        acme = rest.organization("Acme");
        ada = rest.member(rest.user("ada@example.com"), acme);
        bob = rest.member(rest.user("bob@example.com"), acme);
        access.defineResourceType("project", List.of("organization"));
        access.defineResourceType("document", List.of("organization", "project"));
        access.createPermission(EDIT, "Edit", "document");
        access.createPermission("project:close", "Close", "project");
        access.createPermission("billing:read", "Read bills");
        access.createRole("manager", "Manager", List.of(EDIT, "billing:read"));
        access.createRole("editor", "Editor", "project", List.of(EDIT, "project:close"));
        access.createRole("author", "Author", "document", List.of(EDIT));
        project = access.createResource(NewResource.of(acme, "project", "apollo", "Apollo"));
        document = access.createResource(
                NewResource.of(acme, "document", "plan", "Plan").in(project));
    }

    @AfterEach
    void close() {
        rest.close();
    }

    private String assignments(String member) {
        return "/authorization/organization_memberships/" + member + "/role_assignments";
    }

    @Test
    @DisplayName(
            "roles add up: on the resource, on what it lies in, on the organization, by groups; nothing else counts")
    void checks() {
        assertThat(access.check(ada, EDIT, document.id())).isFalse();

        access.assign(ada, "author", document.id());
        assertThat(access.check(ada, EDIT, document.id())).as("on it").isTrue();
        assertThat(access.check(ada, EDIT, "document", "plan")).isTrue();
        assertThat(access.check(ada, EDIT, project.id())).as("not above it").isFalse();
        access.unassign(ada, "author", document.id());
        assertThat(access.check(ada, EDIT, document.id())).isFalse();

        access.assign(ada, "editor", project.id());
        assertThat(access.check(ada, EDIT, document.id())).as("above it").isTrue();
        assertThat(access.check(ada, EDIT, project.id()))
                .as("what is done to what lies in it")
                .isTrue();
        assertThat(access.check(ada, "project:close", project.id())).isTrue();
        assertThat(access.check(ada, "project:close", document.id()))
                .as("is not done to documents")
                .isFalse();
        access.unassign(ada, "editor", project.id());

        access.assign(ada, "manager", access.organizationResource(acme));
        assertThat(access.check(ada, EDIT, document.id()))
                .as("on the organization")
                .isTrue();
        assertThat(access.check(ada, "billing:read")).isTrue();
        assertThat(access.check(bob, "billing:read")).isFalse();
        access.unassign(ada, "manager", access.organizationResource(acme));

        String team = rest.gatehouse.groups().create(acme, "Team", null).id();
        access.assignGroup(team, "editor", project.id());
        assertThat(access.check(ada, EDIT, document.id())).isFalse();
        rest.gatehouse.groups().add(team, ada);
        assertThat(access.check(ada, EDIT, document.id())).as("by a group").isTrue();

        rest.call("PUT", "/user_management/organization_memberships/" + ada + "/deactivate", "");
        assertThat(access.check(ada, EDIT, document.id())).as("not active").isFalse();
    }

    @Test
    @DisplayName("what does not exist, or is another organization's, is 404 and never a yes")
    void unknown() {
        access.assign(ada, "manager", access.organizationResource(acme));
        assertThat(access.check(ada, EDIT, document.id())).isTrue();
        String other = rest.organization("Other");
        Resource theirs = access.createResource(NewResource.of(other, "project", "apollo", "Apollo"));
        for (Runnable wrong : List.<Runnable>of(
                () -> access.check(ada, EDIT, theirs.id()),
                () -> access.check(ada, EDIT, access.organizationResource(other)),
                () -> access.check(ada, "document:burn", document.id()),
                () -> access.check("om_01HZZZZZZZZZZZZZZZZZZZZZZZ", EDIT, document.id()),
                () -> access.assign(ada, "manager", access.organizationResource(other)),
                () -> access.assign(ada, "nobody", document.id()),
                () -> access.createResource(
                        NewResource.of(other, "document", "x", "X").in(project)))) {
            assertThatThrownBy(wrong::run)
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.status()).isEqualTo(404));
        }
        assertThatThrownBy(() -> access.assign(ada, "author", project.id()))
                .as("a role on documents")
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.status()).isEqualTo(422));
        assertThatThrownBy(() -> access.setPermissions(null, "author", List.of("billing:read")))
                .as("nothing that is done to an organization is granted on a document")
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.status()).isEqualTo(422));
    }

    @Test
    @DisplayName("each source grants and withdraws its own, and every role says where it comes from")
    void sources() {
        RoleSource directory = new RoleSource("directory", "directory_1");
        String organization = access.organizationResource(acme);
        access.assign(ada, "manager", organization);
        assertThat(access.setRoles(ada, directory, List.of("manager", "admin")).roles())
                .containsExactly("admin", "member", "manager");
        assertThat(access.explain(ada, document.id()))
                .contains(
                        new EffectiveRole("manager", organization, List.of(RoleSource.MANUAL, directory), null),
                        new EffectiveRole("admin", organization, List.of(directory), null));
        assertThat(access.setRoles(ada, directory, List.of()).roles()).containsExactly("member", "manager");
        access.setRoles(ada, directory, List.of("manager"));
        assertThat(rest.call(
                                "DELETE",
                                assignments(ada),
                                "{\"role_slug\":\"manager\",\"resource_id\":\"%s\"}".formatted(organization))
                        .status())
                .isEqualTo(204);
        assertThat(access.check(ada, "billing:read"))
                .as("the directory still grants it")
                .isTrue();
        access.setRoles(ada, directory, List.of());
        assertThat(access.check(ada, "billing:read")).isFalse();

        String team = rest.gatehouse.groups().create(acme, "Team", null).id();
        rest.gatehouse.groups().add(team, ada);
        access.assignGroup(team, "manager", organization);
        assertThat(access.explain(ada, document.id()))
                .contains(new EffectiveRole("manager", organization, List.of(), team));
        rest.gatehouse.groups().delete(team);
        assertThat(access.explain(ada, document.id()))
                .extracting(EffectiveRole::role)
                .containsExactly("member");
    }

    @Test
    @DisplayName("tokens carry roles and permissions, groups' too, from the next refresh on")
    void tokens() {
        Reply in = rest.signIn("ada@example.com");
        assertThat(rest.bearer(in.text("/access_token")).roles()).containsExactly("member");
        String team = rest.gatehouse.groups().create(acme, "Team", null).id();
        rest.gatehouse.groups().add(team, ada);
        access.assignGroup(team, "manager", access.organizationResource(acme));
        Reply next = rest.refresh(in.text("/refresh_token"));
        assertThat(rest.bearer(next.text("/access_token")).roles()).containsExactly("member", "manager");
        assertThat(rest.bearer(next.text("/access_token")).permissions()).containsExactly("billing:read", EDIT);
        rest.gatehouse.groups().remove(team, ada);
        Reply last = rest.refresh(next.text("/refresh_token"));
        assertThat(rest.bearer(last.text("/access_token")).roles()).containsExactly("member");
    }

    @Test
    @DisplayName("who is left without a role gets the default, and a role that somebody has is not deleted")
    void roles() {
        String organization = access.organizationResource(acme);
        access.assign(ada, "manager", organization);
        access.unassign(ada, "member", organization);
        assertThat(membership(ada).text("/roles/0/slug")).isEqualTo("manager");
        assertThatThrownBy(() -> access.deleteRole(null, "manager"))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo("role_has_assignments"));
        access.unassign(ada, "manager", organization);
        assertThat(membership(ada).text("/role/slug")).isEqualTo("member");
        access.deleteRole(null, "manager");
        assertThat(access.roles()).extracting("slug").doesNotContain("manager");
        assertThatThrownBy(() -> access.deleteRole(null, "member")).isInstanceOf(ApiException.class);

        access.createOrganizationRole(acme, null, "Über Gäste", List.of("billing:read"));
        String team = rest.gatehouse.groups().create(acme, "Team", null).id();
        access.assignGroup(team, "org-uber-gaste", organization);
        assertThatThrownBy(() -> access.deleteRole(acme, "org-uber-gaste"))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo("role_has_group_role_mappings"));
        assertThat(access.roles(acme)).extracting("slug").endsWith("org-uber-gaste");
        assertThat(access.roles(rest.organization("Other"))).extracting("slug").doesNotContain("org-uber-gaste");
        access.prioritize(List.of("member", "editor", "author", "admin"));
        assertThat(access.roles()).extracting("slug").containsExactly("member", "editor", "author", "admin");
        assertThatThrownBy(() -> access.prioritize(List.of("member"))).isInstanceOf(ApiException.class);
    }

    private Reply membership(String id) {
        return rest.get("/user_management/organization_memberships/" + id);
    }

    @Test
    @DisplayName("where one role is all, a directory's counts before one given by hand")
    void one() {
        try (Rest strict = rest(builder -> builder.set(Setting.MULTIPLE_ROLES, "false"))) {
            Access its = strict.gatehouse.access();
            String organization = strict.organization("Acme");
            String member = strict.member(strict.user("ada@example.com"), organization);
            String path = "/user_management/organization_memberships/" + member;
            Reply two = strict.call("PUT", path, "{\"role_slugs\":[\"admin\",\"member\"]}");
            assertThat(two.text("/code")).isEqualTo("multiple_roles_not_enabled");
            assertThat(strict.call("PUT", path, "{\"role_slug\":\"admin\"}")
                            .json()
                            .at("/roles"))
                    .hasSize(1);
            RoleSource directory = new RoleSource("directory", "directory_1");
            assertThat(its.setRoles(member, directory, List.of("member")).roles())
                    .containsExactly("member");
            assertThat(its.setRoles(member, directory, List.of()).roles()).containsExactly("admin");
            its.assign(member, "member", its.organizationResource(organization));
            assertThat(strict.get(path).text("/role/slug")).isEqualTo("member");
        }
    }

    @Test
    @DisplayName("a resource that something hangs on goes only with it, and one that moves takes its grants along")
    void resources() {
        access.assign(ada, "author", document.id());
        assertThatThrownBy(() -> access.deleteResource(project.id(), false)).isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> access.deleteResource(document.id(), false))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo("resource_has_dependents"));
        Resource other = access.createResource(NewResource.of(acme, "project", "gemini", "Gemini"));
        access.assign(bob, "editor", other.id());
        assertThat(access.check(bob, EDIT, document.id())).isFalse();
        Reply moved = rest.call(
                "PATCH",
                "/authorization/resources/" + document.id(),
                "{\"parent_resource_external_id\":\"gemini\",\"parent_resource_type_slug\":\"project\"}");
        assertThat(moved.text("/parent_resource_id")).isEqualTo(other.id());
        assertThat(access.check(bob, EDIT, document.id())).isTrue();
        assertThat(children(ada, other)).containsExactly(document.id());
        assertThat(children(ada, project)).isEmpty();
        assertThat(rest.call(
                                "PATCH",
                                "/authorization/resources/" + other.id(),
                                "{\"parent_resource_id\":\"%s\"}".formatted(document.id()))
                        .status())
                .as("into what lies in it")
                .isEqualTo(422);
        access.deleteResource(other.id(), true);
        assertThat(access.findResource(acme, "document", "plan")).isEmpty();
        assertThat(rest.get(assignments(ada)).json().at("/data")).hasSize(1);
        String root = access.organizationResource(acme);
        assertThat(rest.call("DELETE", "/authorization/resources/" + root, "").status())
                .isEqualTo(400);
        assertThat(rest.call("PATCH", "/authorization/resources/" + root, "{\"name\":\"x\"}")
                        .status())
                .isEqualTo(400);
        rest.call("PUT", "/organizations/" + acme, "{\"name\":\"Acme II\"}");
        assertThat(rest.get("/authorization/resources/" + root).text("/name")).isEqualTo("Acme II");
    }

    private List<String> children(String member, Resource parent) {
        return ids(rest.get("/authorization/organization_memberships/" + member + "/resources?permission_slug=" + EDIT
                + "&parent_resource_id=" + parent.id()));
    }

    private static List<String> ids(Reply list) {
        assertThat(list.status()).as(list.json().toString()).isEqualTo(200);
        List<String> ids = new ArrayList<>();
        list.json().at("/data").forEach(one -> ids.add(one.path("id").asText()));
        return ids;
    }

    /** Reads a list to its end, some at a time. */
    private List<String> all(String target, String order, int size) {
        List<String> ids = new ArrayList<>();
        String after = "";
        do {
            Reply page = rest.get(target + (target.contains("?") ? "&" : "?") + "limit=" + size + "&order=" + order
                    + (after.isEmpty() ? "" : "&after=" + after));
            ids.addAll(ids(page));
            after = page.json().at("/list_metadata/after").asText("");
            after = page.json().at("/list_metadata/after").isNull() ? "" : after;
        } while (!after.isEmpty());
        return ids;
    }

    @Test
    @DisplayName("lists that are put together of several read whole, in both orders and any size of page")
    void pages() {
        String team = rest.gatehouse.groups().create(acme, "Team", null).id();
        String root = access.organizationResource(acme);
        List<String> members = new ArrayList<>(List.of(ada, bob));
        for (int i = 0; i < 7; i++) {
            String member = rest.member(rest.user("user" + i + "@example.com"), acme);
            members.add(member);
            access.assign(member, "editor", project.id());
            if (i % 2 == 0) {
                rest.gatehouse.groups().add(team, member);
            }
        }
        rest.gatehouse.groups().add(team, ada);
        access.assignGroup(team, "editor", project.id());
        access.assignGroup(team, "manager", root);
        access.assign(bob, "manager", root);
        rest.call("PUT", "/user_management/organization_memberships/" + members.get(2) + "/deactivate", "");

        String may = "/authorization/resources/" + document.id() + "/organization_memberships?permission_slug=" + EDIT;
        String assigned = "/authorization/resources/" + project.id() + "/role_assignments";
        String inTeam = "/organizations/" + acme + "/groups/" + team + "/organization-memberships";
        List<String> active = new ArrayList<>(members);
        active.remove(members.get(2));
        for (int size : List.of(1, 2, 3, 100)) {
            assertThat(all(may + "&assignment=indirect", "asc", size))
                    .as("size " + size)
                    .isEqualTo(active);
            List<String> down = new ArrayList<>(all(may + "&assignment=indirect", "desc", size));
            java.util.Collections.reverse(down);
            assertThat(down).isEqualTo(active);
            assertThat(all(may, "asc", size))
                    .as("nothing on the document itself")
                    .isEmpty();
            assertThat(all(inTeam, "asc", size)).hasSize(5);
            List<String> up = all(assigned, "asc", size);
            assertThat(up).hasSize(7 + 5).doesNotHaveDuplicates();
            List<String> back = new ArrayList<>(all(assigned, "desc", size));
            java.util.Collections.reverse(back);
            assertThat(back).isEqualTo(up);
            assertThat(all(assignments(ada), "asc", size)).hasSize(3);
        }
    }

    @Test
    @DisplayName("what changes is told: permissions, roles of both kinds, groups and their members")
    void events() {
        access.createOrganizationRole(acme, "billing", "Billing", List.of("billing:read"));
        access.setPermissions(null, "author", List.of());
        access.deletePermission("billing:read");
        assertThat(rest.get("/events?limit=100&events=role.updated,organization_role.updated,permission.deleted")
                        .json()
                        .at("/data")
                        .findValuesAsText("slug"))
                .as("whoever had the permission lost it")
                .contains("author", "manager", "org-billing", "billing:read");
        assertThat(rest.events("permission.created,role.created,organization_role.created"))
                .isEqualTo(3 + 2 + 3 + 1);
        String team = rest.gatehouse.groups().create(acme, "Team", null).id();
        rest.gatehouse.groups().add(team, ada);
        rest.gatehouse.groups().add(team, ada);
        rest.gatehouse.groups().remove(team, ada);
        rest.gatehouse.groups().add(team, bob);
        rest.gatehouse.groups().delete(team);
        assertThat(rest.events("group.member_added")).isEqualTo(2);
        assertThat(rest.events("group.member_removed"))
                .as("a deleted group says so once")
                .isEqualTo(1);
        assertThat(rest.events("group.deleted")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "project",
                "project: nothing",
                "Project: organization",
                "project: organization; project: organization",
                "a: organization; b: a; c: b; d: c; e: d; f: e",
                "organization: project"
            })
    @DisplayName("resource types of the settings that do not fit stop the start, and say why")
    void types(String setting) {
        rest(builder -> builder.set(Setting.RESOURCE_TYPES, "project: organization; document: project"))
                .close();
        assertThatThrownBy(() -> rest(builder -> builder.set(Setting.RESOURCE_TYPES, setting)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("resource-types");
    }

    @Test
    @DisplayName("no type lies in itself, however long the way")
    void circles() {
        assertThatThrownBy(() -> access.defineResourceType("project", List.of("document")))
                .isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> access.defineResourceType("project", List.of("project")))
                .isInstanceOf(ApiException.class);
        access.defineResourceType("project", List.of("organization"));
    }
}
