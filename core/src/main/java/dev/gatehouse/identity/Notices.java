package dev.gatehouse.identity;

import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.engine.Call;
import dev.gatehouse.mail.Mails;
import dev.gatehouse.mail.Message;
import java.time.Duration;
import java.util.Map;

/** Mails that tell somebody what happened to the account, or nearly did; queued with the change that they tell of. */
final class Notices {
    private final Mails mails;
    private final String pages;

    Notices(Mails mails, Config config) {
        this.mails = mails;
        this.pages = config.get(Setting.ORIGIN) + config.get(Setting.PAGES_PATH);
    }

    void passwordChanged(Call call, User user) {
        tell(call, user, Message.Kind.PASSWORD_CHANGED, Map.of("url", pages + "/forgot-password"), Duration.ofDays(1));
    }

    /** @param before the user with the address so far, which is told */
    void emailChanged(Call call, User before) {
        tell(call, before, Message.Kind.EMAIL_CHANGED, Map.of(), Duration.ofDays(1));
    }

    void passkeyAdded(Call call, User user) {
        guarded(call, user, Message.Kind.PASSKEY_ADDED);
    }

    void factorAdded(Call call, User user) {
        guarded(call, user, Message.Kind.FACTOR_ADDED);
    }

    void factorRemoved(Call call, User user) {
        guarded(call, user, Message.Kind.FACTOR_REMOVED);
    }

    void recoveryCodesReplaced(Call call, User user) {
        guarded(call, user, Message.Kind.RECOVERY_CODES_REPLACED);
    }

    void recoveryCodeUsed(Call call, User user) {
        guarded(call, user, Message.Kind.RECOVERY_CODE_USED);
    }

    /** What guards the account changed; its page is where that is seen and undone. */
    private void guarded(Call call, User user, Message.Kind kind) {
        tell(call, user, kind, Map.of("url", pages + "/account"), Duration.ofDays(1));
    }

    void accountExists(Call call, User user) {
        tell(call, user, Message.Kind.ACCOUNT_EXISTS, Map.of("url", pages + "/sign-in"), Duration.ofHours(1));
    }

    private void tell(Call call, User user, Message.Kind kind, Map<String, String> values, Duration useful) {
        mails.queue(
                call,
                new Message(
                        kind, user.email(), user.locale(), values, call.now().plus(useful)));
    }
}
