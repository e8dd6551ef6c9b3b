package dev.gatehouse.identity;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.Request;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pages that sign people in, as the authorization endpoint needs them. */
public interface HostedPages {
    /**
     * What an application asked for beside its answer's address.
     *
     * @param signUp whether to begin with sign-up
     * @param loginHint address to fill in; null for none
     * @param again whether a running session must not be used (prompt=login, max_age=0)
     * @param connectionId connection to leave for; null for none
     * @param provider {@code authkit} for the pages, or a provider to leave for; null for none
     */
    record Wish(
            boolean signUp,
            @Nullable String loginHint,
            boolean again,
            @Nullable String connectionId,
            @Nullable String provider) {
        /** The pages' own. */
        static final String PAGES = "authkit";

        /** Whether a connection is to be asked and not the pages, unless an organization without any is meant. */
        public boolean leaves() {
            return !PAGES.equals(provider);
        }
    }

    /** The environment whose people they sign in and out. */
    String environment();

    /**
     * Begins, or answers at once from a running session. The client is one of {@link #environment}.
     *
     * @throws dev.gatehouse.api.ApiException if there is no such connection; with the code of the redirect
     */
    Answer begin(Request request, Authorization authorization, Wish wish);

    /** A page that says what is wrong, when nothing may be redirected to. */
    Answer error(Request request, String code);

    /**
     * A page whose form the browser sends to another site, by itself where scripts run.
     *
     * @param action {@code https} address
     */
    Answer posting(Request request, String action, Map<String, String> fields);

    /** Sends the browser on after a sign-out, and makes it forget its session. */
    Answer signedOut(Request request, String location);

    /** Where a sign-out without a destination of its own leads. */
    String signedOutPage(Request request);
}
