package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.OidcProvider;
import dev.gatehouse.sso.Sso;
import dev.gatehouse.sso.TestSignIn;
import dev.gatehouse.store.MemoryStorage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Trying a connection in a browser, before anybody signs in through it. */
class TestSignInTest {
    private final SteerableClock clock = new SteerableClock();
    private final FakeOidc idp = new FakeOidc(clock);
    private final Rest rest =
            new Rest(new MemoryStorage(), LocalKeyring.random(), clock, builder -> builder.outbound(idp));
    private final Sso sso = rest.gatehouse.sso();
    private final String acme = rest.made("/organizations", """
            {"name":"Acme","domain_data":[{"domain":"acme.com","state":"verified"}]}""").text("/id");
    private final Connection connection = sso.create(NewConnection.oidc(
                    ConnectionType.GENERIC_OIDC,
                    acme,
                    "Acme",
                    OidcProvider.of(FakeOidc.ISSUER, FakeOidc.CLIENT),
                    "the-secret")
            .customAttributes(Map.of("department_name", "dept"))
            .groupRole("Admins", "admin"));

    @AfterEach
    void close() {
        rest.close();
    }

    private static String local(String location) {
        return location.replaceFirst("^https?://[^/]+", "");
    }

    private Answer tried(Browser browser, TestSignIn test) {
        Answer away = browser.get(local(test.url()));
        assertThat(away.status()).as(away.text()).isEqualTo(302);
        return browser.get(
                "/auth/sso/oidc/callback/" + connection.key() + "?" + idp.authorized(Browser.location(away)));
    }

    @Test
    @DisplayName(
            "a test that passes shows every step and who it would be, signs nobody in, and switches the connection on")
    void passes() {
        idp.claims.put("groups", List.of("Admins", "Others"));
        idp.claims.put("dept", "Engines <1>");
        assertThat(connection.state()).isEqualTo(Connection.State.VALIDATING);
        Browser browser = new Browser(rest.gatehouse);
        String url = rest.call("POST", "/connections/" + connection.id() + "/test_sign_in", "")
                .text("/url");
        Answer page = tried(browser, new TestSignIn(url, clock.instant()));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text())
                .contains("The test passed", "1. Description of the provider", "13. Subject", "ada@acme.com")
                .contains("Admins, Others", "<dt>roles</dt><dd>admin</dd>", "Engines &lt;1&gt;")
                .doesNotContain("mark-bad", "mark-none");
        assertThat(browser.session()).isEmpty();
        assertThat(rest.gatehouse.users().findByEmail("ada@acme.com")).isEmpty();
        assertThat(rest.events("authentication.sso_started,authentication.sso_succeeded,authentication.sso_failed"))
                .as("a test is no sign-in")
                .isZero();
        assertThat(sso.find(connection.id()).orElseThrow().state()).isEqualTo(Connection.State.ACTIVE);
        assertThat(sso.attempts(connection.id(), null, 10)).singleElement().satisfies(attempt -> {
            assertThat(attempt.outcome()).isEqualTo("tested");
            assertThat(page.text()).contains(attempt.id());
        });
    }

    @Test
    @DisplayName(
            "a test that fails shows the step, what it expected and what came; the steps after it were not reached")
    void fails() {
        idp.claims.put("aud", "somebody-else");
        Answer page = tried(new Browser(rest.gatehouse), sso.testSignIn(connection.id()));
        assertThat(page.text())
                .contains("The test failed", "8. The ID token is for another application", "somebody-else")
                .containsPattern("mark-good[^<]*<[^<]*<[^<]*<span>7\\. Issuer")
                .containsPattern("mark-none[^<]*<[^<]*<[^<]*<span>9\\. Time");
        assertThat(sso.attempts(connection.id(), null, 1).get(0).step()).isEqualTo(8);
        assertThat(sso.find(connection.id()).orElseThrow().state()).isEqualTo(Connection.State.VALIDATING);

        idp.claims.clear();
        idp.claims.put("email", "eve@other.com");
        Answer outside = tried(new Browser(rest.gatehouse), sso.testSignIn(connection.id()));
        assertThat(outside.text())
                .contains("no verified domain of the organization", "eve@other.com")
                .as("all of the protocol's steps passed")
                .doesNotContain("mark-none");

        idp.description = said -> Map.of();
        clock.pass(Duration.ofHours(25));
        Answer undescribed = new Browser(rest.gatehouse)
                .get(local(sso.testSignIn(connection.id()).url()));
        assertThat(undescribed.text()).contains("1. The provider's description could not be used");
    }

    @Test
    @DisplayName("a connection that is switched off can be tested, and stays off; one that is not complete cannot")
    void switchedOff() {
        sso.deactivate(connection.id());
        assertThat(tried(new Browser(rest.gatehouse), sso.testSignIn(connection.id()))
                        .text())
                .contains("The test passed");
        assertThat(sso.find(connection.id()).orElseThrow().state()).isEqualTo(Connection.State.INACTIVE);
        Connection draft = sso.create(new NewConnection(
                ConnectionType.OKTA_SAML, acme, "Draft", null, null, null, Map.of(), Map.of(), List.of()));
        assertThatThrownBy(() -> sso.testSignIn(draft.id()))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("not known yet");
    }

    @Test
    @DisplayName("the address of a test counts for an hour, and what it leads to is finished in the browser that began")
    void bound() {
        TestSignIn test = sso.testSignIn(connection.id());
        assertThat(tried(new Browser(rest.gatehouse), test).text()).contains("The test passed");
        Answer away = new Browser(rest.gatehouse).get(local(test.url()));
        Answer elsewhere = new Browser(rest.gatehouse)
                .get("/auth/sso/oidc/callback/" + connection.key() + "?" + idp.authorized(Browser.location(away)));
        assertThat(elsewhere.status()).isEqualTo(400);
        clock.pass(Duration.ofHours(1));
        assertThat(new Browser(rest.gatehouse).get(local(test.url())).status()).isEqualTo(400);
        assertThat(new Browser(rest.gatehouse)
                        .get("/auth/sso/test/begin?token=x")
                        .status())
                .isEqualTo(400);
    }

    @Test
    @DisplayName(
            "a sign-in from which nobody comes back is told of once, by the next housekeeping after fifteen minutes")
    void timedOut() {
        rest.made("/user_management/redirect_uris", "{\"uri\":\"https://app.example.com/callback\"}");
        String authorize = "/user_management/authorize?client_id=" + Rest.CLIENT
                + "&redirect_uri=https://app.example.com/callback&response_type=code&connection_id=" + connection.id();
        assertThat(new Browser(rest.gatehouse).get(authorize).status()).isEqualTo(302);
        new Browser(rest.gatehouse).get(local(sso.testSignIn(connection.id()).url()));
        rest.gatehouse.maintain();
        assertThat(rest.events("authentication.sso_timed_out")).isZero();
        clock.pass(Duration.ofMinutes(15));
        rest.gatehouse.maintain();
        clock.pass(Duration.ofMinutes(2));
        rest.gatehouse.maintain();
        assertThat(rest.events("authentication.sso_timed_out")).isEqualTo(1);
        var told = rest.get("/events?events=authentication.sso_timed_out,authentication.sso_started&order=asc")
                .json();
        assertThat(told.at("/data/1/data/sso/connection_id").asText()).isEqualTo(connection.id());
        assertThat(told.at("/data/1/data/sso/session_id").asText())
                .isEqualTo(told.at("/data/0/data/sso/session_id").asText());
        assertThat(told.at("/data/1/data/error/code").asText()).isEqualTo("sso_timed_out");
    }

    @Test
    @DisplayName(
            "(S97) who has to sign in anew has to be said to have: a provider that does not tell is refused, and one that tells of before")
    void anew() {
        rest.made("/user_management/redirect_uris", "{\"uri\":\"https://app.example.com/callback\"}");
        long now = clock.instant().getEpochSecond();
        idp.claims.put("auth_time", now);
        assertThat(anew("")).startsWith("https://app.example.com/callback?code=");
        assertThat(anew("&prompt=login")).startsWith("https://app.example.com/callback?code=");
        idp.claims.put("auth_time", now - 600);
        assertThat(anew("&prompt=login")).contains("error=oauth_failed");
        idp.claims.remove("auth_time");
        assertThat(anew("&prompt=login")).contains("error=oauth_failed");
        assertThat(sso.attempts(connection.id(), null, 1).get(0).step()).isEqualTo(9);
        assertThat(anew("")).startsWith("https://app.example.com/callback?code=");
    }

    private String anew(String more) {
        Browser browser = new Browser(rest.gatehouse);
        String location = Browser.location(browser.get("/user_management/authorize?client_id=" + Rest.CLIENT
                + "&redirect_uri=https://app.example.com/callback&response_type=code&connection_id="
                + connection.id() + more));
        assertThat(Browser.parameter(location, "max_age")).isEqualTo(more.isEmpty() ? "" : "0");
        return Browser.location(
                browser.get("/auth/sso/oidc/callback/" + connection.key() + "?" + idp.authorized(location)));
    }

    @Test
    @DisplayName(
            "what a draft cannot answer it refuses, a key pair is made before it is needed, and a pattern is nobody's default address")
    void drafts() {
        Connection draft = sso.create(new NewConnection(
                ConnectionType.GENERIC_OIDC, acme, "Draft", null, null, null, Map.of(), Map.of(), List.of()));
        assertThat(new Browser(rest.gatehouse)
                        .post("/auth/sso/oidc/logout/" + draft.key(), Map.of("logout_token", "x"))
                        .status())
                .isEqualTo(400);
        String keys = """
                {"connection_type":"GenericOIDC","organization_id":"%s",
                 "oidc":{"issuer":"https://idp.example","client_id":"c","client_authentication":"private_key_jwt"}}""".formatted(acme);
        assertThat(rest.call("PUT", "/connections/" + connection.id(), keys).status())
                .isEqualTo(422);
        assertThat(rest.call("POST", "/connections/" + connection.id() + "/rotate_keys", "")
                        .status())
                .isEqualTo(200);
        assertThat(rest.call("PUT", "/connections/" + connection.id(), keys).status())
                .isEqualTo(200);
        TestSignIn test = sso.testSignIn(connection.id());
        rest.call("PUT", "/connections/" + connection.id(), """
                {"connection_type":"GenericOIDC","organization_id":"%s"}""".formatted(acme));
        assertThat(new Browser(rest.gatehouse).get(local(test.url())).status())
                .as("no longer complete")
                .isEqualTo(400);
        assertThat(rest.made("/user_management/redirect_uris", "{\"uri\":\"https://*.example.com/cb\"}")
                        .json()
                        .path("default")
                        .asBoolean())
                .isFalse();
        assertThat(rest.made("/user_management/redirect_uris", "{\"uri\":\"https://app.example.com/cb\"}")
                        .json()
                        .path("default")
                        .asBoolean())
                .isTrue();
    }
}
