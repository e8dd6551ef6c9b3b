package dev.gatehouse.sso;

import dev.gatehouse.identity.OauthTokens;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a provider said, after every check of its message.
 *
 * @param subject by which the person is known again: the identifier with all that qualifies it
 * @param idpId immutable identifier of the person at the provider
 * @param email null if it gave none
 * @param mailboxOwner whether the provider gives out this mailbox itself, and says that it is the person's
 * @param raw as it came
 * @param custom of the connection's mapping
 * @param tokens of the provider, where the application gets them
 * @param logoutHint what the provider recognises its session by
 * @param notAfter when a session ends at the latest by the provider's word
 */
record Asserted(
        String subject,
        String idpId,
        @Nullable String email,
        boolean mailboxOwner,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String name,
        List<String> groups,
        Map<String, Object> raw,
        Map<String, Object> custom,
        @Nullable OauthTokens tokens,
        @Nullable String logoutHint,
        @Nullable Instant notAfter) {

    /** Without what the provider said of the person. */
    @Override
    public String toString() {
        return "Asserted";
    }
}
