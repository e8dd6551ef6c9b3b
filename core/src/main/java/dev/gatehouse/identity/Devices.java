package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.config.Config;
import dev.gatehouse.config.Setting;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.crypto.RandomTokens;
import dev.gatehouse.engine.Actor;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Engine;
import dev.gatehouse.engine.Flow;
import dev.gatehouse.engine.Outcome;
import dev.gatehouse.engine.Routes;
import dev.gatehouse.environments.Environments;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signing in devices without a browser (RFC 8628, contract/behaviour/02 §2.7): the device shows a code, a signed-in person
 * types it and decides, the device asks until then.
 */
public final class Devices {
    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final int INTERVAL_SECONDS = 5;
    /** Consonants that are not mistaken for each other; no words come out of them (RFC 8628 §6.1). */
    private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

    private static final int LENGTH = 8;

    private final Engine engine;
    private final Environments environments;
    private final Sessions sessions;
    private final RandomTokens random;
    private final String page;

    Devices(Engine engine, Environments environments, Sessions sessions, RandomTokens random, Config config) {
        this.engine = engine;
        this.environments = environments;
        this.sessions = sessions;
        this.random = random;
        this.page = config.get(Setting.ORIGIN) + config.get(Setting.PAGES_PATH) + "/device";
    }

    record In(@Nullable String clientId) {}

    record Out(
            String deviceCode,
            String userCode,
            String verificationUri,
            String verificationUriComplete,
            long expiresIn,
            int interval) {}

    void routes(Routes r) {
        r.action("POST /user_management/authorize/device", In.class, Out.class, this::authorize)
                .open()
                .oauth()
                .form();
    }

    private Out authorize(In in, Flow flow) {
        String clientId = in.clientId == null ? "" : in.clientId;
        String env = environments
                .environmentOf(clientId)
                .orElseThrow(() -> ApiException.oauth(400, "invalid_client", "Unknown client"));
        Source source = Source.of(flow.request());
        String device = random.base62(43);
        String user = random.text(LETTERS, LENGTH);
        flow.run(env, call -> {
            call.limit("device:network:" + source.network(), 30, Duration.ofMinutes(1));
            return call.create(
                    DeviceAuthorization.TYPE,
                    new DeviceAuthorization(
                            call.newId(DeviceAuthorization.TYPE),
                            Digest.of("device_code", device),
                            user,
                            clientId,
                            null,
                            false,
                            null,
                            source.ipAddress(),
                            source.userAgent(),
                            call.now().plus(LIFE),
                            call.now(),
                            call.now()));
        });
        String shown = shown(user);
        return new Out(device, shown, page, page + "?user_code=" + shown, LIFE.toSeconds(), INTERVAL_SECONDS);
    }

    private static String shown(String userCode) {
        return userCode.substring(0, LENGTH / 2) + "-" + userCode.substring(LENGTH / 2);
    }

    /**
     * What a device asks for, as the person who may allow it is shown it.
     *
     * @param userCode to compare with what the device shows
     * @param ipAddress of the device; null if unknown
     * @param userAgent of the device; null if unknown
     */
    public record Asked(
            String userCode,
            @Nullable String ipAddress,
            @Nullable String userAgent) {}

    /**
     * The device that waits with this code. Five tries in ten minutes for a session, twenty for a network (ATTACKS A15).
     *
     * @param typed in any case, with or without hyphens and spaces
     * @throws ApiException 429
     */
    public Optional<Asked> find(String env, SignedIn who, String typed, Source source) {
        return engine.run(env, Actor.SYSTEM, call -> {
            call.limit("user-code:" + who.sessionId(), 5, Duration.ofMinutes(10));
            call.limit("user-code:network:" + source.network(), 20, Duration.ofMinutes(10));
            return waiting(call, typed).map(d -> new Asked(shown(d.userCode()), d.ipAddress(), d.userAgent()));
        });
    }

    private static Optional<DeviceAuthorization> waiting(Call call, String typed) {
        String code = typed.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
        return code.length() != LENGTH
                ? Optional.empty()
                : call.holdBy(DeviceAuthorization.TYPE, "user_code", code)
                        .filter(d -> d.sessionId() == null && call.now().isBefore(d.expiresAt()));
    }

    /** Decides, once and for this person; false if the device waits no more, or the person's session has ended. */
    public boolean decide(String env, SignedIn who, String typed, boolean approve) {
        return engine.run(env, Actor.SYSTEM, call -> {
            // an operator who acts as somebody signs no device in
            boolean running = call.hold(Session.TYPE, who.sessionId())
                    .filter(session -> session.impersonator() == null)
                    .filter(session -> sessions.alive(call, session))
                    .isPresent();
            Optional<DeviceAuthorization> device = running ? waiting(call, typed) : Optional.empty();
            device.ifPresent(d -> call.updateSilently(
                    DeviceAuthorization.TYPE, d.id(), was -> was.decided(who.sessionId(), approve)));
            return device.isPresent();
        });
    }

    /**
     * The device asks. Its session takes person, organization and method from the session that allowed it, which must
     * still run.
     */
    Outcome<Sessions.Grant> exchange(Call call, String clientId, String deviceCode, Source source) {
        DeviceAuthorization device = call.holdBy(
                        DeviceAuthorization.TYPE, "digest", Digest.of("device_code", deviceCode))
                .filter(d -> d.clientId().equals(clientId) && call.now().isBefore(d.expiresAt()))
                .orElse(null);
        if (device == null) {
            return refused("expired_token", "The device code is unknown, used or has expired.");
        }
        if (device.sessionId() == null) {
            Instant last = device.askedAt();
            boolean early = last != null && call.now().isBefore(last.plusSeconds(INTERVAL_SECONDS));
            call.updateSilently(DeviceAuthorization.TYPE, device.id(), d -> d.asked(call.now()));
            return early
                    ? refused("slow_down", "Ask every " + INTERVAL_SECONDS + " seconds.")
                    : refused("authorization_pending", "Nobody has decided yet.");
        }
        call.take(DeviceAuthorization.TYPE, device.id());
        Session allowed = call.find(Session.TYPE, device.sessionId())
                .filter(session -> sessions.alive(call, session))
                .orElse(null);
        User user =
                allowed == null ? null : call.hold(User.TYPE, allowed.userId()).orElse(null);
        if (!device.approved() || allowed == null || user == null) {
            return refused("access_denied", "The sign-in was denied.");
        }
        if (sessions.standing(call, allowed).isEmpty()) {
            return refused("access_denied", "The person is no longer a member of the organization.");
        }
        return new Outcome.Done<>(
                sessions.start(call, user, clientId, Proof.of(allowed), allowed.organizationId(), source));
    }

    private static Outcome<Sessions.Grant> refused(String error, String description) {
        return new Outcome.Refused<>(ApiException.oauth(400, error, description));
    }
}
