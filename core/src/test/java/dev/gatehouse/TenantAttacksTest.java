package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.Answer;
import dev.gatehouse.engine.Route;
import dev.gatehouse.environments.Environment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** ATTACKS, group "Tenant isolation": two environments behind one REST API, and organizations within one. */
class TenantAttacksTest {
    private static final String OTHER_CLIENT = "client_01OTHER";
    private static final String MISSING = "01JZZZZZZZZZZZZZZZZZZZZZZZ";
    private static final String EVENTS =
            "user.created,user.updated,user.deleted,organization.created,organization.updated,organization.deleted,"
                    + "organization_membership.created,organization_membership.updated,organization_membership.deleted,"
                    + "session.created,session.revoked";

    private final Rest rest = new Rest();
    private final Environment other = rest.gatehouse.environments().ensure("other", false);
    private final String otherKey = rest.gatehouse
            .environments()
            .createKey(other, "theirs", Set.of("*"))
            .key();

    {
        rest.gatehouse.environments().ensureClient(other.id(), Optional.of(OTHER_CLIENT));
    }

    @AfterEach
    void close() {
        rest.close();
    }

    /** What one environment has: names of path segments to identifiers. */
    private Map<String, String> world(String key, String name) {
        Map<String, String> ids = new LinkedHashMap<>();
        String user = make(key, "/user_management/users", """
                {"email":"%1$s@example.com","external_id":"user-%1$s"}""".formatted(name));
        String organization = make(key, "/organizations", """
                {"name":"%1$s","external_id":"org-%1$s","domain_data":[{"domain":"%1$s.example","state":"verified"}]}""".formatted(name));
        ids.put("users", user);
        ids.put("users/external_id", "user-" + name);
        ids.put("organizations", organization);
        ids.put("organizations/external_id", "org-" + name);
        ids.put("organization_domains", make(key, "/organization_domains", """
                        {"organization_id":"%s","domain":"more.%s.example"}""".formatted(organization, name)));
        ids.put("organization_memberships", make(key, "/user_management/organization_memberships", """
                {"user_id":"%s","organization_id":"%s"}""".formatted(
                        user, organization)));
        // the first one is the default, which cannot be deleted
        make(key, "/user_management/redirect_uris", "{\"uri\":\"https://" + name + ".example/default\"}");
        ids.put(
                "redirect_uris",
                make(key, "/user_management/redirect_uris", "{\"uri\":\"https://" + name + ".example/cb\"}"));
        make(key, "/user_management/cors_origins", "{\"origin\":\"https://" + name + ".example\"}");
        ids.put("webhook_endpoints", make(key, "/webhook_endpoints", """
                {"endpoint_url":"https://%s.example/hook","events":["flag.created"]}""".formatted(name)));
        String factor = make(key, "/auth/factors/enroll", """
                {"type":"totp","totp_issuer":"%1$s","totp_user":"%1$s","user_id":"%2$s"}""".formatted(name, user));
        ids.put("factors", factor);
        ids.put("challenges", make(key, "/auth/factors/" + factor + "/challenge", "{}"));
        String mailbox = "{\"email\":\""
                + rest.as(key, "GET", "/user_management/users/" + user, "").text("/email") + "\"}";
        ids.put("magic_auth", make(key, "/user_management/magic_auth", mailbox));
        ids.put("password_reset", make(key, "/user_management/password_reset", mailbox));
        rest.as(key, "POST", "/user_management/users/" + user + "/email_verification/send", "");
        ids.put(
                "email_verification",
                rest.as(key, "GET", "/events?events=email_verification.created", "")
                        .text("/data/0/data/id"));
        ids.put(
                "invitations",
                make(
                        key,
                        "/user_management/invitations",
                        "{\"email\":\"%1$s-guest@example.com\",\"organization_id\":\"%2$s\"}"
                                .formatted(name, organization)));
        ids.put(
                "by_token",
                rest.as(key, "GET", "/user_management/invitations/" + ids.get("invitations"), "")
                        .text("/token"));
        ids.put("connections", make(key, "/connections", connection(organization)));
        access(key, name, ids);
        return ids;
    }

    /** What roles, groups and resources add to a world. */
    private void access(String key, String name, Map<String, String> ids) {
        String environment =
                key.equals(otherKey) ? other.id() : rest.gatehouse.environment().id();
        String type = name + "-project";
        String permission = name + "-edit";
        String organization = ids.get("organizations");
        String membership = ids.get("organization_memberships");
        rest.gatehouse.access().in(environment).defineResourceType(type, List.of("organization"));
        make(key, "/authorization/permissions", """
                {"slug":"%1$s","name":"Edit","resource_type_slug":"%2$s"}""".formatted(permission, type));
        make(key, "/authorization/roles", """
                {"slug":"%1$s-editor","name":"Editor","resource_type_slug":"%1$s-project"}""".formatted(name));
        rest.as(
                key,
                "PUT",
                "/authorization/roles/" + name + "-editor/permissions",
                "{\"permissions\":[\"" + permission + "\"]}");
        make(key, "/authorization/organizations/" + organization + "/roles", """
                {"slug":"org-%1$s","name":"Own"}""".formatted(name));
        String resource = make(key, "/authorization/resources", """
                {"external_id":"ext-%1$s","name":"%1$s","resource_type_slug":"%2$s","organization_id":"%3$s"}""".formatted(name, type, organization));
        String group = make(key, "/organizations/" + organization + "/groups", "{\"name\":\"" + name + "\"}");
        rest.as(
                key,
                "POST",
                "/organizations/" + organization + "/groups/" + group + "/organization-memberships",
                "{\"organization_membership_id\":\"" + membership + "\"}");
        make(
                key,
                "/feature-flags",
                "{\"slug\":\"%1$s-flag\",\"name\":\"Flag\",\"enabled\":true,\"default_value\":true}".formatted(name));
        ids.put("feature-flags", name + "-flag");
        ids.put("feature_flags", name + "-flag");
        ids.put("targets", organization);
        ids.put("api_keys", make(key, "/user_management/users/" + ids.get("users") + "/api_keys", """
                        {"name":"%1$s","organization_id":"%2$s"}""".formatted(
                        name, organization)));
        String granted = """
                {"role_slug":"%1$s-editor","resource_id":"%2$s"}""".formatted(name, resource);
        ids.put("resource_types", type);
        ids.put("permissions", permission);
        ids.put("roles", name + "-editor");
        ids.put("organization_roles", "org-" + name);
        ids.put("resources", resource);
        ids.put("resources/external_id", "ext-" + name);
        ids.put("groups", group);
        ids.put(
                "role_assignments",
                make(key, "/authorization/organization_memberships/" + membership + "/role_assignments", granted));
        ids.put("group_role_assignments", make(key, "/authorization/groups/" + group + "/role_assignments", granted));
    }

    private String make(String key, String target, String body) {
        Reply made = rest.as(key, "POST", target, body);
        assertThat(made.status()).as(made.json().toString()).isEqualTo(201);
        return made.text("/id");
    }

    /** Everything an environment shows of itself. */
    private String everything(String key, Map<String, String> ids) {
        StringBuilder all = new StringBuilder();
        for (String list : List.of(
                "/user_management/users?limit=100",
                "/organizations?limit=100",
                "/user_management/organization_memberships?statuses=active,inactive,pending&limit=100&user_id="
                        + ids.get("users"),
                "/user_management/users/" + ids.get("users") + "/sessions",
                "/user_management/users/" + ids.get("users") + "/auth_factors",
                "/user_management/redirect_uris?limit=100",
                "/user_management/cors_origins?limit=100",
                "/webhook_endpoints?limit=100",
                "/authorization/roles",
                "/authorization/permissions?limit=100",
                "/feature-flags?limit=100",
                "/connections?limit=100",
                "/sdk/feature-flags",
                "/user_management/users/" + ids.get("users") + "/api_keys",
                "/authorization/resources?limit=100&resource_type_slug=" + ids.get("resource_types"),
                "/authorization/organizations/" + ids.get("organizations") + "/roles",
                "/organizations/" + ids.get("organizations") + "/groups",
                "/authorization/groups/" + ids.get("groups") + "/role_assignments",
                "/authorization/organization_memberships/" + ids.get("organization_memberships") + "/role_assignments",
                "/events?limit=100&events=" + EVENTS)) {
            Reply reply = rest.as(key, "GET", list, "");
            assertThat(reply.status()).as(list).isEqualTo(200);
            all.append(reply.json()).append('\n');
        }
        return all.toString();
    }

    /** Names of the resources that the variables of a template identify. */
    private static List<String> resources(String template) {
        String[] segments = template.split("/", -1);
        List<String> names = new ArrayList<>();
        for (int i = 1; i < segments.length; i++) {
            if (segments[i].startsWith("{")) {
                names.add(resource(template, segments[i - 2], segments[i - 1], segments[i]));
            }
        }
        return names;
    }

    private static String resource(String template, String beforeThat, String before, String variable) {
        return switch (variable) {
            case "{resource_type_slug}" -> "resource_types";
            case "{permissionSlug}" -> "permissions";
            case "{role_assignment_id}" ->
                template.contains("/groups/") ? "group_role_assignments" : "role_assignments";
            case "{resourceId}" -> "targets";
            case "{slug}" -> template.contains("/organizations/") ? "organization_roles" : before;
            default ->
                before.startsWith("{")
                        ? "resources/external_id"
                        : before.equals("external_id")
                                ? beforeThat + "/external_id"
                                : before.replace("organization-memberships", "organization_memberships");
        };
    }

    private static String filled(String template, List<String> values) {
        String path = template;
        for (String value : values) {
            path = path.replaceFirst("\\{[^}]+}", value);
        }
        return path;
    }

    /** What an operation needs in its query to get as far as the identifiers. */
    private static String query(String template, Map<String, String> own) {
        String permission = "permission_slug=" + own.get("permissions");
        if (template.endsWith("{organization_membership_id}/resources")) {
            String parent = own.get("organizations").replace("org_", "authz_resource_");
            return "?" + permission + "&parent_resource_id=" + parent;
        }
        return template.endsWith("}/organization_memberships") ? "?" + permission : "?cascade_delete=true";
    }

    private static String missing(String id) {
        if (id.indexOf('_') < 0 && id.indexOf('-') < 0) {
            // the token of an invitation
            return "0".repeat(id.length());
        }
        return id.contains("-") ? "none-" + id : id.substring(0, id.lastIndexOf('_') + 1) + MISSING;
    }

    private static Stream<String> spellings(Route route) {
        return Stream.concat(Stream.of(route.key()), route.aliases().stream());
    }

    @TestFactory
    @DisplayName("T01 another environment's resource answers as one that does not exist, at every operation with an id")
    Stream<DynamicTest> everyOperationWithAnId() {
        List<String> keys = rest.gatehouse.routes().stream()
                .filter(route -> !route.open())
                .flatMap(TenantAttacksTest::spellings)
                .filter(key -> key.contains("{"))
                .toList();
        assertThat(keys).hasSizeGreaterThan(15);
        return keys.stream()
                .map(key -> DynamicTest.dynamicTest(key, () -> {
                    // a world for each, since the last step may delete
                    try (TenantAttacksTest.Fresh fresh = new Fresh()) {
                        fresh.test.foreignMissingOwn(key);
                    }
                }));
    }

    private static final class Fresh implements AutoCloseable {
        final TenantAttacksTest test = new TenantAttacksTest();

        @Override
        public void close() {
            test.close();
        }
    }

    /** What an operation needs in its body to get as far as the identifier. */
    private String body(String route, Map<String, String> own) {
        String template = route.substring(route.indexOf(' ') + 1);
        String granted = "\"resource_id\":\"%s\"".formatted(own.get("resources"));
        if (template.endsWith("/check")) {
            return "{\"permission_slug\":\"%s\",%s}".formatted(own.get("permissions"), granted);
        }
        if (route.equals("PUT /connections/{id}")) {
            return connection(own.get("organizations"));
        }
        if (template.endsWith("/role_assignments")) {
            return route.startsWith("PUT")
                    ? "{\"role_assignments\":[]}"
                    : route.startsWith("POST /authorization/groups")
                            ? "{\"role_slug\":\"member\"}"
                            : "{\"role_slug\":\"%s\",%s}".formatted(own.get("roles"), granted);
        }
        if (template.endsWith("/api_keys")) {
            return "{\"name\":\"Another\",\"organization_id\":\"" + own.get("organizations") + "\"}";
        }
        if (template.startsWith("/feature_flags")) {
            return "{\"resource_id\":\"" + own.get("users") + "\"}";
        }
        if (template.endsWith("/roles") || template.endsWith("/groups")) {
            return "{\"name\":\"Another\"}";
        }
        if (template.endsWith("/organization-memberships")) {
            return "{\"organization_membership_id\":\"" + own.get("organization_memberships") + "\"}";
        }
        if (template.endsWith("/permissions")) {
            // the permission is of projects: a role of the organization may have it, too
            return "{\"slug\":\"%1$s\",\"permissions\":[\"%1$s\"]}".formatted(own.get("permissions"));
        }
        if (template.endsWith("/email_verification/confirm")) {
            String code = rest.get("/user_management/email_verification/" + own.get("email_verification"))
                    .text("/code");
            return "{\"code\":\"" + code + "\"}";
        }
        if (template.endsWith("/email_change/send")) {
            return "{\"new_email\":\"another@example.com\"}";
        }
        if (template.endsWith("/replay")) {
            return "{\"since\":\"2026-01-01T00:00:00Z\"}";
        }
        if (template.startsWith("/organization_domains")) {
            return "{}";
        }
        if (template.endsWith("/verify") || template.endsWith("/email_change/confirm")) {
            return "{\"code\":\"123456\"}";
        }
        return template.endsWith("/auth_factors") ? "{\"type\":\"totp\"}" : "{}";
    }

    private void foreignMissingOwn(String route) {
        Map<String, String> own = world(Rest.KEY, "ours");
        Map<String, String> foreign = world(otherKey, "theirs");
        String method = route.substring(0, route.indexOf(' '));
        String template = route.substring(route.indexOf(' ') + 1);
        List<String> resources = resources(template);
        assertThat(own).as("the matrix must learn how to make one").containsKeys(resources.toArray(new String[0]));
        String before = everything(otherKey, foreign);
        String body = body(route, own);
        String query = query(template, own);
        if (template.endsWith("/accept")) {
            rest.user("ours-guest@example.com");
        }
        List<String> ours = resources.stream().map(own::get).toList();
        for (int i = 0; i < ours.size(); i++) {
            String foreignId = foreign.get(resources.get(i));
            String missingId = missing(foreignId);
            List<String> withForeign = new ArrayList<>(ours);
            withForeign.set(i, foreignId);
            List<String> withMissing = new ArrayList<>(ours);
            withMissing.set(i, missingId);
            Reply crossed = rest.call(method, filled(template, withForeign) + query, body);
            Reply unknown = rest.call(method, filled(template, withMissing) + query, body);
            assertThat(unknown.status()).as(unknown.json().toString()).isEqualTo(404);
            assertThat(crossed.status()).isEqualTo(404);
            assertThat(crossed.json().toString().replace(foreignId, "ID"))
                    .isEqualTo(unknown.json().toString().replace(missingId, "ID"));
            assertThat(headers(crossed)).isEqualTo(headers(unknown));
            assertThat(everything(otherKey, foreign)).isEqualTo(before);
        }
        Reply mine = rest.call(method, filled(template, ours) + query, body);
        if (template.endsWith("/email_change/confirm")) {
            // nothing to confirm, but ours
            assertThat(mine.text("/code")).isEqualTo("no_pending_email_change");
        } else {
            assertThat(mine.status()).as(mine.json().toString()).isLessThan(300);
        }
        assertThat(everything(otherKey, foreign)).isEqualTo(before);
    }

    private static List<String> headers(Reply reply) {
        return reply.answer().headers().stream()
                .filter(h -> !h.getKey().equals("X-Request-ID"))
                .map(Object::toString)
                .toList();
    }

    @Test
    @DisplayName("T01, T04, T15 no list shows another environment's, whatever filter, cursor or search names it")
    void lists() {
        Map<String, String> own = world(Rest.KEY, "ours");
        Map<String, String> foreign = world(otherKey, "theirs");
        Map<String, String> needed = Map.of(
                "/events", "events=" + EVENTS,
                "/user_management/organization_memberships", "user_id=" + own.get("users"),
                "/organization_memberships", "user_id=" + own.get("users"),
                "/authorization/resources", "resource_type_slug=" + own.get("resource_types"));
        int lists = 0;
        for (Route route : rest.gatehouse.routes()) {
            for (String key : spellings(route).toList()) {
                String path = key.substring(key.indexOf(' ') + 1);
                if (route.verb() != Route.Verb.LIST || path.contains("{")) {
                    continue;
                }
                lists++;
                String target = path + "?limit=100&" + needed.getOrDefault(path, "");
                Reply all = rest.get(target);
                assertThat(all.status()).as(target + all.json()).isEqualTo(200);
                assertThat(all.json().at("/data").size()).as(target).isPositive();
                assertNoneOf(foreign, all, target);
                String theirs = rest.as(
                                otherKey,
                                "GET",
                                target.replace(own.get("users"), foreign.get("users"))
                                        .replace(own.get("resource_types"), foreign.get("resource_types")),
                                "")
                        .text("/data/0/id");
                assertThat(theirs).as(target).isNotEmpty();
                for (String cursor : List.of("after=", "before=")) {
                    Reply crossed = rest.get(target + "&" + cursor + theirs);
                    Reply unknown = rest.get(target + "&" + cursor + missing(theirs));
                    assertNoneOf(foreign, crossed, target + " " + cursor);
                    assertThat(crossed.status()).isEqualTo(unknown.status());
                }
                for (String filter : route.parameters()) {
                    String value = Map.of(
                                    "resource_type_slug",
                                    foreign.get("resource_types"),
                                    "organization_id",
                                    foreign.get("organizations"),
                                    "user_id",
                                    foreign.get("users"),
                                    "email",
                                    "theirs@example.com",
                                    "domains",
                                    "theirs.example",
                                    "search",
                                    "theirs")
                            .get(filter);
                    if (value != null) {
                        String narrowed =
                                path + "?" + filter + "=" + value + (path.equals("/events") ? "&events=" + EVENTS : "");
                        Reply none = rest.get(narrowed);
                        assertThat(none.status()).as(narrowed + none.json()).isEqualTo(200);
                        assertThat(none.json().at("/data").size()).as(narrowed).isZero();
                    }
                }
            }
        }
        assertThat(lists).isGreaterThanOrEqualTo(6);
    }

    private static void assertNoneOf(Map<String, String> foreign, Reply reply, String what) {
        foreign.values()
                .forEach(id -> assertThat(reply.json().path("data").toString())
                        .as(what)
                        .doesNotContain(id));
    }

    @Test
    @DisplayName("T02 what hangs on one user is not reached through another")
    void parents() {
        String ada = rest.user("ada@example.com");
        String bob = rest.user("bob@example.com");
        String session = Rest.sessionOf(rest.signIn("ada@example.com"));
        assertThat(rest.get("/user_management/users/" + ada + "/sessions").text("/data/0/id"))
                .isEqualTo(session);
        assertThat(rest.get("/user_management/users/" + bob + "/sessions")
                        .json()
                        .at("/data"))
                .isEmpty();
        assertThat(rest.get("/user_management/users/" + bob + "/sessions?user_id=" + ada)
                        .json()
                        .at("/data"))
                .isEmpty();
        assertThat(rest.gatehouse.users().endSession(bob, session)).isFalse();
        assertThat(rest.gatehouse.users().endSession(ada, session)).isTrue();
    }

    @Test
    @DisplayName("T03 an id in the body or the query never overrides the one in the path or the key")
    void overriding() {
        Map<String, String> own = world(Rest.KEY, "ours");
        Map<String, String> foreign = world(otherKey, "theirs");
        String bob = rest.user("bob@example.com");
        String body = """
                {"id":"%1$s","user_id":"%1$s","environment_id":"%2$s","environment":"%2$s","first_name":"Changed"}""".formatted(bob, other.id());
        Reply changed = rest.call(
                "PUT",
                "/user_management/users/" + own.get("users") + "?id=" + bob + "&environment_id=" + other.id(),
                body);
        assertThat(changed.text("/id")).isEqualTo(own.get("users"));
        assertThat(changed.text("/first_name")).isEqualTo("Changed");
        assertThat(rest.get("/user_management/users/" + bob)
                        .json()
                        .at("/first_name")
                        .isNull())
                .isTrue();
        String before = everything(otherKey, foreign);
        for (String pair : List.of(
                pair(foreign.get("users"), own.get("organizations")),
                pair(own.get("users"), foreign.get("organizations")),
                pair(foreign.get("users"), foreign.get("organizations")))) {
            assertThat(rest.post("/user_management/organization_memberships", pair)
                            .status())
                    .isEqualTo(404);
        }
        assertThat(rest.post("/user_management/organization_memberships", pair(bob, own.get("organizations")))
                        .status())
                .isEqualTo(201);
        assertThat(everything(otherKey, foreign)).isEqualTo(before);
    }

    private static String pair(String user, String organization) {
        return "{\"user_id\":\"%s\",\"organization_id\":\"%s\"}".formatted(user, organization);
    }

    @Test
    @DisplayName("T05 a verified domain is nobody else's, in any spelling, and public mailboxes are nobody's")
    void domains() {
        assertThat(claim("acme.com").status()).isEqualTo(201);
        assertThat(claim("acme.com").status())
                .as("a mere claim keeps nobody out")
                .isEqualTo(201);
        assertThat(rest.post(
                                "/organizations",
                                "{\"name\":\"X\",\"domain_data\":[{\"domain\":\"Acme.com\",\"state\":\"verified\"}]}")
                        .status())
                .isEqualTo(201);
        for (String again : List.of("acme.com", "ACME.com", " acme.com ")) {
            assertThat(claim(again).status()).as(again).isEqualTo(409);
        }
        for (String bad : List.of(
                "acme.com.",
                "acme",
                ".acme.com",
                "acme..com",
                "http://acme.com",
                "acme.com/x",
                "*.acme.com",
                "a cme.com",
                "gmail.com",
                "GMAIL.COM",
                "\u0430cme.com",
                "acme\u3002com",
                "ban\u212A.com",
                "127.0.0.1",
                "acme.com:80")) {
            assertThat(claim(bad).status()).as(bad).isEqualTo(422);
        }
        assertThat(claim("mail.acme.com").text("/domains/0/state"))
                .as("a sub-domain is a domain of its own, and only the application's server can call it verified")
                .isEqualTo("pending");
        assertThat(rest.get("/organizations?domains=bank.com").json().at("/data"))
                .isEmpty();
    }

    private Reply claim(String domain) {
        return rest.post(
                "/organizations",
                "{\"name\":\"X\",\"domain_data\":[{\"domain\":\"%s\",\"state\":\"pending\"}]}".formatted(domain));
    }

    @Test
    @DisplayName("T06 what a domain's owner must publish cannot be guessed")
    void domainTokens() {
        Set<String> tokens = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            String token = claim("d" + i + ".example").text("/domains/0/verification_token");
            assertThat(token).as("148 bits").matches("[0-9A-Za-z]{25}");
            assertThat(tokens.add(token)).isTrue();
        }
    }

    @Test
    @DisplayName("T09 sessions of one user id in two environments are not taken for each other")
    void environmentsOfCaches() {
        rest.user("ada@example.com");
        String token = rest.signIn("ada@example.com").text("/access_token");
        String env = rest.gatehouse.environment().id();
        assertThat(rest.gatehouse.sessions().byToken(env, Rest.CLIENT, token)).isNotNull();
        assertThat(rest.gatehouse.sessions().byToken(other.id(), OTHER_CLIENT, token))
                .isNull();
        assertThat(rest.gatehouse.sessions().byToken(other.id(), Rest.CLIENT, token))
                .isNull();
        assertThat(rest.get("/sso/jwks/" + Rest.CLIENT).text("/keys/0/kid"))
                .isNotEqualTo(rest.get("/sso/jwks/" + OTHER_CLIENT).text("/keys/0/kid"));
    }

    @TestFactory
    @DisplayName("T11 a key does what its permissions say, at every operation")
    Stream<DynamicTest> permissions() {
        Set<String> all = new HashSet<>();
        rest.gatehouse.routes().forEach(route -> all.add(route.permission()));
        all.remove("");
        return rest.gatehouse.routes().stream().filter(route -> !route.open()).map(route -> {
            Set<String> others = new HashSet<>(all);
            others.remove(route.permission());
            String target = route.template().replaceAll("\\{[^}]+}", "none");
            return DynamicTest.dynamicTest(route.key(), () -> {
                assertThat(route.permission())
                        .as("every operation asks for one")
                        .isNotEmpty();
                assertThat(rest.as(key(Set.of(route.permission())), route.method(), target, "{}")
                                .status())
                        .isNotIn(401, 403);
                Reply refused = rest.as(key(others), route.method(), target, "{}");
                assertThat(refused.status()).isEqualTo(403);
                assertThat(rest.as(key(Set.of()), route.method(), target, "{}").status())
                        .isEqualTo(403);
            });
        });
    }

    private String key(Set<String> permissions) {
        return rest.gatehouse
                .environments()
                .createKey(rest.gatehouse.environment(), "some", permissions)
                .key();
    }

    @Test
    @DisplayName("T13 what belonged to a deleted organization or user is gone by every way that led to it")
    void deleted() {
        String ada = rest.user("ada@example.com");
        String acme = make(Rest.KEY, "/organizations", """
                {"name":"Acme","external_id":"acme","domain_data":[{"domain":"acme.com","state":"verified"}]}""");
        String membership = rest.member(ada, acme);
        Reply inAcme = rest.signIn("ada@example.com");
        assertThat(inAcme.text("/organization_id")).isEqualTo(acme);
        rest.member(ada, rest.organization("Other"));
        String pending = rest.password("ada@example.com", Rest.PASSWORD).text("/pending_authentication_token");
        assertThat(rest.call("DELETE", "/organizations/" + acme, "").status()).isEqualTo(202);
        for (String gone : List.of(
                "/organizations/" + acme,
                "/organizations/external_id/acme",
                "/user_management/organization_memberships/" + membership)) {
            assertThat(rest.get(gone).status()).as(gone).isEqualTo(404);
        }
        for (String empty : List.of(
                "/organizations?domains=acme.com",
                "/user_management/users?organization_id=" + acme,
                "/user_management/organization_memberships?organization_id=" + acme)) {
            assertThat(rest.get(empty).json().at("/data")).as(empty).isEmpty();
        }
        assertThat(rest.refresh(inAcme.text("/refresh_token")).text("/error")).isEqualTo("invalid_grant");
        assertThat(rest.bearer(inAcme.text("/access_token"))).isNull();
        assertThat(rest.choose(pending, acme).text("/code")).isEqualTo("invalid_organization_id");
        assertThat(claim("acme.com").status()).as("its domain is free").isEqualTo(201);

        Reply in = rest.password("ada@example.com", Rest.PASSWORD);
        assertThat(in.status()).isEqualTo(200);
        String half = twoOrganizations(ada);
        assertThat(rest.call("DELETE", "/user_management/users/" + ada, "").status())
                .isEqualTo(200);
        for (String gone : List.of("", "/sessions", "/identities")) {
            assertThat(rest.get("/user_management/users/" + ada + gone).status())
                    .isEqualTo(404);
        }
        assertThat(rest.refresh(in.text("/refresh_token")).text("/error")).isEqualTo("invalid_grant");
        assertThat(rest.bearer(in.text("/access_token"))).isNull();
        assertThat(rest.choose(half, acme).text("/code")).isEqualTo("invalid_pending_authentication_token");
        assertThat(rest.password("ada@example.com", Rest.PASSWORD).text("/code"))
                .isEqualTo("invalid_credentials");
        assertThat(rest.get("/user_management/organization_memberships?user_id=" + ada)
                        .json()
                        .at("/data"))
                .isEmpty();
    }

    private String twoOrganizations(String user) {
        rest.member(user, rest.organization("Third"));
        return rest.password("ada@example.com", Rest.PASSWORD).text("/pending_authentication_token");
    }

    @Test
    @DisplayName("T14 one environment's key, client, code, token or session is nothing in another")
    void mixed() {
        rest.user("ada@example.com");
        make(
                otherKey,
                "/user_management/users",
                "{\"email\":\"ada@example.com\",\"password\":\"" + Rest.PASSWORD + "\"}");
        make(Rest.KEY, "/user_management/redirect_uris", "{\"uri\":\"https://ours.example/cb\"}");
        make(otherKey, "/user_management/redirect_uris", "{\"uri\":\"https://theirs.example/cb\"}");
        assertThat(authenticate(
                                OTHER_CLIENT,
                                otherKey,
                                "password",
                                "email\":\"ada@example.com\",\"password",
                                Rest.PASSWORD)
                        .status())
                .isEqualTo(200);
        for (String[] crossed : new String[][] {{OTHER_CLIENT, Rest.KEY}, {Rest.CLIENT, otherKey}}) {
            Reply refused = authenticate(
                    crossed[0], crossed[1], "password", "email\":\"ada@example.com\",\"password", Rest.PASSWORD);
            assertThat(refused.text("/error")).isEqualTo("invalid_client");
        }
        Reply in = rest.signIn("ada@example.com");
        String refresh = in.text("/refresh_token");
        assertThat(authenticate(OTHER_CLIENT, otherKey, "refresh_token", "refresh_token", refresh)
                        .text("/error"))
                .isEqualTo("invalid_grant");
        String revoke = "{\"session_id\":\"" + Rest.sessionOf(in) + "\"}";
        assertThat(rest.as(otherKey, "POST", "/user_management/sessions/revoke", revoke)
                        .status())
                .isEqualTo(404);

        Browser browser = new Browser(rest.gatehouse);
        browser.signIn("ada@example.com", Rest.PASSWORD);
        String authorize = "/user_management/authorize?response_type=code&provider=authkit&client_id=";
        String ours = Browser.location(browser.get(authorize + Rest.CLIENT + "&redirect_uri=https://ours.example/cb"));
        assertThat(ours).startsWith("https://ours.example/cb?code=");
        String code = ours.substring(ours.indexOf("code=") + 5);
        assertThat(authenticate(OTHER_CLIENT, otherKey, "authorization_code", "code", code)
                        .text("/error"))
                .isEqualTo("invalid_grant");
        assertThat(authenticate(Rest.CLIENT, Rest.KEY, "authorization_code", "code", code)
                        .status())
                .as("and that did not spend it")
                .isEqualTo(200);
        Answer theirs = browser.get(authorize + OTHER_CLIENT + "&redirect_uri=https://theirs.example/cb");
        assertThat(theirs.status())
                .as("these pages sign in people of one environment")
                .isEqualTo(400);
        assertThat(theirs.header("Location")).isEmpty();
        assertThat(rest.refresh(refresh).status())
                .as("nothing harmed the session")
                .isEqualTo(200);
    }

    @Test
    @DisplayName("T14 signing out ends a session of this environment only")
    void signOutStaysInItsEnvironment() {
        make(
                otherKey,
                "/user_management/users",
                "{\"email\":\"ada@example.com\",\"password\":\"" + Rest.PASSWORD + "\"}");
        Reply theirs = authenticate(
                OTHER_CLIENT, otherKey, "password", "email\":\"ada@example.com\",\"password", Rest.PASSWORD);
        assertThat(theirs.status()).isEqualTo(200);
        rest.user("ada@example.com");
        Reply ours = rest.signIn("ada@example.com");
        Browser browser = new Browser(rest.gatehouse);
        for (Reply in : List.of(theirs, ours)) {
            Answer out = browser.get("/user_management/sessions/logout?session_id=" + Rest.sessionOf(in));
            assertThat(out.status()).isEqualTo(302);
        }
        assertThat(rest.refresh(ours.text("/refresh_token")).text("/error")).isEqualTo("invalid_grant");
        assertThat(authenticate(OTHER_CLIENT, otherKey, "refresh_token", "refresh_token", theirs.text("/refresh_token"))
                        .status())
                .isEqualTo(200);
    }

    private Reply authenticate(String client, String secret, String grant, String name, String value) {
        return rest.post(
                "/user_management/authenticate",
                "{\"grant_type\":\"%s\",\"client_id\":\"%s\",\"client_secret\":\"%s\",\"%s\":\"%s\"}"
                        .formatted(grant, client, secret, name, value));
    }

    @Test
    @DisplayName("T16 a person's own token opens no operation of the management API")
    void personsTokens() {
        rest.user("ada@example.com");
        Reply in = rest.signIn("ada@example.com");
        Browser browser = new Browser(rest.gatehouse);
        browser.signIn("ada@example.com", Rest.PASSWORD);
        List<String> bearers = new ArrayList<>(
                List.of(in.text("/access_token"), in.text("/refresh_token"), browser.session(), Rest.CLIENT, ""));
        int tried = 0;
        for (Route route : rest.gatehouse.routes()) {
            if (!route.open()) {
                String target = route.template().replaceAll("\\{[^}]+}", "none");
                assertThat(rest.call(route.method(), target, "{}").status()).isNotIn(401, 403);
                for (String bearer : bearers) {
                    Reply refused = rest.as(bearer, route.method(), target, "{}");
                    assertThat(refused.status()).as(route.key()).isEqualTo(401);
                    tried++;
                }
            }
        }
        assertThat(tried).isGreaterThan(100);
    }

    /** A connection that can be tried, and has keys. */
    private static String connection(String organization) {
        return """
                {"connection_type":"GenericOIDC","organization_id":"%s",
                 "oidc":{"issuer":"https://idp.example","client_id":"c","client_authentication":"private_key_jwt"}}""".formatted(organization);
    }
}
