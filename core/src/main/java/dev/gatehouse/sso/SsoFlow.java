package dev.gatehouse.sso;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Parameters;
import dev.gatehouse.api.Request;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.identity.Authorization;
import dev.gatehouse.identity.BrowserTag;
import dev.gatehouse.identity.Destination;
import dev.gatehouse.identity.Email;
import dev.gatehouse.identity.Federation;
import dev.gatehouse.identity.Identity;
import dev.gatehouse.identity.Profiles;
import dev.gatehouse.identity.Source;
import dev.gatehouse.organizations.Domain;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends browsers to providers, and takes in what they come back with, in one environment. */
final class SsoFlow implements Federation {
    private static final Duration AWAY = Duration.ofMinutes(15);
    private static final int DEPARTURES = 1_000;
    private static final Duration DEPARTURES_WINDOW = Duration.ofSeconds(60);
    private static final int TIMED_OUT = 100;
    private static final String STATE = "sso state";
    private static final String VERIFIER = "sso verifier";

    private final Engine engine;
    private final Envelope envelope;
    private final RandomTokens random;
    private final BrowserTag tag;
    private final Function<Connection, Protocol> protocols;
    private final Arrivals arrivals;
    private final Completion completion;
    private final Consents consents;
    private final Identity identity;
    private final String env;
    private final String clientId;

    SsoFlow(
            Engine engine,
            Envelope envelope,
            RandomTokens random,
            BrowserTag tag,
            Function<Connection, Protocol> protocols,
            Arrivals arrivals,
            Completion completion,
            Consents consents,
            Identity identity,
            String env,
            String clientId) {
        this.engine = engine;
        this.envelope = envelope;
        this.random = random;
        this.tag = tag;
        this.protocols = protocols;
        this.arrivals = arrivals;
        this.completion = completion;
        this.consents = consents;
        this.identity = identity;
        this.env = env;
        this.clientId = clientId;
    }

    @Override
    public List<Profiles.Button> buttons() {
        return run(call -> call.all(Connection.TYPE, "anybody", "").stream()
                .filter(Connection::isOpen)
                .map(ProfileBook::button)
                .toList());
    }

    @Override
    public Optional<String> connectionOf(String email) {
        return Email.valid(email)
                ? run(call ->
                        Domain.ownerOf(call, email).flatMap(organization -> ConnectionChoice.only(call, organization)))
                : Optional.empty();
    }

    @Override
    public boolean serves(String organizationId) {
        return run(call -> !Connection.open(call, organizationId).isEmpty());
    }

    @Override
    public String choose(@Nullable String connectionId, @Nullable String provider, @Nullable String organizationId) {
        return run(call -> ConnectionChoice.of(call, connectionId, provider, organizationId));
    }

    @Override
    public Arrival depart(Request request, Departure departure) {
        return leave(
                request,
                departure.connectionId(),
                Errand.session(departure.to(), departure.continuation()),
                new Protocol.Ask(departure.loginHint(), departure.again(), List.of(), Map.of()));
    }

    /**
     * Sends a browser to a provider; or what came of it if the provider cannot be asked.
     *
     * @throws ApiException with the contract's code of the redirect
     */
    Arrival leave(Request request, String connectionId, Errand errand, Protocol.Ask ask) {
        Source source = Source.of(request);
        Connection connection = run(call -> {
            Connection found = call.find(Connection.TYPE, connectionId)
                    .orElseThrow(() -> ConnectionChoice.problem("connection_invalid", "There is no such connection."));
            // a test is what one does before a connection is switched on
            if (errand.kind() != Errand.Kind.TEST) {
                ConnectionChoice.usable(found);
            } else if (!found.complete()) {
                throw Connections.incomplete();
            }
            // by network, so that a stranger does not keep an organization out
            call.limit("sso:" + found.id() + ":" + source.network(), DEPARTURES, DEPARTURES_WINDOW);
            return found;
        });
        String browser = tag.ofOrNew(request);
        String token = random.base62(43);
        Protocol.Leaving leaving;
        try {
            leaving = protocols.apply(connection).leave(connection, token, ask);
        } catch (Refusal e) {
            SsoSignIn never = run(call -> begun(call, connection, token, browser, errand, null));
            return completion.refuse(never, e, ask.loginHint(), source);
        }
        run(call -> {
            SsoSignIn begun = call.create(SsoSignIn.TYPE, begun(call, connection, token, browser, errand, leaving));
            Traces.started(call, connection, begun, ask.loginHint(), source);
            return true;
        });
        Answer away = leaving.form() == null
                ? Answer.found(leaving.location())
                : identity.pages().posting(request, leaving.location(), leaving.form());
        return new Arrival.Answered(tag.keep(away, browser).with("Cache-Control", "no-store"));
    }

    private SsoSignIn begun(
            Call call,
            Connection connection,
            String token,
            @Nullable String browser,
            Errand errand,
            Protocol.@Nullable Leaving leaving) {
        String digest = Digest.of(STATE, token);
        String verifier = leaving == null ? null : leaving.verifier();
        return new SsoSignIn(
                call.newId(SsoSignIn.TYPE),
                digest,
                connection.id(),
                browser == null ? null : Digest.of(STATE, browser),
                errand,
                leaving == null ? null : leaving.message(),
                leaving != null && leaving.again(),
                verifier == null ? null : envelope.sealText(VERIFIER, digest, verifier),
                null,
                call.now().plus(AWAY),
                call.now(),
                call.now());
    }

    @Override
    public Arrival arrive(Request request, String path) {
        return arrivals.read(this, request, path.substring("/sso/".length()));
    }

    /** The connection that an address names. */
    Optional<Connection> byKey(String key) {
        return run(call -> call.findBy(Connection.TYPE, "key", key));
    }

    /** The sign-in of a token, still to be taken; empty if it is none of this connection. */
    Optional<SsoSignIn> find(Connection connection, String token) {
        return find(token).filter(found -> found.connectionId().equals(connection.id()));
    }

    /** The sign-in of a token, still to be taken, of whatever connection. */
    Optional<SsoSignIn> find(String token) {
        return run(call -> call.findBy(SsoSignIn.TYPE, "digest", Digest.of(STATE, token)));
    }

    /**
     * Takes the sign-in of a token, once, in the browser that began it (ATTACKS O01, S56, S99).
     *
     * @param connection null for whichever it is
     */
    Optional<SsoSignIn> take(Request request, @Nullable Connection connection, String token) {
        return run(call -> call.findBy(SsoSignIn.TYPE, "digest", Digest.of(STATE, token))
                .filter(found -> fits(request, found))
                .filter(found -> connection == null || found.connectionId().equals(connection.id()))
                .flatMap(found -> call.takeUnchanged(SsoSignIn.TYPE, found)));
    }

    /** Whether a sign-in began in the browser of a request, or in none. */
    private boolean fits(Request request, SsoSignIn found) {
        String began = found.browser();
        return began == null
                || tag.of(request)
                        .filter(t -> began.equals(Digest.of(STATE, t)))
                        .isPresent();
    }

    /** What waits for this browser, still to be taken: a provider has proved somebody. */
    Optional<SsoSignIn> waiting(Request request, String token) {
        return find(token).filter(found -> found.said() != null && fits(request, found));
    }

    /** The connection of a sign-in; empty if it went meanwhile. */
    Optional<Connection> connectionOf(SsoSignIn begun) {
        return run(call -> call.find(Connection.TYPE, begun.connectionId()));
    }

    /** Takes a sign-in in whatever browser it is: what comes of it must wait for the right one. */
    Optional<SsoSignIn> take(SsoSignIn found) {
        return run(call -> call.takeUnchanged(SsoSignIn.TYPE, found));
    }

    /** The PKCE verifier of a sign-in; null for none. */
    @Nullable
    String verifier(SsoSignIn begun) {
        return begun.verifier() == null
                ? null
                : envelope.openText(VERIFIER, begun.digest(), begun.verifier()).orElse(null);
    }

    /** What a provider proved waits for the browser that began, or for the person's consent. Returns the new token. */
    String await(Call call, SsoSignIn begun, Asserted said, Duration wait) {
        String token = random.base62(43);
        call.create(
                SsoSignIn.TYPE,
                begun.answered(Digest.of(STATE, token), said, call.now().plus(wait)));
        return token;
    }

    /**
     * A sign-in that a provider began: into the client of these pages, and on to the application's redirect URI if it has one.
     *
     * @param wanted redirect URI that the provider was told to ask for; null for the default
     * @param most of one connection from one network in a minute
     */
    SsoSignIn unsolicited(Connection connection, @Nullable String wanted, Source source, int most) {
        return run(call -> {
            call.limit("sso-unsolicited:" + connection.id() + ":" + source.network(), most, DEPARTURES_WINDOW);
            String organization = connection.organizationId();
            Authorization asked = identity.redirects()
                    .unasked(call, wanted)
                    .map(uri -> new Authorization(clientId, uri, null, null, organization, null))
                    .orElse(null);
            Errand errand = Errand.unsolicited(new Destination(clientId, organization, null), asked);
            return begun(call, connection, random.base62(43), null, errand, null);
        });
    }

    /** Refuses no more than so many in a minute that were not asked for. */
    void limitRefusals(Connection connection, int most) {
        run(call -> {
            call.limit("sso-refused:" + connection.id(), most, DEPARTURES_WINDOW);
            return true;
        });
    }

    /** Sign-ins that nobody finished, from the oldest on, are told of and go. */
    void timeOut() {
        List<SsoSignIn> some;
        int rounds = 0;
        do {
            some = run(call -> {
                List<SsoSignIn> first =
                        call.page(SsoSignIn.TYPE, Map.of(), null, new Call.Window(null, null, false, TIMED_OUT));
                List<SsoSignIn> over = first.stream()
                        .filter(s -> !s.expiresAt().isAfter(call.now()))
                        .flatMap(s -> call.hold(SsoSignIn.TYPE, s.id()).stream())
                        .toList();
                over.forEach(s -> {
                    call.delete(SsoSignIn.TYPE, s);
                    Traces.timedOut(call, s);
                });
                return over;
            });
        } while (some.size() == TIMED_OUT && ++rounds < TIMED_OUT);
    }

    /**
     * Ends the sessions that somebody has through a connection, as its provider tells (ATTACKS S79): of that connection's
     * profiles alone.
     *
     * @param subject whose; null for whoever the provider recognises by the hint
     * @param hint {@link Profile#logoutHint}; of no interest with a subject
     * @param messageId which may be used once
     * @return false if it was used before
     */
    boolean logout(
            Connection connection, @Nullable String subject, @Nullable String hint, String messageId, Instant until) {
        try {
            return run(call -> {
                UsedMessage.use(call, connection, messageId, until);
                List<Profile> whose = subject != null
                        ? call.findBy(Profile.TYPE, "subject", Profile.subject(connection.id(), subject)).stream()
                                .toList()
                        : call.all(Profile.TYPE, "logout", Profile.logout(connection.id(), String.valueOf(hint)));
                whose.forEach(profile -> identity.sessions().endOfProfile(call, profile.id()));
                return true;
            });
        } catch (ApiException e) {
            if (UsedMessage.again(e)) {
                return false;
            }
            throw e;
        }
    }

    String environment() {
        return env;
    }

    Instant now() {
        return engine.now();
    }

    Consents consents() {
        return consents;
    }

    Completion completion() {
        return completion;
    }

    /** The form that a browser sent; empty if it sent none. */
    static Parameters form(Request request) {
        return request.mediaType().equals("application/x-www-form-urlencoded")
                ? Parameters.parse(new String(request.body(), StandardCharsets.UTF_8))
                : Parameters.none();
    }

    <T extends @Nullable Object> T run(Function<Call, T> step) {
        return engine.run(env, Actor.SYSTEM, step);
    }
}
