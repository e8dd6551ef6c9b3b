package dev.gatehouse.samples.saas;

import dev.gatehouse.access.KeyHolder;
import dev.gatehouse.identity.Authenticated;
import dev.gatehouse.identity.SignedIn;
import jakarta.servlet.http.HttpServletRequest;

/**
 * On whose behalf a request comes: the organization that its session has selected, or that its API key is of, and what may be
 * done there. It is the only place from which servlets take an organization.
 */
record Tenant(Authenticated who, String organizationId) {

    /** Who sent a request; only called where nobody comes without a sign-in. */
    static Tenant of(HttpServletRequest request) {
        Authenticated who = (Authenticated) request.getUserPrincipal();
        String organization = who.organizationId();
        if (organization == null) {
            throw new Refused(403, "You are in no organization. Ask somebody who is to invite you.");
        }
        return new Tenant(who, organization);
    }

    boolean may(String permission) {
        return who.hasPermission(permission);
    }

    /** Called first by everything that does something: that a page shows no button keeps nobody out. */
    void require(String permission) {
        if (!may(permission)) {
            throw new Refused(403, "That needs the permission " + permission + ", which you do not have here.");
        }
    }

    /** Who is signed in; on pages alone, where no API key leads. */
    SignedIn me() {
        return (SignedIn) who;
    }

    /** For people: of the person, or of the API key. */
    String name() {
        return who instanceof KeyHolder holder
                ? "API key " + holder.key().name()
                : me().user().displayName();
    }
}
