package dev.gatehouse.identity;

import dev.gatehouse.api.ApiException;
import dev.gatehouse.engine.Call;
import dev.gatehouse.engine.Reasons;
import dev.gatehouse.spi.Telemetry.Signal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events {@code authentication.<type>_succeeded} and {@code _failed} (contract/behaviour/08 §8.2). */
final class Authentications {
    private Authentications() {}

    static void succeeded(Call call, String type, User user, Source source) {
        call.count(Signal.SIGN_INS, type, "ok", Reasons.NONE);
        call.emit("authentication." + type + "_succeeded", data(type, "succeeded", user, user.email(), source));
    }

    /**
     * A refusal that leaves a trace.
     *
     * @param user whom it was about; null if nobody has the address
     * @param email as it was typed; null if none was
     */
    static void failed(
            Call call, String type, @Nullable User user, @Nullable String email, Source source, ApiException refusal) {
        Map<String, @Nullable Object> data = data(type, "failed", user, email, source);
        data.put("error", Map.of("code", refusal.code(), "message", refusal.text()));
        call.count(Signal.SIGN_INS, type, "refused", refusal.code());
        call.emit("authentication." + type + "_failed", data);
    }

    private static Map<String, @Nullable Object> data(
            String type, String status, @Nullable User user, @Nullable String email, Source source) {
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("type", type);
        data.put("status", status);
        data.put("user_id", user == null ? null : user.id());
        data.put("email", email);
        data.put("ip_address", source.ipAddress());
        data.put("user_agent", source.userAgent());
        return data;
    }
}
