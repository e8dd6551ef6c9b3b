package dev.gatehouse.pac4j;

import dev.gatehouse.servlet.GatehouseFilter;
import dev.gatehouse.sso.NewConnection;
import dev.gatehouse.sso.Sso;
import dev.gatehouse.sso.Vouched;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9]{43}");
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
            String token = request.getMethod().equals("GET") ? request.getParameter("request") : null;
            IndirectClient named = named(request.getPathInfo());
            if (named == null || token == null) {
                arrive(request, response, context);
            } else if (TOKEN.matcher(token).matches()) {
                leave(request, context, named, token);
            } else {
                go(response, GatehouseFilter.of(getServletContext()).sso().decline(""));
            }
        } catch (HttpAction action) {
            // how pac4j's clients answer by themselves
            config.getHttpActionAdapter().adapt(action, context.webContext());
        }
    }

    private Stream<IndirectClient> clients() {
        return config.getClients().findAllClients().stream()
                .filter(IndirectClient.class::isInstance)
                .map(IndirectClient.class::cast);
    }

    private @Nullable IndirectClient named(@Nullable String path) {
        return clients()
                .filter(client -> ("/" + client.getName()).equals(path))
                .findFirst()
                .orElse(null);
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
        IndirectClient client =
                clients().filter(c -> answers(c, context)).findFirst().orElse(null);
        HttpSession session = request.getSession(false);
        if (client == null || session == null || !(session.getAttribute(underWay(client)) instanceof String token)) {
            go(response, sso.decline(""));
            return;
        }
        UserProfile profile = proved(client, context);
        // only now: a client may ask more than once before it knows
        session.removeAttribute(underWay(client));
        String path = request.getContextPath() + request.getServletPath() + "/" + client.getName();
        go(response, profile == null ? sso.decline(token) : sso.vouch(path, token, vouched(profile)));
    }

    private static void go(HttpServletResponse response, String location) {
        response.setHeader("Cache-Control", "no-store");
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader("Location", location);
    }

    private static boolean answers(IndirectClient client, CallContext context) {
        // no more than that: what else a client does to begin, such as reading metadata, is not every client's now
        client.initUrlResolvers();
        return client.getCallbackUrlResolver().matches(client.getName(), context.webContext());
    }

    private @Nullable UserProfile proved(IndirectClient client, CallContext context) {
        try {
            client.init();
            return client.getCredentials(context)
                    .flatMap(credentials -> client.validateCredentials(context, credentials))
                    .flatMap(credentials -> client.getUserProfile(context, credentials))
                    .filter(profile -> profile.getId() != null
                            && !profile.getId().isEmpty()
                            && profile.getId().length() <= Vouched.MOST_SUBJECT)
                    .orElse(null);
        } catch (HttpAction action) {
            // a challenge, such as Kerberos begins with, is no failure
            throw action;
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
        if (!profile.getRoles().isEmpty()) {
            claims.put("groups", profile.getRoles().stream().sorted().toList());
        }
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
