package dev.gatehouse.samples.saas;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.access.Role;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.flags.NewFlag;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SignInPolicy;
import dev.gatehouse.identity.User;
import dev.gatehouse.sso.NewConnection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is there from the first start on. Each step looks first, so a later start, or one that was cut off, does no harm. */
final class Seed {
    /** Of everybody who signs in with one; the sample listens on loopback alone. */
    static final String PASSWORD = "three-crates-north-7";

    static final String ADA = "ada@northwind.example";
    static final String VERA = "vera@northwind.example";
    static final String SAM = "sam@freight.example";

    private final Gatehouse gatehouse;
    private final Shipments shipments;

    Seed(Waybill app) {
        this.gatehouse = app.gatehouse();
        this.shipments = app.shipments();
    }

    void run() {
        roles();
        if (gatehouse.flags().find(Waybill.OVERVIEW).isEmpty()) {
            // enabled, and on for nobody: each organization switches it on for itself
            gatehouse
                    .flags()
                    .create(NewFlag.of(Waybill.OVERVIEW, "Overview of shipments")
                            .enable());
        }
        String northwind = Company.NORTHWIND.ensure(gatehouse);
        person(ADA, "Ada", "Lovelace", northwind, Permissions.ADMIN);
        person(VERA, "Vera", "Rubin", northwind, Permissions.VIEWER);
        person(SAM, "Sam", "Carter", northwind, Permissions.VIEWER);
        goods(northwind, Map.of("Olive oil, 40 crates", "Hamburg", "Sea salt, 12 pallets", "Rotterdam"));

        String harbor = Company.HARBOR.ensure(gatehouse);
        if (gatehouse.sso().ofOrganization(harbor).isEmpty()) {
            gatehouse
                    .sso()
                    .create(NewConnection.test(harbor, "Harbor Test IdP")
                            .groupRole("Admins", Permissions.ADMIN)
                            .groupRole("Viewers", Permissions.VIEWER));
        }
        gatehouse.organizations().demand(harbor, SignInPolicy.NONE.withMethods(Set.of("sso")));
        goods(harbor, Map.of("Green coffee, 320 sacks", "Trieste", "Paper cups, 9 boxes", "Oslo"));

        String lumen = Company.LUMEN.ensure(gatehouse);
        person(SAM, "Sam", "Carter", lumen, Permissions.MEMBER);
        goods(lumen, Map.of("Bench drills, 18 units", "Lyon", "Lathe, 1 unit", "Graz"));
    }

    /** Permissions, and what each role may; {@code viewer} is a role of Waybill's own. */
    private void roles() {
        for (Map.Entry<String, String> permission : Permissions.ALL.entrySet()) {
            try {
                gatehouse.access().createPermission(permission.getKey(), permission.getValue());
            } catch (ApiException e) {
                if (!e.code().equals("permission_slug_conflict")) {
                    throw e;
                }
            }
        }
        List<String> known = gatehouse.access().roles().stream().map(Role::slug).toList();
        for (Map.Entry<String, List<String>> role : Permissions.ROLES) {
            if (known.contains(role.getKey())) {
                gatehouse.access().setPermissions(null, role.getKey(), role.getValue());
            } else {
                gatehouse.access().createRole(role.getKey(), "Viewer", role.getValue());
            }
        }
    }

    private void person(String email, String first, String last, String organization, String role) {
        User user = gatehouse
                .users()
                .findByEmail(email)
                .orElseGet(() -> gatehouse
                        .users()
                        .create(NewUser.of(email)
                                .withName(first, last)
                                .withPassword(PASSWORD)
                                .verified()));
        boolean member = gatehouse.organizations().ofUser(user.id()).stream()
                .anyMatch(membership -> membership.organizationId().equals(organization));
        if (!member) {
            gatehouse.organizations().addMember(organization, user.id(), role);
        }
    }

    private void goods(String organization, Map<String, String> destinations) {
        if (shipments.of(organization).isEmpty()) {
            destinations.forEach((goods, destination) -> shipments.add(organization, goods, destination, "Waybill"));
        }
    }
}
