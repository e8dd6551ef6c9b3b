package dev.gatehouse.samples.saas;

import dev.gatehouse.access.Access;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.identity.User;
import dev.gatehouse.organizations.Invitation;
import dev.gatehouse.organizations.Membership;
import dev.gatehouse.organizations.NewInvitation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Who is in the organization; whoever may, invites others and says who has which role: {@code /people/…}. */
final class PeopleServlet extends PageServlet {
    private static final long serialVersionUID = 1L;

    PeopleServlet(Waybill app) {
        super(app);
    }

    @Override
    void show(HttpServletRequest request, HttpServletResponse response, List<String> path) throws IOException {
        Tenant tenant = Tenant.of(request);
        tenant.require(Permissions.READ);
        people(tenant, response, "", "");
    }

    @Override
    void act(HttpServletRequest request, HttpServletResponse response, List<String> path) throws IOException {
        Tenant tenant = Tenant.of(request);
        tenant.require(Permissions.PEOPLE);
        if (path.equals(List.of("invitations"))) {
            invite(tenant, response, field(request, "email"), field(request, "role"));
        } else if (path.size() == 3
                && path.get(0).equals("invitations")
                && path.get(2).equals("revoke")) {
            revoke(tenant, path.get(1));
            to(response, "/people");
        } else if (path.size() == 2 && path.get(1).equals("role")) {
            change(tenant, path.get(0), field(request, "role"));
            to(response, "/people");
        } else {
            throw Refused.notFound();
        }
    }

    private void invite(Tenant tenant, HttpServletResponse response, String email, String role) throws IOException {
        known(role);
        try {
            app.gatehouse()
                    .invitations()
                    .send(NewInvitation.of(email)
                            .to(tenant.organizationId(), role)
                            .from(tenant.me().user().id()));
            to(response, "/people");
        } catch (ApiException e) {
            response.setStatus(422);
            people(tenant, response, email, reason(e));
        }
    }

    private static String reason(ApiException e) {
        return switch (e.code()) {
            case "email_already_invited_to_organization" -> "That address is invited already.";
            case "user_already_organization_member" -> "That person is in your organization already.";
            case "rate_limit_exceeded" -> "Too many invitations at once. Wait a minute.";
            default -> "Type an e-mail address, like name@example.com.";
        };
    }

    /** Identifiers come from a form, so they are looked for among the organization's own. */
    private void revoke(Tenant tenant, String id) {
        Invitation invitation = open(tenant).stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(Refused::notFound);
        app.gatehouse().invitations().revoke(invitation.id());
    }

    private void change(Tenant tenant, String id, String role) {
        known(role);
        List<Membership> all = active(tenant);
        Membership member =
                all.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow(Refused::notFound);
        boolean admin = member.roles().contains(Permissions.ADMIN);
        long admins = all.stream()
                .filter(one -> one.roles().contains(Permissions.ADMIN))
                .count();
        // two admins who demote each other at the same moment would still leave none: a product locks here
        if (admin && admins == 1 && !role.equals(Permissions.ADMIN)) {
            throw new Refused(422, "The last admin stays one. Make somebody else an admin first.");
        }
        Access access = app.gatehouse().access();
        String everything = access.organizationResource(tenant.organizationId());
        boolean providers = access.explain(member.id(), everything).stream()
                .flatMap(one -> one.sources().stream())
                .anyMatch(source -> source.kind().equals("sso"));
        if (providers) {
            throw new Refused(422, "Your identity provider says which role that person has: change the groups there.");
        }
        // a membership has one role here (multiple-roles=false), so this takes the place of the other
        access.assign(member.id(), role, everything);
    }

    private static void known(String role) {
        if (Permissions.ROLES.stream().noneMatch(one -> one.getKey().equals(role))) {
            throw new Refused(422, "There is no role " + role + ".");
        }
    }

    private List<Membership> active(Tenant tenant) {
        return app.gatehouse().organizations().members(tenant.organizationId()).stream()
                .filter(member -> member.status().equals("active"))
                .toList();
    }

    private List<Invitation> open(Tenant tenant) {
        return app.gatehouse().invitations().ofOrganization(tenant.organizationId()).stream()
                .filter(one -> one.state(Instant.now()).equals("pending"))
                .toList();
    }

    private void people(Tenant tenant, HttpServletResponse response, String email, String error) throws IOException {
        boolean manage = tenant.may(Permissions.PEOPLE);
        Markup members = Markup.all(
                active(tenant).stream().map(member -> row(member, manage)).toList());
        Markup form = Markup.of("""
                <form class="stack" method="post" action="/people/invitations">
                <div class="two"><div><label for="email">E-mail address</label><input id="email" name="email" type="email" autocomplete="off" required value="{}"></div>
                <div><label for="role">Role</label><select id="role" name="role">{}</select></div></div>
                {}<button class="button primary slim">Send invitation</button></form>""", email, roles(Permissions.MEMBER), Frame.error(error));
        Frame.show(
                app,
                tenant.me(),
                "/people",
                response,
                "People",
                Markup.all(
                        Markup.when(manage, form),
                        Markup.of("<section class=\"panel\" aria-label=\"Members\">{}</section>", members),
                        Markup.when(manage, invitations(tenant))));
    }

    private Markup row(Membership member, boolean manage) {
        User user = app.gatehouse().users().find(member.userId()).orElseThrow();
        Markup role = manage
                ? Markup.of(
                        """
                        <form class="row" method="post" action="/people/{}/role"><select class="slim" name="role" aria-label="Role of {}">{}</select>
                        <button class="button quiet slim">Change</button></form>""",
                        member.id(),
                        user.displayName(),
                        roles(member.roles().get(0)))
                : Markup.of("<span class=\"tag\">{}</span>", String.join(", ", member.roles()));
        return Markup.of("""
                <div class="row member"><div class="words"><p>{}</p><p class="small soft">{}</p></div>{}</div>""", user.displayName(), user.email(), role);
    }

    private static Markup roles(String selected) {
        return Markup.all(Permissions.ROLES.stream()
                .map(Map.Entry::getKey)
                .map(role -> Markup.of(
                        "<option{}>{}</option>", Markup.when(role.equals(selected), new Markup(" selected")), role))
                .toList());
    }

    private Markup invitations(Tenant tenant) {
        List<Markup> open = open(tenant).stream()
                .map(one -> Markup.of(
                        """
                        <div class="row invited"><div class="words"><p>{}</p><p class="small soft">{} · until {}</p></div>
                        <form method="post" action="/people/invitations/{}/revoke"><button class="button quiet slim" aria-label="Take back the invitation of {}">Take back</button></form></div>""",
                        one.email(),
                        String.valueOf(one.roleSlug()),
                        Frame.time(one.expiresAt()),
                        one.id(),
                        one.email()))
                .toList();
        return Markup.when(
                !open.isEmpty(),
                Markup.of("<section class=\"panel\"><div><h2>Invited</h2></div>{}</section>", Markup.all(open)));
    }
}
