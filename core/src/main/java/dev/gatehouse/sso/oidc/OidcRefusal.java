package dev.gatehouse.sso.oidc;

import org.jspecify.annotations.Nullable;

/** A step that failed, with what it wanted and what came; never a secret. */
public final class OidcRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MOST = 300;

    private final OidcStep step;
    private final @Nullable String expected;
    private final @Nullable String found;

    OidcRefusal(OidcStep step, @Nullable String expected, @Nullable String found) {
        super(step.title());
        this.step = step;
        this.expected = expected;
        this.found = found == null || found.length() <= MOST ? found : found.substring(0, MOST);
    }

    /** The provider said nothing by which somebody is known again. */
    public static OidcRefusal nobody() {
        return new OidcRefusal(OidcStep.SUBJECT, "a claim that identifies the person", "none");
    }

    /** Which one. */
    public OidcStep step() {
        return step;
    }

    /** What it wanted; null where that says nothing. */
    public @Nullable String expected() {
        return expected;
    }

    /** What came; null where that says nothing. */
    public @Nullable String found() {
        return found;
    }
}
