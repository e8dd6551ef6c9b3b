package dev.gatehouse.samples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.Source;
import dev.gatehouse.identity.Step;
import dev.gatehouse.identity.UserPasskeys;
import dev.gatehouse.passkeys.Ceremony;
import dev.gatehouse.store.MemoryStorage;
import dev.gatehouse.testkit.SoftwareAuthenticator;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;

/** The Java of docs/passkeys.md, word for word. */
class PasskeySnippetsTest {
    private final Gatehouse gatehouse = Gatehouse.builder()
            .storage(new MemoryStorage())
            .keyring(LocalKeyring.random())
            .set(Setting.ORIGIN, "https://app.example.com")
            .build();

    Ceremony begin(HttpServletRequest request) {
        UserPasskeys passkeys = gatehouse.passkeys();
        String browser = request.getSession().getId();
        Ceremony ceremony = passkeys.beginSignIn(browser);
        // PublicKeyCredential.parseRequestOptionsFromJSON(ceremony.options()), then navigator.credentials.get
        return ceremony;
    }

    void finish(
            HttpServletRequest request,
            HttpServletResponse response,
            UserPasskeys passkeys,
            String browser,
            String state,
            String answer) {
        Source source = new Source(request.getRemoteAddr(), request.getHeader("User-Agent"));
        Step step = passkeys.finishSignIn(browser, state, answer, null, source); // answer: credential.toJSON()
        if (step instanceof Step.Finished finished) {
            String session = finished.grant().session().id();
            String name = gatehouse.pages().sessionCookie();
            String value = gatehouse.sessions().seal(gatehouse.environment().id(), name, session);
            response.addHeader("Set-Cookie", name + "=" + value + "; Path=/; HttpOnly; Secure; SameSite=Lax");
        }
    }

    @Test
    void aTestOfTheApplicationHasAnAuthenticator() {
        UserPasskeys passkeys = gatehouse.passkeys();
        String ada = gatehouse.users().create(NewUser.of("ada@example.com")).id();

        SoftwareAuthenticator phone = SoftwareAuthenticator.at("https://app.example.com");
        Ceremony making = passkeys.beginEnrollment(ada, "browser");
        passkeys.finishEnrollment(ada, "browser", making.state(), phone.create(making.options()), "Phone");

        Ceremony using = passkeys.beginSignIn("browser");
        Step step = passkeys.finishSignIn("browser", using.state(), phone.get(using.options()), null, Source.UNKNOWN);

        phone.origin("https://evil.example"); // from now on it lies, until phone.honest()

        assertThat(step).isInstanceOf(Step.Finished.class);
        Ceremony again = passkeys.beginSignIn("browser");
        assertThatThrownBy(() -> passkeys.finishSignIn(
                        "browser", again.state(), phone.get(again.options()), null, Source.UNKNOWN))
                .isInstanceOf(ApiException.class);
        gatehouse.close();
    }
}
