package dev.gatehouse.samples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Headless Chromium that remembers every console error and CSP violation, and fails for one when it is closed. */
final class Chromium implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");

    private final Playwright playwright;
    private final Browser browser;
    private final List<String> complaints = new ArrayList<>();

    /** Skips the test where there is no Chromium. */
    Chromium() {
        assumeTrue(Files.isExecutable(PROGRAM), "no Chromium at " + PROGRAM);
        playwright = Playwright.create();
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(PROGRAM)
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

    Page page() {
        return page(new Browser.NewContextOptions());
    }

    Page page(Browser.NewContextOptions options) {
        Page page = browser.newContext(options).newPage();
        page.onConsoleMessage(message -> {
            // a page that refuses answers 4xx on purpose, which the browser logs by itself; what a page loads never may
            boolean refused = message.text().matches(".*status of (400|403|404|422).*")
                    && !message.location().matches(".*\\.(css|js|svg)\\b.*");
            if (message.type().equals("error") && !refused) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        return page;
    }

    /** Light and dark, wide and narrow, into {@code target/pictures}; nothing may stick out. */
    static void picture(Page page, String name) throws IOException {
        Path pictures = Files.createDirectories(Path.of("target", "pictures"));
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            for (int width : new int[] {1280, 360}) {
                page.setViewportSize(width, 760);
                assertThat(page.evaluate("document.documentElement.scrollWidth"))
                        .as(name + " at " + width + ": nothing sticks out")
                        .isEqualTo(width);
                page.screenshot(new Page.ScreenshotOptions()
                        .setFullPage(true)
                        .setPath(pictures.resolve(
                                name + "-" + scheme.name().toLowerCase(Locale.ROOT) + "-" + width + ".png")));
            }
        }
    }

    @Override
    public void close() {
        playwright.close();
        assertThat(complaints).as("console errors and CSP violations").isEmpty();
    }
}
