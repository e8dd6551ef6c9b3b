package dev.gatehouse.samples.saas;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Whom to sign in as: for whoever tries the sample, and for nobody else. */
final class WelcomeServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    static final String PATH = "/welcome";

    private final boolean keycloak;

    WelcomeServlet(boolean keycloak) {
        this.keycloak = keycloak;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Markup password = Markup.of("<code>{}</code>", Seed.PASSWORD);
        Markup lumen = keycloak
                ? Markup.of(
                        "<p>{} is an admin; at Keycloak type <code>lena</code> and the password {}.</p>",
                        LumenKeycloak.LENA,
                        password)
                : new Markup("<p>Its Keycloak is not running: start <code>bin/saas --keycloak</code>.</p>");
        Frame.page(
                response,
                "Waybill",
                Markup.of(
                        """
                <div class="page"><main class="door wide stack"><header><h1>Waybill</h1>
                <p class="soft">Shipments of three companies, of which none sees the others'. A sample application of Gatehouse.</p></header>
                <p><a class="button primary slim" href="/">Sign in</a></p>
                <section class="panel">
                <div class="stack"><h2>{}</h2><p class="soft">{}</p><p>{} is an admin, {} a viewer; the password is {}.</p></div>
                <div class="stack"><h2>{}</h2><p class="soft">{}</p><p>Type any address at {}. Of the group <code>Admins</code> it is an admin, of <code>Viewers</code> a viewer, else a member.</p></div>
                <div class="stack"><h2>{}</h2><p class="soft">{}</p>{}</div>
                <div class="stack"><h2>In two of them</h2><p>{} is a viewer at {} and a member at {}, with the password {}.</p></div>
                </section>
                <p class="small soft">Mails are shown at <a href="/mail">/mail</a> instead of being sent. This page and that one are for trying it only.</p>
                </main></div>""",
                        Company.NORTHWIND.title(),
                        Company.NORTHWIND.signIn(),
                        Seed.ADA,
                        Seed.VERA,
                        password,
                        Company.HARBOR.title(),
                        Company.HARBOR.signIn(),
                        Company.HARBOR.domain(),
                        Company.LUMEN.title(),
                        Company.LUMEN.signIn(),
                        lumen,
                        Seed.SAM,
                        Company.NORTHWIND.title(),
                        Company.LUMEN.title(),
                        password));
    }
}
