package dev.gatehouse.samples.springboot;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.identity.User;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.util.HtmlUtils;

/** The pages, in the look of the sign-in pages. */
@RestController
public class NotesController {
    private final Gatehouse gatehouse;
    private final Notes notes;

    NotesController(Gatehouse gatehouse, Notes notes) {
        this.gatehouse = gatehouse;
        this.notes = notes;
    }

    /** The notes, to whoever is signed in. */
    @GetMapping(path = "/", produces = "text/html;charset=utf-8")
    public String home(@AuthenticationPrincipal SignedIn me, CsrfToken csrf, HttpServletResponse response) {
        StringBuilder list = new StringBuilder();
        for (Notes.Note note : notes.all()) {
            String author = gatehouse.users().find(note.author()).map(User::displayName).orElse("Somebody who left");
            list.append("<div><p>")
                    .append(HtmlUtils.htmlEscape(note.text()))
                    .append("</p><p class=\"small soft\">")
                    .append(HtmlUtils.htmlEscape(author))
                    .append("</p>");
            if (note.author().equals(me.user().id())) {
                list.append(form("/notes/" + note.id() + "/remove", csrf, "<button class=\"button quiet\">Remove</button>"));
            }
            list.append("</div>");
        }
        return page(
                response,
                "Team notes",
                "<p class=\"soft\">Signed in as <strong id=\"me\">" + HtmlUtils.htmlEscape(me.user().displayName())
                        + "</strong> · <a href=\"/auth/account\">Account</a> · <a href=\"/about\">About</a></p>",
                form("/notes", csrf, """
                        <div><label for="text">New note</label><input id="text" name="text" maxlength="500" required></div>
                        <button class="button primary">Add note</button>""")
                        + (list.isEmpty()
                                ? "<section class=\"panel\"><p class=\"soft\">No notes yet.</p></section>"
                                : "<section class=\"panel\">" + list + "</section>")
                        + form("/logout", csrf, "<button class=\"button quiet\">Sign out</button>"));
    }

    /** Adds a note; the form carries Spring Security's own CSRF token. */
    @PostMapping("/notes")
    public void add(@AuthenticationPrincipal SignedIn me, @RequestParam String text, HttpServletResponse response) {
        if (!text.isBlank() && text.length() <= 500) {
            notes.add(me.user().id(), text);
        }
        back(response);
    }

    /** Removes a note; {@link Notes#remove} says whose. */
    @PostMapping("/notes/{id}/remove")
    public void remove(@PathVariable long id, HttpServletResponse response) {
        notes.remove(notes.find(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND)));
        back(response);
    }

    /** For anybody: {@code gatehouse.public-paths} says so. */
    @GetMapping(path = "/about", produces = "text/html;charset=utf-8")
    public String about(@AuthenticationPrincipal SignedIn me, HttpServletResponse response) {
        return page(
                response,
                "About",
                "",
                "<p>Notes for a team, behind Gatehouse.</p><p><a href=\"/\">"
                        + (me == null ? "Sign in" : "Back to the notes") + "</a></p>");
    }

    /** Who calls, for scripts. */
    @GetMapping("/api/me")
    public Map<String, Object> me(@AuthenticationPrincipal SignedIn me) {
        return Map.of("id", me.user().id(), "email", me.user().email(), "roles", me.roles());
    }

    private static void back(HttpServletResponse response) {
        response.setStatus(303);
        response.setHeader("Location", "/");
    }

    private static String form(String action, CsrfToken csrf, String fields) {
        return "<form class=\"stack\" method=\"post\" action=\"%s\"><input type=\"hidden\" name=\"%s\" value=\"%s\">%s</form>"
                .formatted(action, csrf.getParameterName(), csrf.getToken(), fields);
    }

    private static String page(HttpServletResponse response, String title, String header, String body) {
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'");
        return """
                <!doctype html><html lang="en"><head><meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title><link rel="icon" href="/auth/icon.svg"><link rel="stylesheet" href="/auth/gatehouse.css">
                </head><body><div class="page"><main class="door stack"><header><h1>%s</h1>%s</header>
                %s</main></div></body></html>""".formatted(title, title, header, body);
    }
}
