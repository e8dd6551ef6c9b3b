package dev.gatehouse.samples.docs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Secret;
import dev.gatehouse.environments.ApiKey;
import dev.gatehouse.environments.Environments;
import dev.gatehouse.events.Event;
import dev.gatehouse.events.EventSubscriber;
import dev.gatehouse.identity.NewUser;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.User;
import dev.gatehouse.organizations.Organization;
import dev.gatehouse.portability.Format;
import dev.gatehouse.portability.ImportListener;
import dev.gatehouse.portability.ImportOptions;
import dev.gatehouse.portability.ImportProgress;
import dev.gatehouse.portability.RefusedRow;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.store.JdbcStorage;
import dev.gatehouse.webhooks.WebhookDelivery;
import dev.gatehouse.webhooks.WebhookEndpoint;
import dev.gatehouse.webhooks.WebhookHealth;
import dev.gatehouse.webhooks.WebhookSignature;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The Java of README and docs, word for word, so that it compiles and runs ({@link SnippetTest}). */
@SuppressWarnings("UnusedVariable")
public final class Snippets extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getUserPrincipal() != null) {
            hello(request, response);
            response.getWriter().print(whoIsThere(request));
        }
    }

    private static void hello(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SignedIn me = (SignedIn) request.getUserPrincipal();
        response.getWriter().print("Hello " + me.user().displayName());
    }

    private static String whoIsThere(HttpServletRequest request) {
        SignedIn me = (SignedIn) request.getUserPrincipal();
        String name = me.user().displayName();
        String organization = me.organizationId(); // null when none is selected
        boolean admin = request.isUserInRole("admin");
        return name + organization + admin;
    }

    static void ownSignIn(
            Gatehouse gatehouse, HttpServletRequest request, HttpServletResponse response, String cardNumber)
            throws ServletException, IOException {
        User user = gatehouse.users().findByExternalId(cardNumber).orElseThrow();
        GatehouseFilter.enter(request, user.id(), null); // or an organization's id
        response.sendRedirect("/");
    }

    ImportProgress bring(Gatehouse gatehouse) throws IOException {
        Path file = Path.of("users.jsonl");
        ImportProgress done = gatehouse
                .portability()
                .importUsers(file, ImportOptions.of("from Auth0", Format.of(file)), new ImportListener() {
                    @Override
                    public void refused(RefusedRow problem) {
                        log("line " + problem.line() + ": " + problem.field() + " " + problem.message());
                    }
                });
        return done;
    }

    Gatehouse fromContext() {
        Gatehouse gatehouse = GatehouseFilter.of(getServletContext());
        return gatehouse;
    }

    static Gatehouse programmatic(ServletContext context, DataSource pool) {
        Gatehouse gatehouse = Gatehouse.builder()
                .dataSource(pool) // your own; or leave it out for an H2 file
                .set(Setting.APP_NAME, "Team notes")
                .set(Setting.PUBLIC_PATHS, "/about, /assets/*")
                .set(Setting.ORIGIN, "http://localhost:8080") // where people find it
                .build();
        FilterRegistration.Dynamic filter = context.addFilter("gatehouse", new GatehouseFilter(gatehouse));
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
        return gatehouse;
    }

    /** A provider of mail, for the snippets. */
    interface Provider {
        void send(@Nullable String key, String to, String subject, String text, String html);
    }

    static Gatehouse ownMailer(Provider provider) {
        Gatehouse gatehouse = Gatehouse.builder()
                .mailer(mail -> provider.send(mail.id(), mail.to(), mail.subject(), mail.text(), mail.html()))
                .build();
        return gatehouse;
    }

    static Gatehouse ownThreads(Executor threads) {
        Gatehouse gatehouse = Gatehouse.builder().executor(threads).build();
        return gatehouse;
    }

    static @Nullable String users(Gatehouse gatehouse) {
        User ada = gatehouse
                .users()
                .create(NewUser.of("ada@example.com")
                        .withPassword("correct-horse-battery-9")
                        .withName("Ada", "Lovelace")
                        .withExternalId("customer-1815"));
        Organization acme = gatehouse.organizations().create("Acme");
        gatehouse.organizations().addMember(acme.id(), ada.id(), "admin");
        gatehouse.users().setPassword(ada.id(), "another-long-phrase-7"); // ends every session
        gatehouse
                .users()
                .sessions(ada.id())
                .forEach(session -> gatehouse.users().endSession(ada.id(), session.id()));
        gatehouse.users().delete(ada.id());
        String last = null; // remember it between runs
        for (Event event : gatehouse.events().after(Set.of("user.created"), last, 100)) {
            last = event.id();
        }
        return last;
    }

    static void subscribe(Gatehouse gatehouse, Crm crm) {
        gatehouse.events().subscribe("crm", Set.of("user.created", "user.deleted"), event -> {
            crm.upsert(event.id(), event.event(), event.data());
        });
    }

    static boolean poison(Gatehouse gatehouse) {
        EventSubscriber crm = gatehouse.events().subscriber("crm").orElseThrow();
        return crm.failures() > 10 && gatehouse.events().skip("crm", crm.failedEvent());
    }

    static int webhooks(Gatehouse gatehouse, Instant yesterday) {
        WebhookEndpoint endpoint =
                gatehouse.webhooks().create("https://app.example.com/webhooks", Set.of("user.created", "user.updated"));
        Secret secret = gatehouse.webhooks().secret(endpoint.id());
        WebhookHealth health = gatehouse.webhooks().health(endpoint.id());
        List<WebhookDelivery> latest = gatehouse.webhooks().deliveries(endpoint.id(), null, 20);
        gatehouse.webhooks().replay(endpoint.id(), latest.get(0).eventId());
        int again = gatehouse.webhooks().replaySince(endpoint.id(), yesterday);
        Secret fresh = gatehouse.webhooks().rotateSecret(endpoint.id());
        return again;
    }

    static boolean genuine(HttpServletRequest request, Secret secret, Clock clock) throws IOException {
        byte[] body = request.getInputStream().readAllBytes();
        String header = request.getHeader(WebhookSignature.HEADER);
        boolean genuine = header != null
                && WebhookSignature.verify(header, body, secret, WebhookSignature.TOLERANCE, clock.instant());
        return genuine;
    }

    /** Of a host's. */
    interface Crm {
        void upsert(String id, String name, JsonNode data);
    }

    static String keys(Gatehouse gatehouse) {
        Environments.NewKey key = gatehouse
                .environments()
                .createKey(gatehouse.environment(), "Billing", Set.of("user:read", "organization:read"));
        String shownOnce = key.key();
        gatehouse.environments().ensureRedirectUri(gatehouse.environment().id(), "http://localhost:3000/callback");
        return shownOnce;
    }

    static void revoke(Gatehouse gatehouse, String lastFour) {
        for (ApiKey known : gatehouse.environments().keys(gatehouse.environment())) {
            if (known.hint().equals(lastFour)) {
                gatehouse.environments().revokeKey(gatehouse.environment(), known.id());
            }
        }
    }

    static void backup(Gatehouse gatehouse, Path zip) throws SQLException {
        String url = JdbcStorage.h2File(Path.of(gatehouse.setting(Setting.DATA_DIRECTORY)));
        try (Connection connection = DriverManager.getConnection(url, "", "");
                Statement statement = connection.createStatement()) {
            statement.execute("backup to '" + zip + "'");
        }
    }
}
