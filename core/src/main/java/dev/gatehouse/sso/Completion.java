package dev.gatehouse.sso;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.identity.Authorization;
import dev.gatehouse.identity.Destination;
import dev.gatehouse.identity.Email;
import dev.gatehouse.identity.Federated;
import dev.gatehouse.identity.Federation.Arrival;
import dev.gatehouse.identity.Redirects;
import dev.gatehouse.identity.SignIn;
import dev.gatehouse.identity.Source;
import dev.gatehouse.identity.Step;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What follows once a provider has proved somebody, or has not: the profile, the decision whose it is, the trace. */
final class Completion {
    static final Duration GRANT = Duration.ofMinutes(10);
    static final String TOKENS = "provider tokens";

    private final Engine engine;
    private final Envelope envelope;
    private final RandomTokens random;
    private final ProfileBook profiles;
    private final SignIn signIn;
    private final String env;

    Completion(Engine engine, Envelope envelope, RandomTokens random, ProfileBook profiles, SignIn signIn, String env) {
        this.engine = engine;
        this.envelope = envelope;
        this.random = random;
        this.profiles = profiles;
        this.signIn = signIn;
        this.env = env;
    }

    /**
     * Ends a sign-in that a provider answered.
     *
     * @param begun taken by the caller
     */
    Arrival finish(SsoSignIn begun, Asserted said, Source source) {
        try {
            return engine.run(env, Actor.SYSTEM, call -> finish(call, begun, said, source));
        } catch (Refusal e) {
            return refuse(begun, e, said.email(), source);
        } catch (ApiException e) {
            if (e.status() == 429 || e.status() >= 500) {
                throw e;
            }
            return refuse(begun, new Refusal(e.code(), e.text()), said.email(), source);
        }
    }

    private Arrival finish(Call call, SsoSignIn begun, Asserted said, Source source) {
        Connection connection = open(call, begun.connectionId());
        String email = said.email();
        if (email == null || !Email.valid(email)) {
            throw new Refusal(
                    "server_error",
                    0,
                    "The provider gave no e-mail address",
                    "an attribute or claim with an e-mail address, see the connection's attribute mapping",
                    email == null ? "none" : "a text that is no address",
                    Map.of(),
                    null);
        }
        Authorization alone = begun.errand().alone();
        boolean owns = profiles.owns(call, connection, email, alone == null);
        Profile profile = profiles.keep(call, connection, said, email);
        ConnectionOperations.worked(call, connection);
        if (alone != null) {
            String code = grant(call, profile, alone, said.tokens());
            Traces.succeeded(call, connection, begun, profile, source);
            return new Arrival.Answered(
                    Answer.seeOther(Redirects.location(alone.redirectUri(), Map.of("code", code), alone.state())));
        }
        Destination asked = begun.errand().to();
        if (asked == null) {
            throw new IllegalStateException("a sign-in for nothing");
        }
        Destination to = connection.organizationId() == null
                ? asked
                : new Destination(asked.clientId(), connection.organizationId(), asked.invitationToken());
        Step step = signIn.federated(
                call,
                new Federated(
                        profile.id(),
                        connection.type().method(),
                        profile.userId(),
                        email,
                        owns || said.mailboxOwner(),
                        connection.organizationId() != null,
                        profile.firstName(),
                        profile.lastName(),
                        profile.name()),
                to,
                source);
        Traces.succeeded(
                call, connection, begun, call.find(Profile.TYPE, profile.id()).orElse(profile), source);
        return new Arrival.Proved(begun.errand().continuation(), step);
    }

    private static Connection open(Call call, String connectionId) {
        // asked again: it may have been switched off while somebody was at the provider (ATTACKS S94, O24)
        return call.find(Connection.TYPE, connectionId)
                .filter(Connection::isOpen)
                .orElseThrow(Refusal::closed);
    }

    private String grant(Call call, Profile profile, Authorization asked, Asserted.@Nullable Tokens tokens) {
        String code = random.base62(43);
        String id = call.newId(ProfileGrant.TYPE);
        call.create(
                ProfileGrant.TYPE,
                new ProfileGrant(
                        id,
                        Digest.of("profile code", code),
                        asked.clientId(),
                        profile.id(),
                        asked.codeChallenge(),
                        tokens == null
                                ? null
                                : envelope.seal(TOKENS, id, engine.json().bytes(tokens)),
                        call.now().plus(GRANT),
                        call.now(),
                        call.now()));
        return code;
    }

    /** Ends a sign-in that proved nobody. What is told to the application is the contract's; the rest, the attempt keeps. */
    Arrival refuse(SsoSignIn begun, Refusal why, @Nullable String email, Source source) {
        Attempt attempt = engine.run(env, Actor.SYSTEM, call -> {
            Connection connection =
                    call.find(Connection.TYPE, begun.connectionId()).orElse(null);
            return connection == null ? null : Traces.failed(call, connection, begun, why, email, source);
        });
        Authorization alone = begun.errand().alone();
        return alone == null
                ? new Arrival.Refused(begun.errand().continuation(), why.code(), attempt == null ? null : attempt.id())
                : new Arrival.Answered(Answer.seeOther(Redirects.refusal(
                        alone.redirectUri(), ApiException.oauth(400, why.code(), why.title()), alone.state())));
    }
}
