package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.config.ConfigException;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.IronSeal;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.Source;
import dev.gatehouse.store.MemoryStorage;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One session cookie with the vendor's Node SDKs (contract/behaviour/03 §3.8). The SDK itself is asked in NodeSideBySideTest. */
class SharedCookieTest {
    private static final String PASSWORD = "a password of more than 32 characters";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MemoryStorage storage = new MemoryStorage();
    private final LocalKeyring keyring = LocalKeyring.random();
    private final Rest rest = rest(builder -> builder.set(Setting.COOKIE_PASSWORD, PASSWORD));
    private final IronSeal node = new IronSeal(PASSWORD, new RandomTokens());
    private String ada = "";

    private Rest rest(UnaryOperator<Gatehouse.Builder> more) {
        return new Rest(storage, keyring, new SteerableClock(), more);
    }

    @BeforeEach
    void user() {
        ada = rest.user("ada@example.com");
    }

    @AfterEach
    void close() {
        rest.close();
    }

    private static @Nullable SignedIn read(Rest at, String cookie) {
        return at.gatehouse
                .sessions()
                .byCookie(at.gatehouse.environment().id(), at.gatehouse.pages().sessionCookie(), cookie);
    }

    private String begin(@Nullable String organization) {
        String env = rest.gatehouse.environment().id();
        return rest.gatehouse
                .sessions()
                .begin(env, rest.gatehouse.clientId(), ada, organization, new Source("192.0.2.1", "curl"));
    }

    private String sealed(String session) {
        return rest.gatehouse
                .sessions()
                .seal(rest.gatehouse.environment().id(), rest.gatehouse.pages().sessionCookie(), session);
    }

    /** A cookie as the SDK seals what authenticate answered. */
    private String byNode(Rest.Reply in) {
        return node.seal(JSON.createObjectNode()
                .put("accessToken", in.text("/access_token"))
                .put("refreshToken", in.text("/refresh_token"))
                .toString());
    }

    private JsonNode content(String cookie) throws IOException {
        return JSON.readTree(node.unseal(cookie, rest.clock.instant()).orElseThrow());
    }

    @Test
    void whatIsWrittenHereIsWhatTheSdkWrites() throws IOException {
        String acme = rest.organization("Acme");
        rest.member(ada, acme);
        String session = begin(acme);
        JsonNode content = content(sealed(session));
        assertThat(content.path("organizationId").asText()).isEqualTo(acme);
        assertThat(content.path("authenticationMethod").asText()).isEqualTo("ExternalAuth");
        assertThat(content.has("impersonator")).isFalse();
        TreeSet<String> members = new TreeSet<>();
        for (Iterator<String> names = content.path("user").fieldNames(); names.hasNext(); ) {
            members.add(names.next());
        }
        assertThat(members)
                .contains("emailVerified", "firstName", "lastSignInAt", "createdAt", "externalId", "profilePictureUrl")
                .noneMatch(name -> name.contains("_"));
        assertThat(content.at("/user/id").asText()).isEqualTo(ada);
        SignedIn bearer = rest.bearer(content.path("accessToken").asText());
        assertThat(bearer).isNotNull();
        assertThat(bearer.sessionId()).isEqualTo(session);
        assertThat(rest.refresh(content.path("refreshToken").asText()).status()).isEqualTo(200);
    }

    @Test
    void whatTheSdkWritesSignsInHere() {
        Rest.Reply in = rest.signIn("ada@example.com");
        SignedIn who = read(rest, byNode(in));
        assertThat(who).isNotNull();
        assertThat(who.sessionId()).isEqualTo(Rest.sessionOf(in));
        rest.gatehouse.users().endSession(ada, who.sessionId());
        assertThat(read(rest, byNode(in))).isNull();
    }

    @Test
    void anExchangedCookieLivesAsLongAsItsTokenDoes() {
        Rest.Reply in = rest.signIn("ada@example.com");
        String first = byNode(in);
        assertThat(read(rest, first)).isNotNull();
        String second = byNode(rest.refresh(in.text("/refresh_token")));
        assertThat(read(rest, second)).isNotNull();
        assertThat(read(rest, first)).as("requests that were under way").isNotNull();
        rest.clock.pass(Duration.ofSeconds(11));
        assertThat(read(rest, first)).as("after refresh-window").isNull();
        assertThat(read(rest, second)).isNotNull();
        assertThat(rest.gatehouse.users().sessions(ada))
                .as("a read ends nothing")
                .hasSize(1);
    }

    @Test
    void pagesInJavaAloneNeedNoFreshAccessToken() {
        String cookie = byNode(rest.signIn("ada@example.com"));
        rest.clock.pass(Duration.ofDays(3));
        assertThat(read(rest, cookie)).isNotNull();
    }

    @Test
    void thePasswordAloneProvesNothing() {
        Rest.Reply in = rest.signIn("ada@example.com");
        assertThat(read(rest, byNode(in))).isNotNull();
        String token = in.text("/refresh_token");
        for (String content : new String[] {
            "{}",
            "[]",
            "null",
            "7",
            "{\"refreshToken\":7}",
            "{\"refreshToken\":{}}",
            "{\"refreshToken\":null}",
            "{\"accessToken\":\"" + in.text("/access_token") + "\"}",
            "{\"refreshToken\":\"" + token.substring(0, token.length() - 1) + "\"}",
            "{\"refreshToken\":\"" + token + "\",\"refreshToken\":\"" + token + "\"}",
            "{\"refreshToken\":\"" + token,
            "{\"sessionId\":\"" + Rest.sessionOf(in) + "\"}"
        }) {
            assertThat(read(rest, node.seal(content))).as(content).isNull();
        }
    }

    @Test
    void anotherPasswordAnotherFormatAndAnotherEnvironmentAreRefused() {
        String cookie = byNode(rest.signIn("ada@example.com"));
        assertThat(read(rest, cookie)).isNotNull();
        assertThat(read(rest, cookie.replace("*", "."))).isNull();
        assertThat(read(rest, cookie.substring(0, cookie.length() - 3) + "~2")).isNull();
        try (Rest other = rest(builder -> builder.set(Setting.COOKIE_PASSWORD, PASSWORD + "x"))) {
            assertThat(read(other, cookie)).as("another password").isNull();
        }
        try (Rest own = rest(builder -> builder)) {
            assertThat(read(own, cookie)).as("nothing is shared").isNull();
            String env = own.gatehouse.environment().id();
            String name = own.gatehouse.pages().sessionCookie();
            String ours = own.gatehouse.sessions().seal(env, name, begin(null));
            assertThat(read(own, ours)).isNotNull();
            assertThat(read(rest, ours)).as("the own format where it is shared").isNull();
        }
        try (Rest other = rest(builder -> builder.set(Setting.COOKIE_PASSWORD, PASSWORD)
                .set(Setting.ENVIRONMENT, "other")
                .set(Setting.API_KEY, Rest.KEY + "_other")
                .set(Setting.CLIENT_ID, Rest.CLIENT + "other"))) {
            assertThat(read(other, cookie)).as("another environment").isNull();
        }
    }

    @Test
    void theCookieGoesWhereTheSettingsSay() {
        UnaryOperator<Gatehouse.Builder> shared = builder -> builder.set(Setting.COOKIE_PASSWORD, PASSWORD)
                .set(Setting.ORIGIN, "https://app.example.com")
                .set(Setting.COOKIE_NAME, "shared")
                .set(Setting.COOKIE_DOMAIN, "example.com");
        try (Rest https = rest(shared)) {
            Browser browser = new Browser(https.gatehouse);
            String said = browser
                    .signIn(Browser.location(browser.get("/auth/sign-in")), "ada@example.com", Rest.PASSWORD)
                    .headers()
                    .stream()
                    .filter(header -> header.getKey().equals("Set-Cookie"))
                    .map(Map.Entry::getValue)
                    .filter(cookie -> cookie.startsWith("shared="))
                    .findFirst()
                    .orElseThrow();
            assertThat(said)
                    .startsWith("shared=Fe26.2*1*")
                    .contains("; HttpOnly; SameSite=Lax; Domain=example.com; Secure");
            assertThat(said.length()).isLessThan(4_096);
        }
        assertThatThrownBy(() -> rest(builder -> shared.apply(builder).set(Setting.COOKIE_DOMAIN, "ample.com")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is not within");
        assertThatThrownBy(() -> rest(builder -> builder.set(Setting.COOKIE_PASSWORD, "short")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("at least 32")
                .hasMessageNotContaining("short'");
    }
}
