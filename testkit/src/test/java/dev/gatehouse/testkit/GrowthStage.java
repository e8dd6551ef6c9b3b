package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.access.NewResource;
import dev.gatehouse.access.Resource;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.spi.Storage;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.store.JdbcStorage.SchemaMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;

/** A Gatehouse with as much in it as is wanted, and what is asked of it. */
final class GrowthStage implements AutoCloseable {
    final ReadCounter reads;
    private final Copier copier;
    private final Gatehouse gatehouse;

    GrowthStage(String url) {
        reads = new ReadCounter(JdbcStorage.of(url, null, null, SchemaMode.CREATE, "gh_"));
        copier = new Copier(reads);
        gatehouse = Gatehouse.builder()
                .keyring(LocalKeyring.random())
                .storage(copier.storage())
                .executor(work -> {})
                .set(Setting.API_KEY, Calls.KEY)
                .set(Setting.CLIENT_ID, Calls.CLIENT)
                .set(Setting.RATE_LIMITS, "false")
                .set(Setting.EMAIL_VERIFICATION, "off")
                .build();
    }

    @Override
    public void close() {
        gatehouse.close();
    }

    /**
     * One question.
     *
     * @param ask with the number of a round, by which it takes another part of what is there each time
     */
    record Asked(String name, IntConsumer ask) {}

    /** Of what there can be more. */
    interface Growing {
        /** Until there are so many. */
        void growTo(int rows);

        /** What is asked now. */
        List<Asked> asked();
    }

    private Asked page(String name, String path, String query) {
        return new Asked(name, round -> {
            JsonNode page = Calls.json(gatehouse.api(new Request(
                    "GET",
                    path,
                    query,
                    Map.of("authorization", List.of("Bearer " + Calls.KEY)),
                    new byte[0],
                    "127.0.0.1",
                    false)));
            assertThat(page.path("data")).as(query).isNotEmpty();
        });
    }

    private String member(String organization, String email) {
        String user = gatehouse.users().create(NewUser.of(email)).id();
        return gatehouse.organizations().addMember(organization, user, null).id();
    }

    /**
     * Projects with two folders of eight documents each, in a workspace of an organization. One member has something in
     * each of them: the right to view by a group on the first folder, and by itself on the last document. Another member
     * has it on the whole project.
     */
    Growing tree() {
        return new Growing() {
            private static final int PROJECT = 19;
            private final String acme = gatehouse.organizations().create("Acme").id();
            private final String ada = member(acme, "ada@example.com");
            private final String bob = member(acme, "bob@example.com");
            private final String team =
                    gatehouse.groups().create(acme, "Team", null).id();
            private final Resource workspace;
            private final String shared = copier.ulid();
            private final String own = copier.ulid();
            private final String hidden = copier.ulid();
            private final List<Storage.Insert> project;
            private final Set<String> names = new HashSet<>();
            private final List<Map<String, String>> copies = new ArrayList<>();

            {
                gatehouse.groups().add(team, ada);
                var access = gatehouse.access();
                access.defineResourceType("workspace", List.of("organization"));
                access.defineResourceType("project", List.of("workspace"));
                access.defineResourceType("folder", List.of("project"));
                access.defineResourceType("document", List.of("folder"));
                access.createPermission("document:view", "View", "document");
                for (String type : List.of("project", "folder", "document")) {
                    access.createRole(type + "-viewer", "Viewer", type, List.of("document:view"));
                }
                workspace = make("workspace", "main", null);
                project = copier.made(
                        Set.of("authorization_resource", "role_assignment", "group_role_assignment"), this::project);
            }

            private Resource make(String type, String externalId, Resource parent) {
                NewResource made = NewResource.of(acme, type, externalId, type);
                return gatehouse.access().createResource(parent == null ? made : made.in(parent));
            }

            private Resource part(String type, String externalId, Resource parent) {
                names.add(externalId);
                return make(type, externalId, parent);
            }

            private void project() {
                var access = gatehouse.access();
                Resource made = part("project", copier.ulid(), workspace);
                access.assign(bob, "project-viewer", made.id());
                Resource first = part("folder", copier.ulid(), made);
                access.assignGroup(team, "folder-viewer", first.id());
                Resource second = part("folder", copier.ulid(), made);
                part("document", shared, first);
                part("document", hidden, second);
                access.assign(
                        ada, "document-viewer", part("document", own, second).id());
                for (int i = 0; i < 7; i++) {
                    part("document", copier.ulid(), first);
                    if (i > 0) {
                        part("document", copier.ulid(), second);
                    }
                }
            }

            @Override
            public void growTo(int rows) {
                while (copies.size() * PROJECT < rows) {
                    copies.add(Map.copyOf(copier.copy(project, names)));
                }
                copier.flush();
            }

            private Asked check(String name, String member, String document, boolean allowed) {
                return new Asked(name, round -> {
                    Map<String, String> copy = copies.get((int) ((round * 7_919L + 13) % copies.size()));
                    assertThat(gatehouse
                                    .access()
                                    .check(member, "document:view", "document", copy.getOrDefault(document, "")))
                            .as(name)
                            .isEqualTo(allowed);
                });
            }

            @Override
            public List<Asked> asked() {
                return List.of(
                        check("check: by a group, on the folder", ada, shared, true),
                        check("check: by itself, on the document", ada, own, true),
                        check("check: by itself, on the project", bob, hidden, true),
                        check("check: refused", ada, hidden, false));
            }
        };
    }

    /** Users, of whom one in ten is in the same organization. */
    Growing people() {
        return new Growing() {
            private final String acme = gatehouse.organizations().create("Acme").id();
            private final String alone = copier.ulid();
            private final String inAcme = copier.ulid();
            private final List<Storage.Insert> user =
                    copier.made(Set.of("user"), () -> gatehouse.users().create(NewUser.of(alone + "@example.com")));
            private final List<Storage.Insert> member = copier.made(
                    Set.of("user", "organization_membership", "role_assignment"),
                    () -> member(acme, inAcme + "@example.com"));
            private final List<String> ids = new ArrayList<>();
            private final List<String> members = new ArrayList<>();
            private String email = "";

            @Override
            public void growTo(int rows) {
                while (ids.size() < rows) {
                    boolean one = ids.size() % 10 == 0;
                    List<Storage.Insert> made = one ? member : user;
                    Map<String, String> copy = copier.copy(made, Set.of(one ? inAcme : alone));
                    String id = made.get(0).row().id();
                    String copied = "user_" + copy.get(id.substring(id.lastIndexOf('_') + 1));
                    ids.add(copied);
                    if (one) {
                        members.add(copied);
                    } else {
                        email = copy.get(alone) + "@example.com";
                    }
                }
                copier.flush();
            }

            @Override
            public List<Asked> asked() {
                String path = "/user_management/users";
                String organization = "organization_id=" + acme;
                return List.of(
                        page("users: first page", path, "limit=20"),
                        page("users: in the middle", path, "limit=20&after=" + ids.get(ids.size() / 2)),
                        page("users: of an organization", path, "limit=20&" + organization),
                        page(
                                "users: of an organization, in the middle",
                                path,
                                "limit=20&" + organization + "&after=" + members.get(members.size() / 2)),
                        page("users: by e-mail", path, "email=" + email));
            }
        };
    }

    /**
     * Events: six in ten of users, four in ten of one organization's memberships, begun and ended, and one in twenty
     * thousand of its groups.
     */
    Growing history() {
        return new Growing() {
            private static final int FIRST_RARE = 20;
            private final String acme = gatehouse.organizations().create("Acme").id();
            private final List<Storage.Insert> events = copier.made(Set.of("event"), this::happen);
            private final List<String> ids = new ArrayList<>();

            private void happen() {
                // what others did is not meant
                gatehouse.events().publish();
                copier.forget();
                member(acme, "eve@example.com");
                gatehouse.users().rename(gatehouse.users().list(null, 1).get(0).id(), "Eve", null);
                gatehouse.groups().create(acme, "Team", null);
                gatehouse.groups().create(acme, "Other", null);
                gatehouse
                        .organizations()
                        .delete(gatehouse.organizations().create("Gone").id());
                gatehouse.events().publish();
            }

            private List<Storage.Insert> named(String name) {
                List<Storage.Insert> found = events.stream()
                        .filter(one -> one.keys().lookup().get("events").contains(name))
                        .limit(1)
                        .toList();
                assertThat(found).as(name).hasSize(1);
                return found;
            }

            @Override
            public void growTo(int rows) {
                List<List<Storage.Insert>> mix = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    mix.add(named("user.created"));
                    mix.add(named("user.updated"));
                }
                for (int i = 0; i < 4; i++) {
                    mix.add(named("organization_membership.created"));
                }
                while (ids.size() < rows) {
                    int i = ids.size();
                    List<Storage.Insert> made =
                            i < FIRST_RARE || i % 20_000 == 0 ? named("group.created") : mix.get(i % 10);
                    String id = made.get(0).row().id();
                    ids.add("event_" + copier.copy(made, Set.of()).get(id.substring(id.lastIndexOf('_') + 1)));
                }
                copier.flush();
            }

            @Override
            public List<Asked> asked() {
                String path = "/events";
                String middle = "&after=" + ids.get(ids.size() / 2);
                String late = "&after=" + ids.get(ids.size() - 40);
                String organization = "&organization_id=" + acme;
                String rare = "limit=10&order=desc&events=group.created";
                return List.of(
                        page("events: of one name", path, "limit=10&events=user.created"),
                        page("events: of one name, in the middle", path, "limit=10&events=user.created" + middle),
                        page("events: of one name, at the end", path, "limit=10&events=user.created" + late),
                        page(
                                "events: of three names",
                                path,
                                "limit=10&events=user.created,user.updated,organization_membership.created"),
                        page(
                                "events: of three names, in the middle",
                                path,
                                "limit=10&events=user.created,user.updated,organization_membership.created" + middle),
                        page(
                                "events: of an organization",
                                path,
                                "limit=10&order=desc&events=organization_membership.created" + organization),
                        page(
                                "events: of an organization, in the middle",
                                path,
                                "limit=10&events=organization_membership.created" + organization + middle),
                        page("events: of a rare name", path, rare),
                        page("events: of two rare names", path, rare + ",group.deleted"),
                        page("events: of a rare name and an organization", path, rare + organization));
            }
        };
    }
}
