package dev.gatehouse.mail;

import dev.gatehouse.engine.Call;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stub until the mail area is merged. */
public final class Mails {
    /** Kinds. */
    public enum Kind {
        MAGIC_CODE,
        EMAIL_VERIFICATION,
        PASSWORD_RESET,
        EMAIL_CHANGE,
        INVITATION,
        PASSWORD_CHANGED
    }

    /** A message. */
    public record Message(
            Kind kind, String to, @Nullable String locale, Map<String, String> values, Instant uselessAfter) {}

    /** Queues. */
    public void queue(Call call, Message message) {}

    /** Whether. */
    public boolean enabled() {
        return false;
    }
}
