package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.identity.User;
import dev.gatehouse.sso.Attempt;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.Profile;
import dev.gatehouse.sso.Sso;
import dev.gatehouse.sso.Vouched;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections whose provider the application itself speaks to. */
class ExternalConnectionTest {
    private static final String BACK = "https://app.example.com/callback";
    private static final String PATH = "/shop/cas/acme";
    private static final Vouched ADA = new Vouched(
            "badge-7", Map.of("email", "ada@acme.com", "given_name", "Ada", "groups", List.of("Admins"), "costs", 42));

    private final Rest rest = new Rest();
    private final Sso sso = rest.gatehouse.sso();
    private final String acme = rest.made("/organizations", """
            {"name":"Acme","domain_data":[{"domain":"acme.com","state":"verified"}]}""").text("/id");
    private final Connection connection = sso.create(NewConnection.external(acme, "Acme CAS", PATH)
            .groupRole("Admins", "admin")
            .customAttributes(Map.of("cost_center_name", "costs")));
    private final Browser browser = new Browser(rest.gatehouse);

    ExternalConnectionTest() {
        rest.made("/user_management/redirect_uris", "{\"uri\":\"" + BACK + "\"}");
    }

    @AfterEach
    void close() {
        rest.close();
    }

    /** The token that a browser brings to the application's path. */
    private String asked(Connection of) {
        String location = Browser.location(browser.get("/user_management/authorize?response_type=code&client_id="
                + Rest.CLIENT + "&redirect_uri=" + BACK + "&login_hint=ada%40acme.com&connection_id=" + of.id()));
        assertThat(location).startsWith("http://localhost:8080" + of.externalPath() + "?request=");
        Parameters query = Parameters.parse(location.substring(location.indexOf('?') + 1));
        assertThat(query.one("login_hint")).contains("ada@acme.com");
        return query.one("request").orElseThrow();
    }

    private Answer at(Browser who, String location) {
        return who.get(location.replaceFirst("^http://localhost:8080", ""));
    }

    @Test
    void whomTheApplicationProvedSignsInLikeThroughAnyProvider() {
        assertThat(connection.state()).isEqualTo(Connection.State.VALIDATING);
        Answer back = at(browser, sso.vouch(PATH, asked(connection), ADA));
        Rest.Reply in = rest.exchange(Browser.location(back).replaceAll(".*[?&]code=", ""));
        assertThat(in.status()).as(in.json().toString()).isEqualTo(200);
        assertThat(in.text("/user/email")).isEqualTo("ada@acme.com");
        assertThat(in.text("/organization_id")).isEqualTo(acme);
        assertThat(in.text("/authentication_method")).isEqualTo("SSO");
        User ada = rest.gatehouse.users().findByEmail("ada@acme.com").orElseThrow();
        Profile profile = sso.profilesOf(ada.id()).get(0);
        assertThat(profile.roles()).containsExactly("admin");
        assertThat(profile.idpId()).isEqualTo("badge-7");
        assertThat(profile.customAttributes()).containsEntry("cost_center_name", 42);
        assertThat(sso.find(connection.id()).orElseThrow().state()).isEqualTo(Connection.State.ACTIVE);
        assertThat(sso.attempts(connection.id(), null, 9))
                .extracting(Attempt::outcome)
                .containsExactly("succeeded");
        // known again by the subject, whatever the address has become
        at(browser, sso.vouch(PATH, asked(connection), new Vouched("badge-7", Map.of("email", "lovelace@acme.com"))));
        assertThat(sso.profilesOf(ada.id())).hasSize(1);
    }

    @Test
    void aRequestCountsOnceInItsBrowserAndItsTime() {
        String first = asked(connection);
        String go = sso.vouch(PATH, first, ADA);
        assertThat(at(new Browser(rest.gatehouse), go).text()).contains("ended or was begun in another browser");
        assertThat(Browser.location(at(browser, go))).startsWith(BACK + "?code=");
        assertThat(at(browser, go).status()).as("a second time").isEqualTo(400);
        assertThat(at(browser, sso.vouch(PATH, first, ADA)).status())
                .as("vouched for twice")
                .isEqualTo(400);
        String late = asked(connection);
        rest.clock.pass(Duration.ofMinutes(16));
        assertThat(at(browser, sso.vouch(PATH, late, ADA)).status()).isEqualTo(400);
        assertThat(at(browser, sso.vouch(PATH, "made-up", ADA)).status()).isEqualTo(400);
        String ticket = sso.vouch(PATH, asked(connection), ADA).replaceAll(".*ticket=", "");
        assertThat(at(browser, sso.vouch(PATH, ticket, new Vouched("other", Map.of("email", "eve@acme.com"))))
                        .status())
                .as("what was vouched for is vouched for by nobody else")
                .isEqualTo(400);
    }

    @Test
    void whatOneProviderProvesIsNoProofForAnother() {
        String other = rest.made("/organizations", """
                {"name":"Other","domain_data":[{"domain":"other.com","state":"verified"}]}""").text("/id");
        Connection strong = sso.create(NewConnection.external(other, "Strong", "/shop/strong"));
        Connection test = sso.create(NewConnection.test(other, "Test"));
        assertThat(Browser.location(at(
                        browser,
                        sso.vouch("/shop/strong", asked(strong), new Vouched("1", Map.of("email", "bob@other.com"))))))
                .startsWith(BACK + "?code=");
        assertThat(at(browser, sso.vouch(PATH, asked(strong), ADA)).status()).isEqualTo(400);
        String tested = Browser.location(browser.get("/user_management/authorize?response_type=code&client_id="
                        + Rest.CLIENT + "&redirect_uri=" + BACK + "&connection_id=" + test.id()))
                .replaceAll(".*request=", "");
        assertThat(at(browser, sso.vouch(PATH, tested, ADA)).status())
                .as("of another protocol")
                .isEqualTo(400);
    }

    @Test
    void whoMustBeAskedAnewIsProvedAnewOrNot() {
        String request = Browser.location(browser.get("/user_management/authorize?response_type=code&client_id="
                + Rest.CLIENT + "&redirect_uri=" + BACK + "&prompt=login&connection_id=" + connection.id()));
        assertThat(request).contains("&prompt=login");
        String token = request.replaceAll(".*request=([^&]*).*", "$1");
        assertThat(Browser.location(at(browser, sso.vouch(PATH, token, ADA.anew()))))
                .startsWith(BACK + "?code=");
        String second = Browser.location(browser.get("/user_management/authorize?response_type=code&client_id="
                        + Rest.CLIENT + "&redirect_uri=" + BACK + "&prompt=login&connection_id=" + connection.id()))
                .replaceAll(".*request=([^&]*).*", "$1");
        assertThat(Browser.location(at(browser, sso.vouch(PATH, second, ADA))))
                .startsWith(BACK + "?error=access_denied");
    }

    @Test
    void nobodyIsProved() {
        String location = Browser.location(at(browser, sso.decline(asked(connection))));
        assertThat(location).startsWith(BACK + "?error=access_denied");
        assertThat(sso.attempts(connection.id(), null, 9))
                .extracting(Attempt::outcome)
                .containsExactly("access_denied");
        String none = Browser.location(at(browser, sso.vouch(PATH, asked(connection), new Vouched("8", Map.of()))));
        assertThat(none).as("without an address").startsWith(BACK + "?error=server_error");
        assertThat(sso.activate(connection.id()).state())
                .as("by whoever knows that it works")
                .isEqualTo(Connection.State.ACTIVE);
        sso.deactivate(connection.id());
        assertThat(sso.find(connection.id()).orElseThrow().isOpen()).isFalse();
    }

    @Test
    void anAddressOutsideOfTheOrganizationsDomainsIsNotProved() {
        Answer answer =
                at(browser, sso.vouch(PATH, asked(connection), new Vouched("9", Map.of("email", "ada@elsewhere.com"))));
        assertThat(Browser.location(answer)).startsWith(BACK + "?error=profile_not_allowed_outside_organization");
        assertThat(rest.gatehouse.users().findByEmail("ada@elsewhere.com")).isEmpty();
    }

    @Test
    void aTestOfTheConnectionReports() {
        Answer away = at(browser, sso.testSignIn(connection.id()).url());
        String request = Browser.location(away).replaceAll(".*request=", "");
        assertThat(at(browser, sso.vouch(PATH, request, ADA)).text())
                .contains("The test passed", "ada@acme.com", "Admins");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example",
                "/\\evil.example",
                "https://evil.example/",
                "evil.example",
                "/a/../b",
                "/a//b",
                "/",
                "",
                "/a?b",
                "/a#b",
                "/a@evil.example",
                "/%2f/evil.example",
                "/a\nb"
            })
    void thePathIsBelowTheOrigin(String path) {
        assertThatThrownBy(() -> sso.create(NewConnection.external(acme, "Bad", path)))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("The path is one like");
    }

    @Test
    void overRest() {
        Rest.Reply made = rest.made("/connections", """
                {"connection_type":"External","organization_id":"%s","external_path":"/sso/kerberos"}""".formatted(acme));
        assertThat(made.text("/connection_type")).isEqualTo("External");
        assertThat(made.text("/state")).isEqualTo("validating");
        Rest.Reply wrong = rest.post("/connections", """
                {"connection_type":"GenericOIDC","organization_id":"%s","external_path":"/sso/kerberos"}""".formatted(acme));
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.json().toString()).contains("invalid_provider");
        NewConnection mixed = new NewConnection(
                ConnectionType.OKTA_OIDC, acme, "x", null, null, PATH, null, Map.of(), Map.of(), List.of());
        assertThatThrownBy(() -> sso.create(mixed))
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> assertThat(e.problems())
                                .singleElement()
                                .satisfies(
                                        problem -> assertThat(problem.field()).isEqualTo("external_path")));
    }
}
