package dev.gatehouse.samples.quickstart;

import static dev.gatehouse.samples.quickstart.Chromium.picture;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody is invited, and reads the mail. */
class InvitationStoryTest {
    private static final String LINK = "/auth/invitation\\?invitation_token=[A-Za-z0-9]{52}";
    private static final String ADA =
            "{\"email\":\"ada@acme.example\",\"email_verified\":true,\"password\":\"correct-horse-battery-9\","
                    + "\"first_name\":\"Ada\",\"last_name\":\"Lovelace\"}";

    @TempDir
    Path data;

    private static void invite(RunningSample app, String email, String organization, String inviter) throws Exception {
        app.made(
                "/user_management/invitations",
                "{\"email\":\"%s\",\"organization_id\":\"%s\",\"inviter_user_id\":\"%s\"}"
                        .formatted(email, organization, inviter));
    }

    /** By keyboard alone, from the link in the mail to the application. */
    @Test
    void aColleagueMakesAnAccountFromTheMailedLink() throws Exception {
        try (RunningSample app = new RunningSample(data).start();
                Chromium chromium = new Chromium()) {
            String ada = app.made("/user_management/users", ADA);
            String acme = app.made("/organizations", "{\"name\":\"Analytical Engines\"}");
            invite(app, "grace@acme.example", acme, ada);
            String link = StoryTest.link(chromium, app, LINK);
            Page page = chromium.page();
            page.navigate(link);
            assertThat(page.textContent("h1")).isEqualTo("Join Analytical Engines on Team notes");
            assertThat(page.textContent("main")).contains("Ada Lovelace", "grace@acme.example");
            picture(page, "invitation");
            page.keyboard().press("Tab");
            picture(page, "invitation-focus");
            page.keyboard().press("Enter");
            page.waitForURL("**/auth/sign-up*");
            assertThat(page.inputValue("#email")).as("the invited address").isEqualTo("grace@acme.example");
            picture(page, "invitation-sign-up");
            page.keyboard().type("Grace");
            page.keyboard().press("Tab");
            page.keyboard().type("Hopper");
            page.keyboard().press("Tab");
            page.keyboard().press("Tab");
            page.keyboard().type("violet-lamp-paperclip-42");
            page.keyboard().press("Enter");
            page.waitForURL(app.url("/"));
            assertThat(page.textContent("#me"))
                    .as("the link proved the mailbox")
                    .isEqualTo("Grace Hopper");

            page.navigate(link);
            assertThat(page.textContent("[role=alert]")).contains("was accepted");
            picture(page, "invitation-ended");
        }
    }

    @Test
    void somebodyWhoIsSignedInJoinsInGerman() throws Exception {
        try (RunningSample app = new RunningSample(data).start();
                Chromium chromium = new Chromium()) {
            String ada = app.made("/user_management/users", ADA);
            app.made(
                    "/user_management/users",
                    "{\"email\":\"grace@acme.example\",\"email_verified\":true,\"password\":\"correct-horse-battery-9\"}");
            Page page = chromium.page(
                    new Browser.NewContextOptions().setLocale("de-DE").setJavaScriptEnabled(false));
            page.navigate(app.url("/"));
            page.fill("#email", "grace@acme.example");
            page.keyboard().press("Enter");
            page.fill("#password", "correct-horse-battery-9");
            page.keyboard().press("Enter");
            page.waitForURL(app.url("/"));
            String longName = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
            invite(app, "grace@acme.example", app.made("/organizations", "{\"name\":\"" + longName + "\"}"), ada);
            page.navigate(StoryTest.link(chromium, app, LINK));
            assertThat(page.textContent("h1")).isEqualTo("Einladung zu " + longName + " bei Team notes");
            picture(page, "de-invitation-join");
            page.keyboard().press("Enter");
            page.waitForURL(app.url("/"));
        }
    }
}
