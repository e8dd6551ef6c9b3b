package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.Impersonator;
import dev.gatehouse.store.MemoryStorage;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Acting as a user: who may, how it is said, when it ends, and what cannot be done meanwhile. */
class ImpersonationTest {
    private static final String ADA = "ada@example.com";
    private static final String OPERATOR = "support@example.com";
    private static final Impersonator BY = new Impersonator(OPERATOR, "Ticket 4711");
    private static final String CALLBACK = "https://app.example/callback";

    private final Rest rest = new Rest(
            new MemoryStorage(),
            LocalKeyring.random(),
            new SteerableClock(),
            builder -> builder.set(Setting.IMPERSONATION_OPERATORS, OPERATOR + ", boss@example.com"));

    @AfterEach
    void close() {
        rest.close();
    }

    private static String codeOf(String link) {
        return link.substring(link.indexOf("code=") + 5);
    }

    private static JsonNode claims(Reply in) {
        try {
            return new ObjectMapper()
                    .readTree(Base64.getUrlDecoder()
                            .decode(in.text("/access_token").split("\\.", -1)[1]));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("C16 session, answer, token and event say who acts and why; it ends after an hour, refresh or not")
    void saidEverywhereAndOverAfterAnHour() {
        String user = rest.user(ADA);
        rest.made("/user_management/redirect_uris", "{\"uri\":\"" + CALLBACK + "\"}");
        String link = rest.gatehouse.impersonations().redirect(user, BY, null, CALLBACK);
        assertThat(link).startsWith(CALLBACK + "?code=");
        Reply in = rest.exchange(codeOf(link));
        assertThat(in.status()).as(in.json().toString()).isEqualTo(200);
        assertThat(in.text("/impersonator/email")).isEqualTo(OPERATOR);
        assertThat(in.text("/impersonator/reason")).isEqualTo("Ticket 4711");
        assertThat(in.text("/authentication_method")).isEqualTo("Impersonation");
        assertThat(claims(in).at("/act/sub").asText()).isEqualTo(OPERATOR);
        Reply session = rest.get("/user_management/users/" + user + "/sessions");
        assertThat(session.text("/data/0/auth_method")).isEqualTo("impersonation");
        assertThat(session.text("/data/0/impersonator/reason")).isEqualTo("Ticket 4711");
        assertThat(rest.get("/events?events=session.created").text("/data/0/data/impersonator/email"))
                .isEqualTo(OPERATOR);
        assertThat(rest.exchange(codeOf(link)).status()).as("once").isEqualTo(400);

        String again = rest.exchange(codeOf(rest.gatehouse.impersonations().redirect(user, BY, null, CALLBACK)))
                .text("/refresh_token");
        rest.clock.pass(Duration.ofMinutes(59));
        Reply refreshed = rest.refresh(again);
        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(refreshed.text("/impersonator/email")).isEqualTo(OPERATOR);
        rest.clock.pass(Duration.ofMinutes(1));
        assertThat(rest.refresh(refreshed.text("/refresh_token")).text("/error"))
                .isEqualTo("invalid_grant");
    }

    @Test
    @DisplayName("C16 nobody but an operator may, nobody may act as one, and not without a reason")
    void whoMay() {
        String user = rest.user(ADA);
        String boss = rest.user("boss@example.com");
        assertThat(rest.gatehouse.impersonations().link(user, BY, null)).contains("/auth/impersonate?code=");
        assertThatThrownBy(() -> rest.gatehouse.impersonations().link(boss, BY, null))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("operator");
        assertThatThrownBy(() -> rest.gatehouse
                        .impersonations()
                        .link(user, new Impersonator("eve@example.com", "curious"), null))
                .isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> rest.gatehouse.impersonations().link(user, new Impersonator(OPERATOR, " "), null))
                .isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> rest.gatehouse.impersonations().redirect(user, BY, null, "https://evil.example/"))
                .isInstanceOf(ApiException.class);
    }

    @Test
    @DisplayName("C16 the page asks first, shows a banner, and changes nothing of the account")
    void thePages() {
        String user = rest.user(ADA);
        Browser browser = new Browser(rest.gatehouse);
        String link = rest.gatehouse.impersonations().link(user, BY, null).replace("http://localhost:8080", "");
        Answer page = browser.get(link);
        assertThat(page.text()).contains("Act as " + ADA).contains("Ticket 4711");
        assertThat(rest.events("session.created"))
                .as("the link alone does nothing")
                .isZero();
        assertThat(Browser.location(browser.post("/auth/impersonate", Map.of("code", codeOf(link)))))
                .isEqualTo("/");
        Answer account = browser.get("/auth/account");
        assertThat(account.text()).contains(OPERATOR + " acts as " + ADA);
        String csrf = Browser.hidden(account, "csrf");
        for (String form : new String[] {"profile", "sessions", "password", "email", "delete", "factor"}) {
            assertThat(browser.post(
                                    "/auth/account/" + form,
                                    Map.of("csrf", csrf, "password", "violet-lamp-paperclip-42", "first_name", "Eve"))
                            .status())
                    .as(form)
                    .isEqualTo(403);
        }
        assertThat(browser.get("/auth/account/password").status()).isEqualTo(403);
        assertThat(account.text()).contains("readonly");
        String invitation = rest.made("/user_management/invitations", "{\"email\":\"%s\"}".formatted("eve@example.com"))
                .text("/token");
        Answer invited = browser.get(Browser.location(browser.get("/auth/invitation?invitation_token=" + invitation)));
        String flow = Browser.location(browser.get("/auth/invitation?invitation_token=" + invitation))
                .replaceFirst(".*flow=", "");
        assertThat(invited.text()).doesNotContain("name=\"csrf\"");
        Answer joined = browser.post("/auth/invitation", Map.of("csrf", csrf, "flow", flow));
        assertThat(joined.status()).isEqualTo(403);
        assertThat(joined.text()).contains("while somebody acts as the account");
        rest.clock.pass(Duration.ofMinutes(60));
        assertThat(browser.get("/auth/account").status()).as("over").isEqualTo(303);
    }

    @Test
    @DisplayName("C16 a code of an ordinary sign-in is none for the page, and the hour does not begin again")
    void noWayRound() {
        rest.user(ADA);
        rest.made("/user_management/redirect_uris", "{\"uri\":\"" + CALLBACK + "\"}");
        String authorize = "/user_management/authorize?response_type=code&provider=authkit&client_id=" + Rest.CLIENT
                + "&redirect_uri=" + CALLBACK;
        Browser ada = new Browser(rest.gatehouse);
        String ordinary =
                codeOf(Browser.location(ada.signIn(Browser.location(ada.get(authorize)), ADA, Rest.PASSWORD)));
        assertThat(new Browser(rest.gatehouse)
                        .post("/auth/impersonate", Map.of("code", ordinary))
                        .status())
                .isEqualTo(400);
        assertThat(rest.exchange(ordinary).status()).as("nor is it spent").isEqualTo(200);

        Browser operator = new Browser(rest.gatehouse);
        String user = rest.get("/user_management/users?email=" + ADA).text("/data/0/id");
        String link = rest.gatehouse.impersonations().link(user, BY, null);
        operator.post("/auth/impersonate", Map.of("code", codeOf(link)));
        rest.clock.pass(Duration.ofMinutes(40));
        Reply elsewhere = rest.exchange(codeOf(Browser.location(operator.get(authorize))));
        assertThat(elsewhere.text("/impersonator/email")).isEqualTo(OPERATOR);
        rest.clock.pass(Duration.ofMinutes(20));
        assertThat(rest.refresh(elsewhere.text("/refresh_token")).text("/error"))
                .isEqualTo("invalid_grant");
    }
}
