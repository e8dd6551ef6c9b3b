package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Field;
import dev.gatehouse.engine.Outcome;
import dev.gatehouse.factors.Factors;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Users of one environment, for the host application. What it does emits the same events as over REST. */
public final class Users {
    private final Engine engine;
    private final String env;
    private final UserOperations operations;
    private final Passwords passwords;
    private final Sessions sessions;
    private final Factors factors;

    Users(
            Engine engine,
            String env,
            UserOperations operations,
            Passwords passwords,
            Sessions sessions,
            Factors factors) {
        this.engine = engine;
        this.env = env;
        this.operations = operations;
        this.passwords = passwords;
        this.sessions = sessions;
        this.factors = factors;
    }

    /**
     * Makes a user.
     *
     * @throws ApiException 422 with every member that is missing or too long, or if the address is none; 400 {@code
     *     password_strength_error} if the password is refused, {@code user_creation_error} if the address is taken
     */
    public User create(NewUser user) {
        Map<String, @Nullable String> metadata = new HashMap<>(user.metadata());
        var hashed = operations.hashed(engine.checked(new UserOperations.Create(
                user.email(),
                user.password(),
                null,
                null,
                null,
                user.firstName(),
                user.lastName(),
                null,
                user.emailVerified(),
                user.externalId(),
                metadata,
                null,
                null,
                null,
                null)));
        return run(call -> operations.create(hashed, call));
    }

    /** The user with this id. */
    public Optional<User> find(String id) {
        return run(call -> call.find(User.TYPE, id));
    }

    /** The user with this address, in any case. */
    public Optional<User> findByEmail(String email) {
        return run(call -> call.findBy(User.TYPE, "email", email));
    }

    /** The user with the application's own id. */
    public Optional<User> findByExternalId(String externalId) {
        return run(call -> call.findBy(User.TYPE, "external_id", externalId));
    }

    /** A page of users, newest first; {@code after} is the last id of the page before, null for the first. */
    public List<User> list(@Nullable String after, int limit) {
        return run(call -> call.page(User.TYPE, Map.of(), null, new Call.Window(null, after, true, limit)));
    }

    /**
     * Changes a user's names.
     *
     * @throws ApiException 404 if there is no such user; 422 if a name is longer than 200 characters
     */
    public User rename(String id, @Nullable String firstName, @Nullable String lastName) {
        var change = new UserOperations.Hashed<>(
                engine.checked(new UserOperations.Update(
                        Field.absent(),
                        null,
                        null,
                        null,
                        null,
                        Field.of(firstName),
                        Field.of(lastName),
                        Field.absent(),
                        Field.absent(),
                        Field.absent(),
                        Field.absent(),
                        Field.absent())),
                null);
        return run(call -> operations.update(call.need(User.TYPE, id), change, call));
    }

    /**
     * Sets a password and ends every session of the user.
     *
     * @throws ApiException 400 {@code password_strength_error}; 404 if there is no such user
     */
    public void setPassword(String id, String password) {
        User user = run(call -> call.get(User.TYPE, id));
        String hash = passwords.accept(
                password, UserOperations.personal(user.email(), user.firstName(), user.lastName(), user.name()));
        run(call -> {
            call.need(User.TYPE, id);
            Passwords.store(call, id, hash);
            sessions.endAll(call, id);
            return true;
        });
    }

    /**
     * Ten new recovery codes, instead of those that the user had. They can be seen this once; give them to nobody else.
     *
     * @throws ApiException 404 if there is no such user
     */
    public List<String> newRecoveryCodes(String id) {
        return run(call -> factors.newRecoveryCodes(call, id));
    }

    /**
     * Uses up a recovery code, for an application that asks for it on a page of its own.
     *
     * @return whether it was one; false also after thirty wrong ones in a day
     */
    public boolean useRecoveryCode(String id, String code) {
        return run(call -> factors.useRecoveryCode(call, id, code)) instanceof Outcome.Done;
    }

    /** How many recovery codes a user has left. */
    public int recoveryCodesLeft(String id) {
        return run(call -> factors.recoveryCodesLeft(call, id));
    }

    /** Deletes a user with sessions, password and memberships; false if there was none. */
    public boolean delete(String id) {
        return run(call -> {
            Optional<User> user = call.hold(User.TYPE, id);
            user.ifPresent(u -> operations.delete(u, call));
            return user.isPresent();
        });
    }

    /** Active sessions of a user, newest first. */
    public List<Session> sessions(String id) {
        return run(call -> sessions.active(call, id));
    }

    /** Ends a session of this user, on this node at once; false if it is not the user's. */
    public boolean endSession(String id, String sessionId) {
        return run(call -> {
            Optional<Session> session =
                    call.hold(Session.TYPE, sessionId).filter(s -> s.userId().equals(id));
            session.ifPresent(s -> sessions.end(call, s));
            return session.isPresent();
        });
    }

    /**
     * How many users were active in a month: began a session or went on with one. Exact; months are those of UTC. Kept for
     * thirteen months.
     */
    public long monthlyActive(YearMonth month) {
        return engine.run(env, Actor.SYSTEM, call -> MonthlyActive.count(call, month));
    }

    private <T> T run(Function<Call, T> step) {
        return engine.run(env, Actor.SYSTEM, step);
    }
}
