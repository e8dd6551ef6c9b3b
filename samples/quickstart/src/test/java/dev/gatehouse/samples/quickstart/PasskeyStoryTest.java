package dev.gatehouse.samples.quickstart;

import static dev.gatehouse.samples.quickstart.Chromium.picture;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person, a browser and an authenticator: Chromium's own, reached over the DevTools protocol. */
class PasskeyStoryTest {
    @TempDir
    Path data;

    /** An authenticator of the device itself, whose owner always agrees, until told otherwise. */
    private static final class Device {
        private final CDPSession protocol;
        private final String id;

        Device(Page page) {
            protocol = page.context().newCDPSession(page);
            protocol.send("WebAuthn.enable");
            JsonObject options = new JsonObject();
            options.addProperty("protocol", "ctap2");
            options.addProperty("transport", "internal");
            options.addProperty("hasResidentKey", true);
            options.addProperty("hasUserVerification", true);
            options.addProperty("isUserVerified", true);
            options.addProperty("automaticPresenceSimulation", true);
            JsonObject made = new JsonObject();
            made.add("options", options);
            id = protocol.send("WebAuthn.addVirtualAuthenticator", made)
                    .get("authenticatorId")
                    .getAsString();
        }

        private JsonObject mine() {
            JsonObject parameters = new JsonObject();
            parameters.addProperty("authenticatorId", id);
            return parameters;
        }

        /** Whether its owner agrees to whatever it is asked. */
        void agrees(boolean always) {
            JsonObject parameters = mine();
            parameters.addProperty("enabled", always);
            protocol.send("WebAuthn.setAutomaticPresenceSimulation", parameters);
        }

        /** Whether it knows its owner's finger. */
        void knowsItsOwner(boolean verified) {
            JsonObject parameters = mine();
            parameters.addProperty("isUserVerified", verified);
            protocol.send("WebAuthn.setUserVerified", parameters);
        }

        int passkeys() {
            return protocol.send("WebAuthn.getCredentials", mine())
                    .getAsJsonArray("credentials")
                    .size();
        }
    }

    private static void password(Page page, String home) {
        page.navigate(home);
        page.fill("#email", "ada@example.com");
        page.keyboard().press("Enter");
        page.fill("#password", "correct-horse-battery-9");
        page.keyboard().press("Enter");
        page.waitForURL(home);
    }

    private static void signOut(Page page, RunningSample app) {
        page.navigate(app.url("/auth/account"));
        page.click("form[action='/auth/sign-out'] button");
        page.waitForURL("**/auth/signed-out");
    }

    @Test
    void aPersonAddsAPasskeySignsInWithItRenamesAndRemovesIt() throws Exception {
        try (RunningSample app = new RunningSample(data).start();
                Chromium chromium = new Chromium()) {
            app.made(
                    "/user_management/users",
                    "{\"email\":\"ada@example.com\",\"email_verified\":true,\"password\":\"correct-horse-battery-9\"}");
            String home = app.url("/");
            Page page = chromium.page();
            Device device = new Device(page);
            device.agrees(false);
            password(page, home);
            page.navigate(app.url("/auth/account"));
            picture(page, "passkeys-none");
            device.agrees(true);
            page.click("text=Add a passkey");
            page.waitForURL("**/auth/account/passkeys");
            assertThat(page.inputValue("#name")).contains("Chrome");
            picture(page, "passkey-add");
            device.knowsItsOwner(false);
            page.click("text=Add the passkey");
            assertThat(page.waitForSelector("#passkey-problem:not(:empty)").textContent())
                    .contains("No passkey was added");
            picture(page, "passkey-add-error");
            device.knowsItsOwner(true);
            page.fill("#name", "My laptop");
            page.keyboard().press("Enter");
            page.waitForURL("**/auth/account");
            assertThat(page.textContent("#passkeys")).contains("My laptop", "Not used yet");
            assertThat(device.passkeys()).isEqualTo(1);
            page.click("text=Add a passkey");
            page.click("text=Add the passkey");
            assertThat(page.waitForSelector("#passkey-problem:not(:empty)").textContent())
                    .contains("has a passkey for your account already");

            device.agrees(false);
            signOut(page, app);
            page.navigate(home);
            page.waitForSelector("#passkey:not([hidden])");
            assertThat(page.getAttribute("#email", "autocomplete")).isEqualTo("username webauthn");
            picture(page, "sign-in-with-passkey");
            device.agrees(true);
            page.click("text=Sign in with a passkey");
            page.waitForURL(home);
            assertThat(page.textContent("#me")).isEqualTo("ada@example.com");

            page.navigate(app.url("/auth/account"));
            assertThat(page.textContent("#passkeys")).contains("Last used");
            picture(page, "passkeys");
            page.click("summary:has-text('Rename')");
            page.fill("input[name=name]", "Grandmother's old laptop, the one with the sticker of a heron on its lid");
            picture(page, "passkey-rename");
            page.keyboard().press("Enter");
            page.waitForSelector("text=sticker of a heron >> nth=0");
            assertThat(page.textContent("#passkeys")).contains("Grandmother's old laptop");
            page.click("#passkeys button:has-text('Remove')");
            page.waitForSelector("text=A passkey signs you in");

            device.agrees(false);
            signOut(page, app);
            page.navigate(home);
            page.waitForSelector("#passkey:not([hidden])");
            device.agrees(true);
            page.click("text=Sign in with a passkey");
            assertThat(page.waitForSelector("#passkey-problem:not(:empty)").textContent())
                    .contains("not known here any more");
            picture(page, "passkey-unknown");
        }
    }

    /** The browser offers the passkey among what it fills into the address; a virtual device takes it at once. */
    @Test
    void aBrowserFillsThePasskeyIn() throws Exception {
        try (RunningSample app = new RunningSample(data).start();
                Chromium chromium = new Chromium()) {
            app.made(
                    "/user_management/users",
                    "{\"email\":\"ada@example.com\",\"email_verified\":true,\"password\":\"correct-horse-battery-9\"}");
            Page page = chromium.page(new Browser.NewContextOptions().setLocale("de-DE"));
            Device device = new Device(page);
            password(page, app.url("/"));
            page.navigate(app.url("/auth/account/passkeys"));
            picture(page, "de-passkey-add");
            page.click("button");
            page.waitForURL("**/auth/account");
            picture(page, "de-passkeys");
            assertThat(device.passkeys()).isEqualTo(1);
            signOut(page, app);
            page.navigate(app.url("/"));
            page.waitForURL(app.url("/"));
            assertThat(page.textContent("#me")).isEqualTo("ada@example.com");
        }
    }
}
