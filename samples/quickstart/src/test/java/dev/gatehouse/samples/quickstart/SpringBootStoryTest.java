package dev.gatehouse.samples.quickstart;

import static dev.gatehouse.samples.quickstart.Chromium.picture;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.gatehouse.testkit.HttpBrowser;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Spring Boot sample, as a new user would meet it. */
class SpringBootStoryTest {
    private static final String PASSWORD = "correct-horse-battery-9";

    @TempDir
    Path data;

    @Test
    @DisplayName(
            "Spring Boot 4 on Tomcat: sign up, write a note, nobody else removes it, sign out by Spring's own logout")
    void onSpringBoot4() throws Exception {
        try (RunningSpringBoot app = RunningSpringBoot.start("spring-boot", data);
                Chromium chromium = new Chromium()) {
            Page ada = chromium.page();
            ada.navigate(app.url("/about"));
            ada.click("text=Sign in");
            ada.click("a[href*='sign-up']");
            ada.fill("#email", "ada@example.com");
            ada.fill("#password", PASSWORD);
            ada.keyboard().press("Enter");
            ada.waitForSelector("#me");
            ada.fill("#text", "Water the <b>plants</b>");
            ada.keyboard().press("Enter");
            ada.waitForSelector("text=Water the <b>plants</b>");
            picture(ada, "spring-boot");

            Page bob = chromium.page();
            bob.navigate(app.url("/auth/sign-up"));
            bob.fill("#email", "bob@example.com");
            bob.fill("#password", PASSWORD);
            bob.keyboard().press("Enter");
            bob.waitForSelector("#me");
            assertThat(bob.content()).contains("Water the").doesNotContain("Remove");
            // what the page does not offer is refused all the same
            bob.evaluate("document.querySelector('form').action = '/notes/1/remove'");
            bob.fill("#text", "x");
            bob.click("text=Add note");
            bob.waitForURL("**/notes/1/remove");
            assertThat(bob.content()).contains("403");

            ada.click("text=Remove");
            ada.waitForSelector("text=No notes yet");
            ada.click("text=Sign out");
            ada.waitForURL("**/auth/signed-out");
            ada.navigate(app.url("/"));
            ada.waitForURL("**/auth/sign-in**");
        }
    }

    @Test
    @DisplayName("Spring Boot 3.5 on Jetty: the same artifact, the same sources")
    void onSpringBoot3() throws Exception {
        try (RunningSpringBoot app = RunningSpringBoot.start("spring-boot-3", data)) {
            HttpBrowser browser = new HttpBrowser();
            HttpBrowser.Page home = browser.submit(
                    browser.get(app.url("/auth/sign-up")), Map.of("email", "ada@example.com", "password", PASSWORD));
            assertThat(home.text()).contains("Signed in as");
            assertThat(browser.submit(home, Map.of("text", "Water the plants")).text())
                    .contains("Water the plants", "Remove");
            assertThat(app.get("/api/me")).contains("not_signed_in");
            assertThat(app.get("/actuator/health")).contains("\"gatehouse\":{\"status\":\"UP\"");
        }
    }
}
