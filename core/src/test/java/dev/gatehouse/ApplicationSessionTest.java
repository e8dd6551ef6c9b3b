package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.identity.Session;
import dev.gatehouse.identity.SignInPolicy;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.Source;
import dev.gatehouse.spi.Telemetry;
import dev.gatehouse.store.MemoryStorage;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions that the application begins itself, for somebody whom it has proved. */
class ApplicationSessionTest {
    private final Rest rest =
            new Rest(new MemoryStorage(), LocalKeyring.random(), new SteerableClock(), builder -> builder);

    @AfterEach
    void close() {
        rest.close();
    }

    private @Nullable SignedIn begin(String user, @Nullable String organization) {
        String env = rest.gatehouse.environment().id();
        String cookie = rest.gatehouse.pages().sessionCookie();
        String id = rest.gatehouse
                .sessions()
                .begin(env, rest.gatehouse.clientId(), user, organization, new Source("192.0.2.1", "curl"));
        return rest.gatehouse
                .sessions()
                .byCookie(env, cookie, rest.gatehouse.sessions().seal(env, cookie, id));
    }

    @Test
    void itsCookieSignsInAndEverybodySeesHowItBegan() {
        String ada = rest.user("ada@example.com");
        String acme = rest.organization("Acme");
        rest.member(ada, acme);
        SignedIn who = begin(ada, acme);
        assertThat(who).isNotNull();
        assertThat(who.organizationId()).isEqualTo(acme);
        assertThat(who.roles()).containsExactly("member");
        List<Session> sessions = rest.gatehouse.users().sessions(ada);
        assertThat(sessions).hasSize(1);
        assertThat(sessions.get(0).authMethod()).isEqualTo("external_auth");
        assertThat(sessions.get(0).ipAddress()).isEqualTo("192.0.2.1");
        assertThat(rest.telemetry.told(Telemetry.Signal.SIGN_INS)).isNotEmpty();
        rest.gatehouse.users().endSession(ada, who.sessionId());
        assertThat(rest.gatehouse.users().sessions(ada)).isEmpty();
    }

    @Test
    void nobodyEntersAnOrganizationThatIsNotTheirs() {
        String ada = rest.user("ada@example.com");
        String acme = rest.organization("Acme");
        assertThat(begin(ada, null)).isNotNull();
        assertThatThrownBy(() -> begin(ada, acme))
                .isInstanceOf(ApiException.class)
                .extracting("code")
                .isEqualTo("organization_membership_required");
        assertThatThrownBy(() -> begin("user_01HZZZZZZZZZZZZZZZZZZZZZZZ", null)).isInstanceOf(ApiException.class);
        assertThat(rest.gatehouse.users().sessions(ada)).as("half of nothing").hasSize(1);
    }

    @Test
    void whatTheOrganizationAllowsHoldsForTheApplicationToo() {
        String ada = rest.user("ada@example.com");
        String acme = rest.organization("Acme");
        rest.member(ada, acme);
        assertThat(begin(ada, acme)).isNotNull();
        rest.gatehouse.organizations().demand(acme, SignInPolicy.NONE.withMethods(Set.of("sso")));
        assertThatThrownBy(() -> begin(ada, acme))
                .isInstanceOf(ApiException.class)
                .extracting("code")
                .isEqualTo("organization_authentication_methods_required");
        rest.gatehouse.organizations().demand(acme, SignInPolicy.NONE.withMethods(Set.of("sso", "external-auth")));
        assertThat(begin(ada, acme)).isNotNull();
    }
}
