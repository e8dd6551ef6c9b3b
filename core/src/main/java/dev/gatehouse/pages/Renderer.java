package dev.gatehouse.pages;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import dev.gatehouse.ui.Brand;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns views into HTML, and gives every answer of the pages the headers it must have. */
final class Renderer {
    private static final String CSP =
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    /** Pages with {@code passkeys.js}: it alone runs, and asks nobody but ourselves. */
    private static final String SCRIPTED_CSP = CSP + "; script-src 'self'; connect-src 'self'";

    /** The page that sends a form to another site, which may send the browser on to sites of its own. */
    private static final String POSTING_CSP =
            CSP.replace("form-action 'self'", "form-action https: %s") + "; script-src 'self'";

    private static final Set<String> SCRIPTED = Set.of("sign-in", "passkey", "other-method");
    /** A plain gate, so that browsers do not ask the application for an icon of its own. */
    private static final String ICON = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">"
            + "<path fill=\"%s\" d=\"M4 31V14a12 12 0 0 1 24 0v17h-6V15a6 6 0 0 0-12 0v16z\"/></svg>";

    private final TemplateEngine templates;
    private final byte[] css;
    private final byte[] script;
    private final byte[] posting;
    private final byte[] icon;

    Renderer(@Nullable Brand brand) {
        templates = TemplateEngine.createPrecompiled(
                null, ContentType.Html, Renderer.class.getClassLoader(), "dev.gatehouse.templates");
        String tokens = brand == null ? "" : brand.css();
        css = (new String(resource("gatehouse.css"), StandardCharsets.UTF_8) + tokens).getBytes(StandardCharsets.UTF_8);
        script = resource("passkeys.js");
        posting = resource("post.js");
        icon = ICON.formatted((brand == null ? Brand.OWN : brand).light()).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] resource(String name) {
        try (InputStream in = Renderer.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer script() {
        return script(script);
    }

    /** Sends the form of its page. */
    Answer postingScript() {
        return script(posting);
    }

    private static Answer script(byte[] text) {
        return guarded(Answer.of(200, "text/javascript; charset=utf-8", text)).with("Cache-Control", "max-age=3600");
    }

    Answer style() {
        return guarded(Answer.of(200, "text/css; charset=utf-8", css)).with("Cache-Control", "max-age=3600");
    }

    Answer icon() {
        return guarded(Answer.of(200, "image/svg+xml", icon)).with("Cache-Control", "max-age=86400");
    }

    Answer page(Request request, int status, String template, View view) {
        boolean scripted = SCRIPTED.contains(template) && view.site().offers().passkey();
        return page(request, status, template, view, scripted ? SCRIPTED_CSP : CSP);
    }

    /** A page whose form leads to {@link View#target}, an address of another site. */
    Answer posting(Request request, View view) {
        URI to = URI.create(view.target());
        String origin = to.getScheme() + "://" + to.getRawAuthority();
        return page(request, 200, "sso-post", view, POSTING_CSP.formatted(origin));
    }

    private Answer page(Request request, int status, String template, View view, String csp) {
        StringOutput out = new StringOutput();
        templates.render(template + ".jte", view, out);
        byte[] body =
                request.method().equals("HEAD") ? new byte[0] : out.toString().getBytes(StandardCharsets.UTF_8);
        return quiet(Answer.of(status, "text/html; charset=utf-8", body).because(view.error()), csp);
    }

    /** A text to be kept as a file. {@code name} has nothing to escape. */
    static Answer file(String name, String text) {
        return quiet(Answer.of(200, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8)))
                .with("Content-Disposition", "attachment; filename=\"" + name + "\"");
    }

    /** For this person and this moment only. */
    static Answer quiet(Answer answer) {
        // a page of ours has a policy already, and browsers hold a page to each that it comes with
        return answer.header("Content-Security-Policy").isPresent() ? answer : quiet(answer, CSP);
    }

    private static Answer quiet(Answer answer, String csp) {
        return guarded(answer, csp).with("Cache-Control", "no-store").with("Vary", "Cookie");
    }

    private static Answer guarded(Answer answer) {
        return guarded(answer, CSP);
    }

    private static Answer guarded(Answer answer, String csp) {
        return answer.with("Content-Security-Policy", csp)
                .with("X-Frame-Options", "DENY")
                .with("X-Content-Type-Options", "nosniff")
                .with("Referrer-Policy", "no-referrer");
    }
}
