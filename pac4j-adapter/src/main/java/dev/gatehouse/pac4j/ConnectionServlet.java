package dev.gatehouse.pac4j;

import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.Sso;
import dev.gatehouse.sso.Vouched;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pac4j.core.adapter.FrameworkAdapter;
import org.pac4j.core.client.IndirectClient;
import org.pac4j.core.config.Config;
import org.pac4j.core.context.CallContext;
import org.pac4j.core.exception.TechnicalException;
import org.pac4j.core.exception.http.HttpAction;
import org.pac4j.core.profile.BasicUserProfile;
import org.pac4j.core.profile.CommonProfile;
import org.pac4j.core.profile.UserProfile;
import org.pac4j.jee.context.JEEFrameworkParameters;

/**
 * Lets pac4j's indirect clients serve as connections of Gatehouse: people come here from the sign-in pages, prove themselves at the
 * client's provider, and go back to them with what it said.
 *
 * <p>Map it to a path of its own, {@code /pac4j/*}, and make that path public. {@code /pac4j/CasClient} is then where an
 * {@linkplain NewConnection#external external connection} leads that is to be served by the client of that name; anything else
 * below is for the answers of providers, which the clients' callback URL must lead to: {@code https://…/pac4j/callback}. The
 * profile is kept in no {@code HttpSession}.
 */
public final class ConnectionServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String UNDER_WAY = "dev.gatehouse.pac4j.";

    /** Attributes of pac4j's profiles that are secrets, and say nothing of the person. */
    private static final Set<String> SECRETS = Set.of("access_token", "access_secret", "refresh_token", "id_token");

    private final transient Config config;

    /** @param config with the clients and their callback URL */
    public ConnectionServlet(Config config) {
        this.config = config;
    }

    @Override
    public void init() {
        FrameworkAdapter.INSTANCE.applyDefaultSettingsIfUndefined(config);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) {
        serve(request, response);
    }

    /** Some providers answer by a form. */
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) {
        serve(request, response);
    }

    private void serve(HttpServletRequest request, HttpServletResponse response) {
        JEEFrameworkParameters parameters = new JEEFrameworkParameters(request, response);
        CallContext context = new CallContext(
                config.getWebContextFactory().newContext(parameters),
                config.getSessionStoreFactory().newSessionStore(parameters));
        try {
            String path = String.valueOf(request.getPathInfo());
            String token = request.getParameter("request");
            Optional<IndirectClient> named = client(path.substring(1));
            if (named.isPresent() && token != null) {
                leave(request, context, named.get(), token);
            } else {
                arrive(request, response, context);
            }
        } catch (HttpAction action) {
            // how pac4j's clients answer by themselves
            config.getHttpActionAdapter().adapt(action, context.webContext());
        }
    }

    private Optional<IndirectClient> client(String name) {
        return config.getClients()
                .findClient(name)
                .filter(IndirectClient.class::isInstance)
                .map(IndirectClient.class::cast);
    }

    private static String underWay(IndirectClient client) {
        return UNDER_WAY + client.getName();
    }

    private static void leave(HttpServletRequest request, CallContext context, IndirectClient client, String token) {
        client.init();
        // what a client proves counts for the connection that leads to this client alone
        request.getSession().setAttribute(underWay(client), token);
        throw client.getRedirectionAction(context)
                .orElseThrow(() -> new TechnicalException(client.getName() + " leads nowhere"));
    }

    private void arrive(HttpServletRequest request, HttpServletResponse response, CallContext context) {
        Sso sso = GatehouseFilter.of(getServletContext()).sso();
        IndirectClient client = config.getClients().findAllClients().stream()
                .filter(IndirectClient.class::isInstance)
                .map(IndirectClient.class::cast)
                .filter(c -> answers(c, context))
                .findFirst()
                .orElse(null);
        String token = client == null ? null : taken(request, client);
        UserProfile profile = client == null || token == null ? null : proved(client, context);
        String path = request.getContextPath() + request.getServletPath() + "/";
        response.setHeader("Cache-Control", "no-store");
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader(
                "Location",
                client == null || token == null || profile == null
                        ? sso.decline(token == null ? "" : token)
                        : sso.vouch(path + client.getName(), token, vouched(profile)));
    }

    private static boolean answers(IndirectClient client, CallContext context) {
        // no more than that: what else a client does to begin, such as reading metadata, is not every client's now
        client.initUrlResolvers();
        return client.getCallbackUrlResolver().matches(client.getName(), context.webContext());
    }

    /** The sign-in that left by this client; null if none did, or it was answered already. */
    private static @Nullable String taken(HttpServletRequest request, IndirectClient client) {
        if (request.getSession(false) == null) {
            return null;
        }
        Object token = request.getSession().getAttribute(underWay(client));
        request.getSession().removeAttribute(underWay(client));
        return (String) token;
    }

    private @Nullable UserProfile proved(IndirectClient client, CallContext context) {
        try {
            client.init();
            return client.getCredentials(context)
                    .flatMap(credentials -> client.validateCredentials(context, credentials))
                    .flatMap(credentials -> client.getUserProfile(context, credentials))
                    .filter(profile -> profile.getId() != null)
                    .orElse(null);
        } catch (TechnicalException e) {
            log("the client " + client.getName() + " proved nobody", e);
            return null;
        }
    }

    private static Vouched vouched(UserProfile profile) {
        Map<String, Object> claims = new LinkedHashMap<>();
        if (profile instanceof BasicUserProfile known) {
            known.getAttributes().forEach((name, value) -> {
                if (plain(value) && !SECRETS.contains(name)) {
                    claims.put(name, value);
                }
            });
        }
        claims.put("groups", profile.getRoles().stream().sorted().toList());
        if (profile instanceof CommonProfile person) {
            put(claims, "email", person.getEmail());
            put(claims, "given_name", person.getFirstName());
            put(claims, "family_name", person.getFamilyName());
            put(claims, "name", person.getDisplayName());
        }
        return new Vouched(profile.getId(), claims);
    }

    private static void put(Map<String, Object> claims, String name, @Nullable String value) {
        if (value != null) {
            claims.put(name, value);
        }
    }

    private static boolean plain(@Nullable Object value) {
        return value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || (value instanceof Collection<?> several && several.stream().allMatch(ConnectionServlet::plain));
    }
}
