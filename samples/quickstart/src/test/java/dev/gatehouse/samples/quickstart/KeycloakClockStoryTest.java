package dev.gatehouse.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.samples.common.Keycloak;
import dev.gatehouse.samples.common.SampleServer;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.sso.Addresses;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.OidcProvider;
import dev.gatehouse.sso.SamlProvider;
import dev.gatehouse.store.MemoryStorage;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clocks of Gatehouse and of a real Keycloak that differ: by less than a minute it does not matter, by more it is said. */
@ExtendWith(WithKeycloak.class)
class KeycloakClockStoryTest {
    private static final Duration HARMLESS = Duration.ofSeconds(45);
    private static final Duration TOO_MUCH = Duration.ofMinutes(3);

    private final Keycloak keycloak;

    KeycloakClockStoryTest(Keycloak keycloak) {
        this.keycloak = keycloak;
    }

    /** An application whose clock is behind Keycloak's by so much. */
    private static final class Late implements AutoCloseable {
        final int port;
        final Gatehouse gatehouse;
        final String organization;
        private final Server server;

        Late(Duration behind) throws Exception {
            port = SampleServer.freePort();
            server = new Server(port);
            gatehouse = Gatehouse.builder()
                    .storage(new MemoryStorage())
                    .keyring(LocalKeyring.random())
                    .clock(Clock.offset(Clock.systemUTC(), behind.negated()))
                    .set(Setting.ORIGIN, "http://localhost:" + port)
                    .build();
            organization = gatehouse.organizations().create("Acme").id();
            gatehouse
                    .organizations()
                    .domains()
                    .verifyManually(gatehouse
                            .organizations()
                            .domains()
                            .claim(organization, "acme.com")
                            .id());
            ServletContextHandler context = new ServletContextHandler("/");
            context.addFilter(
                    new FilterHolder(new GatehouseFilter(gatehouse)), "/*", EnumSet.allOf(DispatcherType.class));
            context.addServlet(new HttpServlet() {}, "/");
            server.setHandler(context);
            server.start();
        }

        /** What a test of a connection shows. */
        String tried(Page page, Connection connection) {
            page.navigate(gatehouse.sso().testSignIn(connection.id()).url());
            page.fill("#username", "ada");
            page.fill("#password", "pw-ada");
            page.click("#kc-login");
            page.waitForSelector(".steps");
            return page.innerText("main");
        }

        @Override
        public void close() throws Exception {
            server.stop();
            gatehouse.close();
        }
    }

    private Connection saml(Late late) throws Exception {
        Connection connection = late.gatehouse
                .sso()
                .create(NewConnection.saml(
                        ConnectionType.KEYCLOAK_SAML,
                        late.organization,
                        "Acme Keycloak",
                        SamlProvider.ofMetadata(keycloak.realm("/protocol/saml/descriptor"))));
        Addresses ours = late.gatehouse.sso().addresses(connection.id());
        keycloak.client(
                String.valueOf(ours.spEntityId()),
                "saml",
                Map.of(
                        "saml.assertion.signature", "true",
                        "saml.authnstatement", "true",
                        "saml.client.signature", "false",
                        "saml.force.post.binding", "true",
                        "saml_name_id_format", "email",
                        "saml_force_name_id_format", "true"),
                Map.of("redirectUris", List.of(String.valueOf(ours.acsUrl()))));
        return connection;
    }

    private Connection openIdConnect(Late late) throws Exception {
        String client = "late-" + late.port;
        Connection connection = late.gatehouse
                .sso()
                .create(NewConnection.oidc(
                        ConnectionType.GENERIC_OIDC,
                        late.organization,
                        "Acme Keycloak",
                        OidcProvider.of(keycloak.realm(""), client),
                        "s3cret"));
        Addresses ours = late.gatehouse.sso().addresses(connection.id());
        keycloak.client(
                client,
                "openid-connect",
                Map.of(),
                Map.of("secret", "s3cret", "redirectUris", List.of(String.valueOf(ours.redirectUri()))));
        return connection;
    }

    @Test
    @DisplayName(
            "both protocols bear a clock that is 45 seconds behind, and refuse at the step “Time” when it is three minutes")
    void skew() throws Exception {
        try (Chromium chromium = new Chromium();
                Late harmless = new Late(HARMLESS);
                Late tooMuch = new Late(TOO_MUCH)) {
            assertThat(harmless.tried(chromium.page(), saml(harmless))).contains("The test passed");
            assertThat(harmless.tried(chromium.page(), openIdConnect(harmless))).contains("The test passed");
            assertThat(tooMuch.tried(chromium.page(), saml(tooMuch))).contains("The test failed", "11. Time");
            assertThat(tooMuch.tried(chromium.page(), openIdConnect(tooMuch)))
                    .contains("The test failed", "9. The ID token is not in force");
        }
    }
}
