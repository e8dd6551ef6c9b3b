package dev.gatehouse.samples.quickstart;

import static dev.gatehouse.samples.quickstart.Chromium.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import dev.gatehouse.samples.common.SampleServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Node page with the vendor's official SDK and the Java sample, with one session cookie between them. */
class NodeSideBySideTest {
    private static final Path NODE = Path.of("..", "node-side-by-side");
    private static final String COOKIE_PASSWORD = "a cookie password of 32 characters or more";
    private static final String PASSWORD = "correct-horse-battery-9";

    @TempDir
    Path data;

    /** The Node page as a process of its own. */
    private record NodePage(Process process, int port) implements AutoCloseable {
        static NodePage start(int port, RunningSample java) throws IOException {
            ProcessBuilder builder = new ProcessBuilder("node", "server.mjs")
                    .directory(NODE.toFile())
                    .redirectErrorStream(true);
            builder.environment()
                    .putAll(Map.of(
                            "PORT",
                            Integer.toString(port),
                            "JAVA_ORIGIN",
                            java.url(""),
                            "WORKOS_API_KEY",
                            RunningSample.KEY,
                            "WORKOS_CLIENT_ID",
                            RunningSample.CLIENT,
                            "WORKOS_COOKIE_PASSWORD",
                            COOKIE_PASSWORD));
            Process process = builder.start();
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            assertThat(out.readLine()).isEqualTo("ready on http://localhost:" + port);
            return new NodePage(process, port);
        }

        String url(String path) {
            return "http://localhost:" + port + path;
        }

        @Override
        public void close() throws InterruptedException {
            process.destroyForcibly().waitFor();
        }
    }

    private static Cookie shared(Page page) {
        List<Cookie> found = page.context().cookies().stream()
                .filter(cookie -> cookie.name.equals("wos-session"))
                .toList();
        assertThat(found).as("one session cookie, and no other").hasSize(1);
        assertThat(page.context().cookies()).noneMatch(cookie -> cookie.name.contains("gatehouse_session"));
        return found.get(0);
    }

    @Test
    @DisplayName("signed in at one is signed in at the other, and so is signed out; a renewed cookie serves both")
    void shareOneSession() throws Exception {
        assumeTrue(Files.isDirectory(NODE.resolve("node_modules")), "bin/test has not fetched the SDK");
        int port = SampleServer.freePort();
        try (RunningSample java = new RunningSample(data)
                        .with("cookie-password", COOKIE_PASSWORD)
                        .with("sign-out-redirects", "http://localhost:" + port + "/")
                        .start();
                NodePage node = NodePage.start(port, java);
                Chromium chromium = new Chromium()) {
            Page ada = chromium.page();
            // at Node first: its SDK seals the cookie, and the filter reads it
            ada.navigate(node.url("/"));
            ada.click("text=Sign in");
            ada.click("a[href*='sign-up']");
            ada.fill("#email", "ada@example.com");
            ada.fill("#password", PASSWORD);
            ada.keyboard().press("Enter");
            ada.waitForSelector("#code");
            ada.fill("#code", StoryTest.code(chromium, java, "ada@example.com"));
            ada.keyboard().press("Enter");
            ada.waitForURL(node.url("/"));
            assertThat(ada.textContent("#me")).isEqualTo("ada@example.com");
            picture(ada, "node-side-by-side");
            Cookie first = shared(ada);
            ada.click("text=Open the Java application");
            ada.waitForURL(java.url("/"));
            assertThat(ada.textContent("#me")).isEqualTo("ada@example.com");

            // renewed at Node: the filter takes the new one at once
            ada.navigate(node.url("/"));
            ada.click("text=Renew the tokens");
            ada.waitForURL(node.url("/"));
            assertThat(shared(ada).value).isNotEqualTo(first.value);
            ada.navigate(java.url("/"));
            assertThat(ada.textContent("#me")).isEqualTo("ada@example.com");

            // signed out in Java, by the page's own button
            ada.click("text=Sign out");
            ada.waitForURL("**/auth/signed-out");
            ada.navigate(node.url("/"));
            assertThat(ada.textContent("#nobody")).contains("Nobody");
            // who kept the cookie gets nothing in Java, and no new tokens in Node
            ada.context().addCookies(List.of(new Cookie("wos-session", first.value).setUrl(java.url("/"))));
            ada.navigate(java.url("/"));
            ada.waitForURL("**/auth/sign-in**");
            ada.context().clearCookies();

            // in Java first: the pages seal the cookie, and the SDK reads it
            ada.navigate(java.url("/"));
            ada.fill("#email", "ada@example.com");
            ada.keyboard().press("Enter");
            ada.fill("#password", PASSWORD);
            ada.keyboard().press("Enter");
            ada.waitForURL(java.url("/"));
            ada.navigate(node.url("/"));
            assertThat(ada.textContent("#me")).isEqualTo("ada@example.com");
            shared(ada);

            // signed out at Node: by the SDK's own logout address
            ada.click("text=Sign out");
            ada.waitForURL(node.url("/"));
            ada.waitForSelector("#nobody");
            ada.navigate(java.url("/"));
            ada.waitForURL("**/auth/sign-in**");
        }
    }
}
