package dev.gatehouse.sso.saml;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an identity provider's metadata says of it (metadata 2.4.3). Nothing here was signed by anybody we know: it is as good as
 * the way it came, and new certificates are for an administrator to confirm.
 *
 * @param entityId its entity id
 * @param ssoRedirectUrl where requests go by redirect; null if there is none
 * @param ssoPostUrl where requests go by POST; null if there is none. At least one of both is there
 * @param sloUrl where logout messages go by redirect; null if there is none
 * @param certificates that may sign, one or more, each with a key that is strong enough; they may have expired
 * @param wantsSignedRequests whether it asks for signed requests
 * @param nameIdFormats formats that it offers, in its order
 * @param validUntil when the metadata ends; null if it does not say
 * @param cacheFor after what time to read it again: what it says, between 5 minutes and 24 hours; 24 hours if it does not say
 */
public record IdpMetadata(
        String entityId,
        @Nullable String ssoRedirectUrl,
        @Nullable String ssoPostUrl,
        @Nullable String sloUrl,
        List<X509Certificate> certificates,
        boolean wantsSignedRequests,
        List<String> nameIdFormats,
        @Nullable Instant validUntil,
        Duration cacheFor) {
    /** The address for requests that is best used, the redirect's if there is one. */
    public String ssoUrl() {
        String url = ssoRedirectUrl == null ? ssoPostUrl : ssoRedirectUrl;
        if (url == null) {
            throw new IllegalStateException("metadata without an address is refused");
        }
        return url;
    }

    /** How requests get to {@link #ssoUrl()}. */
    public Ask.Binding ssoBinding() {
        return ssoRedirectUrl == null ? Ask.Binding.POST : Ask.Binding.REDIRECT;
    }
}
