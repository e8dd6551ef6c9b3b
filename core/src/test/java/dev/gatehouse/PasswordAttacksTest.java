package dev.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import dev.gatehouse.Rest.Reply;
import dev.gatehouse.api.Answer;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Corpus;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.store.MemoryStorage;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** ATTACKS, group "Passwords, magic codes, TOTP, recovery": what there is of it today. */
class PasswordAttacksTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ADA = "ada@example.com";
    private static final String USERS = "/user_management/users";
    /** Of {@code U*U}. */
    private static final String BCRYPT = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    private final Rest rest = new Rest();

    @AfterEach
    void close() {
        rest.close();
    }

    private static String json(Map<String, ?> members) {
        return JSON.valueToTree(members).toString();
    }

    private Reply make(String email, String password) {
        return rest.post(USERS, json(Map.of("email", email, "password", password)));
    }

    private Reply signIn(String email, String password) {
        return rest.post(
                "/user_management/authenticate",
                json(Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        Rest.CLIENT,
                        "client_secret",
                        Rest.KEY,
                        "email",
                        email,
                        "password",
                        password)));
    }

    private int users() {
        return rest.get(USERS + "?limit=100").json().at("/data").size();
    }

    @Test
    @DisplayName("P01 no character of a long password is left out")
    void truncation() {
        String long73 = "staple battery horse correct, forty two paperclips under a violet lamp 12";
        assertThat(long73).hasSize(73);
        assertThat(make(ADA, long73).status()).isEqualTo(201);
        assertThat(signIn(ADA, long73).status()).isEqualTo(200);
        for (String other : List.of(long73.substring(0, 72), long73 + "3", long73.substring(0, 72) + "3")) {
            assertThat(signIn(ADA, other).status()).as(other).isEqualTo(400);
        }
        rest.made(
                USERS,
                json(Map.of("email", "old@example.com", "password_hash_type", "bcrypt", "password_hash", BCRYPT)));
        assertThat(signIn("old@example.com", "U*U" + "x".repeat(70)).status()).isEqualTo(400);
        assertThat(signIn("old@example.com", "U*U").status()).isEqualTo(200);
    }

    @Test
    @DisplayName("P02 spaces, case and composition count as documented, and NUL is refused at the door")
    void exactBytes() {
        String password = " violet paperclip c\u00e4f\u00e9 \ud83d\ude00 ";
        assertThat(make(ADA, password).status()).isEqualTo(201);
        assertThat(signIn(ADA, password).status()).isEqualTo(200);
        assertThat(signIn(ADA, " violet paperclip ca\u0308fe\u0301 \ud83d\ude00 ")
                        .status())
                .as("the same characters, composed otherwise")
                .isEqualTo(200);
        for (String other :
                List.of(password.strip(), password.toUpperCase(Locale.ROOT), password.replace("\u00e4", "a"))) {
            assertThat(signIn(ADA, other).status()).as(other).isEqualTo(400);
        }
        assertThat(make("nul@example.com", "violet paperclip\0 lamp").status()).isEqualTo(422);
        assertThat(signIn(ADA, password + "\0").status()).isEqualTo(422);
        assertThat(users()).isEqualTo(1);
    }

    @Test
    @DisplayName("P03 a password of a megabyte is refused without being hashed")
    void longPasswords() {
        String fits = "correct horse ".repeat(73);
        assertThat(fits).hasSizeBetween(1_000, 1_024);
        assertThat(make(ADA, fits).status()).isEqualTo(201);
        assertThat(signIn(ADA, fits).status()).isEqualTo(200);
        for (int length : new int[] {1_025, 999_999}) {
            String tooLong = "x".repeat(length);
            Reply refused = make("b@example.com", tooLong);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text("/errors/0/code")).isEqualTo("password_too_long");
            assertThat(signIn(ADA, tooLong).text("/code")).isEqualTo("invalid_credentials");
        }
        assertThat(make("b@example.com", "x".repeat(1_000_001)).status()).isEqualTo(400);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        signIn(ADA, "x".repeat(1_025));
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("less than the memory of one hash")
                .isLessThan(4096 * 1024);
        assertThat(users()).isEqualTo(1);
    }

    @Test
    @DisplayName("P04 common, weak and personal passwords are refused wherever one is set")
    void weakPasswords() throws Exception {
        String ada = rest.user(ADA);
        List<String> listed =
                Files.readAllLines(Corpus.need("security/corpora/passwords/zxcvbn4j-passwords.txt")).stream()
                        .filter(word -> word.length() >= 10)
                        .limit(40)
                        .toList();
        assertThat(listed).hasSize(40);
        for (String weak : listed) {
            assertThat(make("b@example.com", weak).text("/code")).as(weak).isEqualTo("password_strength_error");
            assertThat(rest.call("PUT", USERS + "/" + ada, json(Map.of("password", weak)))
                            .status())
                    .as(weak)
                    .isEqualTo(400);
        }
        assertThat(make("lovelace.byron@example.com", "lovelace.byron1").text("/errors/0/code"))
                .isEqualTo("password_contains_personal_data");
        Reply renamed = rest.call(
                "PUT",
                USERS + "/" + ada,
                json(Map.of("email", "lovelace.byron@example.com", "password", "lovelace.byron1")));
        assertThat(renamed.text("/errors/0/code"))
                .as("also when name and password change at once")
                .isEqualTo("password_contains_personal_data");
        Browser browser = new Browser(rest.gatehouse);
        String flow = Browser.flowOf(Browser.location(browser.get("/auth/sign-up")));
        Answer page =
                browser.post("/auth/sign-up", Map.of("flow", flow, "email", "b@example.com", "password", "1234567890"));
        assertThat(page.status()).isEqualTo(422);
        assertThat(browser.session()).isEmpty();
        assertThat(users()).isEqualTo(1);
        assertThat(rest.password(ADA, Rest.PASSWORD).status())
                .as("none of it changed hers")
                .isEqualTo(200);
        assertThat(browser.post(
                                "/auth/sign-up",
                                Map.of("flow", flow, "email", "b@example.com", "password", Rest.PASSWORD))
                        .status())
                .isEqualTo(303);
    }

    @Test
    @DisplayName("P05 a hostile hash is refused at import, and no text matches what is no hash")
    void hostileImports() throws Exception {
        List<JsonNode> hostile = new ArrayList<>();
        Corpus.json("security/corpora/passwords/hash-vectors.json")
                .get("hostileImports")
                .forEach(hostile::add);
        assertThat(hostile).hasSizeGreaterThan(10);
        int refusals = 0;
        for (JsonNode one : hostile) {
            String type = one.get("format").textValue().replace("argon2id", "argon2");
            String text = one.get("encoded").textValue();
            if (one.get("expect").textValue().startsWith("accept or")) {
                continue;
            }
            refusals++;
            Reply refused =
                    rest.post(USERS, json(Map.of("email", ADA, "password_hash_type", type, "password_hash", text)));
            assertThat(refused.text("/code")).as(text).isEqualTo("invalid_password_hash");
            assertThat(refused.status()).isEqualTo(400);
        }
        assertThat(refusals).isGreaterThan(8);
        assertThat(users()).isZero();
        rest.made(USERS, json(Map.of("email", ADA)));
        for (String guess : List.of("null", "undefined", "0", "false", " ")) {
            assertThat(signIn(ADA, guess).status())
                    .as("no password at all is matched by " + guess)
                    .isEqualTo(400);
        }
    }

    @Test
    @DisplayName("P06 a weak imported hash is replaced at the next sign-in")
    void rehash() throws Exception {
        String url = JdbcStorage.h2Memory("rehash");
        JdbcStorage storage = JdbcStorage.of(url, null, null, JdbcStorage.SchemaMode.CREATE, "gh_");
        try (Rest stored = new Rest(storage, "staging");
                Connection connection = DriverManager.getConnection(url)) {
            stored.made(USERS, json(Map.of("email", ADA, "password_hash_type", "bcrypt", "password_hash", BCRYPT)));
            assertThat(hash(connection)).contains("$2a$05$");
            assertThat(stored.password(ADA, "wrong").status()).isEqualTo(400);
            assertThat(hash(connection)).as("a wrong one replaces nothing").contains("$2a$05$");
            assertThat(stored.password(ADA, "U*U").status()).isEqualTo(200);
            assertThat(hash(connection)).contains("$argon2id$").doesNotContain("$2a$");
            assertThat(stored.password(ADA, "U*U").status()).isEqualTo(200);
        }
    }

    private static String hash(Connection connection) throws Exception {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select body from gh_record where kind = 'password'")) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }

    @Test
    @DisplayName("P07 a credential that is empty, missing, given twice or no text is refused")
    void types() {
        rest.user(ADA);
        String good =
                "{\"grant_type\":\"password\",\"client_id\":\"%s\",\"client_secret\":\"%s\",\"email\":%s,\"password\":%s}";
        String email = "\"" + ADA + "\"";
        String password = "\"" + Rest.PASSWORD + "\"";
        String path = "/user_management/authenticate";
        assertThat(rest.post(path, good.formatted(Rest.CLIENT, Rest.KEY, email, password))
                        .status())
                .isEqualTo(200);
        for (String odd :
                List.of("\"\"", "\" \"", "null", "7", "true", "[]", "{}", "[%s]", "[%s,\"x\"]", "{\"a\":%s}")) {
            for (String body : List.of(
                    good.formatted(Rest.CLIENT, Rest.KEY, odd.replace("%s", email), password),
                    good.formatted(Rest.CLIENT, Rest.KEY, email, odd.replace("%s", password)))) {
                assertThat(rest.post(path, body).status()).as(body).isIn(400, 422);
            }
            if (!odd.equals("null")) {
                String make = "{\"email\":\"n@example.com\",\"password\":" + odd.replace("%s", password) + "}";
                assertThat(rest.post(USERS, make).status()).as(make).isIn(400, 422);
            }
            String address = "{\"email\":" + odd.replace("%s", "\"n@example.com\"") + "}";
            assertThat(rest.post(USERS, address).status()).as(address).isEqualTo(422);
        }
        String form = "grant_type=password&client_id=" + Rest.CLIENT + "&client_secret=" + Rest.KEY + "&email=" + ADA
                + "&password=" + Rest.PASSWORD;
        Map<String, String> headers = Map.of("content-type", "application/x-www-form-urlencoded");
        assertThat(rest.call("POST", path, form, headers).status()).isEqualTo(200);
        for (String twice : List.of("&email=b@example.com", "&password=x", "&client_secret=x")) {
            assertThat(rest.call("POST", path, form + twice, headers).status())
                    .as(twice)
                    .isEqualTo(400);
        }
        assertThat(rest.call("POST", path + "?email=" + ADA, form.replace("&email=" + ADA, ""), headers)
                        .status())
                .as("a password belongs into a body")
                .isEqualTo(400);
        assertThat(users()).isEqualTo(1);
    }

    private Browser guessOnPage(String email, String password) {
        Browser browser = new Browser(rest.gatehouse);
        browser.signIn(email, password);
        return browser;
    }

    @Test
    @DisplayName("P08, P09 every way in and every spelling of an address shares one count, which ends by itself")
    void oneCount() {
        rest.made(USERS, json(Map.of("email", "ada@ex\u00e4mple.com", "password", Rest.PASSWORD)));
        String authenticate = json(Map.of(
                "grant_type", "password",
                "client_id", Rest.CLIENT,
                "client_secret", Rest.KEY,
                "email", "Ada@xn--exmple-cua.com",
                "password", "wrong"));
        assertThat(signIn("ADA@ex\u00e4mple.com", Rest.PASSWORD).status()).isEqualTo(200);
        for (int i = 0; i < 3; i++) {
            assertThat(rest.post("/user_management/authenticate", authenticate).status())
                    .isEqualTo(400);
            assertThat(rest.post("/user_management/sessions", authenticate).status())
                    .isEqualTo(400);
            assertThat(guessOnPage("aDa@EX\u00c4MPLE.com", "wrong").session()).isEmpty();
        }
        for (String spelling : List.of("ada@ex\u00e4mple.com", "ADA@XN--EXMPLE-CUA.COM", "ada@exa\u0308mple.com")) {
            assertThat(signIn(spelling, Rest.PASSWORD).status()).as(spelling).isNotEqualTo(200);
        }
        assertThat(guessOnPage("ada@ex\u00e4mple.com", Rest.PASSWORD).session()).isEmpty();
        for (String near : List.of(
                " ada@ex\u00e4mple.com",
                "ada@ex\u00e4mple.com%20",
                "ada@ex\u00e4mple.com.",
                "\u0430da@ex\u00e4mple.com")) {
            assertThat(signIn(near, Rest.PASSWORD).text("/code"))
                    .as("another address")
                    .isEqualTo("invalid_credentials");
        }
        rest.clock.pass(Duration.ofSeconds(61));
        assertThat(signIn("ada@ex\u00e4mple.com", Rest.PASSWORD).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("P11 a right password in between gives no guess back")
    void successResetsNothing() {
        rest.user(ADA);
        for (int i = 0; i < 9; i++) {
            assertThat(rest.password(ADA, "wrong").status()).isEqualTo(400);
        }
        assertThat(rest.password(ADA, Rest.PASSWORD).status()).isEqualTo(200);
        assertThat(rest.password(ADA, "wrong").status()).isEqualTo(429);
    }

    @Test
    @DisplayName("P13, P14, P15 a code or token is good for its purpose, client and challenge, once, for ten minutes")
    void codes() {
        rest.made("/user_management/redirect_uris", "{\"uri\":\"https://app.example.com/cb\"}");
        String ada = rest.user(ADA);
        Browser browser = new Browser(rest.gatehouse);
        browser.signIn(ADA, Rest.PASSWORD);
        String acme = rest.organization("Acme");
        rest.member(ada, acme);
        rest.member(ada, rest.organization("Other"));
        String pending = rest.password(ADA, Rest.PASSWORD).text("/pending_authentication_token");
        String code = code(browser);
        assertThat(rest.exchange(pending).text("/error"))
                .as("a half sign-in is no code")
                .isEqualTo("invalid_grant");
        assertThat(rest.choose(code, acme).text("/code")).isEqualTo("invalid_pending_authentication_token");
        assertThat(rest.refresh(code).text("/error")).isEqualTo("invalid_grant");
        assertThat(rest.refresh(pending).text("/error")).isEqualTo("invalid_grant");
        Reply first = rest.exchange(code);
        assertThat(first.status()).isEqualTo(200);
        assertThat(rest.exchange(code).text("/error")).as("once").isEqualTo("invalid_grant");
        assertThat(rest.refresh(first.text("/refresh_token")).text("/error"))
                .as("and a second use ends what the first one got")
                .isEqualTo("invalid_grant");
        assertThat(rest.choose(pending, acme).status()).isEqualTo(200);
        assertThat(rest.choose(pending, acme).text("/code")).isEqualTo("invalid_pending_authentication_token");

        String late = code(browser);
        String lateHalf = rest.password(ADA, Rest.PASSWORD).text("/pending_authentication_token");
        rest.clock.pass(Duration.ofMinutes(10));
        assertThat(rest.exchange(late).text("/error")).isEqualTo("invalid_grant");
        assertThat(rest.choose(lateHalf, acme).text("/code")).isEqualTo("invalid_pending_authentication_token");
    }

    private static String code(Browser browser) {
        String location = Browser.location(browser.get("/user_management/authorize?response_type=code&provider=authkit"
                + "&redirect_uri=https://app.example.com/cb&client_id=" + Rest.CLIENT));
        assertThat(location).startsWith("https://app.example.com/cb?code=");
        return location.substring(location.indexOf("code=") + 5);
    }

    @Test
    @DisplayName("P17 no address on a page or in a redirect comes from a request header")
    void hosts() {
        rest.user(ADA);
        Browser browser = new Browser(rest.gatehouse)
                .with("host", "evil.example")
                .with("x-forwarded-host", "evil.example")
                .with("x-forwarded-proto", "https")
                .with("forwarded", "host=evil.example")
                .with("x-original-url", "https://evil.example/")
                .with("referer", "https://evil.example/");
        StringBuilder seen = new StringBuilder();
        for (String page :
                List.of("/auth/sign-in", "/auth/sign-up", "/auth/account", "/auth/signed-out", "/auth/none")) {
            Answer answer = browser.get(page);
            seen.append(answer.headers()).append(answer.text());
        }
        Answer in = browser.signIn(ADA, Rest.PASSWORD);
        assertThat(browser.session()).isNotEmpty();
        seen.append(in.headers()).append(browser.get("/auth/account").text());
        seen.append(
                browser.get("/user_management/sessions/logout?session_id=none").headers());
        assertThat(seen.toString()).contains("ada@example.com").doesNotContain("evil.example");
    }

    @Test
    @DisplayName("P18, P19 an address is one plain ASCII mailbox, and no look-alike finds another's account")
    void addresses() throws Exception {
        rest.made(USERS, json(Map.of("email", "admini@example.com", "password", Rest.PASSWORD)));
        rest.made(USERS, json(Map.of("email", "mike@example.com", "password", Rest.PASSWORD)));
        List<List<String>> rows = RedirectAttacksTest.csv(
                Files.readString(Corpus.need("security/corpora/injection/email-addresses.csv")));
        assertThat(rows).hasSizeGreaterThan(35);
        for (List<String> row : rows.subList(1, rows.size())) {
            String address = row.get(0);
            String expected = row.get(1);
            int before = users();
            Reply made = rest.post(USERS, json(Map.of("email", address)));
            Browser browser = new Browser(rest.gatehouse);
            String flow = Browser.flowOf(Browser.location(browser.get("/auth/sign-up")));
            if (expected.contains("reject")
                    || expected.contains("must not")
                    || expected.contains("Kelvin")
                    || expected.contains("long s")) {
                assertThat(made.status()).as(address).isEqualTo(422);
                // the page strips the spaces that people leave around an address, as mail programs do
                if (address.strip().equals(address)) {
                    browser.post("/auth/sign-up", Map.of("flow", flow, "email", address, "password", Rest.PASSWORD));
                }
                assertThat(browser.session()).as(address).isEmpty();
                assertThat(users()).as(address).isEqualTo(before);
                Reply refused = signIn(address, Rest.PASSWORD);
                assertThat(refused.status())
                        .as(address + refused.json())
                        .isEqualTo(address.indexOf('\0') < 0 ? 400 : 422);
            } else if (expected.startsWith("same account") || expected.contains("with the row above")) {
                assertThat(made.text("/errors/0/code")).as(address).isEqualTo("email_not_available");
            } else {
                assertThat(made.status()).as(address + ": " + made.json()).isEqualTo(201);
            }
        }
    }

    @Test
    @DisplayName("P24 people cannot change their address; when the application's server does, it is unproven again")
    void emailChange() {
        String ada = rest.made(USERS, json(Map.of("email", ADA, "password", Rest.PASSWORD, "email_verified", true)))
                .text("/id");
        Browser browser = new Browser(rest.gatehouse);
        browser.signIn(ADA, Rest.PASSWORD);
        String csrf = Browser.hidden(browser.get("/auth/account"), "csrf");
        browser.post("/auth/account/profile", Map.of("csrf", csrf, "email", "eve@example.com", "first_name", "Ada"));
        Reply kept = rest.get(USERS + "/" + ada);
        assertThat(kept.text("/email")).isEqualTo(ADA);
        assertThat(kept.text("/first_name")).isEqualTo("Ada");
        Reply recased = rest.call("PUT", USERS + "/" + ada, json(Map.of("email", "Ada@example.com")));
        assertThat(recased.json().at("/email_verified").asBoolean()).isTrue();
        Reply moved = rest.call("PUT", USERS + "/" + ada, json(Map.of("email", "ada@example.org")));
        assertThat(moved.json().at("/email_verified").asBoolean()).isFalse();
    }

    @Test
    @DisplayName("P33 where sign-up is off no form makes an account")
    void signUpOff() {
        try (Rest closed = new Rest(
                new MemoryStorage(),
                LocalKeyring.random(),
                new SteerableClock(),
                builder -> builder.set(Setting.SIGN_UP, "false"))) {
            for (Rest one : List.of(rest, closed)) {
                Browser browser = new Browser(one.gatehouse);
                String flow = Browser.flowOf(Browser.location(browser.get("/auth/sign-in")));
                Answer answer =
                        browser.post("/auth/sign-up", Map.of("flow", flow, "email", ADA, "password", Rest.PASSWORD));
                boolean open = one == rest;
                assertThat(answer.status()).isEqualTo(open ? 303 : 400);
                assertThat(browser.session().isEmpty()).isEqualTo(!open);
                assertThat(one.get(USERS).json().at("/data")).hasSize(open ? 1 : 0);
            }
        }
    }
}
