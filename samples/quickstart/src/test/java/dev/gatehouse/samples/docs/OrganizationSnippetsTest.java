package dev.gatehouse.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.Impersonator;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SignInPolicy;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.User;
import dev.gatehouse.organizations.Domain;
import dev.gatehouse.organizations.Domains;
import dev.gatehouse.organizations.Group;
import dev.gatehouse.organizations.Invitation;
import dev.gatehouse.organizations.Membership;
import dev.gatehouse.organizations.NewInvitation;
import dev.gatehouse.organizations.Organization;
import dev.gatehouse.organizations.Organizations;
import dev.gatehouse.spi.Mailer.Mail;
import dev.gatehouse.store.MemoryStorage;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The Java of docs/organizations.md, invitations.md, policies.md, impersonation.md and tokens.md, word for word. */
class OrganizationSnippetsTest {
    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private final Map<String, String> records = new ConcurrentHashMap<>();
    private final Gatehouse gatehouse = Gatehouse.builder()
            .storage(new MemoryStorage())
            .keyring(LocalKeyring.random())
            .mailer(mails::add)
            .executor(Runnable::run)
            .dnsTxt(name -> records.containsKey(name) ? List.of(records.get(name)) : List.of())
            .set(Setting.ORIGIN, "https://app.example.com")
            .set(Setting.IMPERSONATION_OPERATORS, "support@example.com")
            .build();
    private final User ada = gatehouse.users().create(NewUser.of("ada@example.com"));
    private final Organization acme = gatehouse.organizations().create("Acme");

    @AfterEach
    void close() {
        gatehouse.close();
    }

    @Test
    void organizationsAndGroups() {
        Organizations organizations = gatehouse.organizations();
        Organization acme = organizations.create("Acme");
        Membership seat = organizations.addMember(acme.id(), ada.id(), "admin"); // role; null for the default
        organizations.members(acme.id());
        organizations.ofUser(ada.id());
        organizations.removeMember(seat.id()); // and out of every session in it
        organizations.findByExternalId("acme-42"); // an id of your own
        organizations.list(null, 100);
        organizations.delete(acme.id()); // with memberships, groups, domains and open invitations
        assertThat(organizations.ofUser(ada.id())).isEmpty();
        groups(organizations.addMember(this.acme.id(), ada.id(), null));
    }

    private void groups(Membership membership) {
        Group engineers = gatehouse.groups().create(acme.id(), "Engineers", null);
        gatehouse.groups().add(engineers.id(), membership.id());
        gatehouse.groups().ofMember(membership.id());
        gatehouse.groups().remove(engineers.id(), membership.id());
        assertThat(gatehouse.groups().ofMember(membership.id())).isEmpty();
    }

    @Test
    void domains() {
        Domains domains = gatehouse.organizations().domains();
        Domain claim = domains.claim(acme.id(), "acme.example");
        String name = claim.verificationPrefix() + ".acme.example"; // or acme.example itself, with
        String value = claim.verificationToken(); // "verification_token=" before it
        records.put(name, value);

        Domain now = domains.verify(claim.id()); // looks now; or wait for maintain()
        if (now.proved()) {
            domains.verified("acme.example"); // whose it is
        }
        assertThat(domains.verified("acme.example")).contains(now);
    }

    @Test
    void invitations() {
        Invitation sent = gatehouse
                .invitations()
                .send(NewInvitation.of("grace@acme.example")
                        .to(acme.id(), "admin") // role; null for the default
                        .from(ada.id()) // named in page and mail
                        .within(3) // days, 1 to 30; a week by default
                        .in("de"));
        gatehouse.invitations().ofOrganization(acme.id()); // in every state
        gatehouse.invitations().resend(sent.id());
        gatehouse.invitations().revoke(sent.id());

        assertThat(mails).hasSize(2).allMatch(mail -> mail.to().equals("grace@acme.example"));
        assertThat(gatehouse.invitations().ofOrganization(acme.id()))
                .extracting(Invitation::state)
                .containsExactly("revoked");
    }

    @Test
    void policies() {
        gatehouse
                .organizations()
                .demand(
                        acme.id(),
                        SignInPolicy.NONE
                                .withMfa("required")
                                .withMethods(Set.of("magic-code", "passkey"))
                                .withSessions(Duration.ofHours(8), Duration.ofMinutes(30))); // at most, and without use

        SignInPolicy policy =
                gatehouse.organizations().find(acme.id()).orElseThrow().policy();
        assertThat(policy.mfa()).isEqualTo("required");
        assertThat(policy.sessionInactivity()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void impersonation() {
        gatehouse.organizations().addMember(acme.id(), ada.id(), null);
        gatehouse.environments().ensureRedirectUri(gatehouse.environment().id(), "https://app.example.com/callback");
        Impersonator by = new Impersonator("support@example.com", "Ticket 4711: cannot see invoices");
        String link = gatehouse.impersonations().link(ada.id(), by, null); // or the organization to act in
        String callback =
                gatehouse.impersonations().redirect(ada.id(), by, acme.id(), "https://app.example.com/callback");

        assertThat(link).startsWith("https://app.example.com/auth/impersonate?code=");
        assertThat(callback).startsWith("https://app.example.com/callback?code=");
    }

    static void pay(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SignedIn me = (SignedIn) request.getUserPrincipal();
        Impersonator operator = me.impersonator(); // null for the user
        if (operator != null) {
            response.sendError(403, operator.email() + " may look, but not pay");
            return;
        }
        response.sendError(402);
    }

    @Test
    void tokens() {
        gatehouse.setJwtTemplate("""
                {
                  "plan": {{ user.metadata.plan || 'free' }},
                  "team": "{{ organization.name }} / {{ user.first_name }}",
                  "limits": { "seats": 25, "beta": true },
                  "aud": "https://api.example.com"
                }""");
        gatehouse.setJwtTemplate(null);
    }
}
