package dev.gatehouse.sso.saml;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an identity provider said of somebody, verified. It counts once: who receives it takes the key (connection, {@link
 * #id()}) until {@link #replayUntil()}, and refuses at {@link Step#REPLAY} if it was taken before (profiles 4.1.4.5).
 *
 * @param id of the assertion, unique at its issuer (core 1.3.4)
 * @param issuer entity id of the identity provider
 * @param nameId whom it is about; never empty, and as it came: case and spaces count
 * @param nameIdFormat kind of name (core 8.3); null if the identity provider left it open. An email address, a persistent and a
 *     transient identifier are different names though they be equal texts
 * @param nameQualifier domain that qualifies the name; null if absent
 * @param spNameQualifier null, or the service provider's entity id
 * @param sessionIndex the identity provider's name of the session, for logout; null if absent
 * @param sessionNotOnOrAfter when the identity provider wants the session to end; null if it does not say
 * @param authnInstant when the person authenticated, which may be long before
 * @param authnContext how (core 2.7.2.2); null if only a declaration was given
 * @param attributes name to values in the order of the message, with every name once; values may be empty texts, and lists may
 *     be empty
 * @param replayUntil until when the same assertion might be accepted again: its end of validity and the clock skew
 */
public record SamlAssertion(
        String id,
        String issuer,
        String nameId,
        @Nullable String nameIdFormat,
        @Nullable String nameQualifier,
        @Nullable String spNameQualifier,
        @Nullable String sessionIndex,
        @Nullable Instant sessionNotOnOrAfter,
        Instant authnInstant,
        @Nullable String authnContext,
        Map<String, List<String>> attributes,
        Instant replayUntil) {
    /** Without what was said of the person. */
    @Override
    public String toString() {
        return "SamlAssertion[" + id + " of " + issuer + "]";
    }
}
