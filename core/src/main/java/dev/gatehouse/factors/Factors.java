package dev.gatehouse.factors;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.crypto.RevealSecret;
import dev.gatehouse.crypto.Secret;
import dev.gatehouse.crypto.Totp;
import dev.gatehouse.engine.Area;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.EntityType;
import dev.gatehouse.engine.Outcome;
import dev.gatehouse.engine.Routes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The area of second factors: authenticator apps, challenges, recovery codes. Every method works inside the caller's
 * transaction. A refusal that counts a try is returned as {@link Outcome.Refused}: commit, then answer it.
 */
public final class Factors implements Area {
    /** More apps than anybody has; fewer than would make a sign-in slow. */
    public static final int MOST_OF_A_USER = 20;

    private final RandomTokens random;
    private final Owners owners;
    private final TotpSecrets secrets;
    private final CodeCheck check;
    private final Recovery recovery;

    /** What this area asks about users. */
    @FunctionalInterface
    public interface Owners {
        /** Holds the user's row until the transaction ends; false if there is none. */
        boolean hold(Call call, String userId);
    }

    /**
     * An answer to a challenge that counted.
     *
     * @param challenge as it is now
     * @param valid whether the code was right
     */
    public record Verification(Challenge challenge, boolean valid) {}

    public Factors(Envelope envelope, RandomTokens random, Owners owners) {
        this.random = random;
        this.owners = owners;
        secrets = new TotpSecrets(envelope);
        check = new CodeCheck(secrets);
        recovery = new Recovery(envelope, random);
    }

    @Override
    public List<EntityType<?>> types() {
        return List.of(Factor.TYPE);
    }

    @Override
    public void routes(Routes r) {
        new FactorOperations(this).routes(r);
    }

    /** Factors of a user, oldest first, also those that are not {@link Factor#verified()} yet. */
    public List<Factor> ofUser(Call call, String userId) {
        return call.all(Factor.TYPE, "user_id", userId);
    }

    /**
     * Enrolls an authenticator app. The user's row, if there is a user, is held until the transaction ends.
     *
     * @throws ApiException 422 {@code totp_issuer_invalid}, {@code totp_user_too_long} …, {@code user_not_found}, or
     *     {@code too_many_factors} when the user has twenty
     */
    public Enrolled enroll(Call call, EnrollInput input) {
        input.check();
        String userId = input.userId();
        if (userId != null) {
            if (!owners.hold(call, userId)) {
                throw ApiException.invalid("user_id", "user_not_found", "User not found: '" + userId + "'.");
            }
            if (ofUser(call, userId).size() >= MOST_OF_A_USER) {
                throw ApiException.invalid(
                        "user_id", "too_many_factors", "A user has at most " + MOST_OF_A_USER + " factors.");
            }
        }
        Factor factor = call.create(
                Factor.TYPE,
                new Factor(
                        call.newId(Factor.TYPE),
                        Factor.TOTP,
                        userId,
                        input.issuer(),
                        input.account(),
                        null,
                        call.now(),
                        call.now()));
        Totp totp = input.secret() == null ? Totp.fresh(random) : input.secret();
        secrets.store(call, factor.id(), totp);
        return new Enrolled(factor, totp.base32(), totp.uri(input.issuer(), input.account()));
    }

    /**
     * Enrolls an app that was in use elsewhere: it is asked for its code from the first sign-in on.
     *
     * @throws ApiException as {@link #enroll}
     */
    public void adopt(Call call, EnrollInput inUse) {
        Factor factor = enroll(call, inUse).factor();
        call.updateSilently(Factor.TYPE, factor.id(), f -> f.verified(call.now()));
    }

    /** The secret of a factor, to be taken to another system; empty if it opens under none of the root keys. */
    public Optional<Secret> exported(Call call, Factor factor) {
        return call.find(TotpSecret.TYPE, TotpSecret.idOf(factor.id()))
                .flatMap(secrets::open)
                .map(Totp::base32);
    }

    /**
     * What a person needs to set up an app, before anything is stored of it.
     *
     * @param secret base 32
     * @param qrCode picture of the {@code otpauth} URI, a data URI
     */
    public record Offer(Secret secret, String qrCode) {}

    /**
     * Offers a new secret. Some milliseconds of work, so not inside a transaction.
     *
     * @param issuer as in {@link EnrollInput}
     * @param account as in {@link EnrollInput}
     */
    public Offer offer(String issuer, String account) {
        return offer(issuer, account, Totp.fresh(random));
    }

    /** As the other, for a secret that was offered before. */
    public Offer offer(String issuer, String account, Totp totp) {
        return new Offer(
                totp.base32(), QrImage.dataUri(totp.uri(issuer, account).text(RevealSecret.access())));
    }

    /**
     * Asks a factor for its code. The answer is due within ten minutes.
     *
     * @throws ApiException 404 if there is no such factor
     */
    public Challenge challenge(Call call, String factorId) {
        Factor factor = call.need(Factor.TYPE, factorId);
        return call.create(
                Challenge.TYPE,
                new Challenge(
                        call.newId(Challenge.TYPE),
                        factor.id(),
                        call.now().plus(Challenge.LIFE),
                        0,
                        null,
                        call.now(),
                        call.now()));
    }

    /**
     * Judges an answer to any challenge of this environment. A wrong code is done, with {@code valid} false; refused are
     * 404, 422 for a challenge that was answered rightly or has expired, and 400 {@code one_time_code_too_many_attempts}
     * after five wrong codes for the challenge, or thirty in a day for the factor.
     */
    public Outcome<Verification> verify(Call call, String challengeId, String code) {
        CodeCheck.Result result = check.check(call, null, challengeId, code);
        return switch (result.verdict()) {
            case RIGHT, WRONG, USED ->
                new Outcome.Done<>(new Verification(
                        Objects.requireNonNull(result.challenge()), result.verdict() == CodeCheck.Verdict.RIGHT));
            case UNKNOWN -> new Outcome.Refused<>(ApiException.notFound(Challenge.TYPE.title(), challengeId));
            case SPENT ->
                new Outcome.Refused<>(ApiException.of(
                        422,
                        "authentication_challenge_previously_verified",
                        "The authentication challenge '" + challengeId + "' has already been verified."));
            case EXPIRED ->
                new Outcome.Refused<>(ApiException.of(
                        422,
                        "authentication_challenge_expired",
                        "The authentication challenge '" + challengeId + "' has expired."));
            case EXHAUSTED -> new Outcome.Refused<>(Refusals.exhausted());
        };
    }

    /**
     * Judges an answer to a challenge of one of this user's factors; the factor if it is right. Everything else is
     * refused with 400, in the words of a sign-in: {@code invalid_one_time_code} also for a challenge that is unknown or
     * another user's, which is not touched (ATTACKS P29), {@code one_time_code_previously_used}, {@code
     * one_time_code_expired}, {@code one_time_code_too_many_attempts}.
     */
    public Outcome<Factor> verifyOf(Call call, String userId, String challengeId, String code) {
        CodeCheck.Result result = check.check(call, userId, challengeId, code);
        return switch (result.verdict()) {
            case RIGHT -> new Outcome.Done<>(Objects.requireNonNull(result.factor()));
            case WRONG, UNKNOWN -> new Outcome.Refused<>(Refusals.wrong());
            case USED, SPENT -> new Outcome.Refused<>(Refusals.used());
            case EXPIRED -> new Outcome.Refused<>(Refusals.expired());
            case EXHAUSTED -> new Outcome.Refused<>(Refusals.exhausted());
        };
    }

    /**
     * Ten new recovery codes of ten characters, instead of all that the user had. They can be seen this once.
     *
     * @throws ApiException 404 if there is no such user
     */
    public List<String> newRecoveryCodes(Call call, String userId) {
        if (!owners.hold(call, userId)) {
            throw ApiException.notFound("User", userId);
        }
        return recovery.renew(call, userId);
    }

    /**
     * Takes a recovery code, in either case and with or without spaces and hyphens; how many are left. Refused with 400
     * {@code invalid_one_time_code}, or {@code one_time_code_too_many_attempts} after thirty wrong ones in a day.
     */
    public Outcome<Integer> useRecoveryCode(Call call, String userId, String code) {
        return recovery.use(call, userId, code);
    }

    /** How many recovery codes a user has left. */
    public int recoveryCodesLeft(Call call, String userId) {
        return Recovery.left(call, userId);
    }

    /** Removes a factor with its challenges, and the recovery codes with the user's last factor. */
    public void delete(Call call, Factor factor) {
        if (call.hold(Factor.TYPE, factor.id()).isEmpty()) {
            return;
        }
        call.all(Challenge.TYPE, "factor_id", factor.id()).forEach(c -> call.delete(Challenge.TYPE, c));
        TotpSecrets.delete(call, factor.id());
        call.delete(Factor.TYPE, factor);
        String userId = factor.userId();
        if (userId != null && ofUser(call, userId).isEmpty()) {
            Recovery.forget(call, userId);
        }
    }

    /** Removes everything of a user who goes. */
    public void forget(Call call, String userId) {
        ofUser(call, userId).forEach(factor -> delete(call, factor));
        Recovery.forget(call, userId);
    }

    /**
     * Seals everything of an environment under the root key that seals now, so that older ones can be taken away. Goes
     * through it in small transactions; harmless to run again.
     */
    public void reseal(Engine engine, String env) {
        engine.rewrite(env, TotpSecret.TYPE, secrets::current);
        engine.rewrite(env, RecoveryCodes.TYPE, recovery::current);
    }
}
