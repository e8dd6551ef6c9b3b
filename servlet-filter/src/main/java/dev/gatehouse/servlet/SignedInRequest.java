package dev.gatehouse.servlet;

import dev.gatehouse.identity.SignedIn;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** The request with who is signed in, through the servlet API's own methods. */
final class SignedInRequest extends HttpServletRequestWrapper {
    private final @Nullable SignedIn who;

    SignedInRequest(HttpServletRequest request, @Nullable SignedIn who) {
        super(request);
        this.who = who;
    }

    @Override
    public @Nullable Principal getUserPrincipal() {
        return who;
    }

    @Override
    public @Nullable String getRemoteUser() {
        return who == null ? null : who.getName();
    }

    @Override
    public boolean isUserInRole(String role) {
        return who != null && who.hasRole(role);
    }

    @Override
    public @Nullable String getAuthType() {
        return who == null ? null : "GATEHOUSE";
    }
}
