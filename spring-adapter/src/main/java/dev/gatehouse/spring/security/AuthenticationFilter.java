package dev.gatehouse.spring.security;

import dev.gatehouse.identity.Authenticated;
import dev.gatehouse.servlet.GatehouseFilter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.GenericFilterBean;

/**
 * Hands what the Gatehouse filter found to Spring Security, on each dispatch. Nobody's is left to the other ways of this
 * chain, but for what an earlier request may have kept of us: that is forgotten.
 */
final class AuthenticationFilter extends GenericFilterBean {
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getAttribute(GatehouseFilter.SIGNED_IN) instanceof Authenticated who) {
            SecurityContext context = SecurityContextHolder.createEmptyContext();
            context.setAuthentication(new GatehouseAuthentication(who));
            SecurityContextHolder.setContext(context);
        } else if (SecurityContextHolder.getContext().getAuthentication() instanceof GatehouseAuthentication) {
            SecurityContextHolder.setContext(SecurityContextHolder.createEmptyContext());
        }
        // Spring Security's first filter clears it again
        chain.doFilter(request, response);
    }
}
