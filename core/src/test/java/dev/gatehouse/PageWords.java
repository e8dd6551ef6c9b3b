package dev.gatehouse;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The words by which pages are told; {@code PageNamesTest} compares them with the product's. */
public final class PageWords {
    /** Every one. */
    public static final Set<String> ALL = Stream.of("""
            unmatched sign-in sign-up password passkey passkey/options send-code code verify-email verify-email/send mfa
            recovery mfa-enroll other-method organization federated forgot-password reset-password sign-out signed-out
            account account/profile account/sessions account/password account/email account/email/confirm account/delete
            account/factor account/factor/remove account/recovery-codes account/recovery-codes/file
            account/passkeys account/passkeys/options account/passkeys/rename account/passkeys/remove
            invitation impersonate device device/decide gatehouse.css icon.svg passkeys.js post.js
            sso/finish sso/consent sso/test/begin sso/test/idp sso/saml/acs sso/saml/slo sso/saml/metadata
            sso/oidc/callback sso/oidc/keys sso/oidc/logout""".split("\\s+")).collect(Collectors.toSet());

    private PageWords() {}
}
