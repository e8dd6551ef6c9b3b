package dev.gatehouse.samples.saas;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.samples.common.Keycloak;
import dev.gatehouse.sso.Addresses;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.OidcProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lumen's identity provider: a Keycloak of its own with a realm, a client and two people, and the connection to it. */
final class LumenKeycloak {
    private static final String REALM = "lumen";
    private static final String CLIENT = "waybill";
    private static final String SECRET = "only-on-this-machine";

    /** In the group Admins. */
    static final String LENA = "lena@lumen.example";

    private LumenKeycloak() {}

    /** Starts it; where Maven put it, {@code bin/saas} says. */
    static Keycloak start(Options options) throws IOException, InterruptedException {
        String home = System.getProperty("keycloak.home");
        if (home == null || !Files.isDirectory(Path.of(home))) {
            throw new IOException("there is no Keycloak at keycloak.home, which bin/saas --keycloak sets");
        }
        System.out.println("starting Keycloak, which takes a minute the first time");
        return Keycloak.start(Path.of(home), REALM, options.data().resolve("keycloak.log"));
    }

    /** Connects the organization with it; without one, a connection of an earlier start is switched off. */
    static void connect(Gatehouse gatehouse, @Nullable Keycloak keycloak) throws IOException, InterruptedException {
        String lumen = Company.LUMEN.ensure(gatehouse);
        List<Connection> known = gatehouse.sso().ofOrganization(lumen);
        if (keycloak == null) {
            known.forEach(connection -> gatehouse.sso().deactivate(connection.id()));
            return;
        }
        NewConnection wanted = NewConnection.oidc(
                        ConnectionType.GENERIC_OIDC,
                        lumen,
                        "Lumen Keycloak",
                        OidcProvider.of(keycloak.realm(""), CLIENT),
                        SECRET)
                .groupRole("Admins", Permissions.ADMIN);
        Connection connection = known.isEmpty()
                ? gatehouse.sso().create(wanted)
                : gatehouse.sso().update(known.get(0).id(), wanted);
        keycloak.make("", realm(gatehouse.sso().addresses(connection.id())));
        // else the first page would send nobody there before somebody came through it
        gatehouse.sso().activate(connection.id());
    }

    /** As somebody would click it together in Keycloak's console: docs/sso/keycloak.md. */
    private static Map<String, Object> realm(Addresses ours) {
        Map<String, Object> groups = Map.of(
                "name",
                "groups",
                "protocol",
                "openid-connect",
                "protocolMapper",
                "oidc-group-membership-mapper",
                "config",
                Map.of("claim.name", "groups", "full.path", "false", "id.token.claim", "true"));
        Map<String, Object> client = Map.of(
                "clientId",
                CLIENT,
                "secret",
                SECRET,
                "protocol",
                "openid-connect",
                "redirectUris",
                List.of(String.valueOf(ours.redirectUri())),
                "attributes",
                Map.of(
                        "pkce.code.challenge.method", "S256",
                        "backchannel.logout.url", String.valueOf(ours.backchannelLogoutUri()),
                        "backchannel.logout.session.required", "true"),
                "protocolMappers",
                List.of(groups));
        return Map.of(
                "realm",
                REALM,
                "enabled",
                true,
                "sslRequired",
                "none",
                "groups",
                List.of(Map.of("name", "Admins")),
                "clients",
                List.of(client),
                "users",
                List.of(
                        person("11111111-0000-4000-8000-000000000001", LENA, "Lena", "Meyer", List.of("Admins")),
                        person(
                                "11111111-0000-4000-8000-000000000002",
                                "leo@lumen.example",
                                "Leo",
                                "Ferrari",
                                List.of())));
    }

    /** The id is always the same, since Gatehouse knows people again by it and this Keycloak forgets everything. */
    private static Map<String, Object> person(String id, String email, String first, String last, List<String> groups) {
        return Map.of(
                "id",
                id,
                "username",
                email.substring(0, email.indexOf('@')),
                "email",
                email,
                "emailVerified",
                true,
                "enabled",
                true,
                "firstName",
                first,
                "lastName",
                last,
                "groups",
                groups,
                "credentials",
                List.of(Map.of("type", "password", "value", Seed.PASSWORD, "temporary", false)));
    }
}
