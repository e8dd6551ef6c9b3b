package dev.gatehouse.samples.quickstart;

import static dev.gatehouse.samples.quickstart.Chromium.picture;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody looks after the own account: password, address, language, and its end. */
class AccountStoryTest {
    @TempDir
    Path data;

    @Test
    void aPersonChangesPasswordAddressAndLanguageAndLeaves() throws Exception {
        try (RunningSample app = new RunningSample(data).start();
                Chromium chromium = new Chromium()) {
            app.made(
                    "/user_management/users",
                    "{\"email\":\"ada@example.com\",\"email_verified\":true,\"password\":\"correct-horse-battery-9\"}");
            Page page = chromium.page(new Browser.NewContextOptions().setLocale("de-DE"));
            String home = app.url("/");
            String account = app.url("/auth/account");
            page.navigate(home);
            page.fill("#email", "ada@example.com");
            page.keyboard().press("Enter");
            page.fill("#password", "correct-horse-battery-9");
            page.keyboard().press("Enter");
            page.waitForURL(home);

            page.navigate(account);
            assertThat(page.getAttribute("html", "lang"))
                    .as("as the browser asks")
                    .isEqualTo("de");
            picture(page, "de-account-own");
            page.selectOption("#locale", "en");
            page.click("text=Speichern");
            page.waitForSelector("text=Your account");
            assertThat(page.getAttribute("html", "lang"))
                    .as("as the person chose")
                    .isEqualTo("en");
            picture(page, "account-own");

            page.click("a[href$='/account/password']");
            page.waitForURL("**/auth/account/password");
            picture(page, "account-password");
            page.fill("#current", "wrong");
            page.fill("#password", "violet-lamp-paperclip-42");
            page.keyboard().press("Enter");
            assertThat(page.waitForSelector("#problem:not(:empty)").textContent())
                    .contains("current password is not right");
            assertThat(page.getAttribute("#current", "aria-invalid")).isEqualTo("true");
            assertThat(page.getAttribute("#password", "aria-invalid")).isEqualTo("false");
            picture(page, "account-password-error");
            page.fill("#current", "correct-horse-battery-9");
            page.fill("#password", "violet-lamp-paperclip-42");
            page.keyboard().press("Enter");
            page.waitForURL(account);

            page.click("a[href$='/account/email']");
            page.waitForURL("**/auth/account/email");
            picture(page, "account-email");
            page.fill("#email", "ada@new.example");
            page.keyboard().press("Enter");
            page.waitForSelector("#code");
            picture(page, "account-email-code");
            page.fill("#code", "0");
            page.keyboard().press("Enter");
            assertThat(page.waitForSelector("#problem:not(:empty)").textContent())
                    .contains("not right");
            String first = StoryTest.code(chromium, app, "ada@new.example");
            page.click("text=Send a new code");
            page.waitForSelector(
                    "#problem:empty", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.ATTACHED));
            String second = first;
            for (int tries = 0; second.equals(first) && tries < 50; tries++) {
                second = StoryTest.code(chromium, app, "ada@new.example");
            }
            page.fill("#code", second);
            page.keyboard().press("Enter");
            page.waitForURL(account);
            assertThat(page.textContent("main")).contains("ada@new.example").doesNotContain("ada@example.com");

            page.selectOption("#locale", "de");
            page.click("text=Save");
            page.waitForSelector("text=Ihr Konto");
            page.click("text=Konto löschen");
            page.waitForURL("**/account/delete");
            picture(page, "de-account-delete");
            page.click("button");
            page.waitForSelector("text=Ihr Konto ist gelöscht");
            picture(page, "de-account-deleted");
            page.navigate(account);
            assertThat(page.url()).contains("/auth/sign-in");
        }
    }
}
