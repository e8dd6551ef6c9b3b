package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.organizations.Organization;
import dev.gatehouse.spi.Keyring;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.OidcProvider;
import dev.gatehouse.sso.SamlProvider;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.store.JdbcStorage.SchemaMode;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What does not grow with the number of connections: the start, and the first sign-in after it. {@code
 * -Dgrowth.connections=10000} takes the figures of {@code docs/performance.md}; without, it holds that nothing reads more rows
 * where there are some hundred connections.
 */
class ConnectionGrowthTest {
    private static final int MANY = Integer.getInteger("growth.connections", 200);
    private static final int ROUNDS = MANY > 1_000 ? 5 : 1;
    private static final String BACK = "https://app.example.com/callback";

    @TempDir
    Path directory;

    private final Keyring keyring = LocalKeyring.random();
    private final OidcIdp oidc =
            OidcIdp.start().user("ada", Map.of("email", "ada@acme.com", "given_name", "Ada", "family_name", "L"));
    private final SamlIdp saml = SamlIdp.start().user("bob", Map.of("email", List.of("bob@saml.example")));
    private ReadCounter reads;
    private Gatehouse gatehouse;

    @AfterEach
    void close() {
        oidc.close();
        saml.close();
    }

    /** Medians of microseconds, and what is read, which is the same each time. */
    private record Figure(double micros, long reads) {}

    @Test
    @DisplayName("on H2, neither the start nor the first sign-in reads more with many connections")
    void h2() throws Exception {
        grow("H2", JdbcStorage.h2File(directory.resolve("h2")));
    }

    @Test
    @DisplayName("on PostgreSQL, neither the start nor the first sign-in reads more with many connections")
    void postgres() throws Exception {
        grow("PostgreSQL", Postgres.url(Postgres.schema()));
    }

    private void start(String url) {
        reads = new ReadCounter(JdbcStorage.of(url, null, null, SchemaMode.CREATE, "gh_"));
        gatehouse = Gatehouse.builder()
                .keyring(keyring)
                .storage(reads)
                .executor(work -> {})
                .set(Setting.API_KEY, Calls.KEY)
                .set(Setting.CLIENT_ID, Calls.CLIENT)
                .build();
    }

    private void grow(String database, String url) throws Exception {
        start(url);
        gatehouse.environments().ensureRedirectUri(gatehouse.environment().id(), BACK);
        Connection byOidc = gatehouse.sso().create(openId("acme.com"));
        String certificate =
                Base64.getEncoder().encodeToString(saml.certificate().getEncoded());
        Connection bySaml = gatehouse
                .sso()
                .create(NewConnection.saml(
                        ConnectionType.GENERIC_SAML,
                        organization("saml.example"),
                        "SAML",
                        SamlProvider.of(saml.entityId(), saml.ssoUrl(), certificate)));
        // people are known, and code is compiled, before anything is measured
        signInByOidc(byOidc);
        signInBySaml(bySaml);
        gatehouse.close();
        Map<String, Figure> few = measured(url, byOidc, bySaml);
        start(url);
        for (int i = 0; i < MANY; i++) {
            gatehouse.sso().create(openId("customer-" + i + ".example"));
        }
        gatehouse.close();
        Map<String, Figure> many = measured(url, byOidc, bySaml);
        few.forEach((what, before) -> {
            Figure after = many.get(what);
            System.out.printf(
                    "| %s, %s | %.0f | %.0f | %d |%n", database, what, before.micros, after.micros, after.reads);
            assertThat(before.reads).as(what + ", reads something").isPositive();
            assertThat(after.reads).as(what + ", what it reads").isEqualTo(before.reads);
        });
    }

    private String organization(String domain) {
        Organization made = gatehouse.organizations().create(domain);
        var domains = gatehouse.organizations().domains();
        domains.verifyManually(domains.claim(made.id(), domain).id());
        return made.id();
    }

    private NewConnection openId(String domain) {
        return NewConnection.oidc(
                ConnectionType.GENERIC_OIDC,
                organization(domain),
                domain,
                OidcProvider.of(oidc.issuer(), oidc.clientId()),
                oidc.clientSecret());
    }

    private interface Step {
        void run() throws Exception;
    }

    private Map<String, Figure> measured(String url, Connection byOidc, Connection bySaml) throws Exception {
        Map<String, List<Figure>> all = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            long begun = System.nanoTime();
            start(url);
            all.computeIfAbsent("start", what -> new ArrayList<>())
                    .add(new Figure((System.nanoTime() - begun) / 1e3, reads.total()));
            measure(all, "first page", () -> firstPage("ada@acme.com", oidc.issuer()));
            measure(all, "first sign-in by OpenID Connect", () -> signInByOidc(byOidc));
            measure(all, "first sign-in by SAML", () -> signInBySaml(bySaml));
            gatehouse.close();
        }
        Map<String, Figure> figures = new LinkedHashMap<>();
        all.forEach((what, some) -> {
            assertThat(Set.copyOf(some.stream().map(Figure::reads).toList()))
                    .as(what)
                    .hasSize(1);
            double[] micros = some.stream().mapToDouble(Figure::micros).sorted().toArray();
            figures.put(what, new Figure(micros[micros.length / 2], some.get(0).reads));
        });
        return figures;
    }

    private void measure(Map<String, List<Figure>> all, String what, Step step) throws Exception {
        long before = reads.total();
        long begun = System.nanoTime();
        step.run();
        all.computeIfAbsent(what, name -> new ArrayList<>())
                .add(new Figure((System.nanoTime() - begun) / 1e3, reads.total() - before));
    }

    /** The first page sends an address to its organization's provider. */
    private void firstPage(String email, String provider) {
        PageBrowser browser = new PageBrowser(gatehouse);
        String begin = PageBrowser.location(browser.get("/auth/sign-in"));
        String flow = begin.substring(begin.indexOf("flow=") + 5);
        assertThat(PageBrowser.location(browser.post("/auth/sign-in", Map.of("flow", flow, "email", email))))
                .startsWith(provider);
    }

    private String leave(PageBrowser browser, Connection connection) {
        return PageBrowser.location(browser.get("/user_management/authorize?response_type=code&client_id="
                + Calls.CLIENT + "&redirect_uri=" + BACK + "&connection_id=" + connection.id()));
    }

    private void signInByOidc(Connection connection) {
        PageBrowser browser = new PageBrowser(gatehouse);
        String back = oidc.signIn(leave(browser, connection));
        assertThat(PageBrowser.location(browser.get(back))).startsWith(BACK + "?code=");
    }

    private void signInBySaml(Connection connection) {
        PageBrowser browser = new PageBrowser(gatehouse);
        SamlIdp.Form form = saml.signIn(leave(browser, connection));
        String finish =
                PageBrowser.location(browser.post(URI.create(form.action()).getPath(), form.fields()));
        assertThat(PageBrowser.location(browser.get(finish))).startsWith(BACK + "?code=");
    }
}
