package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.Answer;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.identity.BrowserSessions;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.store.MemoryStorage;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ATTACKS, group "Sessions and cookies". */
class SessionAttacksTest {
    private static final String ADA = "ada@example.com";
    private static final String COOKIE = "gatehouse_session";
    private static final String CALLBACK = "https://app.example.com/callback";
    private static final String AUTHORIZE = "/user_management/authorize?response_type=code&provider=authkit&client_id="
            + Rest.CLIENT + "&redirect_uri=" + CALLBACK;

    private final Rest rest = new Rest();
    private final Browser browser = new Browser(rest.gatehouse);

    @AfterEach
    void close() {
        rest.close();
    }

    private @Nullable SignedIn proves(Rest node, String cookie) {
        return node.gatehouse.sessions().byCookie(node.gatehouse.environment().id(), COOKIE, cookie);
    }

    private String signedIn() {
        assertThat(browser.signIn(ADA, Rest.PASSWORD).status()).isEqualTo(303);
        assertThat(proves(rest, browser.session())).isNotNull();
        return browser.session();
    }

    @Test
    @DisplayName("C01 what a browser was given before the sign-in is worth nothing after it")
    void fixation() {
        rest.made("/user_management/redirect_uris", "{\"uri\":\"" + CALLBACK + "\"}");
        rest.user(ADA);
        rest.user("mallory@example.com");
        Browser mallory = new Browser(rest.gatehouse);
        mallory.signIn("mallory@example.com", Rest.PASSWORD);
        browser.cookies.put(COOKIE, mallory.session());
        browser.cookies.put("gatehouse_browser", "x".repeat(32));
        String begun = Browser.location(browser.get(AUTHORIZE + "&prompt=login"));
        assertThat(Browser.location(browser.signIn(begun, ADA, Rest.PASSWORD))).startsWith(CALLBACK);
        assertThat(browser.session()).isNotEqualTo(mallory.session());
        SignedIn ada = proves(rest, browser.session());
        SignedIn other = proves(rest, mallory.session());
        assertThat(ada).isNotNull();
        assertThat(other).isNotNull();
        assertThat(ada.sessionId()).isNotEqualTo(other.sessionId());
        assertThat(other.user().email()).isEqualTo("mallory@example.com");
        String first = Rest.sessionOf(rest.signIn(ADA));
        assertThat(Rest.sessionOf(rest.signIn(ADA)))
                .as("each sign-in is a new session")
                .isNotEqualTo(first);
    }

    @Test
    @DisplayName("C02 a cookie or refresh token with any character changed, cut off or added is none")
    void mutations() {
        rest.user(ADA);
        String cookie = signedIn();
        for (String changed : mutations(cookie)) {
            assertThat(proves(rest, changed)).as(changed).isNull();
        }
        String refresh = rest.signIn(ADA).text("/refresh_token");
        for (String changed : mutations(refresh)) {
            Reply refused = rest.refresh(changed);
            assertThat(refused.status()).as(changed).isEqualTo(400);
            assertThat(refused.text("/error")).isEqualTo("invalid_grant");
        }
        assertThat(rest.refresh(refresh).status())
                .as("nothing of it spent the token")
                .isEqualTo(200);
        assertThat(proves(rest, refresh)).as("another purpose's text").isNull();
        assertThat(proves(rest, Browser.flowOf(Browser.location(new Browser(rest.gatehouse).get("/auth/sign-in")))))
                .isNull();
    }

    private static List<String> mutations(String text) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < text.length(); i++) {
            char other = text.charAt(i) == 'A' ? 'B' : 'A';
            all.add(text.substring(0, i) + other + text.substring(i + 1));
            all.add(text.substring(0, i));
        }
        all.add(text + "A");
        all.add("A" + text);
        all.add(text + ".");
        all.add(" " + text);
        return all.stream().filter(changed -> !changed.isBlank()).toList();
    }

    @Test
    @DisplayName("C03 no two seals of one session are alike")
    void nonces() {
        BrowserSessions sessions = rest.gatehouse.sessions();
        List<String> heads = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            String sealed = sessions.seal("env", COOKIE, "session_01");
            // salt and nonce: 28 bytes; EnvelopeTest looks at more of them
            heads.add(sealed.substring(sealed.indexOf('.') + 1).substring(0, 37));
        }
        assertThat(heads).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("C04 a cookie proves nobody under another name or in another environment, also while it is cached")
    void place() {
        rest.user(ADA);
        String cookie = signedIn();
        String env = rest.gatehouse.environment().id();
        BrowserSessions sessions = rest.gatehouse.sessions();
        assertThat(sessions.byCookie(env, "__Host-" + COOKIE, cookie)).isNull();
        assertThat(sessions.byCookie(env + "x", COOKIE, cookie)).isNull();
        String token = rest.signIn(ADA).text("/access_token");
        assertThat(sessions.byToken(env, Rest.CLIENT, token)).isNotNull();
        assertThat(sessions.byToken(env, "client_other", token)).isNull();
        assertThat(sessions.byCookie(env, COOKIE, token))
                .as("a token is no cookie")
                .isNull();
        assertThat(sessions.byToken(env, Rest.CLIENT, cookie))
                .as("nor a cookie a token")
                .isNull();
        assertThat(sessions.byCookie(env, COOKIE, cookie))
                .as("and all of that harmed nothing")
                .isNotNull();
    }

    /** Two nodes on one storage. */
    private static final class Nodes implements AutoCloseable {
        final SteerableClock clock = new SteerableClock();
        private final MemoryStorage storage = new MemoryStorage();
        private final Keyring keyring = LocalKeyring.random();
        final Rest first = new Rest(storage, keyring, clock, UnaryOperator.identity());
        final Rest second = new Rest(storage, keyring, clock, UnaryOperator.identity());

        @Override
        public void close() {
            first.close();
            second.close();
        }
    }

    @Test
    @DisplayName("C05 an old cookie ends with its session: on this node at once, on others within the bound")
    void replay() {
        for (String how : List.of("sign-out", "revoke", "password", "hash", "delete", "java")) {
            try (Nodes nodes = new Nodes()) {
                String user = nodes.first.user(ADA);
                Browser victim = new Browser(nodes.first.gatehouse);
                victim.signIn(ADA, Rest.PASSWORD);
                String cookie = victim.session();
                SignedIn who = proves(nodes.first, cookie);
                assertThat(who).isNotNull();
                assertThat(proves(nodes.second, cookie)).isNotNull();
                end(nodes.first, how, user, who.sessionId(), victim);
                assertThat(proves(nodes.first, cookie)).as(how).isNull();
                nodes.clock.pass(Duration.ofSeconds(5));
                assertThat(proves(nodes.second, cookie)).as(how).isNull();
            }
        }
    }

    private static void end(Rest rest, String how, String user, String session, Browser victim) {
        String path = "/user_management/users/" + user;
        switch (how) {
            case "sign-out" -> {
                String csrf = Browser.hidden(victim.get("/auth/account"), "csrf");
                assertThat(victim.post("/auth/sign-out", Map.of("csrf", csrf)).status())
                        .isEqualTo(303);
                assertThat(victim.session()).isEmpty();
            }
            case "revoke" -> rest.made("/user_management/sessions/revoke", "{\"session_id\":\"" + session + "\"}");
            case "password" ->
                assertThat(rest.call("PUT", path, "{\"password\":\"another-horse-battery-7\"}")
                                .status())
                        .isEqualTo(200);
            case "hash" ->
                assertThat(rest.call(
                                        "PUT",
                                        path,
                                        "{\"password_hash_type\":\"bcrypt\",\"password_hash\":\"$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\"}")
                                .status())
                        .isEqualTo(200);
            case "delete" -> assertThat(rest.call("DELETE", path, "").status()).isEqualTo(200);
            default -> rest.gatehouse.users().endSession(user, session);
        }
    }

    @Test
    @DisplayName("C05 what another node still holds for a moment begets nothing that lives on")
    void revokedSessionsBegetNothing() {
        try (Nodes nodes = new Nodes()) {
            nodes.first.made("/user_management/redirect_uris", "{\"uri\":\"" + CALLBACK + "\"}");
            String user = nodes.first.user(ADA);
            String acme = nodes.first.organization("Acme");
            nodes.first.member(user, acme);
            Browser victim = new Browser(nodes.second.gatehouse);
            victim.signIn(ADA, Rest.PASSWORD);
            assertThat(Browser.location(victim.get(AUTHORIZE))).startsWith(CALLBACK + "?code=");
            SignedIn who = proves(nodes.second, victim.session());
            assertThat(who).isNotNull();
            String env = nodes.second.gatehouse.environment().id();
            BrowserSessions sessions = nodes.second.gatehouse.sessions();
            assertThat(sessions.accessToken(env, who)).isNotEmpty();
            assertThat(sessions.choose(env, who, acme)).isTrue();

            nodes.first.made("/user_management/sessions/revoke", "{\"session_id\":\"" + who.sessionId() + "\"}");
            assertThat(Browser.location(victim.get(AUTHORIZE)))
                    .as("no code from a revoked session")
                    .startsWith("/auth/sign-in");
            assertThat(sessions.choose(env, who, acme)).isFalse();
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> sessions.accessToken(env, who)))
                    .isNotNull();
        }
    }

    @Test
    @DisplayName("C05 a changed password voids the codes and half sign-ins made with the old one")
    void changedPassword() {
        rest.made("/user_management/redirect_uris", "{\"uri\":\"" + CALLBACK + "\"}");
        String ada = rest.user(ADA);
        signedIn();
        String code = codeOf(browser.get(AUTHORIZE));
        assertThat(rest.exchange(code).status()).as("a code works").isEqualTo(200);
        String kept = codeOf(browser.get(AUTHORIZE));
        String acme = rest.organization("Acme");
        rest.member(ada, acme);
        rest.member(ada, rest.organization("Other"));
        String pending = rest.password(ADA, Rest.PASSWORD).text("/pending_authentication_token");
        assertThat(rest.choose(pending, acme).status()).as("a choice works").isEqualTo(200);
        String half = rest.password(ADA, Rest.PASSWORD).text("/pending_authentication_token");
        rest.call("PUT", "/user_management/users/" + ada, "{\"password\":\"another-horse-battery-7\"}");
        int sessions = rest.events("session.created");
        assertThat(rest.exchange(kept).text("/error")).isEqualTo("invalid_grant");
        assertThat(rest.choose(half, acme).text("/code")).isEqualTo("invalid_pending_authentication_token");
        assertThat(rest.events("session.created")).isEqualTo(sessions);
    }

    private static String codeOf(Answer answer) {
        String location = Browser.location(answer);
        assertThat(location).startsWith(CALLBACK + "?code=");
        return location.substring(location.indexOf("code=") + 5);
    }

    @Test
    @DisplayName("C06 an access token of a revoked session, and one that has run out, open nothing here")
    void accessTokens() {
        rest.user(ADA);
        Reply in = rest.signIn(ADA);
        String token = in.text("/access_token");
        assertThat(rest.bearer(token)).isNotNull();
        rest.made("/user_management/sessions/revoke", "{\"session_id\":\"" + Rest.sessionOf(in) + "\"}");
        assertThat(rest.bearer(token)).as("at once on this node").isNull();
        String second = rest.signIn(ADA).text("/access_token");
        rest.clock.pass(Duration.ofMillis(299_500));
        assertThat(rest.bearer(second)).isNotNull();
        rest.clock.pass(Duration.ofMillis(500));
        assertThat(rest.bearer(second)).as("to the second, cached or not").isNull();
    }

    @Test
    @DisplayName("C12 pages, addresses, events, logs and the database show no token, password, code or key")
    void nothingLeaks() throws Exception {
        String database = JdbcStorage.h2Memory("leaks");
        PrintStream err = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        List<String> secrets = new ArrayList<>(List.of(Rest.PASSWORD, Rest.KEY));
        StringBuilder seen = new StringBuilder();
        JdbcStorage storage = JdbcStorage.of(database, null, null, JdbcStorage.SchemaMode.CREATE, "gh_");
        try (Rest stored = new Rest(storage, "staging");
                Connection connection = DriverManager.getConnection(database)) {
            stored.made("/user_management/redirect_uris", "{\"uri\":\"" + CALLBACK + "\"}");
            String user = stored.user(ADA);
            Reply in = stored.signIn(ADA);
            secrets.add(in.text("/refresh_token"));
            secrets.add(in.text("/access_token"));
            Browser visitor = new Browser(stored.gatehouse);
            Answer signed = visitor.signIn(ADA, Rest.PASSWORD);
            secrets.add(visitor.session());
            seen.append(Browser.location(signed));
            for (String page : List.of("/auth/account", "/auth/sign-in", "/auth/signed-out")) {
                Answer answer = visitor.get(page);
                seen.append(answer.text()).append(answer.header("Location").orElse(""));
            }
            secrets.add(codeOf(visitor.get(AUTHORIZE)));
            stored.member(user, stored.organization("Acme"));
            stored.member(user, stored.organization("Other"));
            secrets.add(stored.password(ADA, Rest.PASSWORD).text("/pending_authentication_token"));
            secrets.add(stored.gatehouse
                    .environments()
                    .createKey(stored.gatehouse.environment(), "second", java.util.Set.of("*"))
                    .key());
            seen.append(stored.get("/events?limit=100&events=session.created,user.created,"
                            + "authentication.password_succeeded,authentication.password_failed")
                    .json());
            seen.append(
                    stored.get("/user_management/users/" + user + "/sessions").json());
            try (Statement statement = connection.createStatement();
                    ResultSet script = statement.executeQuery("script")) {
                while (script.next()) {
                    seen.append(script.getString(1)).append('\n');
                }
            }
        } finally {
            System.setErr(err);
        }
        seen.append(log.toString(StandardCharsets.UTF_8));
        assertThat(seen.toString())
                .as("the right text was searched")
                .contains(ADA)
                .contains("$argon2id$");
        for (String secret : secrets) {
            assertThat(secret).hasSizeGreaterThan(20);
            assertThat(seen.toString()).doesNotContain(secret);
        }
    }

    @Test
    @DisplayName("C13 both ends of a session are kept by the server's clock, whatever is refreshed")
    void ends() {
        rest.user(ADA);
        String idle = rest.signIn(ADA).text("/refresh_token");
        String cookie = signedIn();
        String busy = rest.signIn(ADA).text("/refresh_token");
        rest.clock.pass(Duration.ofDays(29));
        busy = rest.refresh(busy).text("/refresh_token");
        assertThat(proves(rest, cookie)).isNotNull();
        rest.clock.pass(Duration.ofDays(2));
        assertThat(rest.refresh(idle).text("/error")).as("unused for 30 days").isEqualTo("invalid_grant");
        assertThat(proves(rest, cookie)).as("used two days ago").isNotNull();
        for (int day = 31; day + 20 < 365; day += 20) {
            rest.clock.pass(Duration.ofDays(20));
            Reply refreshed = rest.refresh(busy);
            assertThat(refreshed.status()).as("day " + (day + 20)).isEqualTo(200);
            busy = refreshed.text("/refresh_token");
            assertThat(proves(rest, cookie)).isNotNull();
        }
        rest.clock.pass(Duration.ofDays(20));
        assertThat(rest.refresh(busy).text("/error")).as("a year is over").isEqualTo("invalid_grant");
        assertThat(proves(rest, cookie)).isNull();
    }

    @Test
    @DisplayName("C15 people see and end their own sessions only")
    void ownSessions() {
        String ada = rest.user(ADA);
        String bob = rest.user("bob@example.com");
        String cookie = signedIn();
        Browser other = new Browser(rest.gatehouse);
        other.signIn("bob@example.com", Rest.PASSWORD);
        String bobs = rest.get("/user_management/users/" + bob + "/sessions").text("/data/0/id");
        Reply second = rest.signIn(ADA);
        String page = browser.get("/auth/account").text();
        assertThat(page).contains(Rest.sessionOf(second)).doesNotContain(bobs);
        String csrf = Browser.hidden(browser.get("/auth/account"), "csrf");
        browser.post("/auth/account/sessions", Map.of("csrf", csrf, "session_id", bobs));
        assertThat(proves(rest, other.session())).as("another's session").isNotNull();
        assertThat(rest.gatehouse.users().endSession(ada, bobs)).isFalse();
        browser.post("/auth/account/sessions", Map.of("csrf", csrf, "session_id", Rest.sessionOf(second)));
        assertThat(rest.refresh(second.text("/refresh_token")).status())
                .as("the own other one")
                .isEqualTo(400);
        assertThat(proves(rest, cookie)).as("and not this one").isNotNull();
        assertThat(rest.get("/user_management/users/" + bob + "/sessions").text("/data/0/status"))
                .isEqualTo("active");
    }

    @Test
    @DisplayName("C17, T08 a session that moves to another organization leaves its roles behind")
    void switched() {
        String ada = rest.user(ADA);
        String acme = rest.organization("Acme");
        String membership = rest.member(ada, acme);
        rest.call("PUT", "/user_management/organization_memberships/" + membership, "{\"role_slug\":\"admin\"}");
        Reply in = rest.signIn(ADA);
        String other = rest.organization("Other");
        rest.member(ada, other);
        String old = in.text("/access_token");
        SignedIn admin = rest.bearer(old);
        assertThat(admin).isNotNull();
        assertThat(admin.roles()).containsExactly("admin");
        Reply moved = refreshInto(in.text("/refresh_token"), other);
        assertThat(moved.status()).as(moved.json().toString()).isEqualTo(200);
        String claims = new String(
                Base64.getUrlDecoder().decode(moved.text("/access_token").split("\\.", -1)[1]), StandardCharsets.UTF_8);
        assertThat(claims).contains(other).doesNotContain(acme).doesNotContain("admin");
        SignedIn now = rest.bearer(old);
        assertThat(now).isNotNull();
        assertThat(now.organizationId())
                .as("the old token says what the session is now")
                .isEqualTo(other);
        assertThat(now.roles()).containsExactly("member");
        Reply stranger = refreshInto(moved.text("/refresh_token"), rest.organization("Strangers"));
        assertThat(stranger.text("/error")).isEqualTo("organization_membership_not_found");
    }

    private Reply refreshInto(String token, String organization) {
        return rest.post("/user_management/authenticate", """
                {"grant_type":"refresh_token","client_id":"%s","refresh_token":"%s","organization_id":"%s"}""".formatted(Rest.CLIENT, token, organization));
    }

    @Test
    @DisplayName("C19, X12 nothing deserializes Java objects, and a gadget in the place of a token is garbage")
    void noDeserialization() throws Exception {
        assertThat(ArchitectureTest.CLASSES).hasSizeGreaterThan(50);
        ArchRuleDefinition.noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ObjectInputStream.class)
                .check(ArchitectureTest.CLASSES);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new java.util.HashMap<>(Map.of("a", "b")));
        }
        String gadget = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
        assertThat(gadget).startsWith("rO0AB");
        assertThat(proves(rest, gadget)).isNull();
        assertThat(proves(rest, "k1." + gadget)).isNull();
        assertThat(rest.refresh(gadget).text("/error")).isEqualTo("invalid_grant");
        assertThat(new RandomTokens().base62(43)).as("secrets are of 256 bits").matches("[0-9A-Za-z]{43}");
    }

    @Test
    @DisplayName("C20 reading, asking ahead or for the head alone neither refreshes nor ends a session")
    void prefetch() {
        rest.made("/user_management/redirect_uris", "{\"uri\":\"" + CALLBACK + "\"}");
        rest.user(ADA);
        String refresh = rest.signIn(ADA).text("/refresh_token");
        String cookie = signedIn();
        browser.with("sec-purpose", "prefetch;prerender");
        for (String target :
                List.of("/auth/sign-in", "/auth/account", "/auth/sign-out", "/auth/signed-out", AUTHORIZE)) {
            for (String method : List.of("GET", "HEAD")) {
                Answer answer = browser.send(method, target, "");
                assertThat(answer.status()).as(target).isLessThan(500);
                assertThat(browser.session()).as(method + " " + target).isEqualTo(cookie);
            }
        }
        assertThat(rest.get("/user_management/authenticate?grant_type=refresh_token&client_id=" + Rest.CLIENT
                                + "&refresh_token=" + refresh)
                        .status())
                .isEqualTo(405);
        assertThat(proves(rest, cookie)).isNotNull();
        assertThat(rest.events("session.revoked")).isZero();
        assertThat(rest.refresh(refresh).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("R04 a sign-out whose return_to is not listed is refused and signs nobody out")
    void signOutRedirects() {
        SteerableClock clock = new SteerableClock();
        try (Rest listed = new Rest(
                new MemoryStorage(),
                LocalKeyring.random(),
                clock,
                builder -> builder.set(
                        Setting.SIGN_OUT_REDIRECTS, "https://app.example.com/bye,https://app.example.com/bye2"))) {
            listed.user(ADA);
            String path = "/user_management/sessions/logout?session_id=";
            Browser visitor = new Browser(listed.gatehouse);
            visitor.signIn(ADA, Rest.PASSWORD);
            SignedIn who = proves(listed, visitor.session());
            assertThat(who).isNotNull();
            for (String bad : List.of(
                    "https://evil.example",
                    "https://app.example.com/bye/",
                    "https://app.example.com/bye?x=1",
                    "https://app.example.com/BYE",
                    "https://app.example.com/bye@evil.example",
                    "http://app.example.com/bye",
                    "//app.example.com/bye",
                    "/bye",
                    "javascript:alert(1)",
                    "https://app.example.com/bye,https://app.example.com/bye2",
                    "https://app.example.com/bye%0d%0aSet-Cookie:%20a=b")) {
                Answer answer = visitor.get(path + who.sessionId() + "&return_to=" + bad);
                assertThat(answer.status()).as(bad).isEqualTo(422);
                assertThat(answer.header("Location")).isEmpty();
                assertThat(proves(listed, visitor.session())).as(bad).isNotNull();
            }
            assertThat(listed.events("session.revoked")).isZero();
            Answer done = visitor.get(path + who.sessionId() + "&return_to=https://app.example.com/bye2");
            assertThat(Browser.location(done)).isEqualTo("https://app.example.com/bye2");
            assertThat(visitor.session()).isEmpty();
            assertThat(listed.events("session.revoked")).isEqualTo(1);
            assertThat(Browser.location(visitor.get(path + who.sessionId())))
                    .as("again is harmless, and the first is the default")
                    .isEqualTo("https://app.example.com/bye");
            assertThat(Browser.location(visitor.get(path + "session_none"))).isEqualTo("https://app.example.com/bye");
        }
    }

    @Test
    void aSessionInUseDoesNotLookUnusedHoweverShortTheInactivity() throws Exception {
        try (Rest quick = new Rest(
                new MemoryStorage(),
                LocalKeyring.random(),
                new SteerableClock(),
                builder -> builder.set(Setting.SESSION_INACTIVITY, "2m"))) {
            quick.user(ADA);
            Browser browser = new Browser(quick.gatehouse);
            browser.signIn(ADA, Rest.PASSWORD);
            for (int i = 0; i < 10; i++) {
                quick.clock.pass(Duration.ofSeconds(50));
                assertThat(browser.get("/auth/account").status()).isEqualTo(200);
            }
            quick.clock.pass(Duration.ofSeconds(121));
            assertThat(browser.get("/auth/account").status()).isEqualTo(303);
        }
    }
}
