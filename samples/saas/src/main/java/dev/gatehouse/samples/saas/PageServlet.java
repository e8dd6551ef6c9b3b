package dev.gatehouse.samples.saas;

import dev.gatehouse.identity.SignedIn;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** A page of Waybill: says who comes and keeps out forms of other sites, and shows what is refused. */
abstract class PageServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    final transient Waybill app;

    PageServlet(Waybill app) {
        this.app = app;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            List<String> path = path(request);
            switch (request.getMethod()) {
                case "GET", "HEAD" -> show(request, response, path);
                case "POST" -> {
                    fromOwnPage(request);
                    act(request, response, path);
                }
                default -> throw new Refused(405, "Pages are read, and forms are posted.");
            }
        } catch (Refused e) {
            response.setStatus(e.status());
            Frame.show(
                    app,
                    (SignedIn) request.getUserPrincipal(),
                    "",
                    response,
                    "Not done",
                    Markup.of("""
                    <section class="panel"><div role="alert"><p class="words">{}</p></div></section>
                    <p><a href="/">Back to the shipments</a></p>""", String.valueOf(e.getMessage())));
        }
    }

    /** Answers GET. */
    abstract void show(HttpServletRequest request, HttpServletResponse response, List<String> path) throws IOException;

    /** Answers POST: does it and leads to a page, so that reloading does nothing again. */
    void act(HttpServletRequest request, HttpServletResponse response, List<String> path) throws IOException {
        throw new Refused(405, "Nothing can be sent here.");
    }

    /** What follows the servlet's own path, without empty parts. */
    private static List<String> path(HttpServletRequest request) {
        String rest = Objects.requireNonNullElse(request.getPathInfo(), "");
        return List.of(rest.split("/")).stream().filter(part -> !part.isEmpty()).toList();
    }

    /** Browsers say where a form stood; the session's cookie alone does not. */
    private static void fromOwnPage(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin")) {
            throw new Refused(400, "That form was not on a page of Waybill.");
        }
    }

    /** A field of the form, without blanks around it. */
    static String field(HttpServletRequest request, String name) {
        return Objects.requireNonNullElse(request.getParameter(name), "").strip();
    }

    static void to(HttpServletResponse response, String path) {
        response.setStatus(303);
        response.setHeader("Location", path);
    }
}
