package dev.gatehouse.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.organizations.Organization;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.OidcProvider;
import dev.gatehouse.testkit.OidcIdp;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The Java of docs/sso for OpenID Connect, word for word, as {@link VendorSnippetsTest} has that for SAML. */
class OidcVendorSnippetsTest {
    private DocsApplication application;
    private Gatehouse gatehouse;
    private Organization acme;

    @BeforeEach
    void start() throws Exception {
        application = new DocsApplication();
        gatehouse = application.gatehouse;
        acme = application.acme;
    }

    @AfterEach
    void stop() throws Exception {
        application.close();
    }

    private Connection oktaOidc(String oktaDomain, String clientId, String clientSecret) {
        Connection okta = gatehouse
                .sso()
                .create(NewConnection.oidc(
                        ConnectionType.OKTA_OIDC,
                        acme.id(),
                        "Acme Okta",
                        OidcProvider.of(oktaDomain, clientId).withScopes("openid", "email", "profile", "groups"),
                        clientSecret));
        return okta;
    }

    private Connection entraOidc(String issuer, String applicationId, String secretValue) {
        Connection entra = gatehouse
                .sso()
                .create(NewConnection.oidc(
                        ConnectionType.ENTRA_ID_OIDC,
                        acme.id(),
                        "Acme Entra",
                        OidcProvider.of(issuer, applicationId),
                        secretValue));
        return entra;
    }

    private Connection pingOidc(String issuerId, String clientId, String clientSecret) {
        Connection ping = gatehouse
                .sso()
                .create(NewConnection.oidc(
                        ConnectionType.GENERIC_OIDC,
                        acme.id(),
                        "Acme PingOne",
                        OidcProvider.of(issuerId, clientId),
                        clientSecret));
        return ping;
    }

    private Connection oneLoginOidc(String issuerUrl, String clientId, String clientSecret) {
        Connection oneLogin = gatehouse
                .sso()
                .create(NewConnection.oidc(
                        ConnectionType.GENERIC_OIDC,
                        acme.id(),
                        "Acme OneLogin",
                        OidcProvider.of(issuerUrl, clientId).withScopes("openid", "email", "profile", "groups"),
                        clientSecret));
        return oneLogin;
    }

    private Connection keycloakOidc(String realm, String clientId, String clientSecret) {
        Connection keycloak = gatehouse
                .sso()
                .create(NewConnection.oidc(
                        ConnectionType.GENERIC_OIDC,
                        acme.id(),
                        "Acme Keycloak",
                        OidcProvider.of(realm, clientId),
                        clientSecret));
        return keycloak;
    }

    private Connection otherOidc(String issuer, String clientId, String clientSecret) {
        Connection other = gatehouse
                .sso()
                .create(NewConnection.oidc(
                        ConnectionType.GENERIC_OIDC,
                        acme.id(),
                        "Acme",
                        OidcProvider.of(issuer, clientId),
                        clientSecret));
        return other;
    }

    private Connection googleOidc(String clientId, String clientSecret) {
        Connection google = gatehouse
                .sso()
                .create(NewConnection.oidc(
                        ConnectionType.GOOGLE_OIDC,
                        acme.id(),
                        "Acme Google",
                        OidcProvider.of("https://accounts.google.com", clientId),
                        clientSecret));
        return google;
    }

    private Connection jumpCloudOidc(String clientId, String clientSecret) {
        Connection jumpCloud = gatehouse
                .sso()
                .create(NewConnection.oidc(
                        ConnectionType.GENERIC_OIDC,
                        acme.id(),
                        "Acme JumpCloud",
                        OidcProvider.of("https://oauth.id.jumpcloud.com/", clientId),
                        clientSecret));
        return jumpCloud;
    }

    private Connection auth0Oidc(String domain, String clientId, String clientSecret) {
        Connection auth0 = gatehouse
                .sso()
                .create(NewConnection.oidc(
                                ConnectionType.GENERIC_OIDC,
                                acme.id(),
                                "Acme Auth0",
                                OidcProvider.of("https://" + domain + "/", clientId),
                                clientSecret)
                        .mapping(Map.of("groups", "https://acme.com/groups"))
                        .groupRole("Admins", "admin"));
        return auth0;
    }

    private interface OidcGuide {
        Connection made(String issuer, String clientId, String clientSecret);
    }

    @TestFactory
    @DisplayName("through each guide's OpenID connection somebody signs in")
    Stream<DynamicTest> openIdConnect() {
        Map<String, OidcGuide> guides = Map.of(
                "Okta", this::oktaOidc,
                "Entra", this::entraOidc,
                "PingOne", this::pingOidc,
                "OneLogin", this::oneLoginOidc,
                "Keycloak", this::keycloakOidc,
                "generic", this::otherOidc,
                "Auth0", this::mapped);
        return guides.entrySet().stream()
                .map(guide -> DynamicTest.dynamicTest(guide.getKey(), () -> {
                    try (OidcIdp idp = OidcIdp.start(application.clock)) {
                        String email = guide.getKey() + "@acme.com";
                        idp.user(
                                "0815",
                                Map.of(
                                        "email",
                                        email,
                                        "given_name",
                                        "Ada",
                                        "family_name",
                                        "Lovelace",
                                        "https://acme.com/groups",
                                        List.of("Admins")));
                        application.arrives(
                                guide.getValue().made(idp.issuer(), idp.clientId(), idp.clientSecret()), email);
                    }
                }));
    }

    /** Auth0's connection, at an issuer that a test can listen at. */
    private Connection mapped(String issuer, String clientId, String clientSecret) {
        Connection auth0 = auth0Oidc("acme.eu.auth0.com", clientId, clientSecret);
        return gatehouse
                .sso()
                .update(
                        auth0.id(),
                        new NewConnection(
                                auth0.type(),
                                acme.id(),
                                auth0.name(),
                                null,
                                OidcProvider.of(issuer, clientId),
                                clientSecret,
                                auth0.attributes(),
                                auth0.customAttributes(),
                                auth0.groupRoles()));
    }

    @TestFactory
    @DisplayName("the guides whose issuer is the vendor's own make a connection that can be used")
    Stream<DynamicTest> fixedIssuers() {
        return Stream.of("Google", "JumpCloud")
                .map(vendor -> DynamicTest.dynamicTest(vendor, () -> {
                    Connection made = vendor.equals("Google")
                            ? googleOidc("client", "secret")
                            : jumpCloudOidc("client", "secret");
                    assertThat(made.isOpen()).isTrue();
                    assertThat(gatehouse.sso().addresses(made.id()).redirectUri())
                            .startsWith(application.app + "/auth/sso/oidc/callback/");
                }));
    }
}
