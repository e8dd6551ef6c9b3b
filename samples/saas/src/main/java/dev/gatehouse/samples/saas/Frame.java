package dev.gatehouse.samples.saas;

import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.organizations.Membership;
import dev.gatehouse.organizations.Organization;
import dev.gatehouse.samples.common.Html;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** The frame of every page: whose organization it is, where one can go, and which other organizations there are. */
final class Frame {
    private static final String STYLE = "<link rel=\"stylesheet\" href=\"/assets/waybill.css\">";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private record Place(String path, String title, String permission) {}

    private static final List<Place> PLACES = List.of(
            new Place("/", "Shipments", Permissions.READ),
            new Place("/people", "People", Permissions.READ),
            new Place("/activity", "Activity", Permissions.READ),
            new Place("/settings", "Settings", Permissions.SETTINGS));

    private Frame() {}

    /** Shows a page; {@code place} is the path that its menu entry has. */
    static void show(Waybill app, SignedIn me, String place, HttpServletResponse response, String title, Markup content)
            throws IOException {
        List<Organization> mine = app
                .gatehouse()
                .organizations()
                .ofUser(me.user().id())
                .stream()
                .filter(membership -> membership.status().equals("active"))
                .map(Membership::organizationId)
                .flatMap(id -> app.gatehouse().organizations().find(id).stream())
                .toList();
        String selected = mine.stream()
                .filter(organization -> organization.id().equals(me.organizationId()))
                .map(Organization::name)
                .findFirst()
                .orElse("No organization");
        List<Markup> links = PLACES.stream()
                .filter(to -> me.hasPermission(to.permission()))
                .map(to -> Markup.of(
                        "<a href=\"{}\"{}>{}</a>",
                        to.path(),
                        Markup.when(to.path().equals(place), new Markup(" aria-current=\"page\"")),
                        to.title()))
                .toList();
        List<Markup> others = mine.stream()
                .filter(organization -> !organization.id().equals(me.organizationId()))
                .map(organization -> Markup.of("""
                        <button class="button quiet choice" name="organization_id" value="{}">Switch to {}</button>""", organization.id(), organization.name()))
                .toList();
        page(
                response,
                title,
                Markup.of(
                        """
                <div class="room">
                <div class="side"><p class="words"><strong id="organization">{}</strong><br><span class="small soft">Waybill</span></p>
                <nav aria-label="Waybill">{}</nav></div>
                <main class="stack"><h1>{}</h1>
                {}</main>
                <div class="foot stack">{}
                <p class="small soft words"><strong id="me">{}</strong><br><span id="role">{}</span><br><a href="/auth/account">Account</a> · <a href="/mail">Mails</a></p>
                <form method="post" action="/auth/sign-out"><button class="button quiet">Sign out</button></form></div>
                </div>""",
                        selected,
                        Markup.all(links),
                        title,
                        content,
                        Markup.when(!others.isEmpty(), Markup.of("""
                        <form class="stack" method="post" action="/organization">{}</form>""", Markup.all(others))),
                        me.user().displayName(),
                        String.join(", ", me.roles())));
    }

    /** A page without the menu, for whoever is not signed in. */
    static void page(HttpServletResponse response, String title, Markup body) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        Html.document(response, Html.escape(title) + " · Waybill", STYLE, body.html());
    }

    /** A moment. */
    static Markup time(Instant at) {
        return Markup.of("<time datetime=\"{}\">{}</time>", at, TIME.format(at));
    }

    /** What was wrong with a form, announced and below its heading. */
    static Markup error(String message) {
        return Markup.when(!message.isEmpty(), Markup.of("<p class=\"error\" role=\"alert\">{}</p>", message));
    }
}
