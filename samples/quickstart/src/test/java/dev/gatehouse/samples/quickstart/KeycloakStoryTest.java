package dev.gatehouse.samples.quickstart;

import static dev.gatehouse.samples.quickstart.Chromium.picture;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import dev.gatehouse.samples.common.Keycloak;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** People of an organization sign in at a real Keycloak, by both protocols, in a real browser. */
@ExtendWith(WithKeycloak.class)
class KeycloakStoryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ADA = WithKeycloak.ADA;

    private final Keycloak keycloak;

    @TempDir
    Path data;

    KeycloakStoryTest(Keycloak keycloak) {
        this.keycloak = keycloak;
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

    /** Addresses do not tell: the page that sends the answer on is below the application's own, and goes on by itself. */
    private static void atHome(Page page) {
        page.waitForSelector("text=Ada");
    }

    /** An application that keeps its users itself asks whose profile it is, and where that person signs out. */
    private static String signOutAtTheProvider(RunningSample app, Page page, String connection)
            throws IOException, InterruptedException {
        page.navigate(app.url("/sso/authorize?response_type=code&client_id=" + RunningSample.CLIENT + "&redirect_uri="
                + app.url("/") + "&connection=" + connection));
        page.waitForURL(Pattern.compile(".*[?]code=.*"));
        String code = page.url().substring(page.url().indexOf("code=") + 5).replaceFirst("&.*", "");
        JsonNode token = rest(app, "POST", "/sso/token", """
                {"client_id":"%s","client_secret":"%s","grant_type":"authorization_code","code":"%s"}""".formatted(RunningSample.CLIENT, RunningSample.KEY, code));
        String profile = token.at("/profile/id").asText();
        return rest(app, "POST", "/sso/logout/authorize", "{\"profile_id\":\"" + profile + "\"}")
                .path("logout_url")
                .asText();
    }

    /** The latest try to sign in. */
    private static JsonNode attempt(RunningSample app, String connection) throws IOException, InterruptedException {
        return rest(app, "GET", "/connections/" + connection + "/attempts?limit=1", "")
                .at("/data/0");
    }

    @Test
    @DisplayName(
            "OpenID Connect: a test, sign-in, the first page finds the provider, a stranger is kept out, logout by both sides")
    void openIdConnect() throws Exception {
        try (RunningSample app = new RunningSample(data).start();
                Chromium chromium = new Chromium()) {
            String acme = organization(app);
            String connection = app.made("/connections", """
                    {"connection_type":"GenericOIDC","organization_id":"%s","name":"Acme Keycloak",
                     "oidc":{"issuer":"%s","client_id":"gatehouse-oidc","client_secret":"s3cret"}}""".formatted(acme, keycloak.realm("")));
            JsonNode addresses = rest(app, "GET", "/connections/" + connection + "/addresses", "");
            keycloak.client(
                    "gatehouse-oidc",
                    "openid-connect",
                    Map.of(
                            "pkce.code.challenge.method",
                            "S256",
                            "backchannel.logout.url",
                            addresses.path("backchannel_logout_uri").asText(),
                            "backchannel.logout.session.required",
                            "true",
                            "post.logout.redirect.uris",
                            app.url("/*")),
                    Map.of(
                            "secret",
                            "s3cret",
                            "redirectUris",
                            List.of(addresses.path("redirect_uri").asText())));
            // who sets it up tries it first
            Page trial = chromium.page();
            trial.navigate(rest(app, "POST", "/connections/" + connection + "/test_sign_in", "")
                    .path("url")
                    .asText());
            login(trial, "ada", "pw-ada");
            trial.waitForSelector("text=The test passed");
            assertThat(trial.content()).contains("13. Subject", ADA);
            picture(trial, "sso-report");
            Page page = chromium.page();
            page.navigate(authorize(app, connection));
            login(page, "ada", "pw-ada");
            atHome(page);
            assertThat(rest(app, "GET", "/connections/" + connection, "")
                            .path("state")
                            .asText())
                    .isEqualTo("active");

            // the first page knows whose address it is; Keycloak remembers her
            page.navigate(app.url("/auth/sign-out"));
            page.click("main button");
            page.waitForURL(app.url("/auth/signed-out") + "**");
            page.navigate(app.url("/auth/sign-in"));
            page.fill("#email", ADA);
            page.keyboard().press("Enter");
            atHome(page);

            // an administrator ends her sessions at Keycloak, which tells us by a logout token
            keycloak.logout("ada");
            page.navigate(app.url("/"));
            page.waitForURL(app.url("/auth/sign-in") + "**");

            // the application signs her out at Keycloak, too
            page.navigate(authorize(app, connection));
            login(page, "ada", "pw-ada");
            atHome(page);
            page.navigate(signOutAtTheProvider(app, page, connection));
            page.click("#kc-logout");
            page.waitForURL(app.url("/auth/signed-out") + "**");
            page.navigate(authorize(app, connection));
            page.waitForSelector("#kc-login");

            Page stranger = chromium.page();
            stranger.navigate(authorize(app, connection));
            login(stranger, "eve", "pw-eve");
            stranger.waitForURL(app.url("/auth/sign-in") + "**");
            assertThat(attempt(app, connection).path("outcome").asText())
                    .isEqualTo("profile_not_allowed_outside_organization");
            assertThat(attempt(app, connection).path("domain").asText()).isEqualTo("other.com");
        }
    }

    private String saml(String acme) throws IOException {
        return JSON.writeValueAsString(Map.of(
                "connection_type",
                "KeycloakSAML",
                "organization_id",
                acme,
                "name",
                "Acme Keycloak",
                "saml",
                Map.of(
                        "metadata_url",
                        keycloak.realm("/protocol/saml/descriptor"),
                        "request_binding",
                        "post",
                        "sign_requests",
                        true,
                        "idp_initiated",
                        true)));
    }

    @Test
    @DisplayName(
            "SAML: signed request, encrypted assertion, a stranger, roll-over of keys, a sign-in that Keycloak begins, logout by both sides")
    void saml() throws Exception {
        try (RunningSample app = new RunningSample(data).start();
                Chromium chromium = new Chromium()) {
            String acme = organization(app);
            String connection = app.made("/connections", saml(acme));
            JsonNode addresses = rest(app, "GET", "/connections/" + connection + "/addresses", "");
            String certificate = addresses.path("certificate").asText();
            keycloak.client(
                    addresses.path("sp_entity_id").asText(),
                    "saml",
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
                            Map.entry("saml.encryption.algorithm", "http://www.w3.org/2009/xmlenc11#aes256-gcm"),
                            Map.entry(
                                    "saml.encryption.keyAlgorithm", "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"),
                            Map.entry(
                                    "saml_assertion_consumer_url_post",
                                    addresses.path("acs_url").asText()),
                            Map.entry(
                                    "saml_single_logout_service_url_redirect",
                                    addresses.path("slo_url").asText()),
                            Map.entry("saml_idp_initiated_sso_url_name", "gatehouse")),
                    Map.of(
                            "frontchannelLogout",
                            true,
                            "redirectUris",
                            List.of(addresses.path("acs_url").asText()),
                            "protocolMappers",
                            List.of(mapper("email"), mapper("firstName"), mapper("lastName"))));
            Page page = chromium.page();
            page.navigate(authorize(app, connection));
            login(page, "ada", "pw-ada");
            atHome(page);
            assertThat(attempt(app, connection).toString()).contains("succeeded");

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
            portal.waitForURL(Pattern.compile(".*[?]code=.*"));
            portal.waitForSelector("text=Ada");
            portal.navigate(keycloak.realm("/protocol/saml/clients/gatehouse"));
            portal.waitForURL(Pattern.compile(".*[?]code=.*"));
            assertThat(attempt(app, connection).path("outcome").asText())
                    .as("asked once in this browser")
                    .isEqualTo("succeeded");

            // Keycloak ends the session everywhere: the browser takes its signed request to us
            portal.navigate(keycloak.realm("/protocol/openid-connect/logout"));
            portal.click("#kc-logout");
            portal.waitForSelector("text=You are logged out");
            portal.navigate(app.url("/"));
            portal.waitForURL(app.url("/auth/sign-in") + "**");

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
            Page trial = chromium.page();
            trial.navigate(rest(app, "POST", "/connections/" + connection + "/test_sign_in", "")
                    .path("url")
                    .asText());
            login(trial, "ada", "pw-ada");
            trial.waitForSelector("text=The test failed");
            assertThat(trial.content()).contains("7. Signature", "18. Replay");
            picture(trial, "sso-report-failed");
            rest(app, "PUT", "/connections/" + connection, saml(acme));
            page.context().clearCookies();
            page.navigate(authorize(app, connection));
            login(page, "ada", "pw-ada");
            atHome(page);
            assertThat(attempt(app, connection).path("outcome").asText()).isEqualTo("succeeded");

            page.navigate(signOutAtTheProvider(app, page, connection));
            page.waitForURL(app.url("/auth/signed-out") + "**");
            page.navigate(authorize(app, connection));
            page.waitForSelector("#kc-login");
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
