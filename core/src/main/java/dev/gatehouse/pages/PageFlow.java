package dev.gatehouse.pages;

import dev.gatehouse.identity.Authorization;
import dev.gatehouse.identity.Profiles;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a browser stands in a sign-in. It travels sealed through the pages, and opens only in the browser that began it,
 * so that nobody can make another's browser finish his own sign-in (login CSRF, ATTACKS F03).
 *
 * @param returnTo path to go back to, from the root of the host
 * @param authorization what an application asked for; null when the application is this one
 * @param email address typed so far
 * @param pending token of a sign-in that waits for the choice of an organization; null before
 * @param secret of an authenticator app that is being set up, base 32; null for none
 * @param invitation token of the invitation that is accepted at the end; null for none
 * @param running whether it goes on from a session that its organization's policy no longer lets in
 * @param methods ways to sign in that the organization allows; null before it was asked
 * @param connections of the organization that it may go on through; null before it was asked
 * @param expiresAt epoch milliseconds
 */
record PageFlow(
        String returnTo,
        @Nullable Authorization authorization,
        String email,
        @Nullable String pending,
        @Nullable String secret,
        @Nullable String invitation,
        boolean running,
        @Nullable Set<String> methods,
        @Nullable List<Profiles.Button> connections,
        long expiresAt) {

    // a segment that a browser removes, after which the rest may begin anew with //
    private static final Pattern DOTS = Pattern.compile("/(\\.|%2e){1,2}([/?#]|\\z)", Pattern.CASE_INSENSITIVE);

    PageFlow withEmail(String typed) {
        return new PageFlow(
                returnTo, authorization, typed, pending, secret, invitation, running, methods, connections, expiresAt);
    }

    PageFlow withPending(String token) {
        return new PageFlow(
                returnTo, authorization, email, token, secret, invitation, running, methods, connections, expiresAt);
    }

    PageFlow withSecret(String base32) {
        return new PageFlow(
                returnTo, authorization, email, pending, base32, invitation, running, methods, connections, expiresAt);
    }

    PageFlow withInvitation(String token) {
        return new PageFlow(
                returnTo, authorization, email, pending, secret, token, running, methods, connections, expiresAt);
    }

    PageFlow allowing(Set<String> allowed, List<Profiles.Button> providers) {
        return new PageFlow(
                returnTo, authorization, email, pending, secret, invitation, running, allowed, providers, expiresAt);
    }

    /** The same, which goes on from a session that lacks something. */
    PageFlow fromRunning() {
        return new PageFlow(
                returnTo, authorization, email, pending, secret, invitation, true, methods, connections, expiresAt);
    }

    /** A sign-in that begins. */
    static PageFlow begin(String returnTo, @Nullable Authorization authorization, String email, long expiresAt) {
        return new PageFlow(returnTo, authorization, email, null, null, null, false, null, null, expiresAt);
    }

    /**
     * A path of this application to go back to, or the fallback. Only a path: no scheme, no authority in any reading of a
     * browser (ATTACKS R02).
     */
    static String safe(@Nullable String path, String fallback) {
        boolean safe = path != null
                && path.length() <= 2_000
                && path.startsWith("/")
                && !path.startsWith("//")
                && path.indexOf('\\') < 0
                && !DOTS.matcher(path).find()
                && path.chars().allMatch(c -> c > 0x20 && c < 0x7f);
        return safe && path != null ? path : fallback;
    }
}
