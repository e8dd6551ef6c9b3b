package dev.gatehouse.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sample as a process of its own: in a browser, through the official SDK, and killed without warning. */
class StoryTest {
    private static final String KEY = "sk_test_storytest_abcdefghijklmn";
    private static final String CLIENT = "client_01STORY";

    @TempDir
    Path data;

    private Process app;
    private int port;

    private void start(String... more) throws Exception {
        if (port == 0) {
            port = freePort();
        }
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        // the coverage agent, when there is one, watches the sample too
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-javaagent:"))
                .forEach(command::add);
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "dev.gatehouse.samples.quickstart.Quickstart",
                "--port",
                Integer.toString(port),
                "--data",
                data.toString(),
                "--api-key",
                KEY,
                "--client-id",
                CLIENT));
        command.addAll(List.of(more));
        app = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader out = app.inputReader(StandardCharsets.UTF_8);
        List<String> seen = new ArrayList<>();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            seen.add(line);
            if (line.equals("ready on http://127.0.0.1:" + port)) {
                Thread drain = new Thread(() -> drain(out));
                drain.setDaemon(true);
                drain.start();
                return;
            }
        }
        throw new AssertionError("did not start: " + seen);
    }

    private static void drain(BufferedReader out) {
        try {
            out.transferTo(Writer.nullWriter());
        } catch (IOException e) {
            // the process was killed: that is the story
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (app != null) {
            app.destroy();
            assertThat(app.waitFor(15, TimeUnit.SECONDS)).as("SIGTERM stops it").isTrue();
        }
    }

    @Test
    void aPersonSignsUpSignsInSurvivesAKillAndSignsOut() throws Exception {
        Path chromium = Path.of("/usr/bin/chromium");
        assumeTrue(Files.isExecutable(chromium), "no Chromium at " + chromium);
        start();
        List<String> complaints = new ArrayList<>();
        try (Playwright playwright = Playwright.create();
                Browser browser = launch(playwright, chromium)) {
            Page page = browser.newContext().newPage();
            listen(page, complaints);
            String home = "http://127.0.0.1:" + port + "/";
            page.navigate(home);
            assertThat(page.url()).contains("/auth/sign-in");
            picture(page, "sign-in");
            page.click("text=Create one");
            page.waitForURL("**/auth/sign-up*");
            page.fill("#first_name", "Ada");
            page.fill("#last_name", "Lovelace");
            page.fill("#email", "ada@example.com");
            page.fill("#password", "short");
            page.keyboard().press("Enter");
            assertThat(page.waitForSelector("#problem:not(:empty)").textContent())
                    .contains("at least 10 characters");
            assertThat(page.inputValue("#email")).as("what was typed is kept").isEqualTo("ada@example.com");
            picture(page, "sign-up-error");
            page.fill("#password", "correct-horse-battery-9");
            page.keyboard().press("Enter");
            page.waitForURL(home);
            assertThat(page.textContent("#me")).isEqualTo("Ada Lovelace");
            page.fill("#note", "<b>First</b> note");
            page.click("button");
            assertThat(page.waitForSelector("section div").textContent()).contains("<b>First</b> note");
            picture(page, "notes");
            page.fill("#note", "Look here, @ADA@example.com and @nobody@example.com");
            page.click("button");
            page.click("text=Mails");
            assertThat(page.waitForSelector("section").textContent())
                    .contains("You were mentioned in Team notes", "To ada@example.com", "wrote: Look here");
            picture(page, "mails");

            app.destroyForcibly().waitFor();
            start();
            page.navigate(home);
            assertThat(page.textContent("#me"))
                    .as("still signed in after kill -9")
                    .isEqualTo("Ada Lovelace");

            page.click("text=Account");
            assertThat(page.waitForSelector(".tag").textContent()).contains("This browser");
            picture(page, "account");
            page.click("text=Sign out");
            page.waitForURL("**/auth/signed-out");
            assertThat(page.textContent("h1")).isEqualTo("You are signed out");
            page.navigate(home);
            assertThat(page.url()).contains("/auth/sign-in");
            page.fill("#email", "Ada@Example.com");
            page.keyboard().press("Enter");
            page.fill("#password", "wrong");
            page.keyboard().press("Enter");
            assertThat(page.waitForSelector("#problem:not(:empty)").textContent())
                    .contains("not right");
            page.fill("#password", "correct-horse-battery-9");
            page.keyboard().press("Enter");
            page.waitForURL(home);
            assertThat(page.textContent("#me")).isEqualTo("Ada Lovelace");
        }
        assertThat(complaints).as("console errors and CSP violations").isEmpty();
    }

    private static Browser launch(Playwright playwright, Path chromium) {
        return playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--disable-dev-shm-usage")));
    }

    private static void listen(Page page, List<String> complaints) {
        page.onConsoleMessage(message -> {
            // a refused form answers 4xx on purpose, which the browser logs by itself
            if (message.type().equals("error") && !message.text().matches(".*status of (404|422).*")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
    }

    /** In German, by keyboard alone, without JavaScript, and through the pages that a short story does not meet. */
    @Test
    void everyPageWorksInGermanByKeyboardAndWithoutJavaScript() throws Exception {
        Path chromium = Path.of("/usr/bin/chromium");
        assumeTrue(Files.isExecutable(chromium), "no Chromium at " + chromium);
        start();
        String base = "http://127.0.0.1:" + port;
        String ada = made(
                "/user_management/users", "{\"email\":\"ada@example.com\",\"password\":\"correct-horse-battery-9\"}");
        String longName = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
        for (String name : List.of("Analytische Maschinen", longName)) {
            String organization = made("/organizations", "{\"name\":\"" + name + "\"}");
            made(
                    "/user_management/organization_memberships",
                    "{\"user_id\":\"" + ada + "\",\"organization_id\":\"" + organization + "\"}");
        }
        List<String> complaints = new ArrayList<>();
        try (Playwright playwright = Playwright.create();
                Browser browser = launch(playwright, chromium)) {
            Page page = browser.newContext(
                            new Browser.NewContextOptions().setLocale("de-DE").setJavaScriptEnabled(false))
                    .newPage();
            listen(page, complaints);
            page.navigate(base + "/");
            assertThat(page.textContent("h1")).isEqualTo("Bei Team notes anmelden");
            assertThat(page.getAttribute("html", "lang")).isEqualTo("de");
            picture(page, "de-sign-in");
            page.keyboard().press("Enter");
            assertThat(page.waitForSelector("#problem:not(:empty)").textContent())
                    .contains("Geben Sie eine Adresse");
            picture(page, "de-sign-in-error");
            // focus is on the first thing to do
            page.keyboard().type("ada@example.com");
            page.keyboard().press("Enter");
            page.waitForURL("**/password*");
            picture(page, "de-password");
            page.keyboard().type("correct-horse-battery-9");
            page.keyboard().press("Enter");
            page.waitForURL("**/organization*");
            assertThat(page.textContent("h1")).isEqualTo("Organisation wählen");
            picture(page, "de-organization");
            page.click("text=Analytische Maschinen");
            page.waitForURL(base + "/");
            page.navigate(base + "/auth/account");
            assertThat(page.waitForSelector(".tag").textContent()).isEqualTo("Dieser Browser");
            picture(page, "de-account");
            page.navigate(base + "/auth/nowhere");
            assertThat(page.textContent("[role=alert]")).isEqualTo("Diese Seite gibt es nicht.");
            picture(page, "de-error");
            page.navigate(base + "/auth/account");
            page.click("text=Abmelden >> nth=-1");
            page.waitForURL("**/auth/signed-out");
            picture(page, "de-signed-out");
            page.navigate(base + "/auth/sign-up");
            picture(page, "de-sign-up");
        }
        assertThat(complaints).as("console errors and CSP violations").isEmpty();
    }

    /** Makes something over REST; its id. */
    private String made(String path, String body) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .header("Authorization", "Bearer " + KEY)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return answer.body().replaceAll("(?s).*?\"id\":\"([^\"]+)\".*", "$1");
    }

    private static void picture(Page page, String name) throws IOException {
        Path pictures = Files.createDirectories(Path.of("target", "pictures"));
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            for (int width : new int[] {1280, 360}) {
                page.setViewportSize(width, 760);
                assertThat(page.evaluate("document.documentElement.scrollWidth"))
                        .as(name + " at " + width + ": nothing sticks out")
                        .isEqualTo(width);
                page.screenshot(new Page.ScreenshotOptions()
                        .setPath(pictures.resolve(
                                name + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT) + "-" + width + ".png")));
            }
        }
    }

    /** Through the contract judge where that is there: every answer is validated, and none may violate the contract. */
    @Test
    void theOfficialSdkBehaves() throws Exception {
        Path node = Path.of("src", "test", "node");
        assumeTrue(Files.isDirectory(node.resolve("node_modules")), "bin/test has not fetched the SDK");
        start();
        behave(node);
    }

    /** The same on PostgreSQL, whose binaries come with Maven. */
    @Test
    void theOfficialSdkBehavesOnPostgres() throws Exception {
        Path node = Path.of("src", "test", "node");
        assumeTrue(Files.isDirectory(node.resolve("node_modules")), "bin/test has not fetched the SDK");
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "no PostgreSQL binaries for this machine");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
            start("--database-url", postgres.getJdbcUrl("postgres", "postgres"));
            behave(node);
            stop();
        }
    }

    private void behave(Path node) throws Exception {
        Path judge = Path.of("..", "..", "..", "shared", "contract", "judge");
        if (!Files.isExecutable(judge)) {
            sdk(node, port);
            return;
        }
        int listen = freePort();
        Process judging = new ProcessBuilder(
                        judge.toString(),
                        "--target",
                        "http://127.0.0.1:" + port,
                        "--listen",
                        Integer.toString(listen),
                        "--report",
                        Path.of("target", "contract.json").toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = judging.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            while (line != null && !line.startsWith("judge: listening")) {
                line = out.readLine();
            }
            assertThat(line).as("the judge started").isNotNull();
            sdk(node, listen);
            judging.toHandle().destroy(); // SIGTERM: it reports and ends
            String report = String.join("\n", out.lines().toList());
            System.out.println(report);
            assertThat(report).containsPattern("[0-9]+ of [0-9]+ operations proven, 0 violated");
        } finally {
            judging.destroyForcibly();
        }
    }

    private static void sdk(Path node, int at) throws Exception {
        Process sdk = new ProcessBuilder("node", "sdk.mjs", Integer.toString(at), KEY, CLIENT)
                .directory(node.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(sdk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(sdk.waitFor()).as(said).isZero();
        assertThat(said).contains("sdk: every call behaved");
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }
}
