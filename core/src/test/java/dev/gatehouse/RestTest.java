package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The REST contract through the dispatcher, without HTTP. */
class RestTest {
    private static final String PASSWORD = Rest.PASSWORD;
    private final Rest rest = new Rest();

    @AfterEach
    void close() {
        rest.close();
    }

    @Test
    void aUserIsMadeFoundChangedAndDeletedAndEachIsAnEvent() {
        String id = rest.user("Ada@Example.com");
        assertThat(rest.get("/user_management/users/" + id).text("/email")).isEqualTo("Ada@Example.com");
        assertThat(rest.get("/user_management/users?email=ada@example.com").text("/data/0/id"))
                .isEqualTo(id);
        Reply changed = rest.call(
                "PUT",
                "/user_management/users/" + id,
                "{\"first_name\":\"Ada\",\"external_id\":\"a1\",\"metadata\":{\"k\":\"v\"}}");
        assertThat(changed.text("/first_name")).isEqualTo("Ada");
        assertThat(rest.get("/user_management/users/external_id/a1").text("/id"))
                .isEqualTo(id);
        assertThat(rest.call("DELETE", "/user_management/users/" + id, "").status())
                .isEqualTo(200);
        assertThat(rest.get("/user_management/users/" + id).status()).isEqualTo(404);

        Reply events = rest.get("/events?events=user.created,user.updated,user.deleted");
        List<String> names = new ArrayList<>();
        events.json().at("/data").forEach(e -> names.add(e.path("event").asText()));
        assertThat(names).containsExactly("user.created", "user.updated", "user.deleted");
        assertThat(events.json().toString()).doesNotContain("argon2").doesNotContain(PASSWORD);
        assertThat(events.text("/data/1/context/actor/source")).isEqualTo("api");
    }

    @Test
    void anAddressBelongsToOneUserWhateverItsCase() {
        rest.user("ada@example.com");
        Reply second = rest.post("/user_management/users", "{\"email\":\"ADA@example.COM\"}");
        assertThat(second.status()).isEqualTo(400);
        assertThat(second.text("/code")).isEqualTo("user_creation_error");
        assertThat(second.text("/errors/0/code")).isEqualTo("email_not_available");
    }

    @Test
    void whatIsWrongWithABodyIsSaidFieldByField() {
        Reply missing = rest.post("/user_management/users", "{}");
        assertThat(missing.status()).isEqualTo(422);
        assertThat(missing.text("/errors/0/code")).isEqualTo("email_string_required");
        Reply array = rest.post("/user_management/users", "{\"email\":[\"a@example.com\",\"b@example.com\"]}");
        assertThat(array.status()).as("ATTACKS P07").isEqualTo(422);
        assertThat(rest.post("/user_management/users", "{\"email\":").status()).isEqualTo(400);
        assertThat(rest.post("/user_management/users", "{\"email\":").text("/code"))
                .isEqualTo("malformed_body");
        assertThat(rest.post("/user_management/users", "{\"email\":\"a@example.com\",\"email\":\"b@example.com\"}")
                        .status())
                .as("duplicate members")
                .isEqualTo(400);
        assertThat(rest.call(
                                "POST",
                                "/user_management/users",
                                "{\"email\":\"a@example.com\"}",
                                Map.of("authorization", "Bearer " + Rest.KEY, "content-type", "text/plain"))
                        .status())
                .as("ATTACKS F02")
                .isEqualTo(415);
    }

    @Test
    void withoutAKeyNothingAnswers() {
        assertThat(rest.get("/user_management/users").status()).isEqualTo(200);
        Reply none = rest.call("GET", "/user_management/users", "", Map.of());
        assertThat(none.status()).isEqualTo(401);
        assertThat(none.text("/message")).isEqualTo("Unauthorized");
        assertThat(rest.call(
                                "GET",
                                "/user_management/users",
                                "",
                                Map.of("authorization", "Bearer sk_test_" + "x".repeat(30)))
                        .status())
                .isEqualTo(401);
        assertThat(rest.get("/nowhere").status()).isEqualTo(404);
        assertThat(rest.call("PATCH", "/user_management/users", "{}").status()).isEqualTo(405);
        assertThat(none.answer().header("X-Request-ID")).isPresent();
    }

    @Test
    void aKeyWithoutThePermissionIsRefused() {
        var key = rest.gatehouse.environments().createKey(rest.gatehouse.environment(), "reader", Set.of("user:read"));
        Map<String, String> headers =
                Map.of("authorization", "Bearer " + key.key(), "content-type", "application/json");
        assertThat(rest.call("GET", "/user_management/users", "", headers).status())
                .isEqualTo(200);
        assertThat(rest.call("POST", "/user_management/users", "{\"email\":\"a@example.com\"}", headers)
                        .status())
                .isEqualTo(403);
        assertThat(rest.get("/user_management/users").json().at("/data").size()).isZero();
        assertThatThrownBy(() -> rest.gatehouse
                        .environments()
                        .createKey(rest.gatehouse.environment(), "typo", Set.of("user:read", "users:write")))
                .isInstanceOf(ApiException.class)
                .satisfies(e -> assertThat(((ApiException) e).problems().get(0).message())
                        .contains("users:write"));
    }

    @Test
    void theNormalOrderSwapsTheCursorsInTheAnswerToo() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(0, rest.organization("Org " + i));
        }
        List<String> read = new ArrayList<>();
        String before = "";
        do {
            Reply page = rest.get("/organizations?limit=2&order=normal" + before);
            page.json().at("/data").forEach(one -> read.add(one.path("id").asText()));
            assertThat(page.json().at("/list_metadata/after").isNull()).isEqualTo(before.isEmpty());
            before = page.json().at("/list_metadata/before").isNull()
                    ? ""
                    : "&before=" + page.text("/list_metadata/before");
        } while (!before.isEmpty());
        assertThat(read).isEqualTo(ids);
    }

    @Test
    void pagesReadBothWaysAndEndWithNull() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(0, rest.organization("Org " + i));
        }
        Reply first = rest.get("/organizations?limit=2");
        assertThat(first.text("/data/0/id")).isEqualTo(ids.get(0));
        assertThat(first.json().at("/list_metadata/before").isNull()).isTrue();
        assertThat(first.text("/list_metadata/after")).isEqualTo(ids.get(1));
        Reply second = rest.get("/organizations?limit=2&after=" + ids.get(1));
        assertThat(second.text("/data/0/id")).isEqualTo(ids.get(2));
        assertThat(second.text("/list_metadata/before")).isEqualTo(ids.get(2));
        Reply last = rest.get("/organizations?limit=2&after=" + ids.get(3));
        assertThat(last.json().at("/data").size()).isEqualTo(1);
        assertThat(last.json().at("/list_metadata/after").isNull()).isTrue();
        Reply back = rest.get("/organizations?limit=2&before=" + ids.get(2));
        assertThat(back.text("/data/0/id")).isEqualTo(ids.get(0));
        assertThat(back.text("/data/1/id")).isEqualTo(ids.get(1));
        assertThat(rest.get("/organizations?limit=101").status()).isEqualTo(422);
        assertThat(rest.get("/organizations?search=org 3").text("/data/0/id")).isEqualTo(ids.get(1));
    }

    @Test
    void membershipsTieUsersToOrganizationsAndGoWithEither() {
        String ada = rest.user("ada@example.com");
        String acme = rest.organization("Acme");
        String membership = rest.member(ada, acme);
        Reply got = rest.get("/user_management/organization_memberships/" + membership);
        assertThat(got.text("/organization_name")).isEqualTo("Acme");
        assertThat(got.text("/role/slug")).isEqualTo("member");
        assertThat(got.text("/user/email")).isEqualTo("ada@example.com");
        assertThat(rest.get("/user_management/organization_memberships").text("/code"))
                .isEqualTo("missing_user_id_or_organization_id");
        assertThat(rest.get("/user_management/users?organization_id=" + acme)
                        .json()
                        .at("/data")
                        .size())
                .isEqualTo(1);
        rest.call("PUT", "/user_management/organization_memberships/" + membership + "/deactivate", "");
        String of = "/user_management/organization_memberships?user_id=" + ada;
        assertThat(rest.get(of).json().at("/data").size())
                .as("active only by default")
                .isZero();
        for (String spelling :
                List.of("&statuses=active,inactive", "&statuses=active&statuses=inactive", "&statuses[]=inactive")) {
            assertThat(rest.get(of + spelling).json().at("/data").size())
                    .as(spelling)
                    .isEqualTo(1);
        }
        assertThat(rest.call("DELETE", "/organizations/" + acme, "").status()).isEqualTo(202);
        assertThat(rest.get("/user_management/organization_memberships/" + membership)
                        .status())
                .isEqualTo(404);
        assertThat(rest.get("/user_management/users?organization_id=" + acme)
                        .json()
                        .at("/data")
                        .size())
                .isZero();
    }

    @Test
    void aDomainBelongsToOneOrganization() {
        String body = "{\"name\":\"A\",\"domain_data\":[{\"domain\":\"acme.com\",\"state\":\"verified\"}]}";
        Reply made = rest.post("/organizations", body);
        assertThat(made.text("/domains/0/state")).isEqualTo("verified");
        assertThat(rest.get("/organizations?domains=ACME.com").text("/data/0/id"))
                .isEqualTo(made.text("/id"));
        assertThat(rest.post("/organizations", body).status()).isEqualTo(409);
        assertThat(rest.post("/organizations", "{\"name\":\"G\",\"domains\":[\"gmail.com\"]}")
                        .status())
                .as("ATTACKS T05")
                .isEqualTo(422);
        assertThat(rest.get("/organizations").json().at("/data").size())
                .as("nothing half done")
                .isEqualTo(1);
    }

    @Test
    void aPasswordSignsInAndAWrongOneAnswersAsAnUnknownUser() {
        rest.user("ada@example.com");
        Reply in = rest.password("ADA@example.com", PASSWORD);
        assertThat(in.status()).as(in.json().toString()).isEqualTo(200);
        assertThat(in.text("/authentication_method")).isEqualTo("Password");
        Reply wrong = rest.password("ada@example.com", "wrong");
        Reply unknown = rest.password("bob@example.com", "wrong");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text("/code")).isEqualTo("invalid_credentials");
        assertThat(unknown.json().toString()).isEqualTo(wrong.json().toString().replace("ada@", "bob@"));
        assertThat(rest.get("/events?events=authentication.password_failed")
                        .json()
                        .at("/data")
                        .size())
                .as("a refusal leaves its trace")
                .isEqualTo(2);
        assertThat(rest.get("/sso/jwks/" + Rest.CLIENT).json().at("/keys/0").properties().stream()
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrder("alg", "kty", "use", "kid", "n", "e", "x5c", "x5t#S256");
    }

    @Test
    void guessesAreCountedPerAddress() {
        rest.user("ada@example.com");
        for (int i = 0; i < 10; i++) {
            assertThat(rest.password("ada@example.com", "wrong" + i).status()).isEqualTo(400);
        }
        Reply eleventh = rest.password("Ada@example.com", PASSWORD);
        assertThat(eleventh.status()).as("ATTACKS P09, P10").isEqualTo(429);
        assertThat(eleventh.answer().header("Retry-After")).isPresent();
        rest.clock.pass(Duration.ofSeconds(61));
        assertThat(rest.password("ada@example.com", PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void fiftyParallelRefreshesGetOneSuccessorAndNobodyIsSignedOut() throws Exception {
        rest.user("ada@example.com");
        String token = rest.password("ada@example.com", PASSWORD).text("/refresh_token");
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Reply>> calls = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                calls.add(() -> rest.refresh(token));
            }
            Set<String> successors = new HashSet<>();
            for (var future : pool.invokeAll(calls)) {
                assertThat(future.get().status()).isEqualTo(200);
                successors.add(future.get().text("/refresh_token"));
            }
            assertThat(successors).as("ATTACKS Q02").hasSize(1).doesNotContain(token);
            String successor = successors.iterator().next();
            rest.clock.pass(Duration.ofSeconds(11));
            assertThat(rest.refresh(successor).status()).isEqualTo(200);
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void aRefreshTokenThatComesBackLateEndsItsSession() {
        rest.user("ada@example.com");
        String token = rest.password("ada@example.com", PASSWORD).text("/refresh_token");
        String next = rest.refresh(token).text("/refresh_token");
        rest.clock.pass(Duration.ofSeconds(11));
        Reply late = rest.refresh(token);
        assertThat(late.text("/error")).as("ATTACKS A05").isEqualTo("invalid_grant");
        assertThat(late.text("/error_description")).isEqualTo("Refresh token already exchanged.");
        assertThat(rest.refresh(next).text("/error")).isEqualTo("invalid_grant");
        assertThat(rest.get("/events?events=session.revoked").json().at("/data").size())
                .isEqualTo(1);
    }

    @Test
    void aMemberOfTwoOrganizationsChoosesOne() {
        String ada = rest.user("ada@example.com");
        String acme = rest.organization("Acme");
        String other = rest.organization("Other");
        rest.member(ada, acme);
        assertThat(rest.password("ada@example.com", PASSWORD).text("/organization_id"))
                .isEqualTo(acme);
        rest.member(ada, other);
        Reply choice = rest.password("ada@example.com", PASSWORD);
        assertThat(choice.status()).isEqualTo(403);
        assertThat(choice.text("/code")).isEqualTo("organization_selection_required");
        String pending = choice.text("/pending_authentication_token");
        Reply wrong = rest.choose(pending, "org_none");
        assertThat(wrong.text("/code")).isEqualTo("invalid_organization_id");
        Reply chosen = rest.choose(pending, other);
        assertThat(chosen.text("/organization_id")).as(chosen.json().toString()).isEqualTo(other);
        Reply again = rest.choose(pending, other);
        assertThat(again.text("/code")).isEqualTo("invalid_pending_authentication_token");
    }

    @Test
    void organizationsFromJava() {
        String acme = rest.made("/organizations", "{\"name\":\"Acme\",\"external_id\":\"acme-42\"}")
                .text("/id");
        String other = rest.organization("Other");
        var organizations = rest.gatehouse.organizations();
        assertThat(organizations.findByExternalId("acme-42").orElseThrow().id()).isEqualTo(acme);
        assertThat(organizations.findByExternalId("acme-43")).isEmpty();
        assertThat(organizations.list(null, 1)).extracting(o -> o.id()).containsExactly(other);
        assertThat(organizations.list(other, 9)).extracting(o -> o.id()).containsExactly(acme);
        String ada = rest.user("ada@example.com");
        String seat = rest.member(ada, acme);
        assertThat(organizations.removeMember(seat)).isTrue();
        assertThat(organizations.removeMember(seat)).isFalse();
        assertThat(organizations.members(acme)).isEmpty();
        assertThat(rest.events("organization_membership.deleted")).isEqualTo(1);
    }

    @Test
    void revokedDeactivatedAndDeletedEndSessions() {
        String ada = rest.user("ada@example.com");
        String refresh = rest.password("ada@example.com", PASSWORD).text("/refresh_token");
        String session = rest.get("/user_management/users/" + ada + "/sessions").text("/data/0/id");
        rest.post("/user_management/sessions/revoke", "{\"session_id\":\"" + session + "\"}");
        assertThat(rest.refresh(refresh).text("/error")).isEqualTo("invalid_grant");
        String second = rest.password("ada@example.com", PASSWORD).text("/refresh_token");
        rest.call("DELETE", "/user_management/users/" + ada, "");
        assertThat(rest.refresh(second).text("/error")).as("ATTACKS A06").isEqualTo("invalid_grant");
    }

    @Test
    void nothingCrossesEnvironments() {
        MemoryStorage shared = new MemoryStorage();
        try (Rest staging = new Rest(shared, "staging");
                Rest other = new Rest(shared, "other")) {
            Reply made = staging.post("/user_management/users", "{\"email\":\"ada@example.com\"}");
            assertThat(staging.get("/user_management/users/" + made.text("/id")).status())
                    .isEqualTo(200);
            Map<String, String> theirs =
                    Map.of("authorization", "Bearer " + Rest.KEY + "_other", "content-type", "application/json");
            Reply foreign = other.call("GET", "/user_management/users/" + made.text("/id"), "", theirs);
            Reply missing = other.call("GET", "/user_management/users/user_01", "", theirs);
            assertThat(foreign.status()).as("ATTACKS T01, T14").isEqualTo(404);
            assertThat(foreign.json().toString())
                    .isEqualTo(missing.json().toString().replace("user_01'", made.text("/id") + "'"));
            assertThat(other.call("POST", "/user_management/users", "{\"email\":\"ada@example.com\"}", theirs)
                            .status())
                    .isEqualTo(201);
            Reply crossed = other.post(
                    "/user_management/authenticate",
                    "{\"grant_type\":\"password\",\"client_id\":\"%sother\",\"client_secret\":\"%s\",\"email\":\"a@b.co\",\"password\":\"x\"}"
                            .formatted(Rest.CLIENT, Rest.KEY));
            assertThat(crossed.text("/error")).isEqualTo("invalid_client");
        }
    }

    @Test
    void redirectUrisAreRegisteredOnceAndTheDefaultStays() {
        Reply made = rest.post("/user_management/redirect_uris", "{\"uri\":\"https://app.example.com/callback\"}");
        assertThat(made.status()).as(made.json().toString()).isEqualTo(201);
        assertThat(made.json().at("/default").asBoolean()).isTrue();
        assertThat(rest.post("/user_management/redirect_uris", "{\"uri\":\"https://app.example.com/callback\"}")
                        .status())
                .isEqualTo(422);
        assertThat(rest.post("/user_management/redirect_uris", "{\"uri\":\"javascript:alert(1)\"}")
                        .status())
                .isEqualTo(422);
        assertThat(rest.call("DELETE", "/user_management/redirect_uris/" + made.text("/id"), "")
                        .status())
                .isEqualTo(409);
        assertThat(rest.post("/user_management/cors_origins", "{\"origin\":\"https://app.example.com\"}")
                        .status())
                .isEqualTo(201);
        assertThat(rest.post("/user_management/cors_origins", "{\"origin\":\"https://app.example.com\"}")
                        .text("/code"))
                .isEqualTo("duplicate_cors_origin");
    }
}
