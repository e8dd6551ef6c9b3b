package dev.gatehouse.samples.quickstart;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.servlet.GatehouseFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.List;

/** The application: notes that everybody who is signed in reads and writes. It has no word about passwords or sessions. */
public final class NotesServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int MOST = 500;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SignedIn me = (SignedIn) request.getUserPrincipal();
        StringBuilder page = new StringBuilder("""
                <!doctype html><html lang="en"><head><meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Team notes</title><link rel="icon" href="/auth/icon.svg"><link rel="stylesheet" href="/auth/gatehouse.css"></head>
                <body><div class="page"><main class="door stack"><header><h1>Team notes</h1>
                <p class="soft">Signed in as <strong id="me">""");
        page.append(escape(me.user().displayName()))
                .append("</strong> · <a href=\"/auth/account\">Account</a></p></header>");
        page.append("""
                <form class="stack" method="post" action="/">
                <div><label for="note">New note</label><input id="note" name="note" maxlength="500" required></div>
                <button class="button primary" type="submit">Add note</button></form><section class="panel">
                """);
        List<String> notes = notes();
        if (notes.isEmpty()) {
            page.append("<p class=\"soft\">No notes yet. What you add here, your team reads.</p>");
        }
        Gatehouse gatehouse = GatehouseFilter.of(getServletContext());
        for (String line : notes) {
            String[] parts = line.split(" ", 2);
            String author = gatehouse
                    .users()
                    .find(parts[0])
                    .map(user -> user.displayName())
                    .orElse("Somebody who left");
            String text = new String(Base64.getDecoder().decode(parts[1]), StandardCharsets.UTF_8);
            page.append("<div><p>")
                    .append(escape(text))
                    .append("</p><p class=\"small soft\">")
                    .append(escape(author))
                    .append("</p></div>");
        }
        response.setContentType("text/html; charset=utf-8");
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'");
        response.getWriter().print(page.append("</section></main></div></body></html>"));
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String note = request.getParameter("note");
        String site = request.getHeader("Sec-Fetch-Site");
        if (note == null || note.isBlank() || note.length() > MOST || (site != null && !site.equals("same-origin"))) {
            response.sendError(400);
            return;
        }
        String line = request.getRemoteUser() + " "
                + Base64.getEncoder().encodeToString(note.getBytes(StandardCharsets.UTF_8)) + "\n";
        Files.writeString(file(), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        response.setStatus(303);
        response.setHeader("Location", "/");
    }

    private List<String> notes() throws IOException {
        return Files.exists(file()) ? Files.readAllLines(file()) : List.of();
    }

    private Path file() {
        String data = GatehouseFilter.of(getServletContext()).setting(Setting.DATA_DIRECTORY);
        return Path.of(data).resolve("notes.txt");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
