package dev.gatehouse.sso;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.Redirects;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Signing out at the provider, too (contract/behaviour/05 §5.8). */
final class LogoutOperations {
    private static final String PURPOSE = "sso logout";
    private static final Duration LIFE = Duration.ofMinutes(10);

    private final Engine engine;
    private final Envelope envelope;
    private final Function<Connection, Protocol> protocols;
    private final Identity identity;
    private final String api;

    /** @param api address of the REST API */
    LogoutOperations(
            Engine engine, Envelope envelope, Function<Connection, Protocol> protocols, Identity identity, String api) {
        this.engine = engine;
        this.envelope = envelope;
        this.protocols = protocols;
        this.identity = identity;
        // mounted at the root it is a slash already
        this.api = api.replaceFirst("/$", "");
    }

    record In(@Required String profileId) {}

    record Out(String logoutUrl, String logoutToken) {
        /** Without the token. */
        @Override
        public String toString() {
            return "Out";
        }
    }

    record Query(@Nullable String token) {}

    /** What the token says: sealed, so that nobody else can say it. */
    record Leave(String profileId, Instant until) {}

    void routes(Routes r) {
        r.action("POST /sso/logout/authorize", In.class, Out.class, this::authorize)
                .permission("connection:write");
        r.action("GET /sso/logout", Query.class, null, this::leave).open();
    }

    private Object authorize(In in, Flow flow) {
        record Found(Leave leave, Place place) {}
        Found found = flow.run(call -> {
            Leave leave = new Leave(in.profileId, call.now().plus(LIFE));
            return new Found(leave, place(call, leave));
        });
        if (location(found.place).isEmpty()) {
            throw ApiException.oauth(
                            400, "connection_invalid", "The connection's provider has no address to sign out at.")
                    .in(ApiException.Dialect.OAUTH);
        }
        String token = envelope.seal(PURPOSE, flow.caller().env(), engine.json().bytes(found.leave));
        return new Out(Redirects.location(api + "/sso/logout", Map.of("token", token), null), token);
    }

    private record Place(Connection connection, Profile profile) {}

    private static Place place(Call call, Leave leave) {
        Profile profile = call.get(Profile.TYPE, leave.profileId);
        return new Place(call.get(Connection.TYPE, profile.connectionId()), profile);
    }

    private Optional<String> location(Place place) {
        return protocols.apply(place.connection).signedOutAt(place.connection, place.profile);
    }

    private Object leave(Query in, Flow flow) {
        String env = identity.pages().environment();
        Place place = envelope.openText(PURPOSE, env, in.token == null ? "" : in.token)
                .map(text -> engine.json().read(text, Leave.class))
                .filter(leave -> leave.until.isAfter(engine.now()))
                .map(leave -> flow.run(env, call -> place(call, leave)))
                .orElseThrow(() -> ApiException.of(404, "not_found", "The sign-out has expired or is invalid."));
        return identity.pages()
                .signedOut(
                        flow.request(),
                        location(place).orElseGet(() -> identity.pages().signedOutPage(flow.request())));
    }
}
