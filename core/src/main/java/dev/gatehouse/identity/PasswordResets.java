package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Problem;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.Envelope;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Required;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.engine.Routes.Nothing;
import dev.gatehouse.mail.Mails;
import dev.gatehouse.mail.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Setting another password when the old one is forgotten (contract/behaviour/04 §4.7). */
public final class PasswordResets {
    private static final Duration LIFE = Duration.ofMinutes(15);
    private static final String KIND = PasswordReset.TYPE.kind();
    private static final int SENDS = 3;
    private static final Duration SENDS_WINDOW = Duration.ofSeconds(60);

    private final Engine engine;
    private final Envelope envelope;
    private final RandomTokens random;
    private final Mails mails;
    private final Notices notices;
    private final Passwords passwords;
    private final Sessions sessions;
    private final MailboxProof proof;
    private final String page;

    PasswordResets(
            Engine engine,
            Envelope envelope,
            RandomTokens random,
            Mails mails,
            Notices notices,
            Passwords passwords,
            Sessions sessions,
            MailboxProof proof,
            Config config) {
        this.engine = engine;
        this.envelope = envelope;
        this.random = random;
        this.mails = mails;
        this.notices = notices;
        this.passwords = passwords;
        this.sessions = sessions;
        this.proof = proof;
        this.page = config.get(Setting.PASSWORD_RESET_URL)
                .orElse(config.get(Setting.ORIGIN) + config.get(Setting.PAGES_PATH) + "/reset-password");
    }

    record Create(@Required String email) {}

    record Confirm(@Required String token, @Required String newPassword) {}

    record View(
            String object,
            String id,
            String userId,
            String email,
            String passwordResetToken,
            String passwordResetUrl,
            Instant expiresAt,
            Instant createdAt) {}

    /** What events tell of a reset: not the token. */
    record Told(String object, String id, String userId, String email, Instant expiresAt, Instant createdAt) {}

    record Confirmed(User.View user) {}

    void routes(Routes r) {
        r.action(
                        "POST /user_management/password_reset",
                        Create.class,
                        View.class,
                        (in, flow) -> flow.run(call -> {
                            User user = call.holdBy(User.TYPE, "email", in.email)
                                    .orElseThrow(() -> ApiException.notFound("User", in.email));
                            return shown(issue(call, user));
                        }))
                .status(201)
                .permission("password_reset:write");
        r.action(
                        "GET /user_management/password_reset/{id}",
                        Nothing.class,
                        View.class,
                        (in, flow) -> flow.run(call -> shown(call.get(PasswordReset.TYPE, flow.variable("id")))))
                .permission("password_reset:read");
        r.action(
                        "POST /user_management/password_reset/confirm",
                        Confirm.class,
                        Confirmed.class,
                        (in, flow) ->
                                new Confirmed(User.View.of(confirm(flow.caller().env(), in.token, in.newPassword))))
                .permission("password_reset:write");
    }

    /** Mails a link if somebody has this address; says nothing either way (ATTACKS E02). */
    public void send(String env, String email, Source source) {
        engine.run(env, Actor.SYSTEM, call -> {
            call.limit("password-reset:network:" + source.network(), 20, Duration.ofMinutes(10));
            call.holdBy(User.TYPE, "email", email).ifPresent(user -> issue(call, user));
            return true;
        });
    }

    private PasswordReset issue(Call call, User user) {
        call.limit("password-reset:" + Digest.of("email", Email.fold(user.email())), SENDS, SENDS_WINDOW);
        PasswordReset.forget(call, user.id());
        String id = call.newId(PasswordReset.TYPE);
        String token = random.base62(43);
        PasswordReset made = call.create(
                PasswordReset.TYPE,
                new PasswordReset(
                        id,
                        user.id(),
                        user.email(),
                        Digest.of(KIND, token),
                        envelope.sealText(KIND, id, token),
                        call.now().plus(LIFE),
                        call.now(),
                        call.now()));
        call.emit("password_reset.created", told(made));
        mails.queue(
                call,
                new Message(
                        Message.Kind.PASSWORD_RESET,
                        user.email(),
                        user.locale(),
                        Map.of("url", url(token), "minutes", Long.toString(LIFE.toMinutes())),
                        made.expiresAt()));
        return made;
    }

    /** Whether a link is good, for the page that asks for the new password; asking does not spend it (ATTACKS P16). */
    public boolean good(String env, String token) {
        return engine.run(env, Actor.SYSTEM, call -> find(call, token).isPresent());
    }

    private static Optional<PasswordReset> find(Call call, String token) {
        return call.findBy(PasswordReset.TYPE, "digest", Digest.of(KIND, token))
                .filter(reset -> call.now().isBefore(reset.expiresAt()));
    }

    /**
     * Sets another password: proves the mailbox, ends every session, code and link of the person. A password that the
     * policy refuses does not spend the link.
     *
     * @throws ApiException 404 if the link is unknown, spent or over; 400 {@code password_reset_error} with what is wrong
     *     with the password
     */
    public User confirm(String env, String token, String password) {
        User before = engine.run(
                env,
                Actor.SYSTEM,
                call -> find(call, token)
                        .flatMap(reset -> call.find(User.TYPE, reset.userId()))
                        .orElseThrow(PasswordResets::unknown));
        List<Problem> problems = passwords.problems(
                password,
                UserOperations.personal(before.email(), before.firstName(), before.lastName(), before.name()));
        if (!problems.isEmpty()) {
            throw ApiException.of(400, "password_reset_error", "The password could not be reset.")
                    .withProblems(problems);
        }
        String hash = passwords.hash(password);
        return engine.run(env, Actor.SYSTEM, call -> {
            User user = call.hold(User.TYPE, before.id()).orElseThrow(PasswordResets::unknown);
            PasswordReset reset = call.takeBy(PasswordReset.TYPE, "digest", Digest.of(KIND, token))
                    .filter(taken -> Email.fold(taken.email()).equals(Email.fold(user.email())))
                    .orElseThrow(PasswordResets::unknown);
            User proved = proof.byStranger(call, user);
            Passwords.store(call, user.id(), hash);
            sessions.endAll(call, user.id());
            call.emit("password_reset.succeeded", told(reset));
            notices.passwordChanged(call, user);
            return proved;
        });
    }

    private static ApiException unknown() {
        return ApiException.of(404, "entity_not_found", "The password reset token is invalid or has expired.");
    }

    private String url(String token) {
        return page + (page.indexOf('?') < 0 ? "?" : "&") + "token=" + token;
    }

    private View shown(PasswordReset reset) {
        String token = envelope.openText(KIND, reset.id(), reset.sealed()).orElseThrow(PasswordResets::unknown);
        return new View(
                KIND,
                reset.id(),
                reset.userId(),
                reset.email(),
                token,
                url(token),
                reset.expiresAt(),
                reset.createdAt());
    }

    private static Told told(PasswordReset reset) {
        return new Told(KIND, reset.id(), reset.userId(), reset.email(), reset.expiresAt(), reset.createdAt());
    }
}
