package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Outcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Proves people. The REST grants and the hosted pages both come here, so that every check holds on every way in.
 *
 * <p>Each step answers a {@link Step}: signed in, or which further step is needed.
 */
public final class SignIn {
    private static final Duration PENDING = Duration.ofMinutes(10);
    private static final Duration CODE = Duration.ofMinutes(10);
    private static final int TRIES = 10;
    private static final int SIGN_UPS = 30;
    private static final Duration SIGN_UPS_WINDOW = Duration.ofMinutes(10);
    private static final Duration TRIES_WINDOW = Duration.ofSeconds(60);

    private final Engine engine;
    private final Passwords passwords;
    private final Sessions sessions;
    private final Affiliations affiliations;
    private final RandomTokens random;

    SignIn(Engine engine, Passwords passwords, Sessions sessions, Affiliations affiliations, RandomTokens random) {
        this.engine = engine;
        this.passwords = passwords;
        this.sessions = sessions;
        this.affiliations = affiliations;
        this.random = random;
    }

    /** Where a sign-in stands. */
    public sealed interface Step {
        /** Done: here is the session. */
        record Finished(Sessions.Grant grant) implements Step {}

        /** The person must choose an organization; the token continues this sign-in. */
        record ChooseOrganization(String pendingToken, User user, List<Affiliations.Choice> choices) implements Step {}
    }

    /**
     * Counts a try to sign up. The page has to say that an address is taken, so nobody may ask it without end (ATTACKS
     * E02).
     *
     * @throws ApiException 429 after thirty tries in ten minutes from one network
     */
    public void countSignUp(String env, Source source) {
        engine.run(env, Actor.SYSTEM, call -> {
            limit(call, "sign-up:" + source.network(), SIGN_UPS, SIGN_UPS_WINDOW);
            return true;
        });
    }

    private static void limit(Call call, String counter, long most, Duration window) {
        if (call.count(counter, 1, most, call.now().plus(window)).isEmpty()) {
            throw ApiException.of(429, "rate_limit_exceeded", "Too many requests.")
                    .in(ApiException.Dialect.MANAGEMENT)
                    .retryAfter((int) window.toSeconds());
        }
    }

    /**
     * Checks a password. Unknown user, no password and wrong password give one answer at one cost.
     *
     * @throws ApiException 400 {@code invalid_credentials}; 429 after ten tries in a minute for one address; 503 when
     *     too many passwords are being hashed
     */
    public Step password(
            String env,
            String clientId,
            String email,
            String password,
            @Nullable String organizationId,
            Source source) {
        ApiException refusal = ApiException.of(400, "invalid_credentials", "Invalid credentials for '" + email + "'.")
                .in(ApiException.Dialect.MANAGEMENT);
        if (!Email.valid(email)) {
            // nobody can have it: there is nothing to look up, and a text of any length must not reach an event
            throw refusal;
        }
        String folded = Email.fold(email);
        record Known(@Nullable User user, @Nullable String hash) {}
        Known known = engine.run(env, Actor.SYSTEM, call -> {
            // counted before the check and never given back, so that parallel guesses cannot pass (ATTACKS P10)
            limit(call, "authenticate:" + Digest.of("email", folded), TRIES, TRIES_WINDOW);
            User user = call.findBy(User.TYPE, "email", email).orElse(null);
            return new Known(
                    user,
                    user == null ? null : Passwords.stored(call, user.id()).orElse(null));
        });
        boolean right = passwords.verify(password, known.hash);
        String better = right && known.hash != null && passwords.outdated(known.hash) ? passwords.hash(password) : null;
        Outcome<Step> outcome = engine.run(env, Actor.SYSTEM, call -> {
            User user = known.user == null
                    ? null
                    : call.hold(User.TYPE, known.user.id()).orElse(null);
            boolean same = user != null && Passwords.stored(call, user.id()).equals(Optional.ofNullable(known.hash));
            if (!right || user == null || !same) {
                call.emit(
                        "authentication.password_failed", authentication("failed", known.user, email, source, refusal));
                return new Outcome.Refused<Step>(refusal);
            }
            if (better != null) {
                Passwords.store(call, user.id(), better);
            }
            call.emit("authentication.password_succeeded", authentication("succeeded", user, email, source, null));
            return new Outcome.Done<>(resolve(call, user, clientId, Sessions.Method.PASSWORD, organizationId, source));
        });
        return outcome.orThrow();
    }

    /** Which organization, once every credential is proved: the asked one, the only one, none, or a choice. */
    private Step resolve(
            Call call,
            User user,
            String clientId,
            Sessions.Method method,
            @Nullable String organizationId,
            Source source) {
        if (organizationId != null) {
            if (affiliations.standing(call, user.id(), organizationId).isEmpty()) {
                throw ApiException.oauth(
                        400,
                        "organization_membership_not_found",
                        "The user is not an active member of that organization.");
            }
            return new Step.Finished(sessions.start(call, user, clientId, method, organizationId, source));
        }
        List<Affiliations.Choice> choices = affiliations.active(call, user.id());
        if (choices.size() <= 1) {
            String only = choices.isEmpty() ? null : choices.get(0).id();
            return new Step.Finished(sessions.start(call, user, clientId, method, only, source));
        }
        String token = random.base62(43);
        call.create(
                PendingAuthentication.TYPE,
                new PendingAuthentication(
                        call.newId(PendingAuthentication.TYPE),
                        Digest.of("pending_authentication", token),
                        clientId,
                        user.id(),
                        method.name(),
                        call.now().plus(PENDING),
                        call.now(),
                        call.now()));
        return new Step.ChooseOrganization(token, user, choices);
    }

    /**
     * Continues a sign-in with the organization that was chosen. A wrong choice does not spend the token.
     *
     * @throws ApiException 400 {@code invalid_pending_authentication_token} or {@code invalid_organization_id}
     */
    public Sessions.Grant chooseOrganization(
            String env, String clientId, String pendingToken, String organizationId, Source source) {
        return engine.run(env, Actor.SYSTEM, call -> {
            PendingAuthentication pending = pending(call, clientId, pendingToken);
            User user = call.hold(User.TYPE, pending.userId()).orElseThrow(SignIn::noPending);
            if (affiliations.standing(call, user.id(), organizationId).isEmpty()) {
                throw ApiException.of(
                                400,
                                "invalid_organization_id",
                                "The user is not an active member of that organization.")
                        .in(ApiException.Dialect.MANAGEMENT);
            }
            if (call.take(PendingAuthentication.TYPE, pending.id()).isEmpty()) {
                throw noPending();
            }
            return sessions.start(
                    call, user, clientId, Sessions.Method.valueOf(pending.method()), organizationId, source);
        });
    }

    /** The organizations that a pending sign-in may choose; empty if it has ended. */
    public List<Affiliations.Choice> choices(String env, String clientId, String pendingToken) {
        return engine.run(
                env,
                Actor.SYSTEM,
                call -> affiliations.active(
                        call, pending(call, clientId, pendingToken).userId()));
    }

    private static PendingAuthentication pending(Call call, String clientId, String token) {
        return call.findBy(PendingAuthentication.TYPE, "digest", Digest.of("pending_authentication", token))
                .filter(p -> p.clientId().equals(clientId) && call.now().isBefore(p.expiresAt()))
                .orElseThrow(SignIn::noPending);
    }

    private static ApiException noPending() {
        return ApiException.of(
                        400,
                        "invalid_pending_authentication_token",
                        "The pending authentication token is invalid or has expired.")
                .in(ApiException.Dialect.MANAGEMENT);
    }

    /** A code for a finished sign-in, to be exchanged by the application. Returns the code. */
    String code(
            Call call,
            Sessions.Method method,
            User user,
            Authorization request,
            @Nullable String organizationId,
            Source source) {
        String code = random.base62(43);
        call.create(
                AuthorizationCode.TYPE,
                new AuthorizationCode(
                        call.newId(AuthorizationCode.TYPE),
                        Digest.of("authorization_code", code),
                        request.clientId(),
                        user.id(),
                        organizationId,
                        method.name(),
                        request.codeChallenge(),
                        null,
                        source.ipAddress(),
                        source.userAgent(),
                        call.now().plus(CODE),
                        call.now(),
                        call.now()));
        return code;
    }

    /**
     * Exchanges a code. A second use is refused and ends the session of the first (RFC 6749 §4.1.2).
     *
     * @param verifier PKCE verifier; null if none was sent
     */
    Outcome<Step> exchange(Call call, String clientId, String code, @Nullable String verifier, Source source) {
        ApiException refusal =
                ApiException.oauth(400, "invalid_grant", "The code '" + code + "' has expired or is invalid.");
        AuthorizationCode found = call.findBy(AuthorizationCode.TYPE, "digest", Digest.of("authorization_code", code))
                .flatMap(c -> call.hold(AuthorizationCode.TYPE, c.id()))
                .filter(c -> c.clientId().equals(clientId) && call.now().isBefore(c.expiresAt()))
                .orElse(null);
        if (found == null) {
            return new Outcome.Refused<>(refusal);
        }
        if (found.spentBy() != null) {
            sessions.end(call, found.spentBy());
            return new Outcome.Refused<>(refusal);
        }
        if (verifier != null && found.codeChallenge() == null) {
            return new Outcome.Refused<>(ApiException.oauth(
                    400, "code_challenge_not_found", "No code challenge was given when this code was asked for."));
        }
        if (found.codeChallenge() != null
                && (verifier == null || !Digest.equal(found.codeChallenge(), Digest.s256(verifier)))) {
            return new Outcome.Refused<>(refusal);
        }
        User user = call.hold(User.TYPE, found.userId()).orElse(null);
        boolean out = user == null
                || (found.organizationId() != null
                        && affiliations
                                .standing(call, user.id(), found.organizationId())
                                .isEmpty());
        if (user == null || out) {
            return new Outcome.Refused<>(refusal);
        }
        Source from = new Source(
                source.ipAddress() == null ? found.ipAddress() : source.ipAddress(),
                source.userAgent() == null ? found.userAgent() : source.userAgent());
        Sessions.Grant grant = sessions.start(
                call, user, clientId, Sessions.Method.valueOf(found.method()), found.organizationId(), from);
        call.updateSilently(
                AuthorizationCode.TYPE, found.id(), c -> c.spent(grant.session().id()));
        return new Outcome.Done<>(new Step.Finished(grant));
    }

    private static Map<String, @Nullable Object> authentication(
            String status, @Nullable User user, String email, Source source, @Nullable ApiException error) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("type", "password");
        data.put("status", status);
        data.put("user_id", user == null ? null : user.id());
        data.put("email", email);
        data.put("ip_address", source.ipAddress());
        data.put("user_agent", source.userAgent());
        if (error != null) {
            data.put("error", Map.of("code", error.code(), "message", error.text()));
        }
        return data;
    }
}
