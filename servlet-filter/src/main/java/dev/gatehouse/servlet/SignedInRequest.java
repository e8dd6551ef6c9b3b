package dev.gatehouse.servlet;

import dev.gatehouse.identity.Authenticated;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** The request with who is signed in, through the servlet API's own methods; whatever else claims an identity is hidden. */
final class SignedInRequest extends HttpServletRequestWrapper {
    private final @Nullable Authenticated who;
    private final ServletResponse response;

    SignedInRequest(HttpServletRequest request, ServletResponse response, @Nullable Authenticated who) {
        super(request);
        this.response = response;
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

    /** As the two-argument form: else {@code AsyncContext.getRequest()} would be the container's, which knows nobody. */
    @Override
    public AsyncContext startAsync() {
        return super.startAsync(this, response);
    }
}
