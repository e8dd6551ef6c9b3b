package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Answer;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.store.MemoryStorage;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SAML responses on their way through a whole Gatehouse: which request they answer, in which browser, and how often. */
class SamlFlowTest {
    private static final int IN_RESPONSE_TO = 12;
    private static final int REPLAY = 18;

    private final SteerableClock clock = new SteerableClock();
    private final Keyring keyring = LocalKeyring.random();
    private final MemoryStorage storage = new MemoryStorage();
    private final Gatehouse gatehouse = SamlTenant.house(storage, keyring, clock);
    private final SamlTenant acme = new SamlTenant(gatehouse, clock, "acme.com");

    @AfterEach
    void close() {
        acme.close();
        gatehouse.close();
    }

    private PageBrowser browser() {
        return new PageBrowser(gatehouse);
    }

    private static Map<String, String> with(Map<String, String> form, String name, String value) {
        Map<String, String> changed = new HashMap<>(form);
        changed.put(name, value);
        return changed;
    }

    /** The same form with another text of the response. */
    private static Map<String, String> rewritten(Map<String, String> form, UnaryOperator<String> change) {
        String xml = new String(Base64.getDecoder().decode(form.get("SAMLResponse")), StandardCharsets.UTF_8);
        String changed = change.apply(xml);
        assertThat(changed).as("something changed").isNotEqualTo(xml);
        return with(form, "SAMLResponse", Base64.getEncoder().encodeToString(changed.getBytes(StandardCharsets.UTF_8)));
    }

    /** The provider may begin a sign-in. */
    private void unaskedIsWelcome() {
        acme.becomes(acme.wanted(acme.provider().withIdpInitiated()));
    }

    /** Nobody was proved, and the application is told so. */
    private static void refusedToTheApplication(Answer answer) {
        assertThat(PageBrowser.location(answer)).startsWith(SamlTenant.BACK + "?error=");
    }

    /** Somebody was proved, and waits for the browser. */
    private static boolean waits(Answer answer) {
        return PageBrowser.location(answer).contains("/auth/sso/finish?ticket=");
    }

    /** The person says yes; where that leads. */
    private static Answer consented(PageBrowser browser, Answer page) {
        assertThat(page.status()).as(page.text()).isEqualTo(200);
        return browser.post(
                "/auth/sso/consent", Map.of("ticket", PageBrowser.field(page, "ticket"), "decision", "allow"));
    }

    @Test
    @DisplayName("(S56) a response that answers an unknown request, or that of another browser, is refused")
    void otherRequests() {
        acme.letsIn();
        acme.idp.misbehave(SamlIdp.Misbehaviour.WRONG_REQUEST);
        acme.refuses(IN_RESPONSE_TO);
        acme.idp.honest();
        acme.letsIn();

        PageBrowser attacker = browser();
        PageBrowser victim = browser();
        Map<String, String> attackers = acme.asked(attacker);
        Map<String, String> victims = acme.asked(victim);
        acme.refuses(IN_RESPONSE_TO, victim, with(victims, "SAMLResponse", attackers.get("SAMLResponse")));
    }

    @Test
    @DisplayName("(S56, S85) what one browser began ends in no other, whoever submits it; in its own it does")
    void otherBrowsers() {
        PageBrowser attacker = browser();
        PageBrowser victim = browser();
        acme.asked(victim);
        Answer arrived = victim.postFromElsewhere(acme.ours().acsUrl(), acme.asked(attacker));
        String finish = PageBrowser.location(arrived);
        assertThat(finish).contains("/auth/sso/finish?ticket=");
        for (PageBrowser other : List.of(victim, browser())) {
            Answer refused = other.arrive(finish);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(other.signedIn()).isFalse();
        }
        assertThat(acme.tries()).as("nobody was proved, and nothing failed").isZero();
        attacker.arrive(finish);
        assertThat(attacker.signedIn()).isTrue();
        assertThat(browser().arrive(finish).status()).as("once").isEqualTo(400);
    }

    @Test
    @DisplayName(
            "(S56, S59) a response that was used is refused when it comes again, in the same browser and in another")
    void usedResponses() {
        PageBrowser browser = browser();
        Map<String, String> form = acme.asked(browser);
        acme.submitted(browser, form);
        assertThat(browser.signedIn()).isTrue();
        browser.cookies.remove(PageBrowser.SESSION);
        acme.refuses(IN_RESPONSE_TO, browser, form);
        acme.refuses(IN_RESPONSE_TO, browser(), form);
        // with a request that is under way it does not answer that one
        PageBrowser again = browser();
        Map<String, String> other = acme.asked(again);
        acme.refuses(IN_RESPONSE_TO, again, with(form, "RelayState", other.get("RelayState")));
    }

    @Test
    @DisplayName(
            "(S57) a response that nobody asked for is refused, unless the connection allows that; then a person is asked")
    void unasked() {
        acme.letsIn();
        acme.refuses(IN_RESPONSE_TO, browser(), acme.unasked());
        PageBrowser browser = browser();
        String state = acme.asked(browser).get("RelayState");
        acme.refuses(IN_RESPONSE_TO, browser, with(acme.unasked(), "RelayState", state));

        unaskedIsWelcome();
        PageBrowser welcome = browser();
        Answer page = acme.submitted(welcome, acme.unasked());
        assertThat(welcome.signedIn()).as("not before the person says so").isFalse();
        consented(welcome, page);
        assertThat(welcome.signedIn()).isTrue();
        // the allowance is for responses that answer nothing
        PageBrowser asker = browser();
        Map<String, String> asked = acme.asked(asker);
        acme.refuses(IN_RESPONSE_TO, browser(), Map.of("SAMLResponse", asked.get("SAMLResponse")));
        acme.submitted(asker, asked);
        assertThat(asker.signedIn()).isTrue();
    }

    @Test
    @DisplayName("(S85) nobody is signed in as somebody else by a form of another site, asked for or not")
    void otherSites() {
        unaskedIsWelcome();
        PageBrowser attacker = browser();
        PageBrowser victim = browser();
        Answer page = acme.submitted(attacker, acme.unasked());
        Map<String, String> yes = Map.of("ticket", PageBrowser.field(page, "ticket"), "decision", "allow");
        Answer refused = victim.postFromElsewhere("/auth/sso/consent", yes);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(victim.signedIn()).isFalse();
        assertThat(PageBrowser.location(consented(attacker, page))).startsWith(SamlTenant.BACK + "?code=");
        assertThat(attacker.signedIn()).isTrue();
        assertThat(victim.post("/auth/sso/consent", yes).status()).as("once").isEqualTo(400);

        Answer shown = acme.submitted(victim, acme.unasked());
        assertThat(shown.text()).as("whom a person is asked about").contains("ada@acme.com", "acme.com");
        assertThat(victim.signedIn()).isFalse();
        victim.post("/auth/sso/consent", Map.of("ticket", PageBrowser.field(shown, "ticket"), "decision", "deny"));
        assertThat(victim.signedIn()).isFalse();
        assertThat(acme.attempt().outcome()).isEqualTo("signin_consent_denied");
    }

    @Test
    @DisplayName("(S59, S61) an assertion counts once on every node, whatever response it comes in")
    void replay() {
        unaskedIsWelcome();
        acme.idp.signs(false, true);
        PageBrowser browser = browser();
        Map<String, String> form = acme.unasked();
        consented(browser, acme.submitted(browser, form));
        assertThat(browser.signedIn()).isTrue();
        acme.refuses(REPLAY, browser(), form);
        acme.refuses(
                REPLAY, browser(), rewritten(form, xml -> xml.replaceFirst(" ID=\"_[^\"]*\"", " ID=\"_another\"")));

        Map<String, String> fresh = acme.unasked();
        try (Gatehouse second = SamlTenant.house(storage, keyring, clock)) {
            String target = PageBrowser.local(acme.ours().acsUrl());
            String body = PageBrowser.encoded(fresh);
            assertThat(waits(PageBrowser.elsewhere(second, "POST", target, body)))
                    .isTrue();
            clock.pass(Duration.ofSeconds(1));
            acme.refuses(REPLAY, browser(), fresh);
            refusedToTheApplication(PageBrowser.elsewhere(second, "POST", target, body));
        }
    }

    @Test
    @DisplayName(
            "(S59) of fifty that come at once to two nodes on PostgreSQL one counts, and forty-nine are refused by step 18")
    void atOnce() {
        String url = Postgres.url(Postgres.schema());
        try (Gatehouse first = onPostgres(url);
                Gatehouse second = onPostgres(url);
                SamlTenant tenant = new SamlTenant(first, clock, "beta.com");
                Race race = new Race(50)) {
            tenant.becomes(tenant.wanted(tenant.provider().withIdpInitiated()));
            String target = PageBrowser.local(tenant.ours().acsUrl());
            for (int round = 1; round <= 2; round++) {
                String body = PageBrowser.encoded(tenant.unasked());
                List<Answer> answers =
                        race.start(n -> PageBrowser.elsewhere(n % 2 == 0 ? first : second, "POST", target, body));
                assertThat(answers.stream().filter(SamlFlowTest::waits)).hasSize(1);
                assertThat(answers.stream().map(PageBrowser::location).filter(to -> to.contains("?error=")))
                        .hasSize(49);
                assertThat(first.sso().attempts(tenant.connection.id(), null, 100).stream()
                                .filter(attempt -> attempt.step() == REPLAY)
                                .count())
                        .isEqualTo(49L * round);
            }
        }
    }

    @Test
    @DisplayName(
            "(S56, S59) an answer that comes many times at once to two nodes on PostgreSQL signs in once, and does sign in")
    void answeredAtOnce() {
        String url = Postgres.url(Postgres.schema());
        try (Gatehouse first = onPostgres(url);
                Gatehouse second = onPostgres(url);
                SamlTenant tenant = new SamlTenant(first, clock, "beta.com");
                Race race = new Race(8)) {
            String target = PageBrowser.local(tenant.ours().acsUrl());
            for (int round = 1; round <= 5; round++) {
                PageBrowser browser = new PageBrowser(first);
                String body = PageBrowser.encoded(tenant.asked(browser));
                List<Answer> answers =
                        race.start(n -> PageBrowser.elsewhere(n % 2 == 0 ? first : second, "POST", target, body));
                List<Answer> ours = answers.stream().filter(SamlFlowTest::waits).toList();
                assertThat(ours).hasSize(1);
                browser.arrive(PageBrowser.location(ours.get(0)));
                assertThat(browser.signedIn()).isTrue();
            }
        }
    }

    private Gatehouse onPostgres(String url) {
        return Calls.builder(keyring)
                .clock(clock)
                .set(Setting.ORIGIN, "https://app.example.com")
                .set(Setting.JDBC_URL, url)
                .build();
    }

    @Test
    @DisplayName("(S60) a restart forgets no assertion")
    void restart(@TempDir Path directory) {
        Map<String, String> form;
        String connection;
        try (Gatehouse before = inDirectory(directory);
                SamlTenant tenant = new SamlTenant(before, clock, "beta.com")) {
            tenant.becomes(tenant.wanted(tenant.provider().withIdpInitiated()));
            form = tenant.unasked();
            connection = tenant.connection.id();
            PageBrowser browser = new PageBrowser(before);
            consented(browser, tenant.submitted(browser, form));
            assertThat(browser.signedIn()).isTrue();
        }
        // identifiers of one moment have an order on one node only
        clock.pass(Duration.ofSeconds(1));
        try (Gatehouse after = inDirectory(directory)) {
            String target = PageBrowser.local(after.sso().addresses(connection).acsUrl());
            Answer refused = PageBrowser.elsewhere(after, "POST", target, PageBrowser.encoded(form));
            refusedToTheApplication(refused);
            assertThat(after.sso().attempts(connection, null, 1).get(0).step()).isEqualTo(REPLAY);
        }
    }

    private Gatehouse inDirectory(Path directory) {
        return Calls.builder(keyring)
                .clock(clock)
                .set(Setting.ORIGIN, "https://app.example.com")
                .set(Setting.DATA_DIRECTORY, directory.toString())
                .build();
    }

    @Test
    @DisplayName("(S82, S83) a response comes in the body of a POST, once, and from nowhere else")
    void bodies() {
        PageBrowser browser = browser();
        Map<String, String> form = acme.asked(browser);
        String query = acme.ours().acsUrl() + "?" + PageBrowser.encoded(form);
        Answer got = browser.arrive(query);
        assertThat(got.status()).isEqualTo(405);
        assertThat(got.header("Allow")).contains("POST");
        refusedToTheApplication(browser.postFromElsewhere(query, Map.of()));
        assertThat(browser.signedIn()).isFalse();

        acme.idp.misbehave(SamlIdp.Misbehaviour.UNSIGNED);
        Map<String, String> forged = acme.asked(browser());
        acme.idp.honest();
        String twice = PageBrowser.encoded(forged) + "&" + PageBrowser.encoded(form);
        Answer both = PageBrowser.elsewhere(
                gatehouse, "POST", PageBrowser.local(acme.ours().acsUrl()), twice);
        assertThat(both.status()).isEqualTo(400);
        assertThat(both.header("Location")).isEmpty();
        // the query has no say
        String evil = acme.ours().acsUrl() + "?" + PageBrowser.encoded(forged);
        browser.arrive(PageBrowser.location(browser.postFromElsewhere(evil, form)));
        assertThat(browser.signedIn()).isTrue();
    }

    @Test
    @DisplayName("(S84) a RelayState names a sign-in of ours and is nothing else: no address, no text of a page")
    void relayStates() throws IOException {
        Path corpus = Path.of("../../shared/security/corpora/redirect/return_to.csv");
        assumeTrue(Files.exists(corpus), "the corpora are not beside this checkout");
        acme.letsIn();
        unaskedIsWelcome();
        List<String> states = new ArrayList<>(Files.readAllLines(corpus).stream()
                .skip(1)
                .map(line -> line.replaceFirst(",[^,]*$", "").replace("\"", ""))
                .filter(line -> !line.isBlank())
                .toList());
        assertThat(states).hasSizeGreaterThan(30);
        states.add("\"><script>alert(1)</script>");
        states.add("https://evil.com/" + "x".repeat(50_000));
        for (String state : states) {
            PageBrowser browser = browser();
            Answer page = acme.submitted(browser, with(acme.unasked(), "RelayState", state));
            assertThat(page.header("Location")).as(state).isEmpty();
            assertThat(page.text()).as(state).doesNotContain("evil.com", "<script>alert");
            Answer in = consented(browser, page);
            assertThat(PageBrowser.location(in)).as(state).startsWith(SamlTenant.BACK + "?code=");
            assertThat(browser.signedIn()).isTrue();
        }
    }

    @Test
    @DisplayName(
            "(S99, S56) a response for one connection is nothing at another, even of the same provider and organization")
    void otherConnections() {
        acme.letsIn();
        var second = gatehouse.sso().create(acme.wanted(acme.provider()));
        String secondAcs = gatehouse.sso().addresses(second.id()).acsUrl();
        PageBrowser browser = browser();
        Map<String, String> form = acme.asked(browser);
        refusedToTheApplication(browser.postFromElsewhere(secondAcs, form));
        assertThat(browser.signedIn()).isFalse();
        assertThat(gatehouse.sso().attempts(second.id(), null, 1).get(0).step()).isEqualTo(IN_RESPONSE_TO);
        // and with the state of the one it is the response of the other
        PageBrowser mixed = browser();
        String first = acme.asked(mixed).get("RelayState");
        acme.connection = second;
        Map<String, String> ofSecond = acme.asked(mixed);
        acme.refuses(IN_RESPONSE_TO, mixed, with(ofSecond, "RelayState", first));
        acme.submitted(mixed, ofSecond);
        assertThat(mixed.signedIn()).isTrue();
    }

    @Test
    @DisplayName(
            "what a provider begins leads to the default redirect URI, or to another one that is registered, and asks once")
    void relayedRedirects() {
        unaskedIsWelcome();
        String other = "https://other.example.com/callback";
        Calls.post(gatehouse, "/user_management/redirect_uris", "{\"uri\":\"" + other + "\"}");
        Map<String, String> leads = Map.of(
                "redirect_uri=" + URLEncoder.encode(other, StandardCharsets.UTF_8),
                other,
                "redirect_uri=" + URLEncoder.encode("https://evil.example/", StandardCharsets.UTF_8),
                SamlTenant.BACK,
                "redirect_uri=",
                SamlTenant.BACK,
                "redirect_uri=100%",
                SamlTenant.BACK,
                "redirect_uri=a&redirect_uri=b",
                SamlTenant.BACK);
        leads.forEach((state, to) -> {
            Map<String, String> form = with(acme.unasked(), "RelayState", state);
            Answer in = consented(browser(), acme.submitted(browser(), form));
            assertThat(PageBrowser.location(in)).as(state).startsWith(to + "?code=");
        });

        PageBrowser browser = browser();
        consented(browser, acme.submitted(browser, acme.unasked()));
        clock.pass(Duration.ofDays(100));
        browser.cookies.remove(PageBrowser.SESSION);
        String again = PageBrowser.location(acme.submitted(browser, acme.unasked()));
        assertThat(again).as("the same person in the same browser").startsWith(SamlTenant.BACK + "?code=");
        acme.user("eve");
        assertThat(acme.submitted(browser, acme.unasked()).text())
                .as("somebody else")
                .contains("eve@acme.com", "name=\"ticket\"");
    }

    @Test
    @DisplayName(
            "who sends responses that nobody asked for is told to wait, and locks out nobody whom the provider vouches for")
    void junk() {
        unaskedIsWelcome();
        Map<String, String> forged = rewritten(acme.unasked(), xml -> xml.replaceFirst("ada@", "eve@"));
        int refused = 0;
        for (int i = 0; i < 320; i++) {
            Answer answer = browser().postFromElsewhere(acme.ours().acsUrl(), forged);
            refused += answer.status() == 429 ? 1 : 0;
        }
        assertThat(refused).isEqualTo(20);
        PageBrowser browser = browser();
        consented(browser, acme.submitted(browser, acme.unasked()));
        assertThat(browser.signedIn()).isTrue();
    }
}
