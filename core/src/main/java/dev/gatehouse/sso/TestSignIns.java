package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Request;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Json;
import dev.gatehouse.identity.Federation.Arrival;
import dev.gatehouse.identity.Redirects;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Begins test sign-ins. */
final class TestSignIns {
    private static final String PURPOSE = "sso test";
    private static final Duration LIFE = Duration.ofHours(1);

    private final Envelope envelope;
    private final Json json;
    private final String pages;

    /** @param pages address of the hosted pages */
    TestSignIns(Envelope envelope, Json json, String pages) {
        this.envelope = envelope;
        this.json = json;
        this.pages = pages;
    }

    /** What the token says: sealed, so that nobody else can say it. */
    record Ticket(String connectionId, Instant until) {}

    /**
     * A test of a connection, whether it is switched on or not.
     *
     * @throws ApiException 422 {@code connection_incomplete}
     */
    TestSignIn of(Call call, Connection connection) {
        if (!connection.complete()) {
            throw Connections.incomplete();
        }
        Ticket ticket = new Ticket(connection.id(), call.now().plus(LIFE));
        String token = envelope.seal(PURPOSE, call.env(), json.bytes(ticket));
        return new TestSignIn(
                Redirects.location(pages + "/sso/test/begin", Map.of("token", token), null), ticket.until());
    }

    /** A browser opened the address of a test. */
    Arrival begin(SsoFlow flow, Request request) {
        String token = request.query().one("token").orElse("");
        return envelope.openText(PURPOSE, flow.environment(), token)
                .map(text -> json.read(text, Ticket.class))
                .filter(ticket -> flow.now().isBefore(ticket.until()))
                .map(ticket -> leave(flow, request, ticket.connectionId()))
                .orElseGet(() -> Arrivals.refused("ended"));
    }

    private static Arrival leave(SsoFlow flow, Request request, String connectionId) {
        try {
            return flow.leave(request, connectionId, Errand.test(), new Protocol.Ask(null, false, List.of(), Map.of()));
        } catch (ApiException e) {
            if (e.status() == 429) {
                throw e;
            }
            return Arrivals.refused(e.code());
        }
    }
}
