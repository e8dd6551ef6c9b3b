package dev.gatehouse.samples.quickstart;

import static dev.gatehouse.samples.quickstart.Chromium.picture;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import dev.gatehouse.testkit.SamlIdp;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of single sign-on, with the keyboard alone, and one of them without scripts. */
class SsoStoryTest {
    @TempDir
    Path data;

    @Test
    @DisplayName(
            "with the keyboard alone: the first page finds the organization's provider, which refuses, and then vouches; a provider that is asked by a form works without scripts")
    void pages() throws Exception {
        try (RunningSample app = new RunningSample(data).start();
                Chromium chromium = new Chromium();
                SamlIdp idp = SamlIdp.start()) {
            String acme = app.made(
                    "/organizations",
                    "{\"name\":\"Acme\",\"domain_data\":[{\"domain\":\"acme.com\",\"state\":\"verified\"}]}");
            app.made("/connections", """
                    {"connection_type":"TestIdp","organization_id":"%s","name":"Acme Test"}""".formatted(acme));
            for (String type : List.of("GoogleOAuth", "MicrosoftOAuth", "GitHubOAuth", "AppleOAuth")) {
                app.made("/connections", """
                        {"connection_type":"%s","oidc":{"client_id":"c","client_secret":"s"}}""".formatted(type));
            }
            Page page = chromium.page();
            page.navigate(app.url("/"));
            picture(page, "sign-in-providers");
            page.keyboard().type("ada@acme.com");
            page.keyboard().press("Enter");
            page.waitForSelector("button[value=deny]");
            picture(page, "sso-test");
            assertThat(page.inputValue("#email")).isEqualTo("ada@acme.com");
            for (int i = 0; i < 5; i++) {
                page.keyboard().press("Tab");
            }
            assertThat(page.evaluate("document.activeElement.value")).isEqualTo("deny");
            page.keyboard().press("Enter");
            page.waitForSelector("text=sso_attempt_");
            picture(page, "sso-refused");

            page.navigate(app.url("/"));
            page.keyboard().type("ada@acme.com");
            page.keyboard().press("Enter");
            page.waitForSelector("button[value=deny]");
            page.keyboard().press("Tab");
            page.keyboard().type("Ada");
            page.keyboard().press("Enter");
            page.waitForURL(app.url("/"));
            page.waitForSelector("text=Ada");

            idp.user("bob@acme.com", Map.of("email", List.of("bob@acme.com"), "firstName", List.of("Bob")));
            String connection = app.made("/connections", """
                    {"connection_type":"GenericSAML","organization_id":"%s","name":"Acme SAML",
                     "saml":{"metadata_url":"%s","request_binding":"post"}}""".formatted(acme, idp.metadataUrl()));
            app.made("/user_management/redirect_uris", "{\"uri\":\"" + app.url("/") + "\"}");
            String begin = app.url("/user_management/authorize?response_type=code&client_id=" + RunningSample.CLIENT
                    + "&redirect_uri=" + app.url("/") + "&connection_id=" + connection);
            Page unscripted = chromium.page(new Browser.NewContextOptions().setJavaScriptEnabled(false));
            unscripted.navigate(begin);
            unscripted.waitForSelector("#post button");
            unscripted.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "pictures", "sso-post.png")));
            unscripted.keyboard().press("Tab");
            unscripted.keyboard().press("Enter");
            unscripted.waitForURL(idp.ssoUrl() + "**");
            assertThat(idp.lastRequest()).contains("AuthnRequest");
            Page scripted = chromium.page();
            scripted.navigate(begin);
            scripted.waitForURL(app.url("/") + "**");
            scripted.waitForSelector("text=Bob");
        }
    }
}
