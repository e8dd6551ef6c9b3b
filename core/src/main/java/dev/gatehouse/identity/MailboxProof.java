package dev.gatehouse.identity;

import dev.gatehouse.engine.Call;
import dev.gatehouse.passkeys.Passkeys;

/** What follows when somebody proves to read a mailbox. */
final class MailboxProof {
    private final Sessions sessions;
    private final Passkeys passkeys;

    MailboxProof(Sessions sessions, Passkeys passkeys) {
        this.sessions = sessions;
        this.passkeys = passkeys;
    }

    /**
     * Somebody who knew nothing else of this account proved its mailbox. If nobody had before, whoever made the account may
     * be somebody else: everything that opens it goes (account pre-hijacking, ATTACKS O13).
     *
     * @param user held by the caller
     * @return the user, verified
     */
    User byStranger(Call call, User user) {
        if (!user.emailVerified()) {
            Passwords.forget(call, user.id());
            passkeys.forget(call, user.id());
            sessions.endAll(call, user.id());
        }
        return byOwner(call, user);
    }

    /** Somebody who had proved another credential of this account proved its mailbox too. */
    User byOwner(Call call, User user) {
        return user.emailVerified() ? user : call.update(User.TYPE, user.id(), u -> u.at(u.email()));
    }
}
