package dev.gatehouse.benchmarks;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.OidcProvider;
import dev.gatehouse.sso.SamlProvider;
import dev.gatehouse.testkit.SamlIdp;
import java.util.Base64;
import java.util.List;
import java.util.Map;

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
        record Back(Visitor visitor, String address) {}
        meter.measure(
                OIDC,
                "Gatehouse",
                Role.OURS,
                true,
                Meter.Work.using(
                        round -> {
                            Visitor visitor = new Visitor(gatehouse);
                            String authorized = provider.authorize(leave(visitor, connection));
                            return new Back(visitor, "/auth/sso/oidc/callback/" + connection.key() + "?" + authorized);
                        },
                        back -> arrived(back.visitor.get(back.address)),
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
        record Back(Visitor visitor, SamlIdp.Form form) {}
        meter.measure(
                SAML,
                "Gatehouse",
                Role.OURS,
                true,
                Meter.Work.using(
                        round -> {
                            Visitor visitor = new Visitor(gatehouse);
                            return new Back(visitor, idp.signIn(leave(visitor, connection)));
                        },
                        back -> arrived(back.visitor.get(
                                back.visitor.postFromElsewhere(back.form.action(), back.form.fields()))),
                        100));
    }
}
