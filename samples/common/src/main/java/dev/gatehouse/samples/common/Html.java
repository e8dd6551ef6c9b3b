package dev.gatehouse.samples.common;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The frame of the samples' pages, in the look of the sign-in pages. */
public final class Html {
    private Html() {}

    /** A page of one column; {@code header} and {@code body} are HTML. */
    public static void page(HttpServletResponse response, String title, String header, String body) throws IOException {
        document(
                response,
                title,
                "",
                "<div class=\"page\"><main class=\"door stack\"><header><h1>%s</h1>%s</header>\n%s</main></div>"
                        .formatted(title, header, body));
    }

    /** A page of another shape; {@code links} go into the head. It loads nothing but what this application serves. */
    public static void document(HttpServletResponse response, String title, String links, String body)
            throws IOException {
        response.setContentType("text/html; charset=utf-8");
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
                        + " frame-ancestors 'none'");
        response.getWriter().print("""
                <!doctype html><html lang="en"><head><meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title><link rel="icon" href="/auth/icon.svg"><link rel="stylesheet" href="/auth/gatehouse.css">%s
                </head><body>%s</body></html>""".formatted(title, links, body));
    }

    /** Text as HTML. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
