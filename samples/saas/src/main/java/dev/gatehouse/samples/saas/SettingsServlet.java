package dev.gatehouse.samples.saas;

import dev.gatehouse.access.CustomerKey;
import dev.gatehouse.access.CustomerKeys;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** API keys of the organization, a preview that it may switch on, and how its people sign in: {@code /settings/…}. */
final class SettingsServlet extends PageServlet {
    private static final long serialVersionUID = 1L;
    private static final Duration LIFE = Duration.ofDays(90);

    private final String origin;

    SettingsServlet(Waybill app, String origin) {
        super(app);
        this.origin = origin;
    }

    @Override
    void show(HttpServletRequest request, HttpServletResponse response, List<String> path) throws IOException {
        Tenant tenant = Tenant.of(request);
        tenant.require(Permissions.SETTINGS);
        settings(tenant, response, Markup.NONE);
    }

    @Override
    void act(HttpServletRequest request, HttpServletResponse response, List<String> path) throws IOException {
        Tenant tenant = Tenant.of(request);
        tenant.require(Permissions.SETTINGS);
        if (path.equals(List.of("keys"))) {
            make(tenant, request, response);
        } else if (path.size() == 3 && path.get(0).equals("keys") && path.get(2).equals("revoke")) {
            revoke(tenant, path.get(1));
            to(response, "/settings");
        } else if (path.equals(List.of("overview"))) {
            // for this organization alone; what others see stays as it is
            app.gatehouse()
                    .flags()
                    .target(
                            Waybill.OVERVIEW,
                            tenant.organizationId(),
                            field(request, "on").equals("true"));
            to(response, "/settings");
        } else {
            throw Refused.notFound();
        }
    }

    /** The key is in the answer to the form, and nowhere else: only a digest of it is stored. */
    private void make(Tenant tenant, HttpServletRequest request, HttpServletResponse response) throws IOException {
        String name = field(request, "name");
        List<String> allowed = Arrays.stream(
                        Objects.requireNonNullElse(request.getParameterValues("permission"), new String[0]))
                .toList();
        if (name.isBlank() || name.length() > 200 || !Permissions.OF_KEYS.containsAll(allowed) || allowed.isEmpty()) {
            response.setStatus(422);
            settings(tenant, response, Frame.error("Name the key, and say what it may do."));
            return;
        }
        CustomerKeys.NewKey made = app.gatehouse()
                .customerKeys()
                .createForOrganization(
                        tenant.organizationId(), name, allowed, Instant.now().plus(LIFE));
        settings(tenant, response, Markup.of("""
                <div class="notice" role="status"><p><strong>Copy the key now. It is shown this once.</strong></p>
                <p class="copy"><code id="key">{}</code></p>
                <p class="copy"><code>curl -H "Authorization: Bearer {}" {}/api/shipments</code></p></div>""", made.value(), made.value(), origin));
    }

    private void revoke(Tenant tenant, String id) {
        CustomerKey key = keys(tenant).stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow(Refused::notFound);
        app.gatehouse().customerKeys().revoke(key.id());
    }

    private List<CustomerKey> keys(Tenant tenant) {
        return app.gatehouse().customerKeys().ofOrganization(tenant.organizationId());
    }

    private void settings(Tenant tenant, HttpServletResponse response, Markup told) throws IOException {
        boolean on = app.gatehouse().flags().isOn(Waybill.OVERVIEW, tenant.me());
        Frame.show(
                app,
                tenant.me(),
                "/settings",
                response,
                "Settings",
                Markup.of(
                        """
                {}<section class="panel"><div><h2>API keys</h2><p class="soft">For programs of yours: they see the shipments of your organization at <code>/api/shipments</code>.</p>
                <form class="stack" method="post" action="/settings/keys">
                <div><label for="name">Name</label><input id="name" name="name" maxlength="200" required placeholder="Warehouse scanner"></div>
                {}<button class="button primary slim">Make a key</button></form></div>{}</section>
                <section class="panel"><div class="row"><div class="words"><h2>Preview: overview</h2><p class="soft">Counts above your shipments, for your organization alone.</p></div>
                <form method="post" action="/settings/overview"><input type="hidden" name="on" value="{}"><button class="button quiet slim">{}</button></form></div></section>
                <section class="panel"><div><h2>How your people sign in</h2><p class="soft words">{}</p></div></section>""",
                        told,
                        Markup.all(Permissions.OF_KEYS.stream()
                                .map(SettingsServlet::box)
                                .toList()),
                        Markup.all(
                                keys(tenant).stream().map(SettingsServlet::row).toList()),
                        !on,
                        on ? "Switch off" : "Switch on",
                        Company.of(app.gatehouse(), tenant.organizationId())
                                .map(Company::signIn)
                                .orElse("With a password or a code by mail.")));
    }

    private static Markup box(String permission) {
        return Markup.of(
                "<label class=\"check\"><input type=\"checkbox\" name=\"permission\" value=\"{}\"{}> {}</label>",
                permission,
                Markup.when(permission.equals(Permissions.READ), new Markup(" checked")),
                Objects.requireNonNull(Permissions.ALL.get(permission)));
    }

    private static Markup row(CustomerKey key) {
        Markup used = key.lastUsedAt() == null
                ? new Markup("never used")
                : Markup.of("used {}", Frame.time(key.lastUsedAt()));
        return Markup.of("""
                <div class="row key"><div class="words"><p>{} <code class="small soft">sk_…{}</code></p><p class="small soft">{} · {}</p></div>
                <form method="post" action="/settings/keys/{}/revoke"><button class="button quiet slim" aria-label="Revoke {}">Revoke</button></form></div>""", key.name(), key.hint(), String.join(", ", key.permissions()), used, key.id(), key.name());
    }
}
