package dev.gatehouse.samples.quickstart;

import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.spi.Mailer.Mail;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Shows the mails that the {@link DevelopmentMailer} kept. For development only: whoever sees this page reads them all. */
public final class MailServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        StringBuilder list = new StringBuilder("<section class=\"panel\">");
        DevelopmentMailer mailer = (DevelopmentMailer) GatehouseFilter.of(getServletContext())
                .mailer()
                .filter(DevelopmentMailer.class::isInstance)
                .orElseGet(DevelopmentMailer::new);
        for (Mail mail : mailer.kept()) {
            list.append("<div><h2>")
                    .append(Html.escape(mail.subject()))
                    .append("</h2><p class=\"small soft\">To ")
                    .append(Html.escape(mail.to()))
                    .append("</p><p>")
                    .append(Html.escape(mail.text()).replace("\n", "<br>"))
                    .append("</p></div>");
        }
        if (mailer.kept().isEmpty()) {
            list.append("<p class=\"soft\">No mails yet. They are shown here instead of being sent.</p>");
        }
        Html.page(
                response,
                "Mails",
                "<p class=\"soft\"><a href=\"/\">Back to Team notes</a></p>",
                list.append("</section>").toString());
    }
}
