package dev.gatehouse.samples.quickstart;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.config.Setting;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.samples.common.Html;
import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.spi.Mailer.Mail;
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
import java.util.regex.Pattern;

/** The application: notes that everybody who is signed in reads and writes. It has no word about passwords or sessions. */
public final class NotesServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int MOST = 500;
    private static final Pattern MENTION = Pattern.compile("@([^\\s@]+@[^\\s@]+)");

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SignedIn me = (SignedIn) request.getUserPrincipal();
        StringBuilder page = new StringBuilder("""
                <form class="stack" method="post" action="/">
                <div><label for="note">New note</label><input id="note" name="note" maxlength="500" required></div>
                <button class="button primary" type="submit">Add note</button></form><section class="panel">
                """);
        List<String> notes = notes();
        if (notes.isEmpty()) {
            page.append(
                    "<p class=\"soft\">No notes yet. What you add here, your team reads. Write @name@example.com to send it to somebody by mail.</p>");
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
                    .append(Html.escape(text))
                    .append("</p><p class=\"small soft\">")
                    .append(Html.escape(author))
                    .append("</p></div>");
        }
        Html.page(
                response,
                "Team notes",
                "<p class=\"soft\">Signed in as <strong id=\"me\">%s</strong> · <a href=\"/auth/account\">Account</a> · <a href=\"/mail\">Mails</a></p>"
                        .formatted(Html.escape(me.user().displayName())),
                page.append(
                                "</section><form method=\"post\" action=\"/auth/sign-out\"><button class=\"button quiet\" type=\"submit\">Sign out</button></form>")
                        .toString());
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
        mention((SignedIn) request.getUserPrincipal(), note);
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

    /** Whoever is mentioned by address and has an account gets the note by mail. */
    private void mention(SignedIn author, String note) {
        Gatehouse gatehouse = GatehouseFilter.of(getServletContext());
        MENTION.matcher(note)
                .results()
                .map(mention -> mention.group(1))
                .distinct()
                .limit(10)
                .flatMap(address -> gatehouse.users().findByEmail(address).stream())
                .forEach(user -> gatehouse
                        .mailer()
                        .ifPresent(mailer -> mailer.send(new Mail(
                                user.email(),
                                "You were mentioned in Team notes",
                                author.user().displayName() + " wrote: " + note,
                                "<p>" + Html.escape(author.user().displayName() + " wrote: " + note) + "</p>"))));
    }
}
