package dev.gatehouse.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.identity.User;
import dev.gatehouse.testkit.HttpBrowser;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** One application in the container of this run. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlowTest {
    private static final String RIGHT = Client.form("ada@example.com");

    private final Launcher launcher = Launcher.ofThisRun();
    private Gatehouse gatehouse;
    private Launcher.Running running;
    private Client client;
    private User ada;

    @BeforeAll
    void start() throws Exception {
        gatehouse = App.gatehouse();
        ada = App.member(gatehouse, "ada", "admin");
        running = launcher.start(
                context -> App.install(gatehouse, context), Map.of(418, "/admin/error", 410, "/open/gone"));
        client = new Client(running.port());
    }

    @AfterAll
    void stop() throws Exception {
        running.close();
        gatehouse.close();
    }

    @Test
    @DisplayName("a browser signs up, comes back to where it was, and signs out")
    void theBrowsersFlow() {
        HttpBrowser browser = new HttpBrowser();
        HttpBrowser.Page first = browser.get(client.url("/notes?page=2"));
        assertThat(first.uri().getPath()).isEqualTo("/auth/sign-in");
        HttpBrowser.Page signUp = browser.get(client.url("/auth/sign-up?return_to=/notes"));
        HttpBrowser.Page there = browser.submit(
                signUp,
                Map.of(
                        "email",
                        "grace@example.com",
                        "password",
                        Client.PASSWORD,
                        "first_name",
                        "Grace",
                        "last_name",
                        "Hopper"));
        User grace = gatehouse.users().findByEmail("grace@example.com").orElseThrow();
        assertThat(there.text()).contains("saw user=" + grace.id());
        assertThat(there.uri().getPath()).isEqualTo("/notes");
        assertThat(browser.get(client.url("/admin/x")).status())
                .as("without the role")
                .isEqualTo(403);

        HttpBrowser.Page bye = browser.submit(browser.get(client.url("/auth/sign-out")), Map.of());
        assertThat(bye.uri().getPath()).isEqualTo("/auth/signed-out");
        HttpBrowser.Page again = browser.get(client.url("/notes?page=2"));
        HttpBrowser.Page password = browser.submit(again, Map.of("email", "ada@example.com"));
        HttpBrowser.Page back = browser.submit(password, Map.of("password", Client.PASSWORD));
        assertThat(back.uri().toString()).isEqualTo(client.url("/notes?page=2"));
        assertThat(back.text()).contains("saw user=" + ada.id() + " admin=true");
        assertThat(browser.get(client.url("/admin/x")).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("C09 the session cookie has all its attributes on the wire, and a script without it is refused")
    void theCookieOnTheWire() throws Exception {
        HttpResponse<String> done = client.post("/open/login", RIGHT);
        assertThat(done.headers().allValues("Set-Cookie"))
                .singleElement()
                .asString()
                .startsWith("gatehouse_session=")
                .endsWith("; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax");
        assertThat(done.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(client.get("/notes", "Cookie", client.cookie("ada@example.com"))
                        .body())
                .contains("saw user=" + ada.id());
        HttpResponse<String> refused = client.get("/notes", "Sec-Fetch-Mode", "cors");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).isEqualTo("{\"message\":\"Sign in first.\",\"code\":\"not_signed_in\"}");
        HttpResponse<String> sent = client.get("/notes", "Accept", "text/html");
        assertThat(sent.statusCode()).isEqualTo(302);
        assertThat(sent.headers().firstValue("Location")).hasValue("/auth/sign-in?return_to=%2Fnotes");
    }

    @Test
    @DisplayName("H04 a forward, an include and an error page are judged by where they lead")
    void dispatches() throws Exception {
        String cookie = client.cookie("ada@example.com");
        assertThat(client.get("/open/forward?to=/admin/x", "Cookie", cookie).body())
                .contains("saw user=" + ada.id() + " admin=true dispatch=FORWARD");
        assertThat(client.get("/open/forward?to=/admin/x").statusCode()).isEqualTo(401);
        assertThat(client.get("/open/include?to=/admin/x", "Cookie", cookie).body())
                .contains("before saw user=" + ada.id())
                .contains("after");
        assertThat(client.get("/open/include?to=/admin/x").body())
                .contains("before")
                .doesNotContain("saw");
        HttpResponse<String> shown = client.get("/open/error?to=418", "Cookie", cookie);
        assertThat(shown.statusCode()).isEqualTo(418);
        assertThat(shown.body()).contains("saw user=" + ada.id(), "dispatch=ERROR");
        HttpResponse<String> hidden = client.get("/open/error?to=418");
        assertThat(hidden.statusCode()).isEqualTo(418);
        assertThat(hidden.body()).doesNotContain("saw");
        assertThat(client.get("/open/error?to=410").body()).contains("saw user=null", "dispatch=ERROR");
    }

    @Test
    @DisplayName("H07 an async dispatch and another thread know who is signed in")
    void async() throws Exception {
        String cookie = client.cookie("ada@example.com");
        assertThat(client.get("/open/async?to=/admin/x", "Cookie", cookie).body())
                .contains("saw user=" + ada.id() + " admin=true dispatch=ASYNC");
        assertThat(client.get("/open/async?to=/admin/x").statusCode()).isEqualTo(401);
        assertThat(client.get("/open/other-thread", "Cookie", cookie).body())
                .contains("saw user=" + ada.id() + " admin=true");
        assertThat(client.get("/open/other-thread").body()).contains("saw user=null");
    }

    @Test
    @DisplayName("H21 a WebSocket is opened with the cookie and knows whose it is; without, the handshake is refused")
    void webSockets() throws Exception {
        String cookie = client.cookie("ada@example.com");
        assertThat(echo(client.url("/socket"), "Cookie", cookie)).isEqualTo("hello from " + ada.id() + " " + ada.id());
        assertThat(echo(client.url("/open-socket"), "Cookie", cookie)).endsWith(ada.id());
        assertThat(echo(client.url("/open-socket"))).isEqualTo("hello from null nobody");
        refused(client.url("/socket"));
    }

    private void refused(String socket) {
        assertThatThrownBy(() -> echo(socket))
                .isInstanceOfSatisfying(
                        CompletionException.class,
                        e -> assertThat(e.getCause())
                                .isInstanceOfSatisfying(
                                        WebSocketHandshakeException.class,
                                        refused -> assertThat(
                                                        refused.getResponse().statusCode())
                                                .isEqualTo(401)));
    }

    private String echo(String socketUrl, String... header) throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        WebSocket.Builder builder = client.http().newWebSocketBuilder();
        if (header.length > 0) {
            builder.header(header[0], header[1]);
        }
        WebSocket socket = builder.buildAsync(URI.create(socketUrl.replace("http:", "ws:")), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
                        heard.complete(data.toString());
                        return null;
                    }

                    @Override
                    public void onError(WebSocket webSocket, Throwable error) {
                        heard.completeExceptionally(error);
                    }
                })
                .join();
        socket.sendText("hello", true).join();
        String answer = heard.get(10, TimeUnit.SECONDS);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        return answer;
    }

    @Test
    @DisplayName("H22 over HTTP/2 as over HTTP/1.1")
    void http2() throws Exception {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        HttpRequest open =
                HttpRequest.newBuilder(URI.create(client.url("/open/x"))).build();
        HttpResponse<String> first = http.send(open, HttpResponse.BodyHandlers.ofString());
        assertThat(first.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(first.body()).contains("saw user=null", "HTTP/2.0");
        HttpRequest login = HttpRequest.newBuilder(URI.create(client.url("/open/login")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(RIGHT))
                .build();
        HttpResponse<String> done = http.send(login, HttpResponse.BodyHandlers.ofString());
        assertThat(done.version()).isEqualTo(HttpClient.Version.HTTP_2);
        String set = done.headers().firstValue("set-cookie").orElseThrow();
        assertThat(set).endsWith("; HttpOnly; SameSite=Lax");
        HttpRequest.Builder admin = HttpRequest.newBuilder(URI.create(client.url("/admin/x")));
        HttpResponse<String> refused = http.send(admin.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(refused.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(refused.statusCode()).isEqualTo(401);
        HttpResponse<String> let =
                http.send(admin.header("Cookie", set.split(";", -1)[0]).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(let.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(let.body()).contains("saw user=" + ada.id() + " admin=true");
    }

    @Test
    @DisplayName("C05 login(), logout() and authenticate() of the request")
    void theRequestsOwnMethods() throws Exception {
        HttpResponse<String> wrong = client.post("/open/login", "email=ada@example.com&password=wrong");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.headers().firstValue("Set-Cookie")).isEmpty();
        HttpResponse<String> done = client.post("/open/login", RIGHT);
        assertThat(done.body()).contains("saw user=" + ada.id() + " admin=true");
        String cookie = Client.set(done);

        assertThat(client.get("/open/authenticate", "Cookie", cookie).body()).isEqualTo("half a page " + sawInOpen());
        HttpResponse<String> sent = client.get("/open/authenticate", "Accept", "text/html");
        assertThat(sent.statusCode()).isEqualTo(302);
        assertThat(sent.headers().firstValue("Location"))
                .hasValue("/auth/sign-in?return_to=" + URLEncoder.encode("/open/authenticate", StandardCharsets.UTF_8));
        HttpResponse<String> told = client.get("/open/authenticate");
        assertThat(told.statusCode()).isEqualTo(401);
        assertThat(told.body()).isEqualTo("{\"message\":\"Sign in first.\",\"code\":\"not_signed_in\"}");

        HttpResponse<String> out = client.post("/open/logout", "", "Cookie", cookie);
        assertThat(out.body()).contains("saw user=null");
        assertThat(out.headers().allValues("Set-Cookie"))
                .containsExactly("gatehouse_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
        assertThat(client.get("/notes", "Cookie", cookie).statusCode()).isEqualTo(401);
    }

    private String sawInOpen() {
        return "saw user=" + ada.id() + " admin=true dispatch=REQUEST HTTP/1.1";
    }

    @Test
    @DisplayName("H17 with init-params alone, below a context path")
    void initParams(@TempDir Path webapp, @TempDir Path data) throws Exception {
        Files.writeString(webapp.resolve("about.txt"), "about us");
        Files.writeString(webapp.resolve("secret.txt"), "a secret");
        Map<String, String> params =
                Map.of("public-paths", "/about.txt, /open-socket", "data-directory", data.toString());
        try (Launcher.Running configured = launcher.startConfigured("/app", webapp, params)) {
            String app = "http://127.0.0.1:" + configured.port() + "/app";
            HttpBrowser browser = new HttpBrowser();
            assertThat(browser.get(app + "/about.txt").text()).isEqualTo("about us");
            HttpBrowser.Page sent = browser.get(app + "/secret.txt");
            assertThat(sent.uri().getPath()).isEqualTo("/app/auth/sign-in");
            assertThat(sent.text()).doesNotContain("a secret");
            HttpBrowser.Page there = browser.submit(
                    browser.get(app + "/auth/sign-up?return_to=/app/secret.txt"),
                    Map.of("email", "ada@example.com", "password", Client.PASSWORD));
            assertThat(there.text()).isEqualTo("a secret");
            assertThat(browser.get(app + "/by-role").status())
                    .as("an annotation's role")
                    .isEqualTo(403);
            HttpBrowser.Page container = browser.get(app + "/by-container");
            assertThat(container.status()).isEqualTo(403);
            // a servlet that Undertow's own API names is none whose annotation it reads
            boolean ours = System.getProperty("container").equals("undertow");
            assertThat(container.text().contains("role_required"))
                    .as("else refused by the container itself: " + container.text())
                    .isEqualTo(ours);
            assertThat(echo(app + "/open-socket")).isEqualTo("hello from null nobody");
            refused(app + "/socket");
        }
        assertThat(List.of(data.toFile().list())).isNotEmpty();
    }
}
