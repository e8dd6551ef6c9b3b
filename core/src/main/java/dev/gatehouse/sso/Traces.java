package dev.gatehouse.sso;

import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Reasons;
import dev.gatehouse.identity.Source;
import dev.gatehouse.spi.Telemetry.Signal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What sign-ins through providers leave behind: attempts for administrators, events for applications. */
final class Traces {
    private Traces() {}

    private record Sso(
            @Nullable String organizationId,
            @Nullable String connectionId,
            @Nullable String sessionId) {}

    /** Somebody leaves for an organization's provider. */
    static void started(Call call, Connection connection, SsoSignIn begun, @Nullable String email, Source source) {
        if (!social(connection) && !begun.isTest()) {
            emit(call, connection, "started", begun.id(), null, email, source, null);
        }
    }

    static void succeeded(Call call, Connection connection, SsoSignIn begun, Profile profile, Source source) {
        call.count(Signal.SIGN_INS, kind(connection), "ok", Reasons.NONE);
        call.count(Signal.SSO, connection.type().wire(), "ok", 0, Reasons.NONE);
        emit(call, connection, "succeeded", begun.id(), profile.userId(), profile.email(), source, null);
        attempt(
                call,
                connection,
                "succeeded",
                0,
                "Everything was as expected",
                null,
                null,
                Map.of(),
                profile.email(),
                source);
    }

    /** Nobody came back from an organization's provider. */
    static void timedOut(Call call, SsoSignIn begun) {
        Refusal why = new Refusal("sso_timed_out", "The provider was asked, and nobody came back from it in time");
        boolean waited = begun.browser() != null && !begun.isTest();
        Optional<Connection> connection = waited ? call.find(Connection.TYPE, begun.connectionId()) : Optional.empty();
        connection.filter(c -> !social(c)).ifPresent(c -> {
            call.count(Signal.SSO, c.type().wire(), "refused", 0, why.code());
            emit(call, c, "timed_out", begun.id(), null, null, Source.UNKNOWN, why);
        });
    }

    /** A test found that somebody could sign in. */
    static Attempt tested(Call call, Connection connection, String email, Source source) {
        return attempt(
                call,
                connection,
                "tested",
                0,
                "A test found everything as expected",
                null,
                null,
                Map.of(),
                email,
                source);
    }

    /** The metadata of a provider could not be read again; what it said last still counts. */
    static void unreadable(Call call, Connection connection, Refusal why) {
        refused(call, connection, why, null, Source.UNKNOWN);
    }

    /** Somebody allowed a provider what it should not need: an administrator sees when. */
    static void weakened(Call call, Connection connection, List<String> words) {
        String title = "Weak algorithms are allowed from now on: " + String.join(", ", words);
        attempt(call, connection, "weakened", 0, title, null, null, Map.of(), null, Source.UNKNOWN);
    }

    static Attempt failed(
            Call call, Connection connection, SsoSignIn begun, Refusal why, @Nullable String email, Source source) {
        if (!begun.isTest()) {
            call.count(Signal.SIGN_INS, kind(connection), "refused", why.code());
            call.count(Signal.SSO, connection.type().wire(), "refused", why.step(), why.code());
            emit(call, connection, "failed", begun.id(), null, email, source, why);
        }
        return refused(call, connection, why, email, source);
    }

    private static Attempt refused(
            Call call, Connection connection, Refusal why, @Nullable String email, Source source) {
        return attempt(
                call,
                connection,
                why.code(),
                why.step(),
                why.title(),
                why.expected(),
                why.found(),
                why.outline(),
                email,
                source);
    }

    private static String kind(Connection connection) {
        return social(connection) ? "oauth" : "sso";
    }

    private static boolean social(Connection connection) {
        return connection.type().protocol() == ConnectionType.Protocol.SOCIAL;
    }

    private static void emit(
            Call call,
            Connection connection,
            String status,
            String sessionId,
            @Nullable String userId,
            @Nullable String email,
            Source source,
            @Nullable Refusal why) {
        String type = kind(connection);
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("type", type);
        data.put("status", status);
        data.put("user_id", userId);
        data.put("email", email);
        data.put("ip_address", source.ipAddress());
        data.put("user_agent", source.userAgent());
        if (!social(connection)) {
            data.put("sso", new Sso(connection.organizationId(), connection.id(), sessionId));
        }
        if (why != null) {
            data.put("error", Map.of("code", why.code(), "message", why.title()));
        }
        String event = "authentication." + type + "_" + status;
        if (connection.organizationId() == null) {
            call.emit(event, data);
        } else {
            call.emit(event, data, connection.organizationId());
        }
    }

    private static Attempt attempt(
            Call call,
            Connection connection,
            String outcome,
            int step,
            String title,
            @Nullable String expected,
            @Nullable String found,
            Map<String, String> outline,
            @Nullable String email,
            Source source) {
        int at = email == null ? -1 : email.lastIndexOf('@');
        return call.create(
                Attempt.TYPE,
                new Attempt(
                        call.newId(Attempt.TYPE),
                        connection.id(),
                        outcome,
                        step,
                        title,
                        expected,
                        found,
                        outline,
                        email == null || at < 0 ? null : email.substring(at + 1),
                        source.ipAddress(),
                        source.userAgent(),
                        call.now(),
                        call.now()));
    }
}
