package dev.gatehouse.factors;

import dev.gatehouse.crypto.Totp;
import dev.gatehouse.engine.Call;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges an answer to a challenge. The factor's row is held from before anything is read until the transaction ends, so
 * answers to one factor are judged one after another on all nodes: no two see the same number of tries, and no two take
 * the same code (ATTACKS P10, P25, Q01).
 */
final class CodeCheck {
    private final TotpSecrets secrets;

    CodeCheck(TotpSecrets secrets) {
        this.secrets = secrets;
    }

    enum Verdict {
        /** There is no such challenge, or it is not this user's. */
        UNKNOWN,
        /** The challenge was answered rightly before. */
        SPENT,
        EXPIRED,
        /** Too many wrong answers, to the challenge or to the factor. */
        EXHAUSTED,
        WRONG,
        /** The code was right, but it or a later one was taken before. */
        USED,
        RIGHT
    }

    /**
     * A verdict.
     *
     * @param challenge as it is now; null if unknown
     * @param factor as it is now; null if unknown
     */
    record Result(
            Verdict verdict,
            @Nullable Challenge challenge,
            @Nullable Factor factor) {
        static final Result UNKNOWN = new Result(Verdict.UNKNOWN, null, null);
    }

    /**
     * Judges and keeps what follows from it: the caller commits, whatever the verdict is.
     *
     * @param userId whose factor it must be; null for anybody's. Another user's is not touched
     */
    Result check(Call call, @Nullable String userId, String challengeId, String code) {
        Factor factor = call.find(Challenge.TYPE, challengeId)
                .flatMap(c -> call.hold(Factor.TYPE, c.factorId()))
                .filter(f -> userId == null || userId.equals(f.userId()))
                .orElse(null);
        if (factor == null) {
            return Result.UNKNOWN;
        }
        Challenge challenge = call.hold(Challenge.TYPE, challengeId).orElse(null);
        TotpSecret secret =
                call.hold(TotpSecret.TYPE, TotpSecret.idOf(factor.id())).orElse(null);
        if (challenge == null || secret == null) {
            return Result.UNKNOWN;
        }
        if (challenge.verifiedAt() != null) {
            return new Result(Verdict.SPENT, challenge, factor);
        }
        if (!call.now().isBefore(challenge.expiresAt())) {
            return new Result(Verdict.EXPIRED, challenge, factor);
        }
        if (challenge.wrong() >= Challenge.MOST_WRONG || secret.tries().exhausted(call.now())) {
            return new Result(Verdict.EXHAUSTED, challenge, factor);
        }
        Optional<Totp> totp = secrets.open(secret);
        List<Long> steps = totp.map(t -> t.steps(code, call.now())).orElse(List.of());
        Optional<Long> fresh =
                steps.stream().filter(step -> step > secret.lastStep()).findFirst();
        return fresh.isPresent()
                ? right(call, factor, challenge, secret, fresh.get())
                : wrong(call, factor, challenge, secret, steps.isEmpty() ? Verdict.WRONG : Verdict.USED);
    }

    private Result right(Call call, Factor factor, Challenge challenge, TotpSecret secret, long step) {
        call.update(TotpSecret.TYPE, secret.id(), s -> secrets.current(s).spent(step));
        Challenge answered = call.update(Challenge.TYPE, challenge.id(), c -> c.verified(call.now()));
        Factor known =
                factor.verified() ? factor : call.updateSilently(Factor.TYPE, factor.id(), f -> f.verified(call.now()));
        return new Result(Verdict.RIGHT, answered, known);
    }

    private static Result wrong(Call call, Factor factor, Challenge challenge, TotpSecret secret, Verdict verdict) {
        call.update(TotpSecret.TYPE, secret.id(), s -> s.failed(call.now()));
        return new Result(verdict, call.update(Challenge.TYPE, challenge.id(), Challenge::failed), factor);
    }
}
