package dev.gatehouse.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.access.Access;
import dev.gatehouse.access.CustomerKey;
import dev.gatehouse.access.CustomerKeys;
import dev.gatehouse.access.EffectiveRole;
import dev.gatehouse.access.KeyHolder;
import dev.gatehouse.access.NewResource;
import dev.gatehouse.access.Resource;
import dev.gatehouse.access.RoleSource;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.flags.Flags;
import dev.gatehouse.flags.NewFlag;
import dev.gatehouse.flags.Rollout;
import dev.gatehouse.identity.Authenticated;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.User;
import dev.gatehouse.organizations.Group;
import dev.gatehouse.organizations.Membership;
import dev.gatehouse.organizations.Organization;
import dev.gatehouse.store.MemoryStorage;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Java of docs/access.md, api-keys.md and flags.md, word for word. */
class AccessSnippetsTest {
    private final Gatehouse gatehouse = Gatehouse.builder()
            .storage(new MemoryStorage())
            .keyring(LocalKeyring.random())
            .build();
    private final User ada = gatehouse.users().create(NewUser.of("ada@example.com"));
    private final Organization acme = gatehouse.organizations().create("Acme");
    private final Membership member = gatehouse.organizations().addMember(acme.id(), ada.id(), null);

    @AfterEach
    void close() {
        gatehouse.close();
    }

    @Test
    void access() {
        Access access = gatehouse.access();
        access.defineResourceType("project", List.of("organization"));
        access.defineResourceType("document", List.of("project"));

        access.createPermission("document:edit", "Edit", "document");
        access.createPermission("billing:read", "Read bills");
        access.createRole("editor", "Editor", "project", List.of("document:edit"));
        access.createRole("clerk", "Clerk", List.of("billing:read"));

        Resource apollo = access.createResource(NewResource.of(acme.id(), "project", "apollo", "Apollo"));
        Resource plan = access.createResource(
                NewResource.of(acme.id(), "document", "plan", "Plan").in(apollo));
        access.assign(member.id(), "editor", apollo.id());
        boolean may = access.check(member.id(), "document:edit", plan.id()); // true: by a role on the project
        boolean bills = access.check(member.id(), "billing:read"); // on the organization: false

        Group finance = gatehouse.groups().create(acme.id(), "Finance", null);
        gatehouse.groups().add(finance.id(), member.id());
        access.assignGroup(finance.id(), "clerk", access.organizationResource(acme.id()));
        List<EffectiveRole> why = access.explain(member.id(), plan.id());

        RoleSource hr = new RoleSource("hr", "payroll");
        access.setRoles(member.id(), hr, List.of("admin"));
        access.setRoles(member.id(), hr, List.of()); // takes back what this source gave, and nothing else

        assertThat(may).isTrue();
        assertThat(bills).isFalse();
        assertThat(access.check(member.id(), "billing:read")).isTrue();
        assertThat(why).extracting(EffectiveRole::role).contains("editor", "clerk", "member");
    }

    @Test
    void keys() {
        gatehouse.access().createPermission("invoice:read", "Read invoices");
        CustomerKeys.NewKey made = gatehouse
                .customerKeys()
                .createForOrganization(
                        acme.id(), "CI", List.of("invoice:read"), Instant.now().plus(Duration.ofDays(90)));
        String show = made.value(); // once: only a digest of it is stored
        Optional<CustomerKey> key = gatehouse.customerKeys().validate(show);
        gatehouse.customerKeys().revoke(made.key().id());

        assertThat(key.orElseThrow().permissions()).containsExactly("invoice:read");
        assertThat(gatehouse.customerKeys().validate(show)).isEmpty();
    }

    static void invoices(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Authenticated caller = (Authenticated) request.getUserPrincipal();
        if (!caller.hasPermission("invoice:read")) {
            response.sendError(403);
            return;
        }
        String organization = caller.organizationId();
        boolean person = !(caller instanceof KeyHolder);
        response.getWriter().print("invoices of " + organization + (person ? " for a person" : " for a program"));
    }

    @Test
    void flags() {
        Flags flags = gatehouse.flags();
        flags.create(NewFlag.of("new-editor", "The new editor").enable());
        flags.target("new-editor", acme.id(), true); // this customer has it
        flags.target("new-editor", ada.id(), false); // and this person has not
        flags.rollOut("new-editor", new Rollout(10, Rollout.By.ORGANIZATION)); // and a tenth of all others have
        boolean on = flags.isOn("new-editor", ada.id(), acme.id());

        assertThat(on).isFalse();
        assertThat(flags.isOn("new-editor", null, acme.id())).isTrue();
    }

    static String editor(Gatehouse gatehouse, HttpServletRequest request) {
        SignedIn me = (SignedIn) request.getUserPrincipal();
        return gatehouse.flags().isOn("new-editor", me) ? "new" : "old";
    }
}
