package dev.gatehouse.spring.security;

import dev.gatehouse.Gatehouse;
import dev.gatehouse.servlet.GatehouseFilter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.config.annotation.web.configurers.ExceptionHandlingConfigurer;
import org.springframework.security.config.annotation.web.configurers.LogoutConfigurer;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.authentication.logout.LogoutHandler;
import org.springframework.security.web.csrf.HttpSessionCsrfTokenRepository;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/**
 * Puts Gatehouse into a {@code SecurityFilterChain}: {@code http.with(gatehouse(), withDefaults())}.
 *
 * <ul>
 *   <li>Who is signed in is a {@link GatehouseAuthentication}, on each dispatch; method security works with it.
 *   <li>Whoever must sign in first is sent to the sign-in page and comes back, a script gets 401; unless the chain has an
 *       entry point of its own.
 *   <li>Spring Security's logout ends the Gatehouse session.
 *   <li>CSRF tokens belong to the Gatehouse session, and a bearer token or API key needs none; see {@link #keepCsrf()}.
 * </ul>
 */
public final class GatehouseConfigurer extends AbstractHttpConfigurer<GatehouseConfigurer, HttpSecurity> {
    private boolean csrf = true;

    private GatehouseConfigurer() {}

    /** For {@code http.with(…)}. */
    public static GatehouseConfigurer gatehouse() {
        return new GatehouseConfigurer();
    }

    /** Leaves the chain's CSRF protection exactly as it is. */
    public GatehouseConfigurer keepCsrf() {
        csrf = false;
        return this;
    }

    @Override
    @SuppressWarnings("unchecked") // configurers are looked up by raw type
    public void init(HttpSecurity http) {
        http.addFilterBefore(new AuthenticationFilter(), HeaderWriterFilter.class);
        ExceptionHandlingConfigurer<HttpSecurity> exceptions = http.getConfigurer(ExceptionHandlingConfigurer.class);
        if (exceptions != null) {
            exceptions.defaultAuthenticationEntryPointFor(new EntryPoint(), AnyRequestMatcher.INSTANCE);
        }
        LogoutConfigurer<HttpSecurity> logout = http.getConfigurer(LogoutConfigurer.class);
        if (logout != null) {
            logout.addLogoutHandler(new SignOut());
        }
        CsrfConfigurer<HttpSecurity> protection = http.getConfigurer(CsrfConfigurer.class);
        if (csrf && protection != null) {
            Gatehouse gatehouse = http.getSharedObject(ApplicationContext.class).getBean(Gatehouse.class);
            SessionCsrfTokens tokens = new SessionCsrfTokens(gatehouse, new HttpSessionCsrfTokenRepository());
            protection.csrfTokenRepository(tokens).ignoringRequestMatchers(tokens::unforgeable);
        }
    }

    private static final class EntryPoint implements AuthenticationEntryPoint {
        @Override
        public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException why)
                throws IOException, ServletException {
            Optional<HttpServletRequest> ours = GatehouseFilter.requestOf(request);
            if (ours.isEmpty() || ours.get().authenticate(response)) {
                // the filter is not in front, or somebody is signed in, but not in the way that this chain asks for
                response.sendError(HttpServletResponse.SC_FORBIDDEN);
            }
        }
    }

    private static final class SignOut implements LogoutHandler {
        @Override
        public void logout(
                HttpServletRequest request, HttpServletResponse response, @Nullable Authentication authentication) {
            // Spring's wrapper has a method of its own for this, which would come back here
            HttpServletRequest ours = GatehouseFilter.requestOf(request)
                    .orElseThrow(() ->
                            new IllegalStateException("GatehouseFilter is not in front of Spring Security's filter:"
                                    + " its order must be lower, see gatehouse.filter-order"));
            try {
                ours.logout();
            } catch (ServletException e) {
                throw new IllegalStateException("the session could not be ended", e);
            }
        }
    }
}
