package dev.gatehouse.passkeys;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Config;
import dev.gatehouse.crypto.Base64Url;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Area;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Json;
import dev.gatehouse.engine.Lazy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The area of passkeys. Begins and judges ceremonies, and keeps what they make; whom a passkey signs in, identity says.
 * Methods with a {@link Call} work inside the caller's transaction.
 *
 * <p>A ceremony is begun, its state opened again with the answer, its challenge spent in a transaction of its own so that
 * nothing that fails later gives it back, and then judged.
 */
public final class Passkeys implements Area {
    /** More than anybody has; fewer than would make a browser's list of known ones long. */
    static final int MOST_OF_A_USER = 50;

    private static final int LONGEST_NAME = 100;

    private final @Nullable RelyingParty relyingParty;
    private final Json json;
    private final Challenges challenges;
    private final Lazy<Verifier> verifier;
    private final Options options;
    private final Owners owners;

    /** What this area asks about users. */
    @FunctionalInterface
    public interface Owners {
        /** Holds the user's row until the transaction ends; false if there is none. */
        boolean hold(Call call, String userId);
    }

    /** Whose passkey is to be made, as browsers show it. */
    public record Owner(String userId, String account, String displayName) {}

    /** A ceremony that its answer goes on with; spend it first. */
    public static final class Open {
        private final Challenges.Running challenge;

        private Open(Challenges.Running challenge) {
            this.challenge = challenge;
        }
    }

    /**
     * What an answer to a sign-in came to.
     *
     * @param passkey the one that the answer names; null if nobody has it
     * @param refusal why it proves nobody; null if it proves the passkey's owner
     */
    public record Proof(@Nullable Passkey passkey, @Nullable ApiException refusal) {}

    public Passkeys(Config config, Json json, Envelope envelope, RandomTokens random, Owners owners) {
        this.relyingParty = RelyingParty.of(config).orElse(null);
        this.json = json;
        this.challenges = new Challenges(envelope, random);
        this.verifier = new Lazy<>(() -> new Verifier(json));
        this.options = new Options(json);
        this.owners = owners;
    }

    @Override
    public List<EntityType<?>> types() {
        return List.of(Passkey.TYPE);
    }

    /** Passkeys from files. */
    public PortablePasskeys portable() {
        return new PortablePasskeys(verifier);
    }

    /** Whether people can sign in with passkeys here. */
    public boolean on() {
        return relyingParty != null;
    }

    /** Origins that share passkeys, as browsers look them up at the relying party's domain; empty if there is only one. */
    public Set<String> relatedOrigins() {
        return relyingParty == null || relyingParty.origins().size() < 2 ? Set.of() : relyingParty.origins();
    }

    private RelyingParty rp() {
        if (relyingParty == null) {
            throw Refusals.off();
        }
        return relyingParty;
    }

    /** Begins to make a passkey. What the person has already is excluded, so that no authenticator makes a second. */
    public Ceremony enroll(Call call, Owner owner, String binding) {
        RelyingParty rp = rp();
        List<Passkey> known = ofUser(call, owner.userId());
        if (known.size() >= MOST_OF_A_USER) {
            throw Refusals.tooMany();
        }
        Challenges.Running challenge = challenges.fresh(call.now());
        return new Ceremony(
                options.create(rp, challenge, owner, known),
                challenges.seal(enrolling(call.env(), owner.userId(), binding), challenge));
    }

    /** Begins a sign-in. It names no passkeys, so it is the same for everybody. */
    public Ceremony signIn(String env, String binding, Instant now) {
        Challenges.Running challenge = challenges.fresh(now);
        return new Ceremony(options.get(rp(), challenge), challenges.seal(signingIn(env, binding), challenge));
    }

    /**
     * Opens a ceremony that {@link #enroll} began.
     *
     * @throws ApiException 400 {@code passkey_challenge_expired} for any other, another user's or binding's among them
     */
    public Open openEnrollment(String env, String userId, String binding, String state, Instant now) {
        return open(enrolling(env, userId, binding), state, now);
    }

    /** As {@link #openEnrollment}, of one that {@link #signIn} began. */
    public Open openSignIn(String env, String binding, String state, Instant now) {
        return open(signingIn(env, binding), state, now);
    }

    private Open open(Challenges.Use use, String state, Instant now) {
        rp();
        return challenges.open(use, state, now).map(Open::new).orElseThrow(Refusals::ended);
    }

    private static Challenges.Use enrolling(String env, String userId, String binding) {
        return new Challenges.Use(env, "enroll:" + userId, binding);
    }

    private static Challenges.Use signingIn(String env, String binding) {
        return new Challenges.Use(env, "sign-in", binding);
    }

    /** Spends the challenge: true for exactly one of any number of callers. */
    public boolean spend(Call call, Open ceremony) {
        return Challenges.spend(call, ceremony.challenge);
    }

    /** What answers a challenge that was spent before. */
    public ApiException previouslyUsed() {
        return Refusals.spent();
    }

    /**
     * Keeps the passkey that an answer made.
     *
     * @param name what its owner will call it
     * @throws ApiException 400 {@code invalid_passkey}; 404 if there is no such user; 409 {@code
     *     passkey_already_registered}, by whomever; 422 {@code too_many_passkeys}, or for a name that is empty or too long
     */
    public Passkey add(Call call, Open ceremony, String userId, String answer, String name) {
        String called = name(name);
        Credential credential = Credential.of(json, answer);
        Verifier.Made made = verifier.get().made(rp(), ceremony.challenge, credential);
        if (!owners.hold(call, userId)) {
            throw ApiException.notFound("User", userId);
        }
        if (ofUser(call, userId).size() >= MOST_OF_A_USER) {
            throw Refusals.tooMany();
        }
        return call.create(
                Passkey.TYPE,
                new Passkey(
                        call.newId(Passkey.TYPE),
                        userId,
                        made.credentialId(),
                        made.publicKey(),
                        made.algorithm(),
                        made.signCount(),
                        List.copyOf(credential.transports()),
                        made.aaguid(),
                        made.backupEligible(),
                        made.backedUp(),
                        called,
                        null,
                        call.now(),
                        call.now()));
    }

    /** Judges an answer to a sign-in. A right one is noted in the passkey; its owner's row is held. */
    public Proof prove(Call call, Open ceremony, String answer) {
        Passkey passkey = null;
        try {
            Credential credential = Credential.of(json, answer);
            String id = Base64Url.encode(credential.id());
            passkey = held(call, id).orElseThrow(() -> Refusals.unknown(id));
            Verifier.Used used = verifier.get().used(rp(), ceremony.challenge, credential, passkey);
            Passkey now = call.updateSilently(
                    Passkey.TYPE, passkey.id(), p -> p.used(call.now(), used.signCount(), used.backedUp()));
            return new Proof(now, null);
        } catch (ApiException e) {
            return new Proof(passkey, e);
        }
    }

    /** Owner before passkey, as everybody holds them. */
    private Optional<Passkey> held(Call call, String credentialId) {
        return call.findBy(Passkey.TYPE, "credential_id", credentialId)
                .filter(found -> owners.hold(call, found.userId()))
                .flatMap(found -> call.hold(Passkey.TYPE, found.id()));
    }

    /** Passkeys of a user, oldest first. */
    public List<Passkey> ofUser(Call call, String userId) {
        return call.all(Passkey.TYPE, "user_id", userId);
    }

    /**
     * Gives a passkey another name.
     *
     * @throws ApiException 404 if it is not this user's; 422 for a name that is empty or too long
     */
    public Passkey rename(Call call, String userId, String passkeyId, String name) {
        String called = name(name);
        need(call, userId, passkeyId);
        return call.update(Passkey.TYPE, passkeyId, p -> p.named(called));
    }

    /**
     * Removes a passkey.
     *
     * @throws ApiException 404 if it is not this user's
     */
    public void delete(Call call, String userId, String passkeyId) {
        call.delete(Passkey.TYPE, need(call, userId, passkeyId));
    }

    private static Passkey need(Call call, String userId, String passkeyId) {
        return call.hold(Passkey.TYPE, passkeyId)
                .filter(p -> p.userId().equals(userId))
                .orElseThrow(() -> ApiException.notFound(Passkey.TYPE.title(), passkeyId));
    }

    /** Removes all passkeys of a user; how many there were. */
    public int forget(Call call, String userId) {
        List<Passkey> all = ofUser(call, userId);
        all.forEach(p -> call.delete(Passkey.TYPE, p));
        return all.size();
    }

    static String name(String typed) {
        String name = typed.strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw ApiException.invalid(
                    "name", "invalid_passkey_name", "A passkey's name has 1 to " + LONGEST_NAME + " characters.");
        }
        return name;
    }
}
