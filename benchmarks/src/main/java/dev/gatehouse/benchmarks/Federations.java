package dev.gatehouse.benchmarks;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.OidcProvider;
import dev.gatehouse.sso.SamlProvider;
import dev.gatehouse.testkit.SamlIdp;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What comes back from an identity provider, up to the application's code: whole requests, on an H2 file. */
final class Federations {
    static final String OIDC = "sign-in: OIDC callback";
    static final String SAML = "sign-in: SAML response, signed";
    static final String BACK = "https://app.example.test/callback";

    private final Meter meter;
    private final Gatehouse gatehouse;

    private Federations(Meter meter, Gatehouse gatehouse) {
        this.meter = meter;
        this.gatehouse = gatehouse;
    }

    static void measure(Meter meter) throws Exception {
        Provider provider = new Provider();
        try (Gatehouse gatehouse = Ours.builder(Ours.file()).outbound(provider).build();
                SamlIdp idp = SamlIdp.start().user("bob", Map.of("email", List.of("bob@saml.example")))) {
            gatehouse.environments().ensureRedirectUri(gatehouse.environment().id(), BACK);
            Federations all = new Federations(meter, gatehouse);
            all.oidc(provider);
            all.saml(idp);
        }
    }

    /** Makes an organization with this domain of its own. */
    static String organization(Gatehouse gatehouse, String domain) {
        String made = gatehouse.organizations().create(domain).id();
        var domains = gatehouse.organizations().domains();
        domains.verifyManually(domains.claim(made, domain).id());
        return made;
    }

    private String leave(Visitor visitor, Connection connection) {
        return visitor.get("/user_management/authorize?response_type=code&client_id=" + Ours.CLIENT + "&redirect_uri="
                + BACK + "&connection_id=" + connection.id());
    }

    private static void arrived(String location) {
        if (!location.startsWith(BACK + "?code=")) {
            throw new IllegalStateException(location);
        }
    }

    private void oidc(Provider provider) throws Exception {
        Connection connection = gatehouse
                .sso()
                .create(NewConnection.oidc(
                        ConnectionType.GENERIC_OIDC,
                        organization(gatehouse, "acme.com"),
                        "Acme",
                        OidcProvider.of(Provider.ISSUER, Provider.CLIENT),
                        "the-secret"));
        Map<Integer, Visitor> visitors = new HashMap<>();
        Map<Integer, String> backs = new HashMap<>();
        meter.measure(
                OIDC,
                "Gatehouse",
                Role.OURS,
                true,
                new Meter.Work(
                        (from, to) -> {
                            visitors.clear();
                            backs.clear();
                            for (int i = from; i < to; i++) {
                                Visitor visitor = new Visitor(gatehouse);
                                String authorized = provider.authorize(leave(visitor, connection));
                                visitors.put(i, visitor);
                                backs.put(i, "/auth/sso/oidc/callback/" + connection.key() + "?" + authorized);
                            }
                        },
                        round -> arrived(Objects.requireNonNull(visitors.get(round))
                                .get(Objects.requireNonNull(backs.get(round)))),
                        100));
    }

    private void saml(SamlIdp idp) throws Exception {
        Connection connection = gatehouse
                .sso()
                .create(NewConnection.saml(
                        ConnectionType.GENERIC_SAML,
                        organization(gatehouse, "saml.example"),
                        "SAML",
                        SamlProvider.of(
                                idp.entityId(),
                                idp.ssoUrl(),
                                Base64.getEncoder()
                                        .encodeToString(idp.certificate().getEncoded()))));
        Map<Integer, Visitor> visitors = new HashMap<>();
        Map<Integer, SamlIdp.Form> forms = new HashMap<>();
        meter.measure(
                SAML,
                "Gatehouse",
                Role.OURS,
                true,
                new Meter.Work(
                        (from, to) -> {
                            visitors.clear();
                            forms.clear();
                            for (int i = from; i < to; i++) {
                                Visitor visitor = new Visitor(gatehouse);
                                forms.put(i, idp.signIn(leave(visitor, connection)));
                                visitors.put(i, visitor);
                            }
                        },
                        round -> {
                            Visitor visitor = Objects.requireNonNull(visitors.get(round));
                            SamlIdp.Form form = Objects.requireNonNull(forms.get(round));
                            arrived(visitor.get(visitor.postFromElsewhere(form.action(), form.fields())));
                        },
                        100));
    }
}
