package dev.gatehouse.samples.common;

import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.spi.Mailer.Mail;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Shows the mails that the {@link DevelopmentMailer} kept. For development only: whoever sees this page reads them all. */
public final class MailServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Pattern LINK = Pattern.compile("https?://[^\\s<>\"]+");

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
                    .append("</h2><p class=\"small soft words\">To ")
                    .append(Html.escape(mail.to()))
                    .append("</p><p class=\"words\">")
                    .append(linked(mail.text()))
                    .append("</p></div>");
        }
        if (mailer.kept().isEmpty()) {
            list.append("<p class=\"soft\">No mails yet. They are shown here instead of being sent.</p>");
        }
        Html.page(
                response,
                "Mails",
                "<p class=\"soft\"><a href=\"/\">Back to the application</a></p>",
                list.append("</section>").toString());
    }

    /** The text with what it links to; an address is escaped like everything else. */
    private static String linked(String text) {
        StringBuilder html = new StringBuilder();
        Matcher link = LINK.matcher(text);
        int from = 0;
        while (link.find()) {
            String address = Html.escape(link.group());
            html.append(Html.escape(text.substring(from, link.start())))
                    .append("<a rel=\"noopener noreferrer\" href=\"%s\">%s</a>".formatted(address, address));
            from = link.end();
        }
        return html.append(Html.escape(text.substring(from))).toString().replace("\n", "<br>");
    }
}
