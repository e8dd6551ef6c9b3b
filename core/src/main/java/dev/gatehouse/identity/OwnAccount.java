package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who is signed in changes of the own account, for the hosted pages. Whether the sign-in is fresh enough,
 * the page decides; an operator who acts as the person may do none of it.
 */
public final class OwnAccount {
    private final Engine engine;
    private final Passwords passwords;
    private final Sessions sessions;
    private final CodeOperations codes;
    private final UserOperations users;
    private final Notices notices;

    OwnAccount(
            Engine engine,
            Passwords passwords,
            Sessions sessions,
            CodeOperations codes,
            UserOperations users,
            Notices notices) {
        this.engine = engine;
        this.passwords = passwords;
        this.sessions = sessions;
        this.codes = codes;
        this.users = users;
        this.notices = notices;
    }

    /** Whether the person has a password. */
    public boolean hasPassword(String env, SignedIn who) {
        return run(env, call -> Passwords.stored(call, who.user().id()).isPresent());
    }

    /**
     * Sets another password, or a first one, ends every other session of the person, and tells it by mail.
     *
     * @param current the password so far; not looked at if there is none
     * @throws ApiException 400 {@code invalid_credentials} if it is not right; 400 {@code password_strength_error}; 429
     *     after ten tries in a minute; 503
     */
    public void changePassword(String env, SignedIn who, String current, String next) {
        User user = who.user();
        Optional<String> stored = run(env, call -> {
            call.limit("authenticate:" + Digest.of("email", Email.fold(user.email())), 10, Duration.ofSeconds(60));
            return Passwords.stored(call, user.id());
        });
        if (stored.isPresent() && !passwords.verify(current, stored.get())) {
            throw ApiException.of(400, "invalid_credentials", "The current password is not right.");
        }
        String hash = passwords.accept(
                next, UserOperations.personal(user.email(), user.firstName(), user.lastName(), user.name()));
        run(env, call -> {
            call.need(User.TYPE, user.id());
            if (!Passwords.stored(call, user.id()).equals(stored)) {
                throw ApiException.of(400, "invalid_credentials", "The password was changed meanwhile.");
            }
            Passwords.store(call, user.id(), hash);
            sessions.endOthers(call, user.id(), who.sessionId());
            notices.passwordChanged(call, user);
            return true;
        });
    }

    /**
     * Mails a code to the address that the account is to get. Whether somebody else has it is not told (ATTACKS E02).
     *
     * @throws ApiException 422 if it is no address; 409 {@code email_change_not_needed}; 429
     */
    public void sendEmailChange(String env, SignedIn who, String email) {
        try {
            run(
                    env,
                    call -> codes.sendChange(
                            call, call.need(User.TYPE, who.user().id()), email));
        } catch (ApiException e) {
            if (!e.code().equals("email_not_available")) {
                throw e;
            }
        }
    }

    /**
     * Changes the address with the code that proves it.
     *
     * @throws ApiException 400, 409 or 429, as {@code POST …/email_change/confirm}
     */
    public void changeEmail(String env, SignedIn who, String code) {
        run(env, call -> codes.change(call, call.need(User.TYPE, who.user().id()), code))
                .orThrow();
    }

    /** Sets the language of pages and mails, a BCP 47 tag; null for what the browser asks for. */
    public void changeLocale(String env, SignedIn who, @Nullable String locale) {
        run(env, call -> {
            call.update(User.TYPE, who.user().id(), u -> u.speaking(UserOperations.locale(locale)));
            sessions.recheck(call, who.user().id());
            return true;
        });
    }

    /** Deletes the account with everything that belongs to it. */
    public void delete(String env, SignedIn who) {
        run(env, call -> {
            call.hold(User.TYPE, who.user().id()).ifPresent(user -> users.delete(user, call));
            return true;
        });
    }

    private <T extends @Nullable Object> T run(String env, Function<Call, T> step) {
        return engine.run(env, Actor.SYSTEM, step);
    }
}
