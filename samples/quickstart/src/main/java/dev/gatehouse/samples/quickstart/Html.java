package dev.gatehouse.samples.quickstart;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The frame of the sample's pages, in the look of the sign-in pages. */
final class Html {
    private Html() {}

    static void page(HttpServletResponse response, String title, String header, String body) throws IOException {
        response.setContentType("text/html; charset=utf-8");
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'");
        response.getWriter().print("""
                <!doctype html><html lang="en"><head><meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title><link rel="icon" href="/auth/icon.svg"><link rel="stylesheet" href="/auth/gatehouse.css">
                </head><body><div class="page"><main class="door stack"><header><h1>%s</h1>%s</header>
                %s</main></div></body></html>""".formatted(title, title, header, body));
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
