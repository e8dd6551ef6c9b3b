package dev.gatehouse.samples.docs;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.organizations.Organization;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.SamlProvider;
import dev.gatehouse.testkit.SamlIdp;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The Java of docs/sso, word for word: each makes its connection in a real Gatehouse, and somebody signs in through it, said
 * to be there as that vendor says it.
 */
class VendorSnippetsTest {
    private static final String CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";

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

    /** A guide's snippet, given what an administrator copies from the vendor. */
    private interface SamlGuide {
        Connection made(String entityId, String ssoUrl, String certificate);
    }

    private record SamlVendor(
            String name,
            String entityId,
            boolean signsResponse,
            boolean signsAssertion,
            Map<String, String> attributes,
            String group,
            SamlGuide guide) {}

    private static Map<String, String> names(String email, String first, String last, String groups) {
        return Map.of("email", email, "first", first, "last", last, "groups", groups);
    }

    private static final Map<String, String> PLAIN = names("email", "firstName", "lastName", "groups");
    private static final Map<String, String> MEMBER_OF = names("email", "firstName", "lastName", "memberOf");

    private Connection okta(
            String identityProviderIssuer, String identityProviderSingleSignOnUrl, String x509Certificate) {
        Connection okta = gatehouse
                .sso()
                .create(NewConnection.saml(
                                ConnectionType.OKTA_SAML,
                                acme.id(),
                                "Acme Okta",
                                SamlProvider.of(
                                                identityProviderIssuer,
                                                identityProviderSingleSignOnUrl,
                                                x509Certificate)
                                        .withIdpInitiated())
                        .groupRole("Admins", "admin"));
        return okta;
    }

    private Connection entra(String microsoftEntraIdentifier, String loginUrl, String certificateBase64) {
        Connection entra = gatehouse
                .sso()
                .create(NewConnection.saml(
                                ConnectionType.AZURE_SAML,
                                acme.id(),
                                "Acme Entra",
                                SamlProvider.of(microsoftEntraIdentifier, loginUrl, certificateBase64))
                        .groupRole("9c2d1f8e-0b6a-4b0e-8a55-6f2f3c1f7a10", "admin"));
        return entra;
    }

    private Connection google(String entityId, String ssoUrl, String certificate) {
        Connection google = gatehouse
                .sso()
                .create(NewConnection.saml(
                                ConnectionType.GOOGLE_SAML,
                                acme.id(),
                                "Acme Google",
                                SamlProvider.of(entityId, ssoUrl, certificate).withIdpInitiated())
                        .groupRole("Engineering", "admin"));
        return google;
    }

    private Connection ping(String issuerId, String singleSignonService, String signingCertificate) {
        Connection ping = gatehouse
                .sso()
                .create(NewConnection.saml(
                                ConnectionType.PING_ONE_SAML,
                                acme.id(),
                                "Acme PingOne",
                                SamlProvider.of(issuerId, singleSignonService, signingCertificate)
                                        .withIdpInitiated())
                        .groupRole("Admins", "admin"));
        return ping;
    }

    private Connection oneLogin(String issuerUrl, String saml20Endpoint, String x509Certificate) {
        Connection oneLogin = gatehouse
                .sso()
                .create(NewConnection.saml(
                                ConnectionType.ONE_LOGIN_SAML,
                                acme.id(),
                                "Acme OneLogin",
                                SamlProvider.of(issuerUrl, saml20Endpoint, x509Certificate)
                                        .withIdpInitiated())
                        .mapping(Map.of("groups", "memberOf"))
                        .groupRole("Admins", "admin"));
        return oneLogin;
    }

    private Connection jumpCloud(String idpEntityId, String idpUrl, String certificate) {
        Connection jumpCloud = gatehouse
                .sso()
                .create(NewConnection.saml(
                                ConnectionType.JUMP_CLOUD_SAML,
                                acme.id(),
                                "Acme JumpCloud",
                                SamlProvider.of(idpEntityId, idpUrl, certificate)
                                        .withIdpInitiated())
                        .mapping(Map.of("groups", "memberOf"))
                        .groupRole("Admins", "admin"));
        return jumpCloud;
    }

    private Connection auth0(String issuer, String identityProviderLoginUrl, String identityProviderCertificate) {
        Connection auth0 = gatehouse
                .sso()
                .create(NewConnection.saml(
                                ConnectionType.AUTH0_SAML,
                                acme.id(),
                                "Acme Auth0",
                                SamlProvider.of(issuer, identityProviderLoginUrl, identityProviderCertificate))
                        .groupRole("Admins", "admin"));
        return auth0;
    }

    private Connection adfs(String federationServiceIdentifier, String adfsLs, String tokenSigningCertificate) {
        Connection adfs = gatehouse
                .sso()
                .create(NewConnection.saml(
                                ConnectionType.ADFS_SAML,
                                acme.id(),
                                "Acme AD FS",
                                SamlProvider.of(federationServiceIdentifier, adfsLs, tokenSigningCertificate)
                                        .withLogout(adfsLs))
                        .groupRole("Admins", "admin"));
        return adfs;
    }

    private Connection keycloak(String realm, String certificate) {
        Connection keycloak = gatehouse
                .sso()
                .create(NewConnection.saml(
                                ConnectionType.KEYCLOAK_SAML,
                                acme.id(),
                                "Acme Keycloak",
                                SamlProvider.of(realm, realm + "/protocol/saml", certificate)
                                        .withLogout(realm + "/protocol/saml")
                                        .withSignedRequests()
                                        .withIdpInitiated())
                        .groupRole("Admins", "admin"));
        return keycloak;
    }

    private Connection other(String issuer, String loginUrl, String signingCertificate) {
        Connection other = gatehouse
                .sso()
                .create(NewConnection.saml(
                                ConnectionType.GENERIC_SAML,
                                acme.id(),
                                "Acme",
                                SamlProvider.of(issuer, loginUrl, signingCertificate))
                        .mapping(Map.of("email", "mail", "groups", "isMemberOf"))
                        .groupRole("Admins", "admin"));
        return other;
    }

    private List<SamlVendor> samlVendors() {
        Map<String, String> microsoft = names(
                CLAIMS + "emailaddress",
                CLAIMS + "givenname",
                CLAIMS + "surname",
                "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups");
        Map<String, String> federation = names(
                CLAIMS + "emailaddress",
                CLAIMS + "givenname",
                CLAIMS + "surname",
                "http://schemas.xmlsoap.org/claims/Group");
        return List.of(
                new SamlVendor("Okta", "http://www.okta.com/exk1", true, true, PLAIN, "Admins", this::okta),
                new SamlVendor(
                        "Entra",
                        "https://sts.windows.net/11111111-2222-3333-4444-555555555555/",
                        false,
                        true,
                        microsoft,
                        "9c2d1f8e-0b6a-4b0e-8a55-6f2f3c1f7a10",
                        this::entra),
                new SamlVendor(
                        "Google",
                        "https://accounts.google.com/o/saml2?idpid=C01",
                        true,
                        false,
                        PLAIN,
                        "Engineering",
                        this::google),
                new SamlVendor("PingOne", "https://auth.pingone.com/e1", false, true, PLAIN, "Admins", this::ping),
                new SamlVendor(
                        "OneLogin",
                        "https://app.onelogin.com/saml/metadata/1",
                        false,
                        true,
                        MEMBER_OF,
                        "Admins",
                        this::oneLogin),
                new SamlVendor(
                        "JumpCloud", "https://jumpcloud.com/acme", true, true, MEMBER_OF, "Admins", this::jumpCloud),
                new SamlVendor("Auth0", "urn:acme.eu.auth0.com", false, true, federation, "Admins", this::auth0),
                new SamlVendor(
                        "AD FS",
                        "http://adfs.acme.com/adfs/services/trust",
                        false,
                        true,
                        federation,
                        "Admins",
                        this::adfs),
                new SamlVendor("Keycloak", "", true, true, PLAIN, "Admins", (id, url, pem) -> keycloak(url, pem)),
                new SamlVendor(
                        "generic",
                        "urn:idp",
                        true,
                        false,
                        names("mail", "givenName", "sn", "isMemberOf"),
                        "Admins",
                        this::other));
    }

    @TestFactory
    @DisplayName("through each guide's SAML connection somebody signs in, with name and role")
    Stream<DynamicTest> saml() {
        return samlVendors().stream().map(vendor -> DynamicTest.dynamicTest(vendor.name, () -> signIn(vendor)));
    }

    private void signIn(SamlVendor vendor) throws CertificateEncodingException {
        String email = vendor.name.replace(" ", "") + "@acme.com";
        try (SamlIdp idp = SamlIdp.start(application.clock)) {
            idp.entityId(vendor.entityId.isEmpty() ? idp.ssoUrl() : vendor.entityId)
                    .signs(vendor.signsResponse, vendor.signsAssertion)
                    .nameIdFormat("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent")
                    .user(
                            "0815",
                            Map.of(
                                    vendor.attributes.get("email"), List.of(email),
                                    vendor.attributes.get("first"), List.of("Ada"),
                                    vendor.attributes.get("last"), List.of("Lovelace"),
                                    vendor.attributes.get("groups"), List.of("Everyone", vendor.group)));
            String certificate =
                    Base64.getEncoder().encodeToString(idp.certificate().getEncoded());
            Connection connection = vendor.guide.made(idp.entityId(), idp.ssoUrl(), certificate);
            application.arrives(connection, email);
        }
    }
}
