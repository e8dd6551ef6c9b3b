package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Outcome;
import dev.gatehouse.passkeys.Ceremony;
import dev.gatehouse.passkeys.Passkey;
import dev.gatehouse.passkeys.Passkeys;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Passkeys of one environment's users: what they have, making one, and signing in with one. For the hosted pages, and for
 * an application with pages of its own.
 *
 * <p>A ceremony has two halves. {@code begin…} gives options for the browser and a sealed state; {@code finish…} takes the
 * state back with the browser's answer, within five minutes, once, and only with the same {@code binding}: a text that
 * nobody but this browser can bring, such as the id of its HTTP session. Never take the binding from the request's body.
 */
public final class UserPasskeys {
    private static final int TRIES = 100;
    private static final Duration TRIES_WINDOW = Duration.ofSeconds(60);

    private final Engine engine;
    private final Passkeys passkeys;
    private final Gates gates;
    private final WaysIn waysIn;
    private final Notices notices;
    private final String env;
    private final String clientId;

    UserPasskeys(
            Engine engine,
            Passkeys passkeys,
            Gates gates,
            WaysIn waysIn,
            Notices notices,
            String env,
            String clientId) {
        this.engine = engine;
        this.passkeys = passkeys;
        this.gates = gates;
        this.waysIn = waysIn;
        this.notices = notices;
        this.env = env;
        this.clientId = clientId;
    }

    /**
     * What signs people in beside passkeys.
     *
     * @param password whether they may use one
     * @param mailbox whether somebody who reads his mailbox gets in: by a code, or by setting another password
     */
    record WaysIn(boolean password, boolean mailbox) {}

    /**
     * Whether people can sign in with passkeys here: {@code sign-in-methods} has it, and {@code origin} is HTTPS or on
     * localhost, and no IP address. If not, every {@code begin…} and {@code finish…} is refused with 403 {@code
     * authentication_method_not_allowed}.
     */
    public boolean on() {
        return passkeys.on();
    }

    /** Passkeys of a user, oldest first. */
    public List<Passkey> list(String userId) {
        return run(call -> passkeys.ofUser(call, userId));
    }

    /**
     * Gives a passkey another name.
     *
     * @throws ApiException 404 if it is not this user's; 422 for a name that is empty or longer than 100 characters
     */
    public Passkey rename(String userId, String passkeyId, String name) {
        return run(call -> passkeys.rename(call, userId, passkeyId, name));
    }

    /**
     * Removes a passkey. Sessions that it began go on.
     *
     * @throws ApiException 404 if it is not this user's; 409 {@code last_passkey} if the user could not sign in any more
     */
    public void delete(String userId, String passkeyId) {
        run(call -> {
            // held, so that of two who each remove one of the last two, the second sees it
            call.need(User.TYPE, userId);
            passkeys.delete(call, userId, passkeyId);
            boolean password = waysIn.password && Passwords.stored(call, userId).isPresent();
            if (passkeys.ofUser(call, userId).isEmpty() && !password && !waysIn.mailbox) {
                throw ApiException.of(409, "last_passkey", "Without this passkey the user could not sign in any more.")
                        .in(ApiException.Dialect.MANAGEMENT);
            }
            return true;
        });
    }

    /**
     * Removes all passkeys of a user, the last one too, say when a device was stolen. Who has no other way in needs one
     * from you. Sessions go on; end them with {@link Users#endSession}.
     *
     * @return how many there were
     * @throws ApiException 404 if there is no such user
     */
    public int deleteAll(String userId) {
        return run(call -> {
            call.need(User.TYPE, userId);
            return passkeys.forget(call, userId);
        });
    }

    /**
     * Begins to make a passkey. Let nobody begin who did not prove a moment ago who they are: a passkey opens the account
     * for as long as it is there.
     *
     * @throws ApiException 404 if there is no such user; 422 {@code too_many_passkeys} if the user has fifty
     */
    public Ceremony beginEnrollment(String userId, String binding) {
        return run(call -> {
            User user = call.get(User.TYPE, userId);
            Passkeys.Owner owner = new Passkeys.Owner(user.id(), user.email(), user.displayName());
            return passkeys.enroll(call, owner, binding);
        });
    }

    /**
     * Keeps the passkey that a browser made, and tells its owner by mail: it opens the account even after the password was
     * reset.
     *
     * @param answer {@code RegistrationResponseJSON}, as {@code credential.toJSON()} gives it
     * @param name what its owner will call it, 1 to 100 characters
     * @throws ApiException 400 {@code passkey_challenge_expired}, {@code passkey_challenge_previously_used} or {@code
     *     invalid_passkey} with the check that failed; 404 if there is no such user; 409 {@code
     *     passkey_already_registered}; 422 {@code too_many_passkeys}, or for the name
     */
    public Passkey finishEnrollment(String userId, String binding, String state, String answer, String name) {
        Passkeys.Open ceremony = passkeys.openEnrollment(env, userId, binding, state, engine.now());
        if (!run(call -> passkeys.spend(call, ceremony))) {
            throw passkeys.previouslyUsed();
        }
        return run(call -> {
            Passkey added = passkeys.add(call, ceremony, userId, answer, name);
            notices.passkeyAdded(call, call.get(User.TYPE, userId));
            return added;
        });
    }

    /** Begins a sign-in; whose, the passkey will say. */
    public Ceremony beginSignIn(String binding) {
        return passkeys.signIn(env, binding, engine.now());
    }

    /**
     * Signs in whoever proved a passkey. It verified its user, so it counts as both factors: no other is asked for. Emits
     * {@code authentication.passkey_succeeded} or {@code …_failed}.
     *
     * @param answer {@code AuthenticationResponseJSON}, as {@code credential.toJSON()} gives it
     * @param organizationId asked for; null for none in particular
     * @throws ApiException 400 {@code passkey_challenge_expired}, {@code passkey_challenge_previously_used}, {@code
     *     unknown_passkey}, or {@code invalid_passkey} with the check that failed; 429 after a hundred tries in a minute
     *     from one network
     */
    public Step finishSignIn(
            String binding, String state, String answer, @Nullable String organizationId, Source source) {
        return finishSignInTo(new Destination(clientId, organizationId, null), binding, state, answer, source);
    }

    /** As the other, to any destination; refuses invitations as {@link SignIn#password}. */
    public Step finishSignInTo(Destination to, String binding, String state, String answer, Source source) {
        Passkeys.Open ceremony = passkeys.openSignIn(env, binding, state, engine.now());
        boolean first = run(call -> {
            call.limit("passkey:network:" + source.network(), TRIES, TRIES_WINDOW);
            return passkeys.spend(call, ceremony);
        });
        Outcome<Step> outcome = run(call -> {
            Passkeys.Proof proof = first
                    ? passkeys.prove(call, ceremony, answer)
                    : new Passkeys.Proof(null, passkeys.previouslyUsed());
            return signedIn(call, proof, to, source);
        });
        return outcome.orThrow();
    }

    private Outcome<Step> signedIn(Call call, Passkeys.Proof proof, Destination to, Source source) {
        Passkey passkey = proof.passkey();
        User user =
                passkey == null ? null : call.hold(User.TYPE, passkey.userId()).orElse(null);
        ApiException refusal = proof.refusal();
        if (refusal != null || user == null) {
            ApiException why = refusal == null ? ApiException.notFound("User", "") : refusal;
            Authentications.failed(call, "passkey", user, user == null ? null : user.email(), source, why);
            return new Outcome.Refused<>(why);
        }
        Authentications.succeeded(call, "passkey", user, source);
        Proof both = Proof.of(Sessions.Method.PASSKEY).withSecondFactor();
        return new Outcome.Done<>(gates.first(call, user, both, to, source));
    }

    /**
     * Origins that share passkeys, for {@code /.well-known/webauthn} at the domain {@code passkey-rp-id} (WebAuthn Level 3
     * §5.11); empty if there is only one. The filter answers it by itself in an application at the root of its host.
     */
    public Set<String> relatedOrigins() {
        return passkeys.relatedOrigins();
    }

    private <T> T run(Function<Call, T> step) {
        return engine.run(env, Actor.SYSTEM, step);
    }
}
