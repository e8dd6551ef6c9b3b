package dev.gatehouse.samples.saas;

import dev.gatehouse.samples.saas.Shipments.Shipment;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The shipments of the organization that the session is in: {@code /} and {@code /shipments/…}. */
final class ShipmentsServlet extends PageServlet {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST = 200;

    ShipmentsServlet(Waybill app) {
        super(app);
    }

    @Override
    void show(HttpServletRequest request, HttpServletResponse response, List<String> path) throws IOException {
        Tenant tenant = Tenant.of(request);
        tenant.require(Permissions.READ);
        if (path.isEmpty()) {
            list(tenant, response, "", "", "");
        } else {
            one(tenant, response, path.get(0));
        }
    }

    @Override
    void act(HttpServletRequest request, HttpServletResponse response, List<String> path) throws IOException {
        Tenant tenant = Tenant.of(request);
        tenant.require(Permissions.WRITE);
        if (path.isEmpty()) {
            add(tenant, response, field(request, "goods"), field(request, "destination"));
        } else if (path.size() == 2 && path.get(1).equals("delivered")) {
            if (!app.shipments().deliver(tenant.organizationId(), path.get(0))) {
                throw Refused.notFound();
            }
            to(response, "/");
        } else {
            throw Refused.notFound();
        }
    }

    private void add(Tenant tenant, HttpServletResponse response, String goods, String destination) throws IOException {
        if (refused(goods, destination)) {
            response.setStatus(422);
            list(tenant, response, goods, destination, "Say what is sent and where to, in 200 characters each.");
            return;
        }
        app.shipments().add(tenant.organizationId(), goods, destination, tenant.name());
        to(response, "/");
    }

    /** Whether a shipment cannot be added so. */
    static boolean refused(String goods, String destination) {
        return refused(goods) || refused(destination);
    }

    private static boolean refused(String text) {
        return text.isBlank() || text.length() > LONGEST || text.chars().anyMatch(Character::isISOControl);
    }

    private void list(Tenant tenant, HttpServletResponse response, String goods, String destination, String error)
            throws IOException {
        List<Shipment> all = app.shipments().of(tenant.organizationId());
        boolean write = tenant.may(Permissions.WRITE);
        Markup form = Markup.of("""
                <form class="stack" method="post" action="/shipments">
                <div class="two"><div><label for="goods">What</label><input id="goods" name="goods" maxlength="200" required value="{}"></div>
                <div><label for="destination">Where to</label><input id="destination" name="destination" maxlength="200" required value="{}"></div></div>
                {}<button class="button primary slim">Add shipment</button></form>""", goods, destination, Frame.error(error));
        Markup rows =
                Markup.all(all.stream().map(shipment -> row(shipment, write)).toList());
        boolean overview = app.gatehouse().flags().isOn(Waybill.OVERVIEW, tenant.me());
        Frame.show(
                app,
                tenant.me(),
                "/",
                response,
                "Shipments",
                Markup.all(
                        Markup.when(overview, overview(all)),
                        Markup.when(write, form),
                        Markup.of(
                                "<section class=\"panel\" aria-label=\"All shipments\">{}</section>",
                                all.isEmpty()
                                        ? new Markup(
                                                "<p class=\"soft\">No shipments yet. What you add here, everybody in your organization sees, and nobody else.</p>")
                                        : rows)));
    }

    private static Markup row(Shipment shipment, boolean write) {
        return Markup.of(
                """
                <div class="row shipment"><div class="words"><p><a href="/shipments/{}">{}</a></p><p class="small soft">to {} · {}</p></div>
                <div class="row">{}{}</div></div>""",
                shipment.id(),
                shipment.goods(),
                shipment.destination(),
                shipment.addedBy(),
                state(shipment),
                Markup.when(write && !shipment.delivered(), deliver(shipment)));
    }

    private static Markup state(Shipment shipment) {
        return new Markup(
                shipment.delivered()
                        ? "<span class=\"tag good\">Delivered</span>"
                        : "<span class=\"tag\">On its way</span>");
    }

    private static Markup deliver(Shipment shipment) {
        return Markup.of("""
                <form method="post" action="/shipments/{}/delivered"><button class="button quiet slim" aria-label="{} is delivered">Mark delivered</button></form>""", shipment.id(), shipment.goods());
    }

    /** What the feature flag switches on: how many are on their way, and where to. */
    private static Markup overview(List<Shipment> all) {
        Map<String, Long> open = all.stream()
                .filter(shipment -> !shipment.delivered())
                .collect(Collectors.groupingBy(Shipment::destination, TreeMap::new, Collectors.counting()));
        List<Markup> facts = open.entrySet().stream()
                .map(entry -> Markup.of("<dt>{}</dt><dd>{}</dd>", entry.getKey(), entry.getValue()))
                .toList();
        return Markup.of(
                """
                <section class="panel" id="overview"><div><h2>On their way <span class="tag">Preview</span></h2>
                {}</div></section>""",
                facts.isEmpty()
                        ? new Markup("<p class=\"soft\">Nothing. Everything is delivered.</p>")
                        : Markup.of("<dl class=\"facts\">{}</dl>", Markup.all(facts)));
    }

    private void one(Tenant tenant, HttpServletResponse response, String id) throws IOException {
        Shipment shipment = app.shipments().find(tenant.organizationId(), id).orElseThrow(Refused::notFound);
        Frame.show(
                app,
                tenant.me(),
                "/",
                response,
                shipment.goods(),
                Markup.of(
                        """
                <section class="panel"><div><dl class="facts"><dt>Where to</dt><dd>{}</dd><dt>State</dt><dd>{}</dd>
                <dt>Added by</dt><dd>{}</dd><dt>Added</dt><dd>{}</dd><dt>Id</dt><dd><code>{}</code></dd></dl></div></section>
                <p><a href="/">Back to the shipments</a></p>""",
                        shipment.destination(),
                        state(shipment),
                        shipment.addedBy(),
                        Frame.time(shipment.createdAt()),
                        shipment.id()));
    }
}
