package dev.gatehouse.sso;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A provider's message, or the lack of one, that proves nobody. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final int step;
    private final @Nullable String expected;
    private final @Nullable String found;
    private final transient Map<String, String> outline;

    /**
     * @param code as the contract's redirects spell it
     * @param step number of the failed step; 0 for none
     * @param title the step, or what went wrong, for people
     */
    Refusal(
            String code,
            int step,
            String title,
            @Nullable String expected,
            @Nullable String found,
            Map<String, String> outline,
            @Nullable Throwable cause) {
        super(title, cause);
        this.code = code;
        this.step = step;
        this.expected = expected;
        this.found = found;
        this.outline = Map.copyOf(outline);
    }

    Refusal(String code, String title) {
        this(code, 0, title, null, null, Map.of(), null);
    }

    /** Its connection was switched off, or is gone. */
    static Refusal closed() {
        return new Refusal("connection_unlinked", "The connection is inactive.");
    }

    String code() {
        return code;
    }

    int step() {
        return step;
    }

    String title() {
        return String.valueOf(getMessage());
    }

    @Nullable
    String expected() {
        return expected;
    }

    @Nullable
    String found() {
        return found;
    }

    Map<String, String> outline() {
        return outline;
    }
}
