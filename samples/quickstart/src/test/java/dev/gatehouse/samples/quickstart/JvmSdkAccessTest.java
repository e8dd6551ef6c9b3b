package dev.gatehouse.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import com.workos.authorization.ParentResource;
import com.workos.authorization.ResourceTarget;
import com.workos.common.http.PatchField;
import com.workos.models.AssignRole;
import com.workos.models.OrganizationApiKeyWithValue;
import com.workos.models.OrganizationMembership;
import com.workos.models.UserUpdated;
import com.workos.models.WebhookEndpoint;
import com.workos.types.AuthorizationAssignment;
import com.workos.types.CreateWebhookEndpointEvents;
import com.workos.types.RoleType;
import com.workos.types.UserRoleAssignmentSourceType;
import com.workos.types.WebhookEndpointStatus;
import com.workos.webhooks.Webhook;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SignatureException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Who may what, keys, flags, events and webhooks, through the official JVM SDK. */
class JvmSdkAccessTest extends JvmSdk {
    @Test
    void rolesAndPermissions() {
        var access = workos.getAuthorization();
        access.createPermission("bill:read", "Read bills");
        refused(() -> access.createPermission("bill:read", "Again"), 409);
        assertThat(access.updatePermission("bill:read", new PatchField.Present<>("See bills"))
                        .getName())
                .isEqualTo("See bills");
        assertThat(access.createEnvironmentRole("clerk", "Clerk").getType()).isEqualTo(RoleType.EnvironmentRole);
        assertThat(access.addEnvironmentRolePermission("clerk", "bill:read").getPermissions())
                .containsExactly("bill:read");
        assertThat(access.setEnvironmentRolePermissions("clerk", List.of()).getPermissions())
                .isEmpty();
        assertThat(access.updateEnvironmentRole("clerk", new PatchField.Present<>("Accountant"))
                        .getName())
                .isEqualTo("Accountant");
        assertThat(access.getEnvironmentRole("clerk").getSlug()).isEqualTo("clerk");
        assertThat(access.listEnvironmentRoles().getData())
                .anyMatch(role -> role.getSlug().equals("member"));

        String acme = workos.getOrganizations().create("Roles").getId();
        String slug = access.createOrganizationRole(acme, "Guest", "org-guest").getSlug();
        assertThat(access.addOrganizationRolePermission(acme, slug, "bill:read").getPermissions())
                .containsExactly("bill:read");
        access.removeOrganizationRolePermission(acme, slug, "bill:read");
        assertThat(access.getOrganizationRole(acme, slug).getPermissions()).isEmpty();
        assertThat(access.setOrganizationRolePermissions(acme, slug, List.of("bill:read"))
                        .getPermissions())
                .hasSize(1);
        access.updateOrganizationRole(acme, slug, new PatchField.Present<>("Visitor"));
        assertThat(access.listOrganizationRoles(acme).getData())
                .anyMatch(role -> role.getName().equals("Visitor"));
        access.deleteOrganizationRole(acme, slug);
        refused(() -> access.getOrganizationRole(acme, slug), 404);
        access.deletePermission("bill:read");
        refused(() -> access.getPermission("bill:read"), 404);
    }

    @Test
    void resourcesGroupsAndChecks() {
        var access = workos.getAuthorization();
        String acme = workos.getOrganizations().create("Resources").getId();
        String ada = member(acme, "ada-resources@example.com").getId();
        String bob = member(acme, "bob-resources@example.com").getId();
        access.createPermission("document:edit", "Edit", null, "document");
        access.createEnvironmentRole("editor", "Editor", null, "project");
        access.setEnvironmentRolePermissions("editor", List.of("document:edit"));
        String project =
                access.createResource("apollo", "Apollo", "project", acme).getId();
        String document = access.createResource(new ParentResource.ById(project), "plan", "Plan", "document", acme)
                .getId();
        assertThat(access.getResource(document).getParentResourceId()).isEqualTo(project);
        assertThat(access.getResourceByExternalId(acme, "document", "plan").getId())
                .isEqualTo(document);
        assertThat(access.updateResource(document, null, new PatchField.Present<>("Plan B"))
                        .getName())
                .isEqualTo("Plan B");
        assertThat(access.listResources(null, null, null, null, acme, "document").data)
                .hasSize(1);

        ResourceTarget onDocument = new ResourceTarget.ById(document);
        ResourceTarget onProject = new ResourceTarget.ByExternalId("apollo", "project");
        assertThat(access.check(ada, onDocument, "document:edit").getAuthorized())
                .isFalse();
        String assigned = access.assignRole(ada, onProject, "editor").getId();
        assertThat(access.check(ada, onDocument, "document:edit").getAuthorized())
                .isTrue();
        assertThat(access.checkByExternalId(ada, "plan", "document", "document:edit", null)
                        .getAuthorized())
                .isTrue();
        assertThat(access.check(bob, onDocument, "document:edit").getAuthorized())
                .isFalse();
        assertThat(access.listEffectivePermissions(ada, document).data)
                .singleElement()
                .satisfies(one -> assertThat(one.getSlug()).isEqualTo("document:edit"));
        assertThat(access.listEffectivePermissionsByExternalId(ada, "document", "plan").data)
                .hasSize(1);
        assertThat(access.listRoleAssignmentsForResource(project).data).hasSize(1);
        assertThat(access.listRoleAssignmentsForResourceByExternalId(acme, "project", "apollo").data)
                .hasSize(1);
        assertThat(access.listResourcesForMembership(
                                ada, "document:edit", null, null, null, null, new ParentResource.ById(project))
                        .data)
                .hasSize(1);
        assertThat(access.listMembershipsForResource(
                                document, "document:edit", null, null, null, null, AuthorizationAssignment.Indirect)
                        .data)
                .singleElement()
                .satisfies(one -> assertThat(one.getId()).isEqualTo(ada));
        access.removeRoleAssignment(ada, assigned);
        access.assignRole(ada, onProject, "editor");
        access.removeRole(ada, onProject, "editor");
        assertThat(access.check(ada, onDocument, "document:edit").getAuthorized())
                .isFalse();

        var groups = workos.getGroups();
        String team = groups.createOrganizationGroup(acme, "Team").getId();
        groups.createOrganizationMembership(acme, team, bob);
        assertThat(groups.listOrganizationGroups(acme).data).hasSize(1);
        assertThat(groups.listOrganizationMemberships(acme, team).data).hasSize(1);
        assertThat(workos.getOrganizationMembership().listGroups(bob).data).hasSize(1);
        assertThat(groups.updateOrganizationGroup(acme, team, new PatchField.Present<>("Crew"))
                        .getName())
                .isEqualTo("Crew");
        String granted =
                access.createGroupRoleAssignment(team, "editor", project).getId();
        assertThat(access.getGroupRoleAssignment(team, granted).getRole().getSlug())
                .isEqualTo("editor");
        assertThat(access.listGroupRoleAssignments(team).data).hasSize(1);
        assertThat(access.check(bob, onDocument, "document:edit").getAuthorized())
                .isTrue();
        assertThat(access.listRoleAssignments(bob, null, null, null, null, project).data)
                .singleElement()
                .satisfies(one -> assertThat(one.getSource().getType()).isEqualTo(UserRoleAssignmentSourceType.Group));
        String replaced = access.updateGroupRoleAssignments(team, List.of(new AssignRole("member", null, null, null)))
                .getData()
                .get(0)
                .getId();
        assertThat(access.check(bob, onDocument, "document:edit").getAuthorized())
                .isFalse();
        access.deleteGroupRoleAssignment(team, replaced);
        groups.deleteOrganizationMembership(acme, team, bob);
        groups.deleteOrganizationGroup(acme, team);
        refused(() -> groups.getOrganizationGroup(acme, team), 404);
        refused(() -> access.deleteResource(project), 409);
        access.deleteResource(project, true);
        refused(() -> access.getResource(document), 404);
    }

    @Test
    void customersKeys() {
        var keys = workos.getApiKeys();
        String acme = workos.getOrganizations().create("Keys").getId();
        OrganizationApiKeyWithValue made = keys.createOrganizationApiKey(acme, "CI", List.of());
        assertThat(keys.createValidation(made.getValue()).getApiKey().getId()).isEqualTo(made.getId());
        assertThat(keys.createValidation(made.getValue() + "x").getApiKey()).isNull();
        assertThat(keys.listOrganizationApiKeys(acme).data)
                .singleElement()
                .satisfies(one -> assertThat(one.getObfuscatedValue()).isEqualTo(made.getObfuscatedValue()));
        keys.delete(made.getId());
        assertThat(keys.createValidation(made.getValue()).getApiKey()).isNull();

        OrganizationMembership ada = member(acme, "ada-keys@example.com");
        var own = workos.getUserManagement().createApiKey(ada.getUserId(), "Laptop", acme);
        assertThat(workos.getUserManagement().listApiKeys(ada.getUserId()).data).hasSize(1);
        assertThat(keys.createExpire(own.getId()).getExpiresAt()).isNotNull();
        assertThat(keys.createValidation(own.getValue()).getApiKey()).isNull();
    }

    @Test
    void featureFlags() throws Exception {
        var flags = workos.getFeatureFlags();
        String acme = workos.getOrganizations().create("Flags").getId();
        String ada = create("ada-flags@example.com", true).getId();
        app.made("/feature-flags", "{\"slug\": \"beta\", \"name\": \"Beta\"}"); // the SDK has no method to make one
        assertThat(flags.get("beta").getEnabled()).isFalse();
        assertThat(flags.enable("beta").getEnabled()).isTrue();
        assertThat(flags.list().data).anyMatch(flag -> flag.getSlug().equals("beta"));
        assertThat(flags.listOrganizationFeatureFlags(acme).data).isEmpty();
        flags.addFlagTarget("beta", acme);
        flags.addFlagTarget("beta", ada);
        assertThat(flags.listOrganizationFeatureFlags(acme).data).hasSize(1);
        assertThat(flags.listUserFeatureFlags(ada).data).hasSize(1);
        flags.removeFlagTarget("beta", ada);
        assertThat(flags.listUserFeatureFlags(ada).data).isEmpty();
        assertThat(flags.disable("beta").getEnabled()).isFalse();
        refused(() -> flags.get("never"), 404);
    }

    /** Version 7.2.0 of the SDK cannot read an event that it knows ({@code OrganizationCreated} is no {@code EventSchema}). */
    @Test
    void events() {
        var events = workos.getEvents();
        assertThat(events.list(List.of("connection.activated")).data).isEmpty();
        refused(() -> events.list(List.of("user.created"), null, "event_01JZZZZZZZZZZZZZZZZZZZZZZZ"), 400);
        refused(() -> events.list(List.of()), 422);
    }

    private record Delivered(String body, String signature) {}

    /** A webhook that was really sent and signed; its first attempt is answered with a failure. */
    @Test
    void webhooks() throws Exception {
        BlockingQueue<Delivered> deliveries = new LinkedBlockingQueue<>();
        AtomicBoolean failed = new AtomicBoolean();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            int status = failed.getAndSet(true) ? 204 : 500;
            deliveries.add(new Delivered(body, exchange.getRequestHeaders().getFirst("WorkOS-Signature")));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        receiver.start();
        try {
            var hooks = workos.getWebhooks();
            String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";
            String user = create("ada-hooks@example.com", true).getId();
            WebhookEndpoint hook = hooks.createEndpoint(url, List.of(CreateWebhookEndpointEvents.UserUpdated));
            refused(() -> hooks.createEndpoint(url, List.of(CreateWebhookEndpointEvents.UserCreated)), 409);
            refused(
                    () -> hooks.createEndpoint("http://10.0.0.1/", List.of(CreateWebhookEndpointEvents.UserCreated)),
                    422);
            assertThat(hooks.listEndpoints().data).hasSize(1);
            workos.getUserManagement().update(user, null, null, "Ünï/</code>");
            for (int attempt = 0; attempt < 2; attempt++) {
                Delivered one = deliveries.poll(15, TimeUnit.SECONDS);
                assertThat(one).as("attempt " + attempt).isNotNull();
                verify(one, hook.getSecret());
            }
            assertThat(hooks.updateEndpoint(
                                    hook.getId(),
                                    new PatchField.Present<>(url),
                                    new PatchField.Present<>(WebhookEndpointStatus.Disabled))
                            .getStatus())
                    .isEqualTo(WebhookEndpointStatus.Disabled);
            hooks.deleteEndpoint(hook.getId());
            refused(() -> hooks.updateEndpoint(hook.getId()), 404);
        } finally {
            receiver.stop(0);
        }
    }

    private static void verify(Delivered delivered, String secret) throws SignatureException {
        Webhook webhook = new Webhook();
        assertThat(webhook.constructTypedEvent(delivered.body, delivered.signature, secret))
                .isInstanceOfSatisfying(
                        UserUpdated.class,
                        event -> assertThat(event.getData().getFirstName()).isEqualTo("Ünï/</code>"));
        assertThatExceptionOfType(SignatureException.class)
                .isThrownBy(() -> webhook.constructEvent(delivered.body, delivered.signature, "whsec_other"));
        assertThatExceptionOfType(SignatureException.class)
                .isThrownBy(() -> webhook.constructEvent(delivered.body + " ", delivered.signature, secret));
    }

    private OrganizationMembership member(String organization, String email) {
        return workos.getOrganizationMembership().create(create(email, true).getId(), organization);
    }
}
