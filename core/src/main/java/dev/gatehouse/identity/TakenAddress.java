package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import java.time.Instant;

/**
 * What follows when somebody signs up with an address that somebody has. Where addresses are proved by mail, the page goes
 * on as ever and asks for a code that nobody has; only the mailbox learns that there is an account (ATTACKS E02).
 */
public final class TakenAddress {
    private static final String PREFIX = "taken.";

    private final Engine engine;
    private final Passwords passwords;
    private final Notices notices;
    private final RandomTokens random;
    private final boolean hidden;

    /** @param hidden whether it can be kept from whoever signs up: addresses are proved, by mail */
    TakenAddress(Engine engine, Passwords passwords, Notices notices, RandomTokens random, boolean hidden) {
        this.engine = engine;
        this.passwords = passwords;
        this.notices = notices;
        this.random = random;
        this.hidden = hidden;
    }

    /** Whether it can be kept from whoever signs up. */
    public boolean hidden() {
        return hidden;
    }

    /**
     * Tells the mailbox, at the cost of a sign-up that made an account.
     *
     * @return what stands in for the token of a half sign-in
     * @throws ApiException as for a sign-up: 429 for one mailbox
     */
    public String begin(String env, String email, String password) {
        passwords.verify(password, null);
        tell(env, email);
        return token(engine.now());
    }

    /** Whether a token of a half sign-in is one of these. */
    public boolean is(String token) {
        return token.startsWith(PREFIX);
    }

    /**
     * As long as a half sign-in could be continued, nothing.
     *
     * @throws ApiException 400 {@code invalid_pending_authentication_token}
     */
    public void check(String env, String token) {
        engine.run(env, Actor.SYSTEM, call -> begun(call, token));
    }

    /** Refuses a code as a wrong one is refused. */
    public ApiException refusal(String env, String token, String email, Source source) {
        return engine.run(env, Actor.SYSTEM, call -> {
            begun(call, token);
            SignIn.countTry(call, email);
            long wrong = call.count(
                            "taken:" + Digest.of("taken", token),
                            1,
                            Long.MAX_VALUE,
                            call.now().plus(MailCodes.LIFE))
                    .orElse(MailCode.MOST_WRONG);
            ApiException refusal = OneTimeCodes.refusal(
                    wrong < MailCode.MOST_WRONG ? MailCodes.Result.WRONG : MailCodes.Result.TOO_MANY, email);
            Authentications.failed(call, "email_verification", null, email, source, refusal);
            return refusal;
        });
    }

    /** As another code is sent: tells the mailbox again; the token from then on. */
    public String again(String env, String token, String email) {
        Instant begun = engine.run(env, Actor.SYSTEM, call -> begun(call, token));
        tell(env, email);
        return token(begun);
    }

    private void tell(String env, String email) {
        engine.run(env, Actor.SYSTEM, call -> {
            // held as a new user is, and counted with the codes that are mailed
            User user = call.holdBy(User.TYPE, "email", email).orElse(null);
            MailCodes.limitSends(call, MailCode.Purpose.EMAIL_VERIFICATION, email);
            if (user != null) {
                notices.accountExists(call, user);
            }
            return true;
        });
    }

    private String token(Instant begun) {
        return PREFIX + begun.toEpochMilli() + "." + random.base62(20);
    }

    /** When it began; over when a half sign-in would be. */
    private static Instant begun(Call call, String token) {
        Instant begun = Instant.ofEpochMilli(Long.parseLong(token.split("\\.", -1)[1]));
        if (!call.now().isBefore(begun.plus(Gates.PENDING))) {
            throw Gates.noPending();
        }
        return begun;
    }
}
