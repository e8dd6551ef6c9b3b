package dev.gatehouse.sso;

import dev.gatehouse.api.Request;
import dev.gatehouse.engine.Json;
import dev.gatehouse.identity.Federation.Arrival;
import dev.gatehouse.identity.Redirects;
import dev.gatehouse.identity.Source;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sign-ins that the application's own code proves. It is told a token, and gives it back with the person; what it says waits for
 * the browser that began, so that nobody can be led into somebody else's sign-in (ATTACKS F03).
 */
final class ExternalProtocol implements Protocol {
    /** For a redirect to our own page. */
    private static final Duration WAIT = Duration.ofMinutes(1);

    private final Json json;
    private final String origin;
    private final String pages;

    /**
     * @param origin of the application
     * @param pages address of the hosted pages
     */
    ExternalProtocol(Json json, String origin, String pages) {
        this.json = json;
        this.origin = origin;
        this.pages = pages;
    }

    @Override
    public Leaving leave(Connection connection, String token, Ask ask) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("request", token);
        if (ask.loginHint() != null) {
            query.put("login_hint", ask.loginHint());
        }
        if (ask.again()) {
            query.put("prompt", "login");
        }
        return new Leaving(
                Redirects.location(origin + connection.externalPath(), query, null), null, "", null, ask.again());
    }

    @Override
    public List<Check> checks() {
        return List.of();
    }

    /**
     * Where a browser goes on once the application has proved somebody; to a page that says so if nobody asked there.
     *
     * @param path that the connection leads to: what one provider proves is no proof for another's connection (mix-up, ATTACKS O04)
     */
    String vouch(SsoFlow flow, String path, String token, Vouched person) {
        Optional<SsoSignIn> asked = flow.find(token).filter(begun -> begun.said() == null);
        if (asked.filter(begun -> begun.again() && !person.fresh()).isPresent()) {
            return decline(token);
        }
        String ticket = asked.flatMap(begun -> flow.connectionOf(begun)
                        .filter(connection -> path.equals(connection.externalPath()))
                        .flatMap(connection -> flow.run(call -> call.takeUnchanged(SsoSignIn.TYPE, begun)
                                .map(taken -> flow.await(call, taken, said(connection, person), WAIT)))))
                .orElse("");
        return Redirects.location(pages + "/sso/finish", Map.of("ticket", ticket), null);
    }

    private Asserted said(Connection connection, Vouched person) {
        return new Claims(json.tree(person.claims()), Presets.USUAL, connection, json)
                .of(person.subject(), false, null);
    }

    /** Where a browser goes on of which the application has proved nobody. */
    String decline(String token) {
        return Redirects.location(pages + "/sso/external/declined", Map.of("request", token), null);
    }

    /** The browser comes from {@link #decline}. */
    static Arrival declined(SsoFlow flow, Request request) {
        return flow.take(request, null, request.query().one("request").orElse(""))
                .map(begun -> flow.completion()
                        .refuse(
                                begun,
                                new Refusal("access_denied", "The application proved nobody"),
                                null,
                                Source.of(request)))
                .orElseGet(() -> Arrivals.refused("ended"));
    }
}
