package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Proves people. The REST grants and the hosted pages both come here, so that every check holds on every way in. What is
 * still to do after a proved credential, {@link Gates} says.
 */
public final class SignIn {
    private static final Duration CODE = Duration.ofMinutes(10);
    /** What spent a code whose sign-in still needs a step. */
    private static final String PENDING = "pending";

    private static final int TRIES = 10;
    private static final int SIGN_UPS = 30;
    private static final Duration SIGN_UPS_WINDOW = Duration.ofMinutes(10);
    private static final Duration TRIES_WINDOW = Duration.ofSeconds(60);

    private final Engine engine;
    private final Passwords passwords;
    private final Sessions sessions;
    private final Affiliations affiliations;
    private final Gates gates;
    private final Sessions.Policies policies;
    private final MailCodes codes;
    private final MailboxProof proof;
    private final RandomTokens random;
    private final List<String> methods;
    private final boolean signUp;

    SignIn(
            Engine engine,
            Passwords passwords,
            Sessions sessions,
            Affiliations affiliations,
            Gates gates,
            Sessions.Policies policies,
            MailCodes codes,
            MailboxProof proof,
            RandomTokens random,
            Config config) {
        this.engine = engine;
        this.passwords = passwords;
        this.sessions = sessions;
        this.affiliations = affiliations;
        this.gates = gates;
        this.policies = policies;
        this.codes = codes;
        this.proof = proof;
        this.random = random;
        this.methods = config.get(Setting.SIGN_IN_METHODS);
        this.signUp = config.get(Setting.SIGN_UP);
    }

    /** Whether people may sign in this way, as the setting {@code sign-in-methods} calls it. */
    public boolean allows(String method) {
        return methods.contains(method);
    }

    /**
     * Counts a try to sign up. The page has to say that an address is taken, so nobody may ask it without end (ATTACKS
     * E02).
     *
     * @throws ApiException 429 after thirty tries in ten minutes from one network
     */
    public void countSignUp(String env, Source source) {
        engine.run(env, Actor.SYSTEM, call -> {
            call.limit("sign-up:" + source.network(), SIGN_UPS, SIGN_UPS_WINDOW);
            return true;
        });
    }

    /** Counts a try to prove somebody: before the check and never given back, so that parallel guesses count (P10). */
    static void countTry(Call call, String email) {
        call.limit("authenticate:" + Digest.of("email", Email.fold(email)), TRIES, TRIES_WINDOW);
    }

    /**
     * Checks a password. Unknown user, no password and wrong password give one answer at one cost.
     *
     * @throws ApiException 400 {@code invalid_credentials}; 400 {@code invitation_invalid} or {@code
     *     invitation_cannot_be_used_for_email}; 403 {@code email_password_auth_disabled}; 429 after ten tries in a minute
     *     for one address; 503 when too many passwords are being hashed
     */
    public Step password(String env, Destination to, String email, String password, Source source) {
        if (!allows("password")) {
            throw ApiException.of(403, "email_password_auth_disabled", "Signing in with a password is switched off.")
                    .in(ApiException.Dialect.MANAGEMENT);
        }
        ApiException refusal = ApiException.of(400, "invalid_credentials", "Invalid credentials for '" + email + "'.")
                .in(ApiException.Dialect.MANAGEMENT);
        if (!Email.valid(email)) {
            // nobody can have it: there is nothing to look up, and a text of any length must not reach an event
            throw refusal;
        }
        record Known(@Nullable User user, @Nullable String hash) {
            @Override
            public String toString() {
                return "Known";
            }
        }
        Known known = engine.run(env, Actor.SYSTEM, call -> {
            countTry(call, email);
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
                Authentications.failed(call, "password", known.user, email, source, refusal);
                return new Outcome.Refused<Step>(refusal);
            }
            if (better != null) {
                Passwords.store(call, user.id(), better);
            }
            Authentications.succeeded(call, "password", user, source);
            return new Outcome.Done<>(gates.first(call, user, Proof.of(Sessions.Method.PASSWORD), to, source));
        });
        return outcome.orThrow();
    }

    /**
     * Mails a code that signs in. Somebody who is not known gets an account, if people may make one themselves or the
     * person was invited.
     *
     * @param invitationToken null for none
     * @throws ApiException 400 {@code authentication_method_not_allowed}; 400 {@code sign_up_not_allowed} if nobody has
     *     the address and accounts are by invitation; 400 for an invitation as {@link #password}; 422 if it is no
     *     address; 429
     */
    MailCode sendCode(Call call, String email, @Nullable String invitationToken) {
        if (!allows("magic-code")) {
            throw ApiException.oauth(
                    400, "authentication_method_not_allowed", "Signing in with a code by mail is switched off.");
        }
        if (!Email.valid(email)) {
            throw ApiException.invalid("email", "invalid_email", "Email is not a valid e-mail address.");
        }
        User user = call.holdBy(User.TYPE, "email", email).orElse(null);
        if (user == null && !signUp && invitationToken == null) {
            throw ApiException.oauth(400, "sign_up_not_allowed", "Nobody has this address.");
        }
        if (user == null) {
            user = call.create(User.TYPE, User.of(call.newId(User.TYPE), email, call.now()));
        }
        gates.invited(call, user, invitationToken);
        return codes.issue(call, MailCode.Purpose.MAGIC_AUTH, user, user.email());
    }

    /**
     * As the page does it: whether somebody has the address is not told (ATTACKS E02).
     *
     * @throws ApiException 429 for one network or mailbox
     */
    public void sendCode(String env, String email, @Nullable String invitationToken, Source source) {
        engine.run(env, Actor.SYSTEM, call -> {
            call.limit("send-code:network:" + source.network(), 20, Duration.ofMinutes(10));
            return true;
        });
        try {
            engine.run(env, Actor.SYSTEM, call -> sendCode(call, email, invitationToken));
        } catch (ApiException e) {
            if (e.status() == 429) {
                throw e;
            }
            // nobody has it, or nobody can: the page says the same as ever
        }
    }

    /**
     * Checks a code that was mailed to sign in; it proves the mailbox too.
     *
     * @throws ApiException 400 {@code invalid_one_time_code}, {@code one_time_code_expired}, {@code
     *     one_time_code_previously_used} or {@code one_time_code_too_many_attempts}; 400 for an invitation as {@link
     *     #password}; 429 after ten tries in a minute
     */
    public Step magicCode(String env, Destination to, String email, String code, Source source) {
        if (!Email.valid(email)) {
            throw OneTimeCodes.refusal(MailCodes.Result.NONE, email);
        }
        Outcome<Step> outcome = engine.run(env, Actor.SYSTEM, call -> {
            countTry(call, email);
            User user = call.holdBy(User.TYPE, "email", email).orElse(null);
            MailCodes.Result result =
                    user == null ? MailCodes.Result.NONE : codes.redeem(call, MailCode.Purpose.MAGIC_AUTH, user, code);
            if (user == null || result != MailCodes.Result.RIGHT) {
                ApiException refusal = OneTimeCodes.refusal(result, email);
                Authentications.failed(call, "magic_auth", user, email, source, refusal);
                return new Outcome.Refused<Step>(refusal);
            }
            Authentications.succeeded(call, "magic_auth", user, source);
            User proved = proof.byStranger(call, user);
            return new Outcome.Done<>(gates.first(call, proved, Proof.of(Sessions.Method.MAGIC_CODE), to, source));
        });
        return outcome.orThrow();
    }

    /**
     * Continues a sign-in with the code that proves its address. A wrong code does not spend the token.
     *
     * @throws ApiException 400 {@code invalid_pending_authentication_token}, or as {@link #magicCode}
     */
    public Step verifyEmail(String env, String clientId, String pendingToken, String code, Source source) {
        Outcome<Step> outcome = engine.run(env, Actor.SYSTEM, call -> {
            PendingAuthentication pending = Gates.pending(call, clientId, pendingToken);
            User user = Gates.user(call, pending);
            countTry(call, user.email());
            MailCodes.Result result = codes.redeem(call, MailCode.Purpose.EMAIL_VERIFICATION, user, code);
            if (result != MailCodes.Result.RIGHT) {
                ApiException refusal = OneTimeCodes.refusal(result, user.email());
                Authentications.failed(call, "email_verification", user, user.email(), source, refusal);
                return new Outcome.Refused<Step>(refusal);
            }
            Gates.take(call, pending);
            Authentications.succeeded(call, "email_verification", user, source);
            // who came from a provider has proved no other credential of this account
            Gates.Progress at = pending.progress();
            User proved = at.claimsMailbox() ? proof.byStranger(call, user) : proof.byOwner(call, user);
            return new Outcome.Done<>(gates.next(call, proved, at.withMailbox(), source));
        });
        return outcome.orThrow();
    }

    /**
     * Mails another code for a sign-in that waits for one.
     *
     * @throws ApiException 400 {@code invalid_pending_authentication_token}; 429 for one mailbox
     */
    public void sendVerification(String env, String clientId, String pendingToken) {
        engine.run(env, Actor.SYSTEM, call -> {
            User user = Gates.user(call, Gates.pending(call, clientId, pendingToken));
            return codes.issue(call, MailCode.Purpose.EMAIL_VERIFICATION, user, user.email());
        });
    }

    /**
     * Continues a sign-in with the organization that was chosen. A wrong choice does not spend the token.
     *
     * @throws ApiException 400 {@code invalid_pending_authentication_token} or {@code invalid_organization_id}
     */
    public Step chooseOrganization(
            String env, String clientId, String pendingToken, String organizationId, Source source) {
        return engine.run(env, Actor.SYSTEM, call -> {
            PendingAuthentication pending = Gates.pending(call, clientId, pendingToken);
            User user = Gates.user(call, pending);
            if (affiliations.standing(call, user.id(), organizationId).isEmpty()) {
                throw ApiException.of(
                                400,
                                "invalid_organization_id",
                                "The user is not an active member of that organization.")
                        .in(ApiException.Dialect.MANAGEMENT);
            }
            Gates.take(call, pending);
            return gates.next(call, user, pending.progress().in(organizationId), source);
        });
    }

    /** The organizations that a pending sign-in may choose; empty if it has ended. */
    public List<Affiliations.Choice> choices(String env, String clientId, String pendingToken) {
        return engine.run(
                env,
                Actor.SYSTEM,
                call -> affiliations.active(
                        call, Gates.pending(call, clientId, pendingToken).userId()));
    }

    /** A code for a finished sign-in, to be exchanged by the application. Returns the code. */
    String code(
            Call call, Proof proof, User user, Authorization request, @Nullable String organizationId, Source source) {
        String code = random.base62(43);
        call.create(
                AuthorizationCode.TYPE,
                new AuthorizationCode(
                        call.newId(AuthorizationCode.TYPE),
                        Digest.of("authorization_code", code),
                        request.clientId(),
                        user.id(),
                        organizationId,
                        proof,
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
    Outcome<Step> exchange(Call call, Destination to, String code, @Nullable String verifier, Source source) {
        ApiException refusal =
                ApiException.oauth(400, "invalid_grant", "The code '" + code + "' has expired or is invalid.");
        AuthorizationCode found = call.holdBy(AuthorizationCode.TYPE, "digest", Digest.of("authorization_code", code))
                .filter(c -> c.clientId().equals(to.clientId()) && call.now().isBefore(c.expiresAt()))
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
        Affiliations.Invited invited = gates.invited(call, user, to.invitationToken());
        // the pages have asked all there is to ask, unless none was shown or the invitation is news
        boolean decided = invited == null && found.proof().impersonator() == null;
        Step step = decided
                ? new Step.Finished(
                        sessions.start(call, user, to.clientId(), found.proof(), found.organizationId(), from))
                : gates.next(
                        call,
                        user,
                        new Gates.Progress(to.clientId(), found.proof(), found.organizationId(), invited, null),
                        from);
        String spentBy = step instanceof Step.Finished finished
                ? finished.grant().session().id()
                : PENDING;
        call.updateSilently(AuthorizationCode.TYPE, found.id(), c -> c.spent(spentBy));
        return new Outcome.Done<>(step);
    }

    /**
     * Signs in whom an identity provider proved, in the transaction that spent the provider's word. Who is not known gets an
     * account; who has the address already is taken for the same person only if the mailbox is proved, by the provider that
     * owns it or by a code that is mailed.
     *
     * @throws ApiException 400 {@code sign_up_not_allowed} if nobody has the address and accounts are by invitation; 400 for
     *     an invitation as {@link #password}; 403 {@code profile_not_allowed_outside_organization}
     */
    public Step federated(Call call, Federated said, Destination to, Source source) {
        boolean mailbox = said.mailbox() || said.userId() != null;
        User user = said.userId() == null
                ? null
                : call.hold(User.TYPE, said.userId()).orElse(null);
        if (user == null) {
            user = call.holdBy(User.TYPE, "email", said.email()).orElse(null);
            if (user != null && mailbox) {
                user = proof.byStranger(call, user);
            }
        }
        if (user == null) {
            if (!said.mayJoin() && !signUp && to.invitationToken() == null) {
                throw ApiException.oauth(400, "sign_up_not_allowed", "Nobody has this address.");
            }
            User made = User.of(call.newId(User.TYPE), said.email(), call.now())
                    .called(said.firstName(), said.lastName(), said.name());
            user = call.create(User.TYPE, mailbox ? made.at(made.email()) : made);
        }
        Proof proved = new Proof(said.method(), false, null, null, said.profileId());
        return gates.first(call, user, proved, new Federated.Claim(said.profileId(), mailbox), to, source);
    }

    /**
     * The invitation of a token, for the page that asks whether to accept it.
     *
     * @throws ApiException 400 {@code invitation_invalid}
     */
    public Affiliations.Invited invited(String env, String token) {
        return engine.run(env, Actor.SYSTEM, call -> affiliations.invited(call, token));
    }

    /**
     * Who is to be acted as, and by whom; what a link of {@link Impersonations} leads to.
     *
     * @param user held by nobody
     */
    public record Impersonation(User user, Impersonator by) {}

    /** What a code of {@link Impersonations} is for; empty if it is spent, over, or another code. */
    public Optional<Impersonation> impersonation(String env, String code) {
        return engine.run(
                env,
                Actor.SYSTEM,
                call -> call.findBy(AuthorizationCode.TYPE, "digest", Digest.of("authorization_code", code))
                        .filter(found -> found.spentBy() == null && call.now().isBefore(found.expiresAt()))
                        .flatMap(found -> Optional.ofNullable(found.proof().impersonator())
                                .flatMap(by -> call.find(User.TYPE, found.userId())
                                        .map(user -> new Impersonation(user, by)))));
    }

    /**
     * Begins to act as a user.
     *
     * @throws ApiException 400 {@code invalid_grant} if the code is spent, over, or another code
     */
    public Step impersonate(String env, String clientId, String code, Source source) {
        if (impersonation(env, code).isEmpty()) {
            throw ApiException.oauth(400, "invalid_grant", "The code has expired or is invalid.");
        }
        return engine.run(
                        env,
                        Actor.SYSTEM,
                        call -> exchange(call, new Destination(clientId, null, null), code, null, source))
                .orThrow();
    }

    /** Whether somebody with this address may accept an invitation. */
    public boolean fits(Affiliations.Invited invited, String email) {
        return affiliations.fits(invited, email);
    }

    /** Exchanges a refresh token, see {@link Sessions#refresh}; what policies demand now comes first. */
    Outcome<Step> refresh(Call call, String token, String clientId, @Nullable String organizationId) {
        return sessions.refresh(call, token, clientId, organizationId, policies);
    }
}
