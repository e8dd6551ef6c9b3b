package dev.gatehouse.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.LocalKeyring;
import dev.gatehouse.organizations.Organization;
import dev.gatehouse.sso.Addresses;
import dev.gatehouse.sso.Attempt;
import dev.gatehouse.sso.Connection;
import dev.gatehouse.sso.ConnectionType;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.OidcProvider;
import dev.gatehouse.store.MemoryStorage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A provider, and a Gatehouse whose pages it can call, with an organization and a connection between them. */
final class OidcStage implements AutoCloseable {
    private static final String BACK = "https://app.example.com/callback";

    final SteerableClock clock = new SteerableClock();
    final OidcIdp idp = OidcIdp.start(clock).user("ada", Map.of("email", "ada@acme.com", "given_name", "Ada"));
    final List<String> mails = new ArrayList<>();
    final Gatehouse gatehouse;
    final Connection connection;
    private final Loopback pages = new Loopback();

    /** With an organization's provider. */
    OidcStage() {
        this(OidcProvider.of("", ""));
    }

    /** @param like how the application identifies itself there */
    OidcStage(OidcProvider like) {
        this(ConnectionType.GENERIC_OIDC, like);
    }

    OidcStage(ConnectionType type, OidcProvider like) {
        gatehouse = Gatehouse.builder()
                .storage(new MemoryStorage())
                .keyring(LocalKeyring.random())
                .clock(clock)
                .mailer(mail -> mails.add(mail.to()))
                .executor(Runnable::run)
                .set(Setting.ORIGIN, pages.url())
                .set(Setting.API_KEY, Calls.KEY)
                .set(Setting.CLIENT_ID, Calls.CLIENT)
                .build();
        pages.at("/auth/", this::page);
        gatehouse.environments().ensureRedirectUri(gatehouse.environment().id(), BACK);
        Organization acme = gatehouse.organizations().create("Acme");
        gatehouse
                .organizations()
                .domains()
                .verifyManually(gatehouse
                        .organizations()
                        .domains()
                        .claim(acme.id(), "acme.com")
                        .id());
        OidcProvider provider = new OidcProvider(
                idp.issuer(),
                idp.clientId(),
                like.clientAuthentication(),
                like.scopes(),
                like.tenants(),
                like.returnTokens());
        connection = gatehouse
                .sso()
                .create(new NewConnection(
                        type,
                        type.protocol() == ConnectionType.Protocol.SOCIAL ? null : acme.id(),
                        "Acme",
                        null,
                        provider,
                        idp.clientSecret(),
                        Map.of(),
                        Map.of(),
                        List.of()));
    }

    /** The pages over HTTP, for the provider's own calls. */
    private void page(HttpExchange exchange) throws IOException {
        Map<String, List<String>> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values));
        String query = exchange.getRequestURI().getRawQuery();
        Answer answer = gatehouse
                .pages()
                .handle(new Request(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().getRawPath(),
                        query == null ? "" : query,
                        headers,
                        exchange.getRequestBody().readAllBytes(),
                        "127.0.0.1",
                        false));
        Loopback.send(exchange, answer.status(), answer.header("Content-Type").orElse("text/plain"), answer.text());
    }

    Addresses addresses() {
        return gatehouse.sso().addresses(connection.id());
    }

    /** Where a browser is sent to sign in. */
    String leave(PageBrowser browser) {
        return PageBrowser.location(browser.get("/user_management/authorize?response_type=code&client_id="
                + Calls.CLIENT + "&redirect_uri=" + BACK + "&connection_id=" + connection.id()));
    }

    /** Where a sign-in in a new browser ends, by the provider's own pages. */
    String signIn() throws IOException, InterruptedException {
        PageBrowser browser = new PageBrowser(gatehouse);
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(leave(browser))).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        return PageBrowser.location(
                browser.get(answer.headers().firstValue("Location").orElseThrow()));
    }

    /** Whether somebody is signed in to the application. */
    boolean signsIn() throws IOException, InterruptedException {
        return signIn().startsWith(BACK + "?code=");
    }

    /** The newest attempt: what became of it, and the step. */
    String outcome() {
        Attempt attempt = gatehouse.sso().attempts(connection.id(), null, 1).get(0);
        return attempt.outcome() + " " + attempt.step();
    }

    @Override
    public void close() {
        gatehouse.close();
        pages.close();
        idp.close();
    }
}
