package dev.gatehouse.identity;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Request;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What identity and its pages must know of single sign-on, which builds upon them. */
public interface Federation {
    /**
     * A sign-in that leaves for a provider.
     *
     * @param connectionId where to
     * @param loginHint whom the provider should ask for; null if that is open
     * @param again whether the provider must ask the person anew
     * @param to what the sign-in is for
     * @param continuation sealed state of the pages, handed back by {@link Arrival}
     */
    record Departure(
            String connectionId, @Nullable String loginHint, boolean again, Destination to, String continuation) {}

    /** What came of a request that a provider sent a browser with. */
    sealed interface Arrival {
        /** An answer that is no page of ours. */
        record Answered(Answer answer) implements Arrival {}

        /**
         * The same, and the browser keeps something.
         *
         * @param cookie value of {@code Set-Cookie}
         */
        record Kept(Arrival arrival, String cookie) implements Arrival {}

        /**
         * Somebody is proved.
         *
         * @param continuation what {@link Departure} carried; null if the provider began
         * @param asked the application that a sign-in is for which the provider began; null for the pages' own
         */
        record Proved(
                @Nullable String continuation,
                Step step,
                @Nullable Authorization asked) implements Arrival {}

        /**
         * Somebody whom a provider sent without being asked must be asked first (login CSRF, ATTACKS S85).
         *
         * @param ticket continues, once, for five minutes
         * @param email who the provider says it is
         * @param provider name of the connection
         * @param host where people sign in at the provider
         */
        record Consent(String ticket, String email, String provider, String host) implements Arrival {}

        /**
         * The provider of ours asks whom it should vouch for.
         *
         * @param action path that the form is sent to, below the pages
         * @param ticket that the form carries
         * @param hint address to begin with; empty for none
         * @param problem whether the last one was no address
         */
        record TestForm(String action, String ticket, String provider, String hint, boolean problem)
                implements Arrival {}

        /**
         * What a test of a connection found out. Nobody is signed in.
         *
         * @param provider name of the connection
         * @param passed whether somebody could sign in
         * @param checks all of them, in order
         * @param person what the provider said, by the names of a profile; empty if it said nothing
         * @param attributes what the provider said, by its own names
         * @param reference by which an administrator finds the attempt
         */
        record Report(
                String provider,
                boolean passed,
                List<Check> checks,
                Map<String, String> person,
                Map<String, String> attributes,
                String reference)
                implements Arrival {
            /**
             * @param number of the step, see docs/sso.md and docs/saml.md; 0 for what is looked at after the steps
             * @param expected what it wanted; null where that says nothing
             * @param found what came; null where that says nothing
             */
            public record Check(
                    int number,
                    String title,
                    Result result,
                    @Nullable String expected,
                    @Nullable String found) {}

            /** What came of a check. */
            public enum Result {
                PASSED,
                FAILED,
                NOT_REACHED
            }
        }

        /**
         * Nobody is proved.
         *
         * @param continuation as of {@link Proved}
         * @param code why, as the contract's redirects spell it ({@code access_denied})
         * @param reference by which an administrator finds the attempt; null if it belongs to no connection
         */
        record Refused(
                @Nullable String continuation,
                String code,
                @Nullable String reference) implements Arrival {}
    }

    /** Providers that anybody may choose. */
    List<Profiles.Button> buttons();

    /** The connection that people with such an address sign in through; empty if none is theirs. */
    Optional<String> connectionOf(String email);

    /**
     * The connection that an authorization request asks for by exactly one of these.
     *
     * @param connectionId null for none
     * @param provider as the contract spells it ({@code GoogleOAuth}); null for none
     * @param organizationId null for none
     * @throws ApiException with the contract's code of the redirect ({@code connection_invalid})
     */
    String choose(@Nullable String connectionId, @Nullable String provider, @Nullable String organizationId);

    /** Whether an organization has a connection through which somebody can sign in now. */
    boolean serves(String organizationId);

    /**
     * Sends a browser to a provider: what answers it, or why the provider cannot be asked.
     *
     * @throws ApiException if there is no such connection, or it is switched off; with the code of the redirect
     */
    Arrival depart(Request request, Departure departure);

    /** Answers what lies below {@code /sso/} of the pages: what providers send browsers to. */
    Arrival arrive(Request request, String path);
}
