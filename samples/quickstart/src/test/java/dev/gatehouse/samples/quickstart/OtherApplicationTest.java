package dev.gatehouse.samples.quickstart;

import static dev.gatehouse.samples.quickstart.Chromium.picture;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An application on another origin signs people in here. The browser's policy for forms must let them go back to it, and
 * further: its callback leads to a third origin.
 */
class OtherApplicationTest {
    @TempDir
    Path data;

    @Test
    void aBrowserComesBackToTheApplicationItCameFrom() throws Exception {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        int port = other.getAddress().getPort();
        String third = "http://localhost:" + port + "/welcome";
        other.createContext("/callback", exchange -> {
            exchange.getResponseHeaders()
                    .add("Location", third + "?" + exchange.getRequestURI().getRawQuery());
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        other.createContext("/welcome", exchange -> {
            byte[] page = "<!doctype html><title>Other</title><link rel=icon href='data:,'><h1>Welcome</h1>"
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        other.start();
        try (RunningSample app = new RunningSample(data).start();
                Chromium chromium = new Chromium()) {
            String callback = "http://127.0.0.1:" + port + "/callback";
            app.made("/user_management/redirect_uris", "{\"uri\":\"" + callback + "\"}");
            app.made(
                    "/user_management/users",
                    "{\"email\":\"ada@example.com\",\"email_verified\":true,\"password\":\"correct-horse-battery-9\"}");
            Page page = chromium.page();
            String authorize = app.url("/user_management/authorize?response_type=code&provider=authkit&client_id="
                    + RunningSample.CLIENT + "&state=s1&redirect_uri=" + callback);
            page.navigate(authorize);
            type(page);
            // it goes on by itself, and by its link when the application did not answer
            page.route(callback + "**", route -> route.fulfill(new Route.FulfillOptions().setStatus(204)));
            page.keyboard().press("Enter");
            assertThat(page.waitForSelector("main p.soft >> nth=1").textContent())
                    .isEqualTo("Taking you back to 127.0.0.1.");
            picture(page, "leaving");
            page.unroute(callback + "**");
            page.click("text=Continue");
            page.waitForURL(third + "**");
            assertThat(page.url()).contains("code=").contains("state=s1");

            // signed in already: straight through
            page.navigate(authorize);
            assertThat(page.url()).startsWith(third);

            page.context().clearCookies();
            page.navigate(authorize);
            type(page);
            page.keyboard().press("Enter");
            page.waitForURL(third + "**");
        } finally {
            other.stop(0);
        }
    }

    private static void type(Page page) {
        page.fill("#email", "ada@example.com");
        page.keyboard().press("Enter");
        page.fill("#password", "correct-horse-battery-9");
    }
}
