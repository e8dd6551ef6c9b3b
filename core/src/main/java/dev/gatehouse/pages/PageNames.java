package dev.gatehouse.pages;

import java.util.Set;

/** What telemetry calls a page: one of these, and never the path that somebody typed. */
final class PageNames {
    private static final String UNMATCHED = "unmatched";

    private static final Set<String> ALL = Set.of(
            "account",
            "account/delete",
            "account/email",
            "account/email/confirm",
            "account/factor",
            "account/factor/remove",
            "account/passkeys",
            "account/passkeys/options",
            "account/passkeys/remove",
            "account/passkeys/rename",
            "account/password",
            "account/profile",
            "account/recovery-codes",
            "account/recovery-codes/file",
            "account/sessions",
            "code",
            "device",
            "device/decide",
            "federated",
            "forgot-password",
            "gatehouse.css",
            "icon.svg",
            "impersonate",
            "invitation",
            "mfa",
            "mfa-enroll",
            "organization",
            "other-method",
            "passkey",
            "passkey/options",
            "passkeys.js",
            "password",
            "post.js",
            "recovery",
            "reset-password",
            "send-code",
            "sign-in",
            "sign-out",
            "sign-up",
            "signed-out",
            "sso/consent",
            "sso/finish",
            "sso/oidc/callback",
            "sso/oidc/keys",
            "sso/oidc/logout",
            "sso/saml/acs",
            "sso/saml/metadata",
            "sso/saml/slo",
            "sso/test/begin",
            "sso/test/idp",
            "verify-email",
            "verify-email/send");

    private PageNames() {}

    /** @param page path below the pages' own, with its slash */
    static String of(String page) {
        String name = page.startsWith("/") ? page.substring(1) : page;
        if (name.startsWith("sso/")) {
            // the third part is a connection's key
            int second = name.indexOf('/', 4);
            int third = second < 0 ? -1 : name.indexOf('/', second + 1);
            name = third < 0 ? name : name.substring(0, third);
        }
        return ALL.contains(name) ? name : UNMATCHED;
    }

    /** Every name that there is. */
    static Set<String> all() {
        return ALL;
    }
}
