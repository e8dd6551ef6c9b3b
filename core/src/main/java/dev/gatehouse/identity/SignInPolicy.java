package dev.gatehouse.identity;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an organization demands of those who sign in to it. Each member that is null leaves it to the settings of the
 * environment.
 *
 * @param mfa {@code off}, {@code optional} or {@code required} instead of the setting {@code mfa}; null to keep it
 * @param methods words of the setting {@code sign-in-methods}, {@code sso} for the organization's own connections, and
 *     providers like {@code google-oauth}: those that may be used, one at least; null for all
 * @param sessionLength longest life of a session, if shorter than the setting {@code session-length}; null to keep it
 * @param sessionInactivity how long a session lives without use, if shorter than {@code session-inactivity}; null to keep it
 */
public record SignInPolicy(
        @Nullable String mfa,
        @Nullable Set<String> methods,
        @Nullable Duration sessionLength,
        @Nullable Duration sessionInactivity) {

    /** Demands nothing of its own. */
    public static final SignInPolicy NONE = new SignInPolicy(null, null, null, null);

    public SignInPolicy {
        methods = methods == null ? null : Set.copyOf(methods);
    }

    /** The same with a second factor {@code off}, {@code optional} or {@code required}. */
    public SignInPolicy withMfa(@Nullable String word) {
        return new SignInPolicy(word, methods, sessionLength, sessionInactivity);
    }

    /**
     * The same with these ways to sign in alone; null for every one that the settings have. An empty set would let nobody in
     * and is refused when the policy is set.
     */
    public SignInPolicy withMethods(@Nullable Set<String> words) {
        return new SignInPolicy(mfa, words, sessionLength, sessionInactivity);
    }

    /** The same with sessions that end after this time at the latest, or when they were not used for that time. */
    public SignInPolicy withSessions(@Nullable Duration length, @Nullable Duration inactivity) {
        return new SignInPolicy(mfa, methods, length, inactivity);
    }

    /** What an organization may choose from, as {@link #methods} spells it. */
    public static final List<String> METHODS = Arrays.stream(Sessions.Method.values())
            .filter(method -> method != Sessions.Method.IMPERSONATION)
            .map(Sessions.Method::word)
            .toList();

    /** Whether somebody may sign in this way, as {@code sign-in-methods} calls it. */
    boolean allows(String method) {
        // an empty one is stored by nobody now, and meant null before
        return methods == null || methods.isEmpty() || methods.contains(method);
    }

    /** The shorter of the environment's time and the organization's. */
    static Duration shorter(Duration environments, @Nullable Duration organizations) {
        return organizations == null || organizations.compareTo(environments) > 0 ? environments : organizations;
    }
}
