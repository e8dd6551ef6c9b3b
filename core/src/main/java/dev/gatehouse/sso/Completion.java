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
import dev.gatehouse.identity.OauthTokens;
import dev.gatehouse.identity.Redirects;
import dev.gatehouse.identity.SignIn;
import dev.gatehouse.identity.Source;
import dev.gatehouse.identity.Step;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    private final TestReport report;
    private final String env;

    Completion(
            Engine engine,
            Envelope envelope,
            RandomTokens random,
            ProfileBook profiles,
            SignIn signIn,
            TestReport report,
            String env) {
        this.engine = engine;
        this.envelope = envelope;
        this.random = random;
        this.profiles = profiles;
        this.signIn = signIn;
        this.report = report;
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
        } catch (Refusal | ApiException e) {
            return refuse(begun, refusal(e), said, said.email(), source);
        }
    }

    /**
     * Takes a sign-in that waited for its browser, and ends it.
     *
     * @return empty if it was taken before
     */
    Optional<Arrival> take(SsoSignIn waiting, Asserted said, Source source) {
        try {
            return engine.run(
                    env,
                    Actor.SYSTEM,
                    call -> call.takeUnchanged(SsoSignIn.TYPE, waiting)
                            .map(begun -> finish(call, begun, said, source)));
        } catch (Refusal | ApiException e) {
            Refusal why = refusal(e);
            // a refusal spends it, too
            return engine.run(env, Actor.SYSTEM, call -> call.takeUnchanged(SsoSignIn.TYPE, waiting))
                    .map(begun -> refuse(begun, why, said, said.email(), source));
        }
    }

    /** What is told to the application; rethrown if it is no answer of a sign-in. */
    private static Refusal refusal(RuntimeException e) {
        if (e instanceof Refusal refusal) {
            return refusal;
        }
        if (e instanceof ApiException answer && answer.status() != 429 && answer.status() < 500) {
            return new Refusal(answer.code(), answer.text());
        }
        throw e;
    }

    private Arrival finish(Call call, SsoSignIn begun, Asserted said, Source source) {
        return switch (begun.errand().kind()) {
            case SESSION -> session(call, begun, open(call, begun), said, source);
            case PROFILE -> profile(call, begun, open(call, begun), said, source);
            case TEST -> test(call, begun, said, source);
        };
    }

    private static String address(Asserted said) {
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
        return email;
    }

    private Arrival profile(Call call, SsoSignIn begun, Connection connection, Asserted said, Source source) {
        Authorization asked = Objects.requireNonNull(begun.errand().asked(), "an application asked for the profile");
        String email = address(said);
        profiles.owns(call, connection, email, false);
        Profile profile = profiles.keep(call, connection, said, email);
        Connections.worked(call, connection);
        String code = grant(call, profile, asked, said.tokens());
        Traces.succeeded(call, connection, begun, profile, source);
        return new Arrival.Answered(
                Answer.seeOther(Redirects.location(asked.redirectUri(), Map.of("code", code), asked.state())));
    }

    private Arrival test(Call call, SsoSignIn begun, Asserted said, Source source) {
        Connection connection = call.get(Connection.TYPE, begun.connectionId());
        String email = address(said);
        profiles.owns(call, connection, email, true);
        Connections.worked(call, connection);
        Attempt attempt = Traces.tested(call, connection, email, source);
        return report.passed(connection, said, profiles.rolesBy(call, connection, said.groups()), attempt);
    }

    private Arrival session(Call call, SsoSignIn begun, Connection connection, Asserted said, Source source) {
        String email = address(said);
        boolean owns = profiles.owns(call, connection, email, true);
        Profile profile = profiles.keep(call, connection, said, email);
        Connections.worked(call, connection);
        if (said.tokens() != null) {
            profiles.keepTokens(call, profile, said.tokens());
        }
        Destination asked = Objects.requireNonNull(begun.errand().to(), "a session leads somewhere");
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
        return new Arrival.Proved(
                begun.errand().continuation(), step, begun.errand().asked());
    }

    private static Connection open(Call call, SsoSignIn begun) {
        // asked again: it may have been switched off while somebody was at the provider (ATTACKS S94, O24)
        return call.find(Connection.TYPE, begun.connectionId())
                .filter(Connection::isOpen)
                .orElseThrow(Refusal::closed);
    }

    private String grant(Call call, Profile profile, Authorization asked, @Nullable OauthTokens tokens) {
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
        return refuse(begun, why, null, email, source);
    }

    private Arrival refuse(
            SsoSignIn begun, Refusal why, @Nullable Asserted said, @Nullable String email, Source source) {
        record Failed(Connection connection, Attempt attempt) {}
        Failed failed = engine.run(env, Actor.SYSTEM, call -> {
            Connection connection =
                    call.find(Connection.TYPE, begun.connectionId()).orElse(null);
            return connection == null
                    ? null
                    : new Failed(connection, Traces.failed(call, connection, begun, why, email, source));
        });
        if (begun.isTest() && failed != null) {
            return report.failed(failed.connection, why, said, failed.attempt);
        }
        Authorization asked = begun.errand().asked();
        return asked == null
                ? new Arrival.Refused(
                        begun.errand().continuation(), why.code(), failed == null ? null : failed.attempt.id())
                : new Arrival.Answered(
                        Answer.seeOther(refusal(begun, why, asked)).because(why.code()));
    }

    private static String refusal(SsoSignIn begun, Refusal why, Authorization asked) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("error", why.code());
        parameters.put("error_description", why.title());
        if (why.code().equals("idp_initiated_sso_disabled")) {
            // by these the application can begin the sign-in itself
            parameters.put("connection_id", begun.connectionId());
            if (asked.organizationId() != null) {
                parameters.put("organization_id", asked.organizationId());
            }
        }
        return Redirects.location(asked.redirectUri(), parameters, asked.state());
    }
}
