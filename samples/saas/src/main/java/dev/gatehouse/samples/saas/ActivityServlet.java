package dev.gatehouse.samples.saas;

import dev.gatehouse.samples.saas.Activities.Activity;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/** What happened in the organization, as webhooks told it. */
final class ActivityServlet extends PageServlet {
    private static final long serialVersionUID = 1L;

    ActivityServlet(Waybill app) {
        super(app);
    }

    @Override
    void show(HttpServletRequest request, HttpServletResponse response, List<String> path) throws IOException {
        Tenant tenant = Tenant.of(request);
        tenant.require(Permissions.READ);
        List<Activity> all = app.activities().of(tenant.organizationId());
        Markup rows = Markup.all(all.stream()
                .map(activity -> Markup.of(
                        "<div class=\"activity\"><p class=\"words\">{}</p><p class=\"small soft\">{}</p></div>",
                        activity.text(),
                        Frame.time(activity.at())))
                .toList());
        Frame.show(
                app,
                tenant.me(),
                "/activity",
                response,
                "Activity",
                Markup.of("""
                <p class="soft">Who joined, was invited, got another role or an API key.</p>
                <section class="panel">{}</section>""", all.isEmpty() ? new Markup("<p class=\"soft\">Nothing yet.</p>") : rows));
    }
}
