package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Outcome;
import dev.gatehouse.factors.EnrollInput;
import dev.gatehouse.factors.Factor;
import dev.gatehouse.factors.Factors;
import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Second factors of people: in a sign-in that waits for one, and on the account page. What changes is told by mail. */
public final class SecondFactors {
    private final Engine engine;
    private final Factors factors;
    private final Gates gates;
    private final Notices notices;
    private final String issuer;

    /** @param issuer what apps call the service */
    SecondFactors(Engine engine, Factors factors, Gates gates, Notices notices, String issuer) {
        this.engine = engine;
        this.factors = factors;
        this.gates = gates;
        this.notices = notices;
        this.issuer = issuer;
    }

    /**
     * An authenticator app for this account, of which nothing is stored yet.
     *
     * @param secret base 32 of an earlier offer; null for a new one
     * @throws ApiException 422 if the secret is none
     */
    public Factors.Offer offer(String account, @Nullable String secret) {
        return secret == null
                ? factors.offer(issuer, account)
                : factors.offer(issuer, account, EnrollInput.secret(secret));
    }

    /**
     * With the answer to a challenge. A wrong one does not spend the token.
     *
     * @throws ApiException 400 {@code invalid_pending_authentication_token}, {@code invalid_one_time_code}, {@code
     *     one_time_code_expired}, {@code one_time_code_previously_used} or {@code one_time_code_too_many_attempts}; 429
     *     after ten tries in a minute for one challenge
     */
    public Step challenge(
            String env, String clientId, String pendingToken, String challengeId, String code, Source source) {
        return proceed(env, clientId, pendingToken, source, (call, user) -> {
            call.limit("authenticate:" + challengeId, 10, Duration.ofSeconds(60));
            return factors.verifyOf(call, user.id(), challengeId, code);
        });
    }

    /** With a code of any of the person's apps, as the page asks for it. Refuses as {@link #challenge}. */
    public Step code(String env, String clientId, String pendingToken, String code, Source source) {
        return proceed(env, clientId, pendingToken, source, (call, user) -> {
            call.limit("authenticate:mfa:" + user.id(), 10, Duration.ofSeconds(60));
            Outcome<Factor> last = new Outcome.Refused<>(OneTimeCodes.refusal(MailCodes.Result.NONE, user.email()));
            for (Factor factor : proved(call, user.id())) {
                String challenge = factors.challenge(call, factor.id()).id();
                last = factors.verifyOf(call, user.id(), challenge, code);
                if (last instanceof Outcome.Done) {
                    return last;
                }
            }
            return last;
        });
    }

    /** With one of the codes that the person wrote down. Refuses as {@link #challenge}. */
    public Step recovery(String env, String clientId, String pendingToken, String code, Source source) {
        return proceed(env, clientId, pendingToken, source, (call, user) -> {
            call.limit("authenticate:mfa:" + user.id(), 10, Duration.ofSeconds(60));
            Outcome<Integer> outcome = factors.useRecoveryCode(call, user.id(), code);
            if (outcome instanceof Outcome.Done) {
                notices.recoveryCodeUsed(call, user);
            }
            return outcome;
        });
    }

    /**
     * With a code of an app that is set up by it: a wrong one leaves no factor behind.
     *
     * @param secret base 32, as it was offered
     * @throws ApiException as {@link #challenge}
     */
    public Step enroll(String env, String clientId, String pendingToken, String secret, String code, Source source) {
        return engine.run(env, Actor.SYSTEM, call -> {
            PendingAuthentication pending = Gates.pending(call, clientId, pendingToken);
            User user = Gates.user(call, pending);
            add(call, user, secret, code);
            return done(call, pending, user, source);
        });
    }

    /**
     * Adds an app for somebody who is signed in, and gives recovery codes with the first one.
     *
     * @return recovery codes, shown this once; empty if the person has some
     * @throws ApiException as {@link #challenge}
     */
    public List<String> add(String env, String userId, String secret, String code) {
        return engine.run(env, Actor.SYSTEM, call -> {
            User user = call.need(User.TYPE, userId);
            call.limit("authenticate:mfa:" + userId, 10, Duration.ofSeconds(60));
            add(call, user, secret, code);
            return factors.recoveryCodesLeft(call, userId) == 0 ? factors.newRecoveryCodes(call, userId) : List.of();
        });
    }

    private void add(Call call, User user, String secret, String code) {
        EnrollInput input = new EnrollInput(user.id(), issuer, user.email(), EnrollInput.secret(secret));
        String made = factors.enroll(call, input).factor().id();
        factors.verifyOf(call, user.id(), factors.challenge(call, made).id(), code)
                .orThrow();
        notices.factorAdded(call, user);
    }

    /** The person's apps that were proved once. */
    public List<Factor> ofUser(String env, String userId) {
        return engine.run(env, Actor.SYSTEM, call -> proved(call, userId));
    }

    /** How many recovery codes the person has left. */
    public int recoveryCodesLeft(String env, String userId) {
        return engine.run(env, Actor.SYSTEM, call -> factors.recoveryCodesLeft(call, userId));
    }

    /** Other recovery codes instead of those the person has; shown this once. */
    public List<String> newRecoveryCodes(String env, String userId) {
        return engine.run(env, Actor.SYSTEM, call -> {
            List<String> codes = factors.newRecoveryCodes(call, userId);
            notices.recoveryCodesReplaced(call, call.need(User.TYPE, userId));
            return codes;
        });
    }

    /** Removes an app of this person; false if it is not theirs. */
    public boolean remove(String env, String userId, String factorId) {
        return engine.run(env, Actor.SYSTEM, call -> {
            List<Factor> mine = factors.ofUser(call, userId).stream()
                    .filter(factor -> factor.id().equals(factorId))
                    .toList();
            for (Factor factor : mine) {
                factors.delete(call, factor);
                notices.factorRemoved(call, call.need(User.TYPE, userId));
            }
            return !mine.isEmpty();
        });
    }

    private List<Factor> proved(Call call, String userId) {
        return factors.ofUser(call, userId).stream().filter(Factor::verified).toList();
    }

    private Step proceed(
            String env, String clientId, String pendingToken, Source source, BiFunction<Call, User, Outcome<?>> proof) {
        Outcome<Step> outcome = engine.run(env, Actor.SYSTEM, call -> {
            PendingAuthentication pending = Gates.pending(call, clientId, pendingToken);
            User user = Gates.user(call, pending);
            if (proof.apply(call, user) instanceof Outcome.Refused<?> refused) {
                Authentications.failed(call, "mfa", user, user.email(), source, refused.error());
                return new Outcome.Refused<Step>(refused.error());
            }
            return new Outcome.Done<>(done(call, pending, user, source));
        });
        return outcome.orThrow();
    }

    private Step done(Call call, PendingAuthentication pending, User user, Source source) {
        Gates.take(call, pending);
        Authentications.succeeded(call, "mfa", user, source);
        return gates.next(call, user, pending.progress().withSecondFactor(), source);
    }
}
