package dev.gatehouse.servlet;

import dev.gatehouse.api.Answer;
import dev.gatehouse.api.ApiException;
import dev.gatehouse.api.Request;
import dev.gatehouse.identity.Authenticated;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.pages.Pages;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The request with who is signed in, through the servlet API's own methods; whatever else claims an identity is hidden, and
 * the container's own sign-in is never asked.
 */
final class SignedInRequest extends HttpServletRequestWrapper {
    /** The role that everybody signed in has (Servlet 6.0 §13.3). */
    static final String ANY_USER = "**";

    /** What {@code getAuthType()} says of everybody signed in. */
    static final String AUTH_TYPE = "GATEHOUSE";

    private final Room room;
    private final HttpServletResponse response;
    private @Nullable Authenticated who;

    SignedInRequest(Room room, HttpServletRequest request, HttpServletResponse response, @Nullable Authenticated who) {
        super(request);
        this.room = room;
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
        return who != null && (who.hasRole(role) || ANY_USER.equals(role));
    }

    @Override
    public @Nullable String getAuthType() {
        return who == null ? null : AUTH_TYPE;
    }

    /** As the two-argument form: else {@code AsyncContext.getRequest()} would be the container's, which knows nobody. */
    @Override
    public AsyncContext startAsync() {
        return super.startAsync(this, response);
    }

    /**
     * Signs in by e-mail address and password, and gives the browser its cookie.
     *
     * @throws ServletException if somebody is signed in already, the password is wrong, or more than a password is needed; its
     *     cause is the {@link ApiException} that says which
     */
    @Override
    public void login(@Nullable String email, @Nullable String password) throws ServletException {
        enter((pages, request) -> pages.signIn(request, email == null ? "" : email, password == null ? "" : password));
    }

    /** As {@link #login}, for whom something else has proved. */
    void enter(BiFunction<Pages, Request, Pages.Entered> way) throws ServletException {
        if (who != null) {
            throw new ServletException("Somebody is signed in already: call logout() first.");
        }
        // before the check: nobody would hold the session
        if (response.isCommitted() || getDispatcherType() == DispatcherType.INCLUDE) {
            throw new ServletException("This comes too late: the response can carry no cookie any more.");
        }
        Pages.Entered entered;
        try {
            entered = way.apply(room.gatehouse().pages(), RequestBridge.head(room, this));
        } catch (ApiException e) {
            throw new ServletException(e.text(), e);
        }
        if (getSession(false) != null) {
            // whoever made somebody use this id before must not share what it holds from now on (ATTACKS C01)
            changeSessionId();
        }
        tell(entered.headers());
        become(entered.who());
    }

    /**
     * Ends the session at once, whether a cookie or an access token named it, and takes the browser's cookie away. A
     * customer's API key is no session: it goes on, and only this request knows nobody any more.
     *
     * @throws ServletException if the session could not be ended; it runs on
     */
    @Override
    public void logout() throws ServletException {
        if (who == null) {
            // and no cookie is taken away: another site's form, which comes without it, must not sign anybody out
            return;
        }
        if (who instanceof SignedIn person) {
            try {
                tell(room.gatehouse().pages().signOut(RequestBridge.head(room, this), person.sessionId()));
            } catch (RuntimeException e) {
                throw new ServletException("The session could not be ended.", e);
            }
        } else {
            setAttribute(GatehouseFilter.LOGGED_OUT, true);
        }
        become(null);
    }

    /**
     * Asks whoever is not signed in to do so, as the filter does for a path that needs it.
     *
     * @throws IllegalStateException if nobody is signed in and the response is committed
     */
    @Override
    public boolean authenticate(HttpServletResponse answer) throws IOException {
        if (who != null) {
            return true;
        }
        if (getDispatcherType() != DispatcherType.INCLUDE) {
            // what the application wrote so far is no part of the refusal
            answer.resetBuffer();
        }
        Refusals.challenge(room.gatehouse(), this, answer);
        return false;
    }

    private void tell(Answer headers) {
        response.setHeader("Cache-Control", "no-store");
        for (Map.Entry<String, String> header : headers.headers()) {
            response.addHeader(header.getKey(), header.getValue());
        }
    }

    /** From now on, for the requests that were dispatched to here and those that will be, too. */
    private void become(@Nullable Authenticated now) {
        setAttribute(GatehouseFilter.SIGNED_IN, now);
        ServletRequest at = this;
        while (at instanceof ServletRequestWrapper wrapper) {
            if (at instanceof SignedInRequest same && same.room.env().equals(room.env())) {
                same.who = now;
            }
            at = wrapper.getRequest();
        }
    }
}
