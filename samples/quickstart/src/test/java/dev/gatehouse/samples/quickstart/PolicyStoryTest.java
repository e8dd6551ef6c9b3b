package dev.gatehouse.samples.quickstart;

import static dev.gatehouse.samples.quickstart.Chromium.picture;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SignInPolicy;
import dev.gatehouse.samples.common.SampleServer;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.store.MemoryStorage;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

/** An organization begins to demand more while its people are signed in. */
class PolicyStoryTest {
    @Test
    void whoIsSignedInIsToldWhatIsDemandedNow() throws Exception {
        int port = SampleServer.freePort();
        String account = "http://localhost:" + port + "/auth/account";
        Server server = new Server(port);
        try (Gatehouse gatehouse = Gatehouse.builder()
                        .storage(new MemoryStorage())
                        .keyring(LocalKeyring.random())
                        .mailer(mail -> {})
                        .set(Setting.EMAIL_VERIFICATION, "off")
                        .set(Setting.ORIGIN, "http://localhost:" + port)
                        .set(Setting.APP_NAME, "Team notes")
                        .build();
                Chromium chromium = new Chromium()) {
            ServletContextHandler context = new ServletContextHandler("/");
            context.addFilter(
                    new FilterHolder(new GatehouseFilter(gatehouse)), "/*", EnumSet.allOf(DispatcherType.class));
            server.setHandler(context);
            server.start();
            String ada = gatehouse
                    .users()
                    .create(NewUser.of("ada@example.com").withPassword("correct-horse-battery-9"))
                    .id();
            String acme = gatehouse.organizations().create("Acme").id();
            gatehouse.organizations().addMember(acme, ada, null);

            Page page = chromium.page(new Browser.NewContextOptions().setLocale("de-DE"));
            page.navigate(account);
            page.fill("#email", "ada@example.com");
            page.keyboard().press("Enter");
            page.fill("#password", "correct-horse-battery-9");
            page.keyboard().press("Enter");
            page.waitForURL(account);

            gatehouse.organizations().demand(acme, SignInPolicy.NONE.withMethods(Set.of("magic-code", "passkey")));
            page.navigate(account);
            page.waitForSelector("text=Code an ada@example.com senden");
            assertThat(page.isVisible("text=Mit Passkey anmelden")).isTrue();
            picture(page, "de-other-method");

            gatehouse.organizations().demand(acme, SignInPolicy.NONE.withMfa("required"));
            page.navigate(account);
            page.waitForSelector(".notice");
            picture(page, "de-policy-second");
            page.fill("#code", Totp.code(page.textContent(".copy").replace(" ", ""), 0));
            page.keyboard().press("Enter");
            page.waitForURL(account);

            gatehouse.organizations().demand(acme, SignInPolicy.NONE.withMethods(Set.of("magic-code")));
            Page other = chromium.page();
            other.navigate(account);
            other.fill("#email", "ada@example.com");
            other.keyboard().press("Enter");
            other.fill("#password", "correct-horse-battery-9");
            other.keyboard().press("Enter");
            other.waitForSelector("text=Send a code to ada@example.com");
            picture(other, "other-method");
            other.click("text=Send a code to");
            other.waitForURL("**/auth/code*");
        } finally {
            server.stop();
        }
    }
}
