package dev.gatehouse.spring.security;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.crypto.Digest;
import dev.gatehouse.identity.SignedIn;
import dev.gatehouse.servlet.GatehouseFilter;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.DefaultCsrfToken;

/**
 * CSRF tokens that belong to the Gatehouse session: they change with each sign-in, hold on every node, and need no
 * {@code HttpSession}. Whoever is not signed in gets those of another repository.
 */
final class SessionCsrfTokens implements CsrfTokenRepository {
    private final Gatehouse gatehouse;
    private final CsrfTokenRepository others;

    SessionCsrfTokens(Gatehouse gatehouse, CsrfTokenRepository others) {
        this.gatehouse = gatehouse;
        this.others = others;
    }

    @Override
    public CsrfToken generateToken(HttpServletRequest request) {
        CsrfToken ours = ours(request);
        return ours == null ? others.generateToken(request) : ours;
    }

    @Override
    public void saveToken(@Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
        if (ours(request) == null) {
            others.saveToken(token, request, response);
        }
    }

    @Override
    public @Nullable CsrfToken loadToken(HttpServletRequest request) {
        CsrfToken ours = ours(request);
        return ours == null ? others.loadToken(request) : ours;
    }

    private @Nullable CsrfToken ours(HttpServletRequest request) {
        if (!(request.getAttribute(GatehouseFilter.SIGNED_IN) instanceof SignedIn me)) {
            return null;
        }
        String secret = gatehouse.sessions().formToken(me.sessionId());
        // another one than the hosted pages have: what an application leaks is good for the application alone
        return new DefaultCsrfToken(
                "X-CSRF-TOKEN", "_csrf", Digest.of("csrf application " + me.environmentId(), secret));
    }

    /** Whether a request was authenticated by what no browser adds by itself, so that nobody can have forged it. */
    boolean unforgeable(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        return authorization != null
                && authorization.regionMatches(true, 0, "Bearer ", 0, 7)
                && !carries(request, gatehouse.pages().sessionCookie());
    }

    private static boolean carries(HttpServletRequest request, String name) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(name)) {
                    return true;
                }
            }
        }
        return false;
    }
}
