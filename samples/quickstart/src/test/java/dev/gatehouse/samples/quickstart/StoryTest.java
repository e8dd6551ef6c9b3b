package dev.gatehouse.samples.quickstart;

import static dev.gatehouse.samples.quickstart.Chromium.picture;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people do in a browser, with a kill in between. */
class StoryTest {
    @TempDir
    Path data;

    @Test
    void aPersonSignsUpSignsInSurvivesAKillAndSignsOut() throws Exception {
        try (RunningSample app = new RunningSample(data).start();
                Chromium chromium = new Chromium()) {
            Page page = chromium.page();
            String home = app.url("/");
            page.navigate(home);
            assertThat(page.url()).contains("/auth/sign-in");
            picture(page, "sign-in");
            page.click("text=Create one");
            page.waitForURL("**/auth/sign-up*");
            page.fill("#first_name", "Ada");
            page.fill("#last_name", "Lovelace");
            page.fill("#email", "ada@example.com");
            page.fill("#password", "short");
            page.keyboard().press("Enter");
            assertThat(page.waitForSelector("#problem:not(:empty)").textContent())
                    .contains("at least 10 characters");
            assertThat(page.inputValue("#email")).as("what was typed is kept").isEqualTo("ada@example.com");
            picture(page, "sign-up-error");
            page.fill("#password", "correct-horse-battery-9");
            page.keyboard().press("Enter");
            page.waitForURL("**/auth/verify-email*");
            picture(page, "verify-email");
            page.fill("#code", "12");
            page.keyboard().press("Enter");
            assertThat(page.waitForSelector("#problem:not(:empty)").textContent())
                    .contains("not right");
            page.fill("#code", code(chromium, app, "ada@example.com"));
            page.keyboard().press("Enter");
            page.waitForURL(home);
            assertThat(page.textContent("#me")).isEqualTo("Ada Lovelace");
            page.fill("#note", "<b>First</b> note");
            page.click("button");
            assertThat(page.waitForSelector("section div").textContent()).contains("<b>First</b> note");
            picture(page, "notes");
            page.fill("#note", "Look here, @ADA@example.com and @nobody@example.com");
            page.click("button");
            page.click("text=Mails");
            assertThat(page.waitForSelector("section").textContent())
                    .contains("You were mentioned in Team notes", "To ada@example.com", "wrote: Look here");
            picture(page, "mails");

            app.kill();
            app.start();
            page.navigate(home);
            assertThat(page.textContent("#me"))
                    .as("still signed in after kill -9")
                    .isEqualTo("Ada Lovelace");

            page.click("text=Account");
            assertThat(page.waitForSelector(".tag").textContent()).contains("This browser");
            picture(page, "account");
            page.click("text=Sign out");
            page.waitForURL("**/auth/signed-out");
            assertThat(page.textContent("h1")).isEqualTo("You are signed out");
            page.navigate(home);
            assertThat(page.url()).contains("/auth/sign-in");
            page.fill("#email", "Ada@Example.com");
            page.keyboard().press("Enter");
            page.fill("#password", "wrong");
            page.keyboard().press("Enter");
            assertThat(page.waitForSelector("#problem:not(:empty)").textContent())
                    .contains("not right");
            page.fill("#password", "correct-horse-battery-9");
            page.keyboard().press("Enter");
            page.waitForURL(home);
            assertThat(page.textContent("#me")).isEqualTo("Ada Lovelace");
        }
    }

    /** In German, by keyboard alone, without JavaScript, and through the pages that a short story does not meet. */
    @Test
    void everyPageWorksInGermanByKeyboardAndWithoutJavaScript() throws Exception {
        try (RunningSample app = new RunningSample(data).start();
                Chromium chromium = new Chromium()) {
            String base = app.url("");
            String ada = app.made(
                    "/user_management/users",
                    "{\"email\":\"ada@example.com\",\"email_verified\":true,\"password\":\"correct-horse-battery-9\"}");
            String longName = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
            for (String name : List.of("Analytische Maschinen", longName)) {
                String organization = app.made("/organizations", "{\"name\":\"" + name + "\"}");
                app.made(
                        "/user_management/organization_memberships",
                        "{\"user_id\":\"" + ada + "\",\"organization_id\":\"" + organization + "\"}");
            }
            Page page = chromium.page(
                    new Browser.NewContextOptions().setLocale("de-DE").setJavaScriptEnabled(false));
            page.navigate(base + "/");
            assertThat(page.textContent("h1")).isEqualTo("Bei Team notes anmelden");
            assertThat(page.getAttribute("html", "lang")).isEqualTo("de");
            picture(page, "de-sign-in");
            page.keyboard().press("Enter");
            assertThat(page.waitForSelector("#problem:not(:empty)").textContent())
                    .contains("Geben Sie eine Adresse");
            picture(page, "de-sign-in-error");
            // focus is on the first thing to do
            page.keyboard().type("ada@example.com");
            page.keyboard().press("Enter");
            page.waitForURL("**/password*");
            picture(page, "de-password");
            page.keyboard().type("correct-horse-battery-9");
            page.keyboard().press("Enter");
            page.waitForURL("**/organization*");
            assertThat(page.textContent("h1")).isEqualTo("Organisation wählen");
            picture(page, "de-organization");
            page.click("text=Analytische Maschinen");
            page.waitForURL(base + "/");
            page.navigate(base + "/auth/account");
            assertThat(page.waitForSelector(".tag").textContent()).isEqualTo("Dieser Browser");
            picture(page, "de-account");
            page.navigate(base + "/auth/nowhere");
            assertThat(page.textContent("[role=alert]")).isEqualTo("Diese Seite gibt es nicht.");
            picture(page, "de-error");
            page.navigate(base + "/auth/account");
            page.click("text=Abmelden >> nth=-1");
            page.waitForURL("**/auth/signed-out");
            picture(page, "de-signed-out");
            page.navigate(base + "/auth/sign-up");
            picture(page, "de-sign-up");
        }
    }

    /** The code in the newest mail to this address, as the sample's mail page shows it. */
    static String code(Chromium chromium, RunningSample app, String address) {
        Page mails = chromium.page();
        for (int i = 0; i < 50; i++) {
            mails.navigate(app.url("/mail"));
            Matcher found = Pattern.compile(
                            "To " + Pattern.quote(address) + ".*?([0-9]{3})[\\s\\u00a0]?([0-9]{3})", Pattern.DOTALL)
                    .matcher(mails.textContent("body"));
            if (found.find()) {
                mails.close();
                return found.group(1) + found.group(2);
            }
            mails.waitForTimeout(100);
        }
        throw new AssertionError("no code was mailed to " + address);
    }

    /** Codes by mail, another password, a second factor and a device: the pages that need a mailbox. */
    @Test
    void somebodyForgetsAPasswordSetsUpAnAppAndSignsADeviceIn() throws Exception {
        try (RunningSample app = new RunningSample(data).start();
                Chromium chromium = new Chromium()) {
            app.made(
                    "/user_management/users",
                    "{\"email\":\"ada@example.com\",\"email_verified\":true,\"password\":\"correct-horse-battery-9\"}");
            Page page = chromium.page();
            String home = app.url("/");
            page.navigate(home);
            page.fill("#email", "ada@example.com");
            page.keyboard().press("Enter");
            page.waitForURL("**/auth/password*");
            picture(page, "password-or-code");
            page.click("text=Send a code by mail");
            page.waitForURL("**/auth/code*");
            picture(page, "code");
            page.fill("#code", code(chromium, app, "ada@example.com"));
            page.keyboard().press("Enter");
            page.waitForURL(home);

            page.navigate(app.url("/auth/account/factor"));
            assertThat(page.evaluate("document.activeElement.id")).isEqualTo("code");
            picture(page, "set-up-app");
            page.click("summary");
            picture(page, "set-up-app-by-hand");
            String secret = page.textContent(".copy").strip().replace(" ", "");
            page.fill("#code", Totp.code(secret, 0));
            page.keyboard().press("Enter");
            page.waitForSelector(".codes");
            picture(page, "recovery-codes");
            Download file = page.waitForDownload(() -> page.click("text=Save as a file"));
            assertThat(file.suggestedFilename()).isEqualTo("recovery-codes.txt");
            assertThat(Files.readString(file.path())).contains("Team notes\nada@example.com\n\n");
            page.click("text=I have kept them");
            page.waitForURL("**/auth/account");
            picture(page, "account-with-app");
            page.click("text=Make new ones");
            page.waitForURL("**/auth/account/recovery-codes");
            picture(page, "recovery-codes-new");
            page.click("text=Back to the account");
            page.click("text=Remove");
            page.waitForURL("**/auth/account/factor/remove*");
            picture(page, "factor-remove");
            page.navigate(home);
            picture(page, "notes");
            page.click("text=Sign out");
            page.waitForURL("**/auth/signed-out");
            page.navigate(app.url("/auth/sign-out"));
            picture(page, "sign-out");

            page.navigate(home);
            page.fill("#email", "ada@example.com");
            page.keyboard().press("Enter");
            page.click("text=Forgot the password?");
            page.waitForURL("**/auth/forgot-password*");
            picture(page, "forgot-password");
            page.keyboard().press("Enter");
            page.waitForSelector("[role=status]");
            picture(page, "mail-sent");
            page.navigate(link(chromium, app, "/auth/reset-password\\?token=[A-Za-z0-9]{43}"));
            picture(page, "reset-password");
            page.fill("#password", "violet-lamp-paperclip-42");
            page.keyboard().press("Enter");
            page.waitForSelector("[role=status]");
            picture(page, "password-set");
            page.click("a.button");
            page.fill("#email", "ada@example.com");
            page.keyboard().press("Enter");
            page.fill("#password", "violet-lamp-paperclip-42");
            page.keyboard().press("Enter");
            page.waitForURL("**/auth/mfa*");
            picture(page, "second-step");
            String step = page.url();
            page.click("text=Use a recovery code");
            page.fill("#code", "AAAAA-AAAAA");
            page.keyboard().press("Enter");
            assertThat(page.waitForSelector("#problem:not(:empty)").textContent())
                    .contains("recovery code is not right");
            picture(page, "recovery-error");
            page.navigate(step);
            page.fill("#code", Totp.code(secret, 30));
            page.keyboard().press("Enter");
            page.waitForURL(home);

            String begun = app.posted(
                    "/user_management/authorize/device", "{\"client_id\":\"" + RunningSample.CLIENT + "\"}", 200);
            String userCode = begun.replaceAll("(?s).*\"user_code\":\"([^\"]+)\".*", "$1");
            page.navigate(app.url("/auth/device?user_code=" + userCode));
            picture(page, "device");
            page.keyboard().press("Enter");
            page.waitForSelector("text=Sign the device in");
            assertThat(page.textContent(".box")).isEqualTo(userCode);
            picture(page, "device-confirm");
            page.click("text=Sign the device in");
            assertThat(page.waitForSelector("[role=status]").textContent()).contains("Go on there");
            picture(page, "device-allowed");
        }
    }

    /** The newest link that was mailed and whose path matches, as the sample's mail page shows it. */
    static String link(Chromium chromium, RunningSample app, String path) {
        Page mails = chromium.page();
        for (int i = 0; i < 50; i++) {
            mails.navigate(app.url("/mail"));
            Matcher found = Pattern.compile("http://[^/\\s]+" + path).matcher(mails.textContent("body"));
            if (found.find()) {
                mails.close();
                return found.group();
            }
            mails.waitForTimeout(100);
        }
        throw new AssertionError("no link was mailed");
    }
}
