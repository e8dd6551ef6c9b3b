package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SignInPolicy;
import dev.gatehouse.organizations.Membership;
import dev.gatehouse.pages.Pages;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.Profile;
import dev.gatehouse.sso.SamlProvider;
import dev.gatehouse.sso.Sso;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Single sign-on from the redirect to the session, through the test provider. */
class SsoTest {
    private static final String BACK = "https://app.example.com/callback";

    private final Rest rest = new Rest();
    private final Sso sso = rest.gatehouse.sso();
    private final String acme;
    private final Connection connection;

    SsoTest() {
        acme = rest.made("/organizations", """
                {"name":"Acme","domain_data":[{"domain":"acme.com","state":"verified"}]}""").text("/id");
        connection = sso.create(NewConnection.test(acme, "Acme Test"));
        rest.made("/user_management/redirect_uris", "{\"uri\":\"" + BACK + "\"}");
    }

    @AfterEach
    void close() {
        rest.close();
    }

    private static String local(String location) {
        return location.replaceFirst("^https?://[^/]+", "");
    }

    /** From the redirect to the provider to what its form leads to. */
    private Answer vouch(Browser browser, Answer away, String email, Map<String, String> more) {
        Answer form = browser.get(local(Browser.location(away)));
        assertThat(form.status()).as(form.text()).isEqualTo(200);
        Map<String, String> fields = new HashMap<>(more);
        fields.put("request", Browser.hidden(form, "request"));
        fields.put("email", email);
        fields.putIfAbsent("decision", "allow");
        String path = local(Browser.location(away));
        return browser.post(path.substring(0, path.indexOf('?')), fields);
    }

    private Answer vouch(Browser browser, Answer away, String email) {
        return vouch(browser, away, email, Map.of("first_name", "Ada", "last_name", "Lovelace"));
    }

    private Browser browser() {
        return new Browser(rest.gatehouse);
    }

    private String authorize(String path, String selector) {
        return path + "?client_id=" + Rest.CLIENT + "&redirect_uri=" + BACK + "&response_type=code&state=s%201&"
                + selector;
    }

    private Reply token(String code) {
        return rest.call(
                "POST",
                "/sso/token",
                "client_id=" + Rest.CLIENT + "&client_secret=" + Rest.KEY + "&grant_type=authorization_code&code="
                        + code,
                Map.of("content-type", "application/x-www-form-urlencoded"));
    }

    @Test
    @DisplayName(
            "an application that wants the profile alone gets a code, the profile for it once, and a token for ten minutes")
    void profileAlone() {
        for (String selector : List.of("connection=" + connection.id(), "organization=" + acme)) {
            Browser browser = browser();
            Answer away = browser.get(authorize("/sso/authorize", selector));
            assertThat(away.status()).as(away.text()).isEqualTo(302);
            String back = Browser.location(vouch(browser, away, "ada@acme.com"));
            assertThat(back).startsWith(BACK + "?code=");
            assertThat(Browser.parameter(back, "state")).isEqualTo("s 1");
            Reply token = token(Browser.parameter(back, "code"));
            assertThat(token.status()).as(token.json().toString()).isEqualTo(200);
            assertThat(token.text("/profile/email")).isEqualTo("ada@acme.com");
            assertThat(token.text("/profile/connection_id")).isEqualTo(connection.id());
            assertThat(token.text("/profile/connection_type")).isEqualTo("TestIdp");
            assertThat(token.text("/profile/organization_id")).isEqualTo(acme);
            assertThat(token.text("/profile/role/slug")).isEqualTo("member");
            assertThat(token.text("/expires_in")).isEqualTo("600");
            Reply again = token(Browser.parameter(back, "code"));
            assertThat(again.status()).isEqualTo(400);
            assertThat(again.text("/error")).isEqualTo("invalid_grant");
            Map<String, String> bearer = Map.of("authorization", "Bearer " + token.text("/access_token"));
            Reply profile = rest.call("GET", "/sso/profile", "", bearer);
            assertThat(profile.json()).isEqualTo(token.json().get("profile"));
            rest.clock.pass(java.time.Duration.ofMinutes(10));
            assertThat(rest.call("GET", "/sso/profile", "", bearer).status()).isEqualTo(401);
        }
        assertThat(rest.gatehouse.users().findByEmail("ada@acme.com"))
                .as("nobody became a user")
                .isEmpty();
        assertThat(rest.events("authentication.sso_started,authentication.sso_succeeded"))
                .isEqualTo(4);
    }

    @Test
    @DisplayName("a sign-in through a connection makes user, membership and session; the next one finds the same")
    void hosted() {
        for (int i = 0; i < 2; i++) {
            Browser browser = browser();
            Answer away = browser.get(authorize("/user_management/authorize", "connection_id=" + connection.id()));
            String back = Browser.location(vouch(browser, away, "ada@acme.com"));
            assertThat(back).startsWith(BACK + "?code=");
            Reply in = rest.exchange(Browser.parameter(back, "code"));
            assertThat(in.status()).as(in.json().toString()).isEqualTo(200);
            assertThat(in.text("/authentication_method")).isEqualTo("SSO");
            assertThat(in.text("/organization_id")).isEqualTo(acme);
            assertThat(in.json().at("/user/email_verified").asBoolean()).isTrue();
            assertThat(in.text("/user/first_name")).isEqualTo("Ada");
            assertThat(browser.session()).isNotEmpty();
        }
        String user =
                rest.gatehouse.users().findByEmail("ada@acme.com").orElseThrow().id();
        assertThat(rest.gatehouse.organizations().members(acme)).hasSize(1);
        List<Profile> profiles = sso.profilesOf(user);
        assertThat(profiles).hasSize(1);
        assertThat(profiles.get(0).link()).isNotNull();
        assertThat(profiles.get(0).link().reason()).isEqualTo("verified_domain");
        assertThat(profiles.get(0).link().evidence()).isEqualTo("acme.com");
        assertThat(sso.attempts(connection.id(), null, 10)).hasSize(2).allMatch(a -> a.succeeded());
        rest.call("DELETE", "/user_management/users/" + user, "");
        assertThat(rest.get("/connections/" + connection.id()).status()).isEqualTo(200);
    }

    @Test
    @DisplayName(
            "the first page sends whoever has an address of the domain to the organization's provider, and only those")
    void identifierFirst() {
        Browser browser = browser();
        String begin = Browser.location(browser.get("/auth/sign-in"));
        Answer away = browser.post("/auth/sign-in", Map.of("flow", Browser.flowOf(begin), "email", "Ada@ACME.com"));
        assertThat(Browser.location(away)).contains("/auth/sso/test/idp/");
        Answer in = vouch(browser, away, "ada@acme.com");
        assertThat(Browser.location(in)).isEqualTo("/");
        assertThat(browser.session()).isNotEmpty();
        Browser other = browser();
        begin = Browser.location(other.get("/auth/sign-in"));
        assertThat(Browser.location(
                        other.post("/auth/sign-in", Map.of("flow", Browser.flowOf(begin), "email", "bob@other.com"))))
                .contains("/auth/password");
    }

    @Test
    @DisplayName("F03 a form of the application's own takes a password only from whom the first page would ask for one")
    void ownFormsLeadToTheProviderToo() {
        String password = "correct-horse-battery-9";
        for (String email : List.of("bob@other.com", "grace@acme.com")) {
            rest.gatehouse.users().create(NewUser.of(email).withPassword(password));
        }
        Request form = new Request("POST", "/login", "", Map.of(), new byte[0], "192.0.2.1", true);
        Pages.Entered entered = rest.gatehouse.pages().signIn(form, "bob@other.com", password);
        assertThat(entered.who().user().email()).isEqualTo("bob@other.com");
        assertThat(entered.headers().header("Set-Cookie")).isPresent();
        assertThatThrownBy(() -> rest.gatehouse.pages().signIn(form, "Grace@ACME.com", password))
                .isInstanceOfSatisfying(ApiException.class, refused -> {
                    assertThat(refused.code()).isEqualTo("sso_required");
                    assertThat(refused.extras()).containsEntry("connection_ids", List.of(connection.id()));
                });
        Request elsewhere = new Request(
                "POST", "/login", "", Map.of("sec-fetch-site", List.of("cross-site")), new byte[0], "192.0.2.1", true);
        assertThatThrownBy(() -> rest.gatehouse.pages().signIn(elsewhere, "bob@other.com", password))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        refused -> assertThat(refused.code()).isEqualTo("other_site"));
        rest.gatehouse.pages().signOut(form, entered.who().sessionId());
        assertThat(rest.gatehouse
                        .sessions()
                        .active(
                                rest.gatehouse.environment().id(),
                                entered.who().user().id()))
                .isEmpty();
    }

    private String verificationCode() {
        var events = rest.get("/events?limit=100&events=email_verification.created")
                .json()
                .at("/data");
        String id = events.get(events.size() - 1).at("/data/id").asText();
        return rest.get("/user_management/email_verification/" + id).text("/code");
    }

    @Test
    @DisplayName(
            "an address of another domain is let in by invitation or membership alone, and only once its mailbox is proved")
    void guests() {
        Browser browser = browser();
        Answer away = browser.get(authorize("/user_management/authorize", "organization_id=" + acme));
        assertThat(Browser.parameter(Browser.location(vouch(browser, away, "guest@other.com")), "error"))
                .isEqualTo("profile_not_allowed_outside_organization");
        assertThat(rest.gatehouse.users().findByEmail("guest@other.com")).isEmpty();
        assertThat(rest.events("authentication.sso_failed")).isEqualTo(1);

        String guest = rest.user("guest@other.com");
        rest.member(guest, acme);
        away = browser.get(authorize("/user_management/authorize", "organization_id=" + acme));
        Answer verify = vouch(browser, away, "guest@other.com");
        assertThat(Browser.location(verify))
                .as("the provider's word is no proof of that mailbox")
                .contains("/auth/verify-email");
        assertThat(browser.session()).isEmpty();
        assertThat(sso.profilesOf(guest)).isEmpty();
        String flow = Browser.flowOf(Browser.location(verify));
        String code = verificationCode();
        Answer in = browser.post("/auth/verify-email", Map.of("flow", flow, "code", code));
        assertThat(Browser.location(in)).startsWith(BACK + "?code=");
        assertThat(sso.profilesOf(guest)).hasSize(1);
        assertThat(sso.profilesOf(guest).get(0).link().reason()).isEqualTo("mailed_code");

        away = browser.get(authorize("/user_management/authorize", "organization_id=" + acme));
        assertThat(Browser.location(vouch(browser, away, "guest@other.com")))
                .as("known from now on")
                .startsWith(BACK + "?code=");
    }

    @Test
    @DisplayName("what one browser began no other finishes, and nobody finishes it twice")
    void otherBrowser() {
        Browser victim = browser();
        Browser attacker = browser();
        Answer away = attacker.get(authorize("/user_management/authorize", "connection_id=" + connection.id()));
        assertThat(vouch(victim, away, "eve@acme.com").status()).isEqualTo(400);
        assertThat(victim.session()).isEmpty();
        assertThat(Browser.location(vouch(attacker, away, "eve@acme.com"))).startsWith(BACK + "?code=");
        Answer form = attacker.get(local(Browser.location(away)));
        assertThat(form.status()).as("taken").isEqualTo(400);
    }

    @Test
    @DisplayName("a connection that is switched off while somebody is at its provider lets nobody in")
    void switchedOff() {
        Browser browser = browser();
        Answer away = browser.get(authorize("/user_management/authorize", "connection_id=" + connection.id()));
        sso.deactivate(connection.id());
        assertThat(Browser.parameter(Browser.location(vouch(browser, away, "ada@acme.com")), "error"))
                .isEqualTo("connection_unlinked");
        assertThat(rest.events("connection.deactivated")).isEqualTo(1);
        assertThat(sso.active()).isZero();
        Answer refused = browser.get(authorize("/user_management/authorize", "connection_id=" + connection.id()));
        assertThat(Browser.parameter(Browser.location(refused), "error")).isEqualTo("connection_unlinked");
        sso.activate(connection.id());
        assertThat(sso.active()).isEqualTo(1);
        away = browser.get(authorize("/user_management/authorize", "connection_id=" + connection.id()));
        assertThat(Browser.location(vouch(browser, away, "ada@acme.com"))).startsWith(BACK + "?code=");
    }

    @Test
    @DisplayName("groups of the provider give roles of the organization, and take back just those")
    void groupRoles() {
        rest.gatehouse.access().createRole("editor", "Editor", List.of());
        sso.update(
                connection.id(),
                NewConnection.test(acme, "Acme Test")
                        .groupRole("Admins", "admin")
                        .groupRole("Writers", "editor"));
        assertThat(rolesAfter("Writers, Admins, Others")).containsExactlyInAnyOrder("admin", "editor");
        assertThat(rolesAfter("Writers")).containsExactly("editor");
        assertThat(rolesAfter("")).as("the default").containsExactly("member");
        assertThatThrownBy(() -> sso.update(
                        connection.id(), NewConnection.test(acme, "Acme Test").groupRole("Root", "superadmin")))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("superadmin");
    }

    private List<String> rolesAfter(String groups) {
        Browser browser = browser();
        Answer away = browser.get(authorize("/user_management/authorize", "connection_id=" + connection.id()));
        Answer in = vouch(browser, away, "ada@acme.com", Map.of("groups", groups));
        assertThat(Browser.location(in)).startsWith(BACK + "?code=");
        String user =
                rest.gatehouse.users().findByEmail("ada@acme.com").orElseThrow().id();
        return rest.gatehouse.organizations().ofUser(user).stream()
                .map(Membership::roles)
                .findFirst()
                .orElseThrow();
    }

    @Test
    @DisplayName("an organization that wants its provider alone sends whoever has a password there")
    void required() {
        String ada = rest.user("ada@acme.com");
        rest.member(ada, acme);
        assertThat(rest.password("ada@acme.com", Rest.PASSWORD).status()).isEqualTo(200);
        rest.gatehouse.organizations().demand(acme, SignInPolicy.NONE.withMethods(Set.of("sso")));
        Reply refused = rest.password("ada@acme.com", Rest.PASSWORD);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("/error")).isEqualTo("sso_required");
        assertThat(refused.text("/connection_ids/0")).isEqualTo(connection.id());
        Browser browser = browser();
        Answer away = browser.get(authorize("/user_management/authorize", "connection_id=" + connection.id()));
        assertThat(Browser.location(vouch(browser, away, "ada@acme.com"))).startsWith(BACK + "?code=");
        assertThat(sso.profilesOf(ada)).hasSize(1);
    }

    @Test
    @DisplayName("selectors are refused as the contract's redirects spell it")
    void selectors() {
        String other = rest.organization("Other");
        Map<String, String> refused = Map.of(
                "connection=conn_01ARZ3NDEKTSV4RRFFQ69G5FAV",
                "connection_invalid",
                "organization=" + other,
                "organization_invalid",
                "provider=GoogleOAuth",
                "connection_strategy_invalid",
                "domain=acme.com",
                "domain_connection_selector_not_allowed",
                "nothing=1",
                "invalid_connection_selector",
                "connection=" + connection.id() + "&organization=" + acme,
                "invalid_connection_selector");
        refused.forEach((selector, error) -> {
            String back = Browser.location(browser().get(authorize("/sso/authorize", selector)));
            assertThat(back).startsWith(BACK);
            assertThat(Browser.parameter(back, "error")).as(selector).isEqualTo(error);
            assertThat(Browser.parameter(back, "state")).isEqualTo("s 1");
        });
        sso.create(NewConnection.test(acme, "Second"));
        assertThat(Browser.parameter(
                        Browser.location(browser().get(authorize("/sso/authorize", "organization=" + acme))), "error"))
                .isEqualTo("ambiguous_connection_selector");
        Answer page = browser()
                .get("/sso/authorize?client_id=" + Rest.CLIENT
                        + "&redirect_uri=https://evil.example/&response_type=code&organization=" + acme);
        assertThat(page.status())
                .as("nothing is redirected to an address that is not registered")
                .isEqualTo(400);
    }

    @Test
    @DisplayName("connections are made, changed, listed and deleted over REST; draft until they are complete")
    void operations() {
        Reply made = rest.made("/connections", """
                {"connection_type":"OktaSAML","organization_id":"%s","name":"Okta"}""".formatted(acme));
        assertThat(made.text("/state")).isEqualTo("draft");
        String id = made.text("/id");
        Reply changed = rest.call("PUT", "/connections/" + id, """
                {"connection_type":"OktaSAML","organization_id":"%s","name":"Okta",
                 "saml":{"entity_id":"http://okta","sso_url":"https://okta.example/sso","certificates":["%s"]}}""".formatted(acme, certificate()));
        assertThat(changed.status()).as(changed.json().toString()).isEqualTo(200);
        assertThat(changed.text("/state")).isEqualTo("validating");
        assertThat(changed.text("/domains/0/domain")).isEqualTo("acme.com");
        assertThat(rest.get("/connections?connection_type=oktasaml")
                        .json()
                        .at("/data")
                        .size())
                .isEqualTo(1);
        assertThat(rest.get("/connections?domain=acme.com").json().at("/data").size())
                .isEqualTo(2);
        assertThat(rest.get("/connections?domain=other.com").json().at("/data").size())
                .isZero();
        assertThat(rest.get("/connections?search=okta&organization_id=" + acme)
                        .json()
                        .at("/data")
                        .size())
                .isEqualTo(1);
        assertThat(rest.call("DELETE", "/connections/" + id, "").status()).isEqualTo(204);
        assertThat(rest.get("/connections/" + id).status()).isEqualTo(404);
        assertThat(rest.events("connection.deleted")).isEqualTo(1);
        rest.call("DELETE", "/organizations/" + acme, "");
        assertThat(rest.get("/connections/" + connection.id()).status())
                .as("goes with its organization")
                .isEqualTo(404);
    }

    private String certificate() {
        return rest.get("/sso/jwks/" + Rest.CLIENT).text("/keys/0/x5c/0");
    }

    @Test
    @DisplayName("what no sign-in could use is refused when it is set")
    void refusedSettings() {
        NewConnection good = NewConnection.saml(
                ConnectionType.OKTA_SAML,
                acme,
                "Okta",
                SamlProvider.of("http://okta", "https://okta.example/sso", certificate()));
        assertThat(sso.create(good).state()).isEqualTo(Connection.State.VALIDATING);
        for (SamlProvider bad : List.of(
                SamlProvider.of("http://okta", "javascript:alert(1)", certificate()),
                SamlProvider.of("http://okta", "http://okta.example/sso", certificate()),
                SamlProvider.of("http://okta", "https://okta.example/sso", "no certificate"),
                SamlProvider.of("http://okta", "https://okta.example/sso", certificate())
                        .allowing("md5"))) {
            assertThatThrownBy(() -> sso.create(NewConnection.saml(ConnectionType.OKTA_SAML, acme, "Okta", bad)))
                    .as(bad.toString())
                    .isInstanceOf(ApiException.class);
        }
        assertThatThrownBy(() -> sso.create(NewConnection.saml(
                        ConnectionType.OKTA_SAML, "org_01ARZ3NDEKTSV4RRFFQ69G5FAV", "Okta", good.saml())))
                .isInstanceOf(ApiException.class);
        Rest production = new Rest(
                new dev.gatehouse.store.MemoryStorage(),
                dev.gatehouse.crypto.LocalKeyring.random(),
                new SteerableClock(),
                builder -> builder.set(Setting.ENVIRONMENT, "live")
                        .set(Setting.PRODUCTION, "true")
                        .set(Setting.API_KEY, "sk_live_abcdefghijklmnopqrstuvwxyz")
                        .set(Setting.ORIGIN, "https://app.example.com"));
        String org = production.gatehouse.organizations().create("Acme").id();
        assertThatThrownBy(() -> production.gatehouse.sso().create(NewConnection.test(org, "Test")))
                .isInstanceOf(ApiException.class);
        production.close();
    }
}
