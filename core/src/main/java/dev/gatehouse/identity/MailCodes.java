package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Call;
import dev.gatehouse.mail.Mails;
import dev.gatehouse.mail.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes, mails and checks codes. Five wrong tries end a code, and a hundred in a day end the guessing for the person: one
 * chance in ten thousand (ATTACKS P12).
 */
final class MailCodes {
    /** How long a code is good for. */
    static final Duration LIFE = Duration.ofMinutes(10);

    private static final int MOST_WRONG_A_DAY = 100;
    private static final int SENDS = 3;
    private static final Duration SENDS_WINDOW = Duration.ofSeconds(60);
    private static final int SENDS_AN_HOUR = 20;

    private final Envelope envelope;
    private final RandomTokens random;
    private final Mails mails;

    MailCodes(Envelope envelope, RandomTokens random, Mails mails) {
        this.envelope = envelope;
        this.random = random;
        this.mails = mails;
    }

    /** How a try ended; all but {@code RIGHT} are refusals, whose traces the caller's transaction must keep. */
    enum Result {
        RIGHT,
        WRONG,
        EXPIRED,
        SPENT,
        TOO_MANY,
        /** There is no code to compare with. */
        NONE
    }

    /**
     * Makes and mails a code; every earlier one of its purpose is void.
     *
     * @param user held by the caller, so that two codes made at once are one after the other
     * @param email where it goes
     * @throws ApiException 429 for the fourth in a minute to one mailbox, or the twenty-first in an hour
     */
    MailCode issue(Call call, MailCode.Purpose purpose, User user, String email) {
        String kind = purpose.type().kind();
        limitSends(call, purpose, email);
        call.all(purpose.type(), "user_id", user.id()).forEach(old -> call.delete(purpose.type(), old));
        String id = call.newId(purpose.type());
        String code = random.digits(6);
        MailCode made = call.create(
                purpose.type(),
                new MailCode(
                        id,
                        user.id(),
                        email,
                        envelope.sealText(kind, id, code),
                        0,
                        null,
                        call.now().plus(LIFE),
                        call.now(),
                        call.now()));
        if (!purpose.equals(MailCode.Purpose.EMAIL_CHANGE)) {
            call.emit(kind + ".created", told(purpose, made));
        }
        mails.queue(
                call,
                new Message(
                        purpose.mail(),
                        email,
                        user.locale(),
                        Map.of("code", code, "minutes", Long.toString(LIFE.toMinutes())),
                        made.expiresAt()));
        return made;
    }

    /** Counts what is sent to a mailbox for a purpose. */
    static void limitSends(Call call, MailCode.Purpose purpose, String email) {
        String mailbox = purpose.type().kind() + ":" + Digest.of("email", Email.fold(email));
        call.limit(mailbox, SENDS, SENDS_WINDOW);
        call.limit(mailbox + ":hour", SENDS_AN_HOUR, Duration.ofHours(1));
    }

    /**
     * Tries a code. The user must be held by the caller, so that parallel tries come one after another.
     *
     * @return {@code RIGHT} once, for the newest code only
     */
    Result redeem(Call call, MailCode.Purpose purpose, User user, String tried) {
        MailCode code = newest(call, purpose, user.id());
        if (code == null) {
            return Result.NONE;
        }
        boolean right = Digest.equal(text(purpose, code), tried);
        if (code.spentAt() != null) {
            return right ? Result.SPENT : Result.WRONG;
        }
        if (code.wrong() >= MailCode.MOST_WRONG || exhausted(call, user.id())) {
            return Result.TOO_MANY;
        }
        if (!call.now().isBefore(code.expiresAt())) {
            return Result.EXPIRED;
        }
        if (right) {
            call.updateSilently(purpose.type(), code.id(), c -> c.spent(call.now()));
            return Result.RIGHT;
        }
        call.count(wrong(user.id()), 1, Long.MAX_VALUE, call.now().plus(Duration.ofDays(1)));
        call.updateSilently(purpose.type(), code.id(), MailCode::failed);
        return code.wrong() + 1 < MailCode.MOST_WRONG ? Result.WRONG : Result.TOO_MANY;
    }

    /** Whether the day's wrong tries are used up; a right guess is worth nothing then. */
    private static boolean exhausted(Call call, String userId) {
        return call.count(wrong(userId), 0, MOST_WRONG_A_DAY - 1, call.now().plus(Duration.ofDays(1)))
                .isEmpty();
    }

    private static String wrong(String userId) {
        return "wrong-codes:" + userId;
    }

    /** The newest code of a purpose, good or not; null if there is none. */
    static @Nullable MailCode newest(Call call, MailCode.Purpose purpose, String userId) {
        List<MailCode> all = call.all(purpose.type(), "user_id", userId);
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    /** Voids every code of a person; a spent one stays, to be recognised when it comes back. */
    static void forget(Call call, String userId) {
        for (MailCode.Purpose purpose : MailCode.Purpose.ALL) {
            call.all(purpose.type(), "user_id", userId).stream()
                    .filter(code -> code.spentAt() == null)
                    .forEach(code -> call.delete(purpose.type(), code));
        }
    }

    /** The code itself. */
    String text(MailCode.Purpose purpose, MailCode code) {
        return envelope.openText(purpose.type().kind(), code.id(), code.sealed())
                .orElseThrow(() -> ApiException.of(404, "not_found", "The code cannot be read any more."));
    }

    /**
     * What the wire shows of a code.
     *
     * @param code the digits, for the holder of an API key who sends them himself
     */
    record View(
            String object,
            String id,
            String userId,
            String email,
            Instant expiresAt,
            String code,
            Instant createdAt,
            Instant updatedAt) {}

    /** What events tell of a code: not the code. */
    record Told(
            String object,
            String id,
            String userId,
            String email,
            Instant expiresAt,
            Instant createdAt,
            Instant updatedAt) {}

    View view(MailCode.Purpose purpose, MailCode code) {
        return new View(
                purpose.type().kind(),
                code.id(),
                code.userId(),
                code.email(),
                code.expiresAt(),
                text(purpose, code),
                code.createdAt(),
                code.updatedAt());
    }

    private static Told told(MailCode.Purpose purpose, MailCode code) {
        return new Told(
                purpose.type().kind(),
                code.id(),
                code.userId(),
                code.email(),
                code.expiresAt(),
                code.createdAt(),
                code.updatedAt());
    }
}
