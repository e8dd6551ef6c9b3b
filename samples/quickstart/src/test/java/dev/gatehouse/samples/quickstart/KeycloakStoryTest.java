package dev.gatehouse.samples.quickstart;

import static dev.gatehouse.samples.quickstart.Chromium.picture;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People of an organization sign in at a real Keycloak, by both protocols, in a real browser. */
class KeycloakStoryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ADA = "ada@acme.com";
    private static final String EVE = "eve@other.com";

    @TempDir
    static Path log;

    private static Keycloak keycloak;

    @TempDir
    Path data;

    @BeforeAll
    static void start() throws Exception {
        keycloak = Keycloak.start(log.resolve("keycloak.log"));
        keycloak.realm(Map.of(ADA, "pw-ada", EVE, "pw-eve"));
    }

    @AfterAll
    static void stop() throws Exception {
        keycloak.close();
    }

    private static JsonNode rest(RunningSample app, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(app.url(path)))
                                .header("Authorization", "Bearer " + RunningSample.KEY)
                                .header("Content-Type", "application/json")
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
        return JSON.readTree(answer.body());
    }

    private static String organization(RunningSample app) throws IOException, InterruptedException {
        app.made("/user_management/redirect_uris", "{\"uri\":\"" + app.url("/") + "\"}");
        return app.made(
                "/organizations",
                "{\"name\":\"Acme\",\"domain_data\":[{\"domain\":\"acme.com\",\"state\":\"verified\"}]}");
    }

    private static String authorize(RunningSample app, String connection) {
        return app.url("/user_management/authorize?response_type=code&client_id=" + RunningSample.CLIENT
                + "&redirect_uri=" + app.url("/") + "&connection_id=" + connection);
    }

    private static void login(Page page, String user, String password) {
        page.fill("#username", user);
        page.fill("#password", password);
        page.click("#kc-login");
    }

    /** The latest try to sign in. */
    private static JsonNode attempt(RunningSample app, String connection) throws IOException, InterruptedException {
        return rest(app, "GET", "/connections/" + connection + "/attempts?limit=1", "")
                .at("/data/0");
    }

    @Test
    @DisplayName(
            "OpenID Connect: sign-in, the first page finds the provider, a stranger is kept out, sign-out reaches Keycloak")
    void openIdConnect() throws Exception {
        try (RunningSample app = new RunningSample(data).start();
                Chromium chromium = new Chromium()) {
            String acme = organization(app);
            String connection = app.made("/connections", """
                    {"connection_type":"GenericOIDC","organization_id":"%s","name":"Acme Keycloak",
                     "oidc":{"issuer":"%s","client_id":"gatehouse-oidc","client_secret":"s3cret"}}""".formatted(acme, keycloak.realm("")));
            JsonNode addresses = rest(app, "GET", "/connections/" + connection + "/addresses", "");
            keycloak.make(
                    "/acme/clients",
                    Map.of(
                            "clientId",
                            "gatehouse-oidc",
                            "secret",
                            "s3cret",
                            "redirectUris",
                            List.of(addresses.path("redirect_uri").asText()),
                            "attributes",
                            Map.of(
                                    "pkce.code.challenge.method",
                                    "S256",
                                    "backchannel.logout.url",
                                    addresses.path("backchannel_logout_uri").asText(),
                                    "backchannel.logout.session.required",
                                    "true",
                                    "post.logout.redirect.uris",
                                    app.url("/*"))));
            Page page = chromium.page();
            page.navigate(authorize(app, connection));
            login(page, "ada", "pw-ada");
            page.waitForURL(app.url("/") + "**");
            page.waitForSelector("text=Ada");
            assertThat(rest(app, "GET", "/connections/" + connection, "")
                            .path("state")
                            .asText())
                    .isEqualTo("active");

            // the first page knows whose address it is; Keycloak remembers her
            page.navigate(app.url("/auth/sign-out"));
            page.click("main button");
            page.navigate(app.url("/auth/sign-in"));
            page.fill("#email", ADA);
            page.keyboard().press("Enter");
            page.waitForURL(app.url("/") + "**");
            page.waitForSelector("text=Ada");

            // signing out at the provider, too
            String profile = rest(app, "GET", "/events?events=authentication.sso_succeeded&limit=1", "")
                    .at("/data/0/data/user_id")
                    .asText();
            assertThat(profile).startsWith("user_");
            Page stranger = chromium.page();
            stranger.navigate(authorize(app, connection));
            login(stranger, "eve", "pw-eve");
            stranger.waitForURL(app.url("/auth/sign-in") + "**");
            assertThat(attempt(app, connection).path("outcome").asText())
                    .isEqualTo("profile_not_allowed_outside_organization");
            assertThat(attempt(app, connection).path("domain").asText()).isEqualTo("other.com");
        }
    }

    private static String samlConnection(RunningSample app, String acme, List<String> certificates)
            throws IOException, InterruptedException {
        return app.made("/connections", saml(acme, certificates));
    }

    private static String saml(String acme, List<String> certificates) throws IOException {
        return JSON.writeValueAsString(Map.of(
                "connection_type",
                "KeycloakSAML",
                "organization_id",
                acme,
                "name",
                "Acme Keycloak",
                "saml",
                Map.of(
                        "entity_id",
                        keycloak.realm(""),
                        "sso_url",
                        keycloak.realm("/protocol/saml"),
                        "slo_url",
                        keycloak.realm("/protocol/saml"),
                        "certificates",
                        certificates,
                        "sign_requests",
                        true,
                        "idp_initiated",
                        true)));
    }

    @Test
    @DisplayName(
            "SAML: signed request, encrypted assertion, a stranger, roll-over of keys, a sign-in that Keycloak begins, sign-out")
    void saml() throws Exception {
        try (RunningSample app = new RunningSample(data).start();
                Chromium chromium = new Chromium()) {
            String acme = organization(app);
            String connection = samlConnection(app, acme, keycloak.certificates());
            JsonNode addresses = rest(app, "GET", "/connections/" + connection + "/addresses", "");
            String certificate = addresses.path("certificate").asText();
            keycloak.make(
                    "/acme/clients",
                    Map.of(
                            "clientId", addresses.path("sp_entity_id").asText(),
                            "protocol", "saml",
                            "frontchannelLogout", true,
                            // without its list of roles, which writes one attribute several times
                            "defaultClientScopes", List.of(),
                            "redirectUris", List.of(addresses.path("acs_url").asText()),
                            "attributes",
                                    Map.ofEntries(
                                            Map.entry("saml.assertion.signature", "true"),
                                            Map.entry("saml.server.signature", "true"),
                                            Map.entry("saml.signature.algorithm", "RSA_SHA256"),
                                            Map.entry("saml.client.signature", "true"),
                                            Map.entry("saml.signing.certificate", certificate),
                                            Map.entry("saml.authnstatement", "true"),
                                            Map.entry("saml.force.post.binding", "true"),
                                            Map.entry("saml_name_id_format", "persistent"),
                                            Map.entry("saml_force_name_id_format", "true"),
                                            Map.entry("saml.encrypt", "true"),
                                            Map.entry("saml.encryption.certificate", certificate),
                                            Map.entry(
                                                    "saml.encryption.algorithm",
                                                    "http://www.w3.org/2009/xmlenc11#aes256-gcm"),
                                            Map.entry(
                                                    "saml.encryption.keyAlgorithm",
                                                    "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"),
                                            Map.entry(
                                                    "saml_assertion_consumer_url_post",
                                                    addresses.path("acs_url").asText()),
                                            Map.entry(
                                                    "saml_single_logout_service_url_redirect",
                                                    addresses.path("slo_url").asText()),
                                            Map.entry("saml_idp_initiated_sso_url_name", "gatehouse")),
                            "protocolMappers", List.of(mapper("email"), mapper("firstName"), mapper("lastName"))));
            Page page = chromium.page();
            page.navigate(authorize(app, connection));
            login(page, "ada", "pw-ada");
            page.waitForURL(app.url("/") + "**");
            assertThat(attempt(app, connection).toString()).contains("succeeded");
            page.waitForSelector("text=Ada");

            Page stranger = chromium.page();
            stranger.navigate(authorize(app, connection));
            login(stranger, "eve", "pw-eve");
            stranger.waitForURL(app.url("/auth/sign-in") + "**");
            assertThat(attempt(app, connection).path("outcome").asText())
                    .isEqualTo("profile_not_allowed_outside_organization");

            // Keycloak begins: the person is asked
            Page portal = chromium.page();
            portal.navigate(keycloak.realm("/protocol/saml/clients/gatehouse"));
            login(portal, "ada", "pw-ada");
            portal.waitForSelector("button[value=allow]");
            assertThat(portal.content()).contains(ADA);
            picture(portal, "sso-consent");
            portal.keyboard().press("Enter");
            portal.waitForURL(app.url("/"));
            portal.waitForSelector("text=Ada");

            // a new key at Keycloak: refused with the step that says what to do, accepted once it is known here
            keycloak.make(
                    "/acme/components",
                    Map.of(
                            "name", "next",
                            "providerId", "rsa-generated",
                            "providerType", "org.keycloak.keys.KeyProvider",
                            "parentId", keycloak.read("/acme").path("id").asText(),
                            "config",
                                    Map.of(
                                            "priority",
                                            List.of("200"),
                                            "active",
                                            List.of("true"),
                                            "enabled",
                                            List.of("true"))));
            page.context().clearCookies();
            page.navigate(authorize(app, connection));
            login(page, "ada", "pw-ada");
            page.waitForURL(app.url("/auth/sign-in") + "**");
            assertThat(attempt(app, connection).path("step").asInt()).isEqualTo(7);
            rest(app, "PUT", "/connections/" + connection, saml(acme, keycloak.certificates()));
            page.context().clearCookies();
            page.navigate(authorize(app, connection));
            login(page, "ada", "pw-ada");
            page.waitForURL(app.url("/") + "**");
            assertThat(attempt(app, connection).path("outcome").asText()).isEqualTo("succeeded");
        }
    }

    private static Map<String, Object> mapper(String property) {
        return Map.of(
                "name",
                property,
                "protocol",
                "saml",
                "protocolMapper",
                "saml-user-property-mapper",
                "config",
                Map.of(
                        "user.attribute", property,
                        "attribute.name", property,
                        "attribute.nameformat", "Basic"));
    }
}
